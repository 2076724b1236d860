"""Transposed convolution: the same stage, read the other way round."""

from functools import partial

import numpy as np
import streamlit as st

from cnn import snippets, stage
from cnn.ui import attempt, cards, controls, state
from cnn.ui.components.sliding_window import Captions, Edit, sliding_window
from cnn.ui.frame import Page
from cnn.ui.lessons.convolution.single import Image
from cnn.ui.shapes import shape_text

LARGEST_INPUT, LARGEST_KERNEL, LARGEST_STRIDE = 6, 5, 3
BILINEAR = np.outer([0.5, 1, 0.5], [0.5, 1, 0.5])  # with stride 2 it draws straight lines between the pixels


@st.fragment
def transposed(page: Page) -> None:
    """Every input pixel stamps the kernel, times its value, onto the output."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        image, kernel, stride, padding, output_padding = _setting(page)
    window = stage.Window((stride, stride), (padding, padding))
    shown = stage.transposed_convolution(image, kernel, window, (output_padding, output_padding))
    with board:
        _stage(page, image, kernel, shown)
        controls.undo_and_reset(page, "transposed", (_input_grid(), _kernel_grid()))

    def formula() -> None:
        page.text(
            "transposed_formula",
            size=image.shape,
            kernel=kernel.shape,
            output=shown.outputs.shape[1:],
            stride=stride,
            padding=padding,
            output_padding=output_padding,
        )

    code = snippets.transposed_convolution(image, kernel, stride, padding, output_padding)
    cards.cards(page, formula, code, partial(attempt.attempt, page, ("transposed_size",)))
    cards.what_holds(page, "transposed_is_no_inverse")
    page.note_address()


def _input_grid() -> state.EditableGrid:
    return state.editable_grid("convolution.transposed_input", LARGEST_INPUT, LARGEST_INPUT)


def _kernel_grid() -> state.EditableGrid:
    return state.editable_grid("convolution.transposed_weight", LARGEST_KERNEL, LARGEST_KERNEL)


def _setting(page: Page) -> tuple[Image, Image, int, int, int]:
    shape = controls.pair(page, "small", 1, (LARGEST_INPUT, LARGEST_INPUT), (3, 3))
    counted = 1.0 + np.arange(shape[0] * shape[1]).reshape(shape)
    kernel_shape = controls.pair(page, "stamp", 1, (LARGEST_KERNEL, LARGEST_KERNEL), BILINEAR.shape)
    given = np.zeros(kernel_shape)
    rows, columns = np.minimum(kernel_shape, BILINEAR.shape)
    given[:rows, :columns] = BILINEAR[:rows, :columns]
    stride = controls.slider(page, "transposed_stride", 1, LARGEST_STRIDE, 2)
    longest = min((n - 1) * stride + k for n, k in zip(shape, kernel_shape, strict=True))
    padding = controls.slider(page, "transposed_padding", 0, min(max(kernel_shape) - 1, (longest - 1) // 2), 0)
    output_padding = controls.slider(page, "output_padding", 0, stride - 1, 0)
    return _input_grid().values(counted), _kernel_grid().values(given), stride, padding, output_padding


def _stage(page: Page, image: Image, kernel: Image, shown: stage.Stage) -> None:
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
    )
