"""A row of buttons, each with a picture and a name: kernels, photographs, networks."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from cnn.ui.components import colours, register

_mount = register("picture_buttons")


@dataclass(frozen=True)
class Picture:
    """One button. `source` is an image's address; an SVG or a photograph goes in as a data URL."""

    key: str
    label: str
    source: str


def picture_buttons(
    pictures: Sequence[Picture], chosen: str | None, label: str, key: str, on_pick: Callable[[str], None]
) -> None:
    """Show the buttons with `chosen` pressed; a press calls `on_pick` with the picture's key."""

    def picked() -> None:
        pick = st.session_state[key].pick
        if pick in {picture.key for picture in pictures}:
            on_pick(pick)

    data = {
        "colours": colours(),
        "label": label,
        "chosen": chosen,
        "pictures": [asdict(picture) for picture in pictures],
    }
    _mount(data=data, key=key, on_pick_change=picked)
