"""Two pictures with one magnifying glass: a photograph and what the kernel made of it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

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

    The glass moves in the browser at once. A rerun that a move has caused sends the same data to the byte, so that
    Streamlit need not send the pictures again; any other rerun says where Python has the glass.

    Shapes: photograph and result uint8 (h, w, 3)
    """
    moving, sent = f"{key}.moving", f"{key}.sent"

    def moved() -> None:
        place = reported(key, "move")
        if isinstance(place, list) and len(place) == 2 and all(type(at) is int for at in place):
            on_move(*place)
            st.session_state[moving] = True

    if not st.session_state.pop(moving, False):
        st.session_state[sent] = (glass.row, glass.column)
    row, column = st.session_state[sent]
    data = {
        **asdict(glass),
        "row": row,
        "column": column,
        "photograph": _data_url(photograph),
        "result": _data_url(result),
        "shape": photograph.shape[:2],
        "result_shape": result.shape[:2],
        "labels": labels,
        "colours": colours(),
        "group": group,
    }
    _mount(data=data, key=key, on_move_change=moved)


@st.cache_data(max_entries=24, show_spinner=False)
def _data_url(image: NDArray) -> str:
    return svg.image_url(encode_for_screen(image))
