"""The controls of a lesson. Each returns its value; ranges are legal ones only, and follow one another.

A slider's key is its name in the address (`<lesson>.<field>`) and stays through changes of section and page.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from cnn.ui import state
from cnn.ui.frame import Page
from cnn.ui.options import options


def slider(
    page: Page, field: str, low: int, high: int, default: int, on_change: Callable[[], None] | None = None
) -> int:
    """A whole number from `low` to `high`. When the range shrinks below the value, the value follows.

    Not bound by Streamlit: to it a slider with another range is another slider, which then takes an old value from the
    address, one outside of its range even, and is in the address itself only a run later.
    """
    key, default = f"{page.key}.{field}", min(max(default, low), high)
    value = state.number(key, low, high, default)
    state.set_number(key, value, default)
    label, widget = page.label(f"controls.{field}"), f"{key}.widget"
    if low >= high:  # nothing to choose: the same place on the screen, at rest
        st.slider(label, low, low + 1, low, key=f"{key}.only", disabled=True)
        return low

    def moved() -> None:
        state.set_number(key, st.session_state[widget], default)
        if on_change:
            on_change()

    is_elsewhere = st.session_state.get(widget, value) != value
    if is_elsewhere:  # only then: setting its value takes a slider out of the hand that moves it
        st.session_state[widget] = value
    st.slider(label, low, high, None if is_elsewhere else value, key=widget, on_change=moved)
    return value


def pair(
    page: Page,
    field: str,
    low: int,
    high: tuple[int, int],
    default: tuple[int, int],
    on_change: Callable[[], None] | None = None,
) -> tuple[int, int]:
    """Two sliders abreast: rows and columns."""
    with st.container(horizontal=True, wrap=False, gap="small"):
        rows = slider(page, f"{field}_rows", low, high[0], default[0], on_change)
        columns = slider(page, f"{field}_columns", low, high[1], default[1], on_change)
    return rows, columns


def choice(
    page: Page, field: str, offered: Sequence[str], default: str, on_change: Callable[[str], None] | None = None
) -> str:
    """One of a few options, as a segmented control; in the address by its own name, whatever the language."""
    key = f"{page.key}.{field}"
    chosen = state.choice(key, offered, default)

    def choose(option: str) -> None:
        state.set_choice(key, option, default)
        if on_change:
            on_change(option)

    named = page.label(f"controls.{field}")
    options(named, offered, chosen, lambda option: page.label(f"options.{option}"), f"{key}.widget", choose)
    state.set_parameter(key, chosen, default)
    return chosen


def undo_and_reset(page: Page, field: str, grids: Sequence[state.EditableGrid]) -> None:
    """Two buttons under a grid: take the last edit back, or all of them."""

    def undo() -> None:
        latest = max((grid for grid in grids if grid.past), key=lambda grid: grid.edited_at, default=None)
        if latest:
            latest.undo()

    def reset() -> None:
        for grid in grids:
            if grid.edited is not None:
                grid.replace(None)

    with st.container(horizontal=True, gap="small"):
        st.button(
            page.label("controls.undo"),
            icon=":material/undo:",
            key=f"{page.key}.{field}.undo",
            on_click=undo,
            disabled=not any(grid.past for grid in grids),
        )
        st.button(
            page.label("controls.reset"),
            icon=":material/restart_alt:",
            key=f"{page.key}.{field}.reset",
            on_click=reset,
            disabled=all(grid.edited is None for grid in grids),
        )
