"""The controls of a lesson. Each returns its value; ranges are legal ones only, and follow one another.

A slider's key is its name in the address (`<lesson>.<field>`) and stays through changes of section and page.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from cnn.ui import state
from cnn.ui.frame import Page


def slider(
    page: Page, field: str, low: int, high: int, default: int, on_change: Callable[[], None] | None = None
) -> int:
    """A whole number from `low` to `high`. When the range shrinks below the value, the value follows."""
    key, default = f"{page.key}.{field}", min(max(default, low), high)
    _settle(key, low, high, default)
    if low >= high:  # nothing to choose: the same place on the screen, at rest
        st.slider(page.label(f"controls.{field}"), low, low + 1, low, key=f"{key}.only", disabled=True)
        return low
    return st.slider(
        page.label(f"controls.{field}"),
        low,
        high,
        default,
        key=key,
        bind="query-params",
        persist_state="session",
        on_change=on_change,
    )


def _settle(key: str, low: int, high: int, default: int) -> None:
    """Set a value that is out of range; and one that the address lacks, so that Streamlit puts it there.

    (A slider whose range has changed is a new one to Streamlit, and in the address from its second run on.) No other
    value is set, for that takes a slider out of the hand that moves it.
    """
    value = st.session_state.get(key, default)
    if not low <= value <= high or (value != default and key not in st.query_params):
        st.session_state[key] = min(max(value, low), high)


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
    page: Page, field: str, options: Sequence[str], default: str, on_change: Callable[[str], None] | None = None
) -> str:
    """One of a few options, as a segmented control; in the address by its own name, whatever the language."""
    key = f"{page.key}.{field}"
    chosen = state.choice(key, options, default)
    widget = f"{key}.widget"
    st.session_state[widget] = chosen

    def changed() -> None:
        state.set_choice(key, st.session_state[widget], default)
        if on_change:
            on_change(st.session_state[widget])

    st.segmented_control(
        page.label(f"controls.{field}"),
        options,
        format_func=lambda option: page.label(f"options.{option}"),
        key=widget,
        required=True,
        wrap=True,
        on_change=changed,
    )
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
