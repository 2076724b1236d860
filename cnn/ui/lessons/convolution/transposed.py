"""Transposed convolution: the same stage, read the other way round."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn import snippets, stage
from cnn.ui import cards, controls, state
from cnn.ui.components.sliding_window import Captions, Edit, sliding_window
from cnn.ui.frame import Page
from cnn.ui.lessons.convolution.single import Image
from cnn.ui.shapes import shape_text

LARGEST_INPUT, LARGEST_KERNEL, LARGEST_STRIDE = 6, 5, 3
BILINEAR = np.outer([0.5, 1, 0.5], [0.5, 1, 0.5])  # with stride 2 it draws straight lines between the pixels


@dataclass(frozen=True)
class Setting:
    """What the controls say."""

    image: Image  # (h, w)
    kernel: Image  # (k_h, k_w)
    stride: int
    padding: int
    output_padding: int

    def stage(self) -> stage.Stage:
        """The stage of this setting."""
        window = stage.Window((self.stride, self.stride), (self.padding, self.padding))
        return stage.transposed_convolution(self.image, self.kernel, window, (self.output_padding, self.output_padding))


@st.fragment
def transposed(page: Page) -> None:
    """Every input pixel stamps the kernel, times its value, onto the output."""
    board, side = st.columns([2.3, 1], gap="large")
    with side, controls.panel(page, "transposed") as panel:
        setting = _setting(panel)
    formula, code = cards.places(page)
    with formula:
        _formula(page, setting)
    with board:
        _stage(page, setting, code)


def _formula(page: Page, setting: Setting) -> None:
    page.text(
        "transposed_formula",
        size=setting.image.shape,
        kernel=setting.kernel.shape,
        output=setting.stage().outputs.shape[1:],
        stride=setting.stride,
        padding=setting.padding,
        output_padding=setting.output_padding,
    )


@st.fragment
def _stage(page: Page, setting: Setting, code: DeltaGenerator) -> None:
    """What runs again when a cell is edited."""
    setting = replace(setting, image=_input_grid().values(setting.image), kernel=_kernel_grid().values(setting.kernel))
    _show(page, setting)
    program = snippets.transposed_convolution(
        setting.image, setting.kernel, setting.stride, setting.padding, setting.output_padding
    )
    cards.show_code(code, program)
    page.note_address()


def _input_grid() -> state.EditableGrid:
    return state.editable_grid("convolution.transposed_input", LARGEST_INPUT, LARGEST_INPUT)


def _kernel_grid() -> state.EditableGrid:
    return state.editable_grid("convolution.transposed_weight", LARGEST_KERNEL, LARGEST_KERNEL)


def _setting(panel: controls.Panel) -> Setting:
    shape = panel.pair("small", 1, (LARGEST_INPUT, LARGEST_INPUT), (3, 3))
    counted = 1.0 + np.arange(shape[0] * shape[1]).reshape(shape)
    kernel_shape = panel.pair("stamp", 1, (LARGEST_KERNEL, LARGEST_KERNEL), BILINEAR.shape)
    given = np.zeros(kernel_shape)
    rows, columns = np.minimum(kernel_shape, BILINEAR.shape)
    given[:rows, :columns] = BILINEAR[:rows, :columns]
    stride = panel.slider("transposed_stride", 1, LARGEST_STRIDE, 2)
    longest = min((n - 1) * stride + k for n, k in zip(shape, kernel_shape, strict=True))
    padding = panel.slider("transposed_padding", 0, min(max(kernel_shape) - 1, (longest - 1) // 2), 0)
    output_padding = panel.slider("output_padding", 0, stride - 1, 0)
    return Setting(counted, given, stride, padding, output_padding)


def _show(page: Page, setting: Setting) -> None:
    image, kernel, shown = setting.image, setting.kernel, setting.stage()
    captions = Captions(
        inputs=[page.label("stage.input")],
        outputs=[page.label("stage.output")],
        input_shape=shape_text(image.shape),
        kernel_shape=shape_text(kernel.shape),
        output_shape=shape_text(shown.outputs.shape[1:]),
    )

    def edit(edit: Edit) -> None:
        grid, values = (_input_grid(), image) if edit.grid == "input" else (_kernel_grid(), kernel)
        grid.set_cell(values, edit.row, edit.column, edit.value, edit.gesture)

    sliding_window(
        shown,
        captions,
        page.labels("stage"),
        "convolution.transposed_stage",
        on_edit=edit,
        editable=("input", "kernel"),
        start=(min(1, len(shown.rows) - 1), min(1, len(shown.columns) - 1)),
        actions=controls.undo_and_reset(page, (_input_grid(), _kernel_grid())),
    )
