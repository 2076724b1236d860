"""Pooling in numbers: max and average of the same windows."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn import patterns, snippets, stage
from cnn.ui import attempt, cards, controls, state
from cnn.ui.components.sliding_window import Captions, Edit, Regions, sliding_window
from cnn.ui.frame import Page
from cnn.ui.shapes import dropped_note, shape_text

LARGEST_INPUT, LARGEST_WINDOW = 12, 5
FIGURE = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]], float)  # the lecture's
IMAGES = ("figure", "noise", "ramp", "checkerboard")


@st.fragment
def numbers(page: Page) -> None:
    """Slide a window, and see what max and average make of it."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        image, window, stride, padding, ceil_mode = _setting(page)
        kind = controls.choice(page, "pooling", ("max", "average"), "max")
    shown = stage.pooling(image, window, stride, padding, ceil_mode)
    with board:
        _stage(page, image, shown, window, stride)
        controls.undo_and_reset(page, "numbers", (_grid(),))

    def formula() -> None:
        page.text(
            "formula",
            size=image.shape,
            window=window,
            stride=stride,
            padding=padding,
            ceil_mode=ceil_mode,
            output=shown.outputs.shape[1:],
            reads=sum(len(rows) * len(columns) for rows in shown.rows for columns in shown.columns),
        )

    code = snippets.pooling(image, kind, window, stride, padding, ceil_mode)  # type: ignore[arg-type]
    cards.cards(page, formula, code, partial(attempt.attempt, page, ("pooled_value", "pooled_size")))
    cards.what_holds(page, "few_pooling_layers")
    page.note_address()


def _grid() -> state.EditableGrid:
    return state.editable_grid("pooling.input", LARGEST_INPUT, LARGEST_INPUT)


def _setting(page: Page) -> tuple[NDArray[np.floating], int, int, int, bool]:
    """The controls, in the order in which each one's range follows from those before it."""
    kind = controls.choice(page, "image", IMAGES, "figure")
    shape = controls.pair(page, "input", 2, (LARGEST_INPUT, LARGEST_INPUT), (4, 4))
    window = controls.slider(page, "window", 1, min(LARGEST_WINDOW, *shape), 2)
    stride = controls.slider(page, "stride", 1, LARGEST_WINDOW, 2)
    padding = controls.slider(page, "padding", 0, window // 2, 0)
    ceil_mode = controls.choice(page, "rounding", ("floor", "ceil"), "floor") == "ceil"
    return _grid().values(_image(kind, shape)), window, stride, padding, ceil_mode


def _image(kind: str, shape: tuple[int, int]) -> NDArray[np.floating]:
    """The lecture's figure, continued as tiles where the image is larger than it."""
    if kind != "figure":
        return patterns.pattern(kind, shape)
    tiles = -(-np.array(shape) // FIGURE.shape)
    return np.tile(FIGURE, tiles)[: shape[0], : shape[1]]


def _stage(page: Page, image: NDArray[np.floating], shown: stage.Stage, window: int, stride: int) -> None:
    captions = Captions(
        inputs=[page.label("stage.input")] * 2,
        outputs=[page.label("options.max"), page.label("options.average")],
        input_shape=shape_text(image.shape),
        output_shape=shape_text(shown.outputs.shape[1:]),
        input_note=dropped_note(page, shown),
    )

    def edit(edit: Edit) -> None:
        _grid().set_cell(image, edit.row, edit.column, edit.value, edit.gesture)

    sliding_window(
        shown,
        captions,
        page.labels("stage"),
        "pooling.stage",
        on_edit=edit,
        editable=("input",),
        start=(0, 0),
        regions=_regions(shown) if stride >= window else None,
    )


def _regions(shown: stage.Stage) -> Regions:
    """Windows that do not overlap have a colour each, in turn, and so have their outputs."""
    cells = np.full(shown.inputs.shape[1:], -1)
    outputs = np.zeros(shown.outputs.shape[1:], int)
    for row, column in np.ndindex(*outputs.shape):
        outputs[row, column] = 2 * (row % 2) + column % 2
        cells[np.ix_([tap.source for tap in shown.rows[row]], [tap.source for tap in shown.columns[column]])] = outputs[
            row, column
        ]
    return Regions(cells.tolist(), outputs.tolist())
