"""Buttons to choose from, each with its name and a picture or the reason to press it: kernels, photographs, scenes.

All groups of a place are one element: as Streamlit's own buttons and captions in columns, every rerun of the page would
render three or four for each button.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from cnn.ui.components import colours, register, reported

_mount = register("choices")


@dataclass(frozen=True)
class Choice:
    """One button. `source` is an image's address; an SVG or a photograph goes in as a data URL. `why` is plain text."""

    key: str
    label: str
    source: str = ""
    why: str = ""


@dataclass(frozen=True)
class Group:
    """Buttons of one kind, under their name or, with `titled` off, with it for screen readers alone."""

    label: str
    choices: Sequence[Choice]
    titled: bool = True
    caption: str = ""  # below the buttons


def choices(groups: Sequence[Group], key: str, on_pick: Callable[[str], None], chosen: str | None = None) -> None:
    """Show the buttons, `chosen` pressed; a press calls `on_pick` with the choice's key."""

    def picked() -> None:
        pick = reported(key, "pick")
        if pick in {choice.key for group in groups for choice in group.choices}:
            on_pick(pick)

    data = {"colours": colours(), "chosen": chosen, "groups": [asdict(group) for group in groups]}
    _mount(data=data, key=key, on_pick_change=picked)
