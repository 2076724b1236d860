"""The photograph that a learner works on, here and in every lesson: a sample, an upload, or the camera."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnn import datasets
from cnn.figures import svg
from cnn.figures.pictures import is_signed, visible
from cnn.operations import conv2d
from cnn.photographs import PhotographError, decode, encode_for_screen
from cnn.ui import state
from cnn.ui.components.choices import Choice, Group, choices
from cnn.ui.frame import Page

__all__ = ["COLOURS", "Photograph", "chosen", "convolved", "move", "place"]

Photograph = NDArray[np.uint8]  # (h, w, 3)

COLOURS = ("red", "green", "blue")
KEY, OWN, OWN_PIXELS, ROW, COLUMN = "photograph", "own", "photograph.pixels", "photograph.row", "photograph.column"
FARTHEST = 1024
START = (76, 128)  # the rim of the cat's eye


def chosen(page: Page) -> Photograph:
    """Let the learner choose, and return the pixels."""
    own: Photograph | None = st.session_state.get(OWN_PIXELS)
    keys = (*datasets.PHOTOGRAPHS, OWN) if own is not None else datasets.PHOTOGRAPHS
    key = state.choice(KEY, keys, datasets.PHOTOGRAPHS[0])
    pictures = [Choice(key, page.label(f"photographs.{key}"), _thumbnail(_pixels(key))) for key in keys]
    choices([Group(page.label("photographs.choose"), pictures, titled=False)], "photograph.buttons", _pick, key)
    with st.popover(page.label("photographs.yours"), icon=":material/add_a_photo:", width="stretch"):
        _take_in(page)
    return _pixels(key)


def place(picture: Photograph, size: int, stride: int) -> tuple[int, int]:
    """Where the glass of that size stands: on the picture, its corner a stop of the kernel."""
    asked = (state.number(ROW, 0, FARTHEST, START[0]), state.number(COLUMN, 0, FARTHEST, START[1]))
    row, column = (min(at, side - size) // stride * stride for at, side in zip(asked, picture.shape[:2], strict=True))
    return row, column


def move(row: int, column: int) -> None:
    """Put the glass there; places off the picture are pulled back by `place`."""
    state.set_number(ROW, min(max(row, 0), FARTHEST), START[0])
    state.set_number(COLUMN, min(max(column, 0), FARTHEST), START[1])


@st.cache_data(max_entries=24, show_spinner=False)
def convolved(picture: Photograph, kernel: NDArray[np.floating], stride: int) -> Photograph:
    """The kernel on every colour channel of the whole picture, as pixels to look at.

    Shapes: picture (h, w, 3), kernel (k_h, k_w) -> (h_out, w_out, 3)
    """
    channels = picture.transpose(2, 0, 1).astype(np.float32)  # (h, w, 3) -> (3, h, w)
    weights = np.repeat(kernel[None, None].astype(np.float32), 3, axis=0)  # (3, 1, k_h, k_w)
    return visible(conv2d(channels, weights, stride=stride, groups=3), is_signed(kernel))


def _pick(key: str) -> None:
    state.set_choice(KEY, key, datasets.PHOTOGRAPHS[0])


def _pixels(key: str) -> Photograph:
    return st.session_state[OWN_PIXELS] if key == OWN else datasets.photograph(key)


@st.cache_data(max_entries=24, show_spinner=False)
def _thumbnail(picture: Photograph) -> str:
    small = Image.fromarray(picture)
    small.thumbnail((160, 96))
    return svg.image_url(encode_for_screen(np.asarray(small)))


def _take_in(page: Page) -> None:
    """An upload, or a picture from the camera; anything that is no photograph gets a sentence that says why."""
    camera = st.toggle(page.label("photographs.camera"), key="photograph.camera")
    if camera:
        taken = st.camera_input(page.label("photographs.take"), key="photograph.take", label_visibility="collapsed")
    else:
        taken = st.file_uploader(
            page.label("photographs.upload"), ["png", "jpg", "jpeg", "webp"], key="photograph.upload"
        )
    if taken is None or taken.file_id == st.session_state.get("photograph.taken"):
        return
    try:
        st.session_state[OWN_PIXELS] = decode(taken.getvalue())
    except PhotographError as error:
        st.error(page.label(f"photograph_errors.{error.reason}", **error.details))
        return
    st.session_state["photograph.taken"] = taken.file_id
    _pick(OWN)
    st.rerun(scope="fragment")
