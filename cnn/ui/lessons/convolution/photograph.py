"""Convolution on a photograph, and its numbers under a magnifying glass."""

import numpy as np
import streamlit as st

from cnn import stage
from cnn.figures.pictures import is_signed
from cnn.photographs import square_patch
from cnn.ui import cards, controls, photographs
from cnn.ui.components.loupe import Glass, loupe
from cnn.ui.frame import Page
from cnn.ui.lessons.convolution import single


@st.fragment
def photograph(page: Page) -> None:
    """The same kernel on every pixel; the grid shows what the glass shows."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        picture = photographs.chosen(page)
        kernel = single.kernel(page)
        stride = controls.slider(page, "stride", 1, single.LARGEST_STRIDE, 1)
        flipped = single.is_flipped(page)
        colour = controls.choice(page, "colour", photographs.COLOURS, "green")
    size = min(max(kernel.shape) + 4 * stride + 1, *picture.shape[:2])
    row, column = photographs.place(picture, size, stride)
    patch = square_patch(picture, row, column, size)[..., photographs.COLOURS.index(colour)].astype(np.float64)
    setting = single.Setting(patch, kernel, stage.Window((stride, stride)), flipped)
    shown = setting.stage()
    with board:
        glass = Glass(row, column, size, shown.outputs.shape[1:], stride, kernel.shape)
        result = photographs.convolved(picture, setting.applied, stride)
        loupe(picture, result, glass, page.labels("loupe"), "convolution.loupe", photographs.move, "photograph")
        st.caption(page.sentence("photograph", signed=is_signed(kernel), size=size, row=row, column=column))
        name = f"{page.label('stage.input')}, {page.label(f'options.{colour}')}"
        single.show(
            page, setting, shown, "convolution.glass", input_name=name, editable=("kernel",), group="photograph"
        )
        controls.undo_and_reset(page, "photograph", (single.kernel_grid(),))
        single.kernel_buttons(page, kernel)
    single.show_cards(page, setting, shown)
    cards.what_holds(page, "photograph_scale")
    page.note_address()
