"""Pooling in numbers: max and average of the same windows."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnn import patterns, snippets, stage
from cnn.ui import cards, controls, state
from cnn.ui.components.sliding_window import Captions, Edit, Regions, sliding_window
from cnn.ui.frame import Page
from cnn.ui.shapes import dropped_note, shape_text

LARGEST_INPUT, LARGEST_WINDOW = 12, 5
FIGURE = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]], float)  # the lecture's
IMAGES = ("figure", "noise", "ramp", "checkerboard")


@dataclass(frozen=True)
class Setting:
    """What the controls say."""

    image: NDArray[np.floating]  # (h, w)
    window: int
    stride: int
    padding: int
    ceil_mode: bool
    kind: Literal["max", "average"]  # that the code computes; the stage shows both

    def stage(self) -> stage.Stage:
        """Both kinds of pooling, window by window."""
        return stage.pooling(self.image, self.window, self.stride, self.padding, self.ceil_mode)


@st.fragment
def numbers(page: Page) -> None:
    """Slide a window, and see what max and average make of it."""
    board, side = st.columns([2.3, 1], gap="large")
    with side, controls.panel(page, "numbers") as panel:
        setting = _setting(panel)
    formula, code = cards.places(page)
    with formula:
        _formula(page, setting)
    with board:
        _stage(page, setting, code)


def _formula(page: Page, setting: Setting) -> None:
    shown = setting.stage()
    page.text(
        "formula",
        size=setting.image.shape,
        window=setting.window,
        stride=setting.stride,
        padding=setting.padding,
        ceil_mode=setting.ceil_mode,
        output=shown.outputs.shape[1:],
        reads=sum(len(rows) * len(columns) for rows in shown.rows for columns in shown.columns),
    )


@st.fragment
def _stage(page: Page, setting: Setting, code: DeltaGenerator) -> None:
    """What runs again when a cell is edited."""
    setting = replace(setting, image=input_grid().values(setting.image))
    _show(page, setting)
    program = snippets.pooling(
        setting.image, setting.kind, setting.window, setting.stride, setting.padding, setting.ceil_mode
    )
    cards.show_code(code, program)
    page.note_address()


def input_grid() -> state.EditableGrid:
    return state.editable_grid("pooling.input", LARGEST_INPUT, LARGEST_INPUT)


def _setting(panel: controls.Panel) -> Setting:
    """The controls, in the order in which each one's range follows from those before it."""
    kind = panel.choice("image", IMAGES, "figure")
    shape = panel.pair("input", 2, (LARGEST_INPUT, LARGEST_INPUT), (4, 4))
    window = panel.slider("window", 1, min(LARGEST_WINDOW, *shape), 2)
    stride = panel.slider("stride", 1, LARGEST_WINDOW, 2)
    padding = panel.slider("padding", 0, window // 2, 0)
    ceil_mode = panel.choice("rounding", ("floor", "ceil"), "floor") == "ceil"
    pooling = panel.choice("pooling", ("max", "average"), "max")
    return Setting(given_image(kind, shape), window, stride, padding, ceil_mode, pooling)  # type: ignore[arg-type]


def given_image(kind: str, shape: tuple[int, int]) -> NDArray[np.floating]:
    """The lecture's figure, continued as tiles where the image is larger than it."""
    if kind != "figure":
        return patterns.pattern(kind, shape)
    tiles = -(-np.array(shape) // FIGURE.shape)
    return np.tile(FIGURE, tiles)[: shape[0], : shape[1]]


def _show(page: Page, setting: Setting) -> None:
    image, shown = setting.image, setting.stage()
    captions = Captions(
        inputs=[page.label("stage.input")] * 2,
        outputs=[page.label("options.max"), page.label("options.average")],
        input_shape=shape_text(image.shape),
        output_shape=shape_text(shown.outputs.shape[1:]),
        input_note=dropped_note(page, shown),
    )

    def edit(edit: Edit) -> None:
        input_grid().set_cell(image, edit.row, edit.column, edit.value, edit.gesture)

    sliding_window(
        shown,
        captions,
        page.labels("stage"),
        "pooling.stage",
        on_edit=edit,
        editable=("input",),
        start=(0, 0),
        regions=_regions(shown) if setting.stride >= setting.window else None,
        actions=controls.undo_and_reset(page, (input_grid(),)),
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
