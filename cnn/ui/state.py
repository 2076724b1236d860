"""The state of a lesson, and its two homes: the session and the address bar.

The language, choices whose labels are translated, numbers, and grids that a learner edits. All of it is plain text in
the address, checked when it is read.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnn import grid_text
from cnn.text import choose_language

Number = TypeVar("Number", int, float)
Grid = NDArray[np.floating[Any]]

LOWEST, HIGHEST = -999.0, 999.0  # what a cell may hold: four characters that a grid can still show
MOST_UNDONE = 100


def language() -> str:
    """The language to speak: the address, else this session's, else the browser's."""
    asked = st.query_params.get("lang") or st.session_state.get("language")
    chosen = choose_language(asked, st.context.locale)
    st.session_state["language"] = chosen
    return chosen


def set_language(chosen: str) -> None:
    """Speak `chosen` from now on, and say so in the address."""
    st.session_state["language"] = chosen
    st.query_params["lang"] = chosen


PARAMETERS = "address.parameters"  # the names of those that this session has put into the address


def follow_history() -> None:
    """After Back or Forward the address counts, and no longer what the session holds of it. First work of a page."""
    context = get_script_run_ctx()
    if context and context.is_history_navigation:
        for key in st.session_state.get(PARAMETERS, ()):
            for held in (key, f"{key}.grid"):
                st.session_state.pop(held, None)


def set_parameter(key: str, value: str, default: str) -> None:
    """Put a value into the address; the default needs no words there."""
    st.session_state.setdefault(PARAMETERS, set()).add(key)
    if value == default:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def choice(key: str, options: Sequence[str], default: str) -> str:
    """The chosen one of `options`: this session's, else the address's, else the default."""
    candidates: tuple[Any, ...] = (st.session_state.get(key), st.query_params.get(key))
    return next((candidate for candidate in candidates if candidate in options), default)


def set_choice(key: str, value: str, default: str) -> None:
    """Choose, here and in the address."""
    st.session_state[key] = value
    set_parameter(key, value, default)


def number(key: str, low: Number, high: Number, default: Number) -> Number:
    """A number, whole where the default is, clamped to its range; nonsense in the address is the default."""
    asked = st.session_state.get(key, st.query_params.get(key, default))
    try:
        value = type(default)(asked)
    except ValueError:
        return default
    return min(max(value, low), high) if value == value else default  # NaN equals nothing


def set_number(key: str, value: Number, default: Number) -> None:
    """Set such a number, here and in the address."""
    st.session_state[key] = value
    set_parameter(key, str(value), str(default))


@dataclass
class EditableGrid:
    """A grid that a learner edits, with undo. Its key is its name in the session and in the address."""

    key: str
    edited: Grid | None = None  # None: as the lesson gives it
    past: list[Grid | None] = field(default_factory=list)
    gesture: str = ""  # a drag is many edits and one undo
    edited_at: float = 0.0  # of several grids under one undo button, the latest edit goes first

    def values(self, given: Grid) -> Grid:
        """The grid as it is now, in the shape of `given`: edited cells stay where they are, new ones come from it."""
        if self.edited is None:
            return given
        fitted = given.copy()
        rows, columns = np.minimum(given.shape, self.edited.shape)
        fitted[:rows, :columns] = self.edited[:rows, :columns]
        return fitted

    def replace(self, values: Grid | None, gesture: str = "") -> None:
        """Put other values in (None: as given), remembering the old ones once per gesture."""
        if not gesture or gesture != self.gesture:
            self.past = [*self.past[-MOST_UNDONE:], self.edited]
            self.edited_at = time.monotonic()
        self.edited, self.gesture = values, gesture
        self._write()

    def set_cell(self, given: Grid, row: int, column: int, value: float, gesture: str = "") -> None:
        """Set one cell; outside the grid or the range nothing happens."""
        values = self.values(given).copy()
        inside = 0 <= row < values.shape[0] and 0 <= column < values.shape[1]
        if inside and LOWEST <= value <= HIGHEST:
            values[row, column] = value
            self.replace(values, gesture)

    def undo(self) -> None:
        """Take the last gesture back."""
        if self.past:
            self.edited, self.gesture = self.past.pop(), ""
            self._write()

    def _write(self) -> None:
        set_parameter(self.key, "" if self.edited is None else grid_text.to_text(self.edited), "")


def editable_grid(key: str, most_rows: int, most_columns: int) -> EditableGrid:
    """The session's grid of that key; the first time, as the address has it (nonsense there is no edit)."""
    holder = f"{key}.grid"
    if holder not in st.session_state:
        st.session_state[holder] = EditableGrid(key, _read_grid(key, most_rows, most_columns))
    grid: EditableGrid = st.session_state[holder]
    grid._write()  # another page's visit may have cleared the address
    return grid


def _read_grid(key: str, most_rows: int, most_columns: int) -> Grid | None:
    try:
        return grid_text.from_text(st.query_params.get(key, ""), most_rows, most_columns, LOWEST, HIGHEST)
    except ValueError:
        return None
