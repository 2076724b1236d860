"""Sliders and choices, all those of a place in one element.

As Streamlit's own widgets each would be mounted with a Markdown pipeline for its label, and rendered three times at
every rerun of the page; and a slider whose range changes would be another slider.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from cnn.ui.components import colours, register, reported

_mount = register("panel")


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high`; at rest where both are the same. `half`: two of them stand abreast."""

    key: str
    label: str
    low: float
    high: float
    value: float
    step: float = 1
    half: bool = False


@dataclass(frozen=True)
class Choice:
    """One of a few options, each a key and its name."""

    key: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


Control = Slider | Choice
Value = float | str


def panel(controls: Sequence[Control], key: str, on_move: Callable[[str, Value], None]) -> None:
    """Show the controls; each one that is moved calls `on_move` with its key and its new value, a legal one.

    The browser tells all that has not been answered yet, numbered; Streamlit may merge two reports into the later one.
    """
    heard = f"{key}.heard"

    def moved() -> None:
        turn, values = _report(reported(key, "moved"))
        st.session_state[heard] = turn
        for control in controls:
            if _is_legal(control, values.get(control.key)):
                on_move(control.key, values[control.key])

    data = {
        "colours": colours(),
        "controls": [asdict(control) for control in controls],
        "heard": st.session_state.get(heard, 0),
    }
    _mount(data=data, key=key, on_moved_change=moved)


def _report(sent: Any) -> tuple[int, dict[str, Any]]:
    """What the browser sent, checked: its number, and where the controls that were moved stand now."""
    if not isinstance(sent, dict):
        return 0, {}
    turn, values = sent.get("turn"), sent.get("values")
    return turn if isinstance(turn, int) else 0, values if isinstance(values, dict) else {}


def _is_legal(control: Control, asked: object) -> bool:
    if isinstance(control, Slider):
        is_number = isinstance(asked, int) or (isinstance(asked, float) and isinstance(control.value, float))
        return is_number and not isinstance(asked, bool) and control.low <= asked <= control.high  # type: ignore
    return asked in [option for option, _ in control.options]
