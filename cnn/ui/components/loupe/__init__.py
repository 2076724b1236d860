"""Two pictures with one magnifying glass: a photograph and what the kernel made of it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from cnn.figures import svg
from cnn.photographs import encode_for_screen
from cnn.ui.components import colours, register, reported

_mount = register("loupe")


@dataclass(frozen=True)
class Glass:
    """Where the glass stands, in pixels of the photograph, and what it shows of the result."""

    row: int
    column: int
    size: int  # side of the square, in pixels of the photograph
    result_size: tuple[int, int]  # rows and columns of the result that come from it
    stride: int
    reach: tuple[int, int]  # rows and columns that the (dilated) kernel spans


def loupe(
    photograph: NDArray,
    result: NDArray,
    glass: Glass,
    labels: dict[str, str],
    key: str,
    on_move: Callable[[int, int], None],
    group: str = "",
) -> None:
    """Show both pictures; dragging the glass (or the arrow keys) calls `on_move(row, column)`.

    The glass moves in the browser at once. A move tells which pictures the browser has; its answer leaves those out,
    and repeats the place that was sent last, for the glass may have moved on. Any other rerun says where Python has it.

    Shapes: photograph and result uint8 (h, w, 3)
    """
    held, sent = f"{key}.held", f"{key}.sent"

    def moved() -> None:
        move = _move(reported(key, "move"))
        if move:
            on_move(*move.place)
            st.session_state[held] = move.held

    shown = st.session_state.pop(held, None)
    if shown is None:
        st.session_state[sent] = (glass.row, glass.column)
    row, column = st.session_state[sent]
    data = {
        **asdict(glass),
        "row": row,
        "column": column,
        "photograph": asdict(_picture(photograph).unless_among(shown or ())),
        "result": asdict(_picture(result).unless_among(shown or ())),
        "shape": photograph.shape[:2],
        "result_shape": result.shape[:2],
        "labels": labels,
        "colours": colours(),
        "group": group,
    }
    _mount(data=data, key=key, on_move_change=moved)


@dataclass(frozen=True)
class Picture:
    """An image as the browser takes it: by name alone where it has it already."""

    name: str
    url: str | None

    def unless_among(self, names: Sequence[str]) -> "Picture":
        return replace(self, url=None) if self.name in names else self


@st.cache_data(max_entries=24, show_spinner=False)
def _picture(image: NDArray) -> Picture:
    url = svg.image_url(encode_for_screen(image))
    return Picture(sha256(url.encode()).hexdigest()[:16], url)


@dataclass(frozen=True)
class Move:
    """Where the browser has moved the glass to, and the pictures that it has."""

    place: tuple[int, int]
    held: list[str]


def _move(told: Any) -> Move | None:
    """What the browser told, checked."""
    if not isinstance(told, dict):
        return None
    place, held = told.get("place"), told.get("held")
    if (
        not isinstance(place, list)
        or not isinstance(held, list)
        or len(place) != 2
        or any(type(at) is not int for at in place)
    ):
        return None
    return Move((place[0], place[1]), held)
