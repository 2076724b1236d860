"""Convolution on a photograph, and its numbers under a magnifying glass."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn import stage
from cnn.figures.pictures import is_signed
from cnn.photographs import square_patch
from cnn.ui import cards, controls, photographs
from cnn.ui.components.loupe import Glass, loupe
from cnn.ui.frame import Page
from cnn.ui.lessons.convolution import single


@dataclass(frozen=True)
class Look:
    """What the controls say."""

    picture: photographs.Photograph
    kernel: single.Image
    stride: int
    flipped: bool
    colour: str  # of the channel under the glass

    @property
    def size(self) -> int:
        """Pixels along a side of the glass: five outputs wide."""
        return min(max(self.kernel.shape) + 4 * self.stride + 1, *self.picture.shape[:2])

    def under_the_glass(self, row: int, column: int) -> single.Setting:
        patch = square_patch(self.picture, row, column, self.size)
        channel = patch[..., photographs.COLOURS.index(self.colour)].astype(np.float64)
        return single.Setting(channel, self.kernel, stage.Window((self.stride, self.stride)), self.flipped)


@st.fragment
def photograph(page: Page) -> None:
    """The same kernel on every pixel; the grid shows what the glass shows."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        picture = photographs.chosen(page)
        with controls.panel(page, "photograph") as panel:
            look = Look(
                picture=picture,
                kernel=single.kernel(panel),
                stride=panel.slider("stride", 1, single.LARGEST_STRIDE, 1),
                flipped=single.is_flipped(panel),
                colour=panel.choice("colour", photographs.COLOURS, "green"),
            )
    formula, code = cards.places(page)
    with formula:
        single.formula(page, look.under_the_glass(0, 0))
    with board:
        _stage(page, look, code)


@st.fragment
def _stage(page: Page, look: Look, code: DeltaGenerator) -> None:
    """What runs again when the glass is moved or a weight is edited."""
    look = replace(look, kernel=single.kernel_grid().values(look.kernel))
    row, column = photographs.place(look.picture, look.size, look.stride)
    setting = look.under_the_glass(row, column)
    glass = Glass(row, column, look.size, setting.output_shape, look.stride, look.kernel.shape)
    result = photographs.convolved(look.picture, setting.applied, look.stride)
    loupe(look.picture, result, glass, page.labels("loupe"), "convolution.loupe", photographs.move, "photograph")
    st.caption(page.sentence("photograph", signed=is_signed(look.kernel), size=look.size, row=row, column=column))
    name = f"{page.label('stage.input')}, {page.label(f'options.{look.colour}')}"
    single.show(page, setting, "convolution.glass", input_name=name, editable=("kernel",), group="photograph")
    single.kernel_buttons(page, look.kernel)
    cards.show_code(code, single.code(setting))
    page.note_address()
