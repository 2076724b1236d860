"""Convolution over several channels: one product per channel, one sum, one output channel per kernel."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnn import named_layers, snippets, stage
from cnn.arithmetic import convolution_macs, convolution_parameters
from cnn.photographs import luminance, square_patch
from cnn.ui import cards, controls, photographs, state
from cnn.ui.components.sliding_window import Captions, Edit, sliding_window
from cnn.ui.frame import Page
from cnn.ui.shapes import shape_text

LARGEST_OUT, LARGEST_SIDE, RIM = 6, 5, 4
GROUPS = ("1", "3")  # as choices, and so as text
NAMES = tuple(layer.key for layer in named_layers.LAYERS)


@dataclass(frozen=True)
class Setting:
    """One layer on a small patch of the photograph."""

    images: NDArray[np.floating]  # (c_in, h, w)
    weight: NDArray[np.floating]  # (c_out, c_in // groups, k, k)
    groups: int
    bias: float

    @property
    def biases(self) -> list[float]:
        return [self.bias] * len(self.weight)

    def stage(self) -> stage.Stage:
        """The stage of this setting."""
        return stage.convolution(self.images, self.weight, self.biases, groups=self.groups)


@st.fragment
def channels(page: Page) -> None:
    """Per channel a product, over the channels a sum; as many output channels as kernels."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        setting = _setting(page)
    formula, code = cards.places(page)
    with formula:
        _formula(page, setting)
    with board:
        _shape(page, setting)
        _stage(page, setting, code)


@st.fragment
def _stage(page: Page, setting: Setting, code: DeltaGenerator) -> None:
    """What runs again when a weight is edited."""
    given = setting.weight
    setting = replace(setting, weight=_weight_grid().values(given.reshape(len(given), -1)).reshape(given.shape))
    _show(page, setting)
    program = snippets.channels(setting.images, setting.weight, setting.biases, groups=setting.groups)
    cards.show_code(code, program)
    page.note_address()


def _weight_grid() -> state.EditableGrid:
    """All weights as one grid: a kernel a row."""
    return state.editable_grid("convolution.weight", LARGEST_OUT, 3 * LARGEST_SIDE**2)


def _setting(page: Page) -> Setting:
    chosen = controls.choice(page, "layer", NAMES, "three_kernels", on_change=_start_from)
    layer = named_layers.named_layer(chosen)
    st.caption(page.label(f"why.{chosen}"))
    in_channels = layer.in_channels
    with controls.panel(page, "channels") as panel:
        out_channels = panel.slider("out_channels", 1, LARGEST_OUT, len(layer.weight))
        divisors = [groups for groups in GROUPS if in_channels % int(groups) == 0 and out_channels % int(groups) == 0]
        groups = int(panel.choice("groups", divisors, str(layer.groups))) if len(divisors) > 1 else 1
        side = panel.slider("side", 1, LARGEST_SIDE, layer.weight.shape[2])
        bias = panel.slider("layer_bias", -9, 9, 1)
    given = named_layers.fitted(layer.weight, out_channels, in_channels // groups, side)
    return Setting(_patch(page, in_channels, side + RIM), given, groups, bias)


def _start_from(key: str) -> None:
    """A named layer brings its own shape."""
    layer = named_layers.named_layer(key)
    shape = {"out_channels": len(layer.weight), "side": layer.weight.shape[2]}
    for field, value in shape.items():
        st.session_state[f"convolution.{field}"] = value
    state.set_choice("convolution.groups", str(layer.groups), str(layer.groups))
    _weight_grid().replace(None)


def _patch(page: Page, in_channels: int, size: int) -> NDArray[np.floating]:
    """What the glass of the photograph section stands on: in colour, or its brightness. (c, size, size)"""
    picture = photographs.chosen(page)
    row, column = photographs.place(picture, size, 1)
    patch = square_patch(picture, row, column, size)
    if in_channels == 1:
        return np.rint(luminance(patch)[None]).astype(np.float64)
    return patch.transpose(2, 0, 1).astype(np.float64)


def _shape(page: Page, setting: Setting) -> None:
    out_channels, in_channels, k_h, k_w = setting.weight.shape
    page.text(
        "weight_shape", out_channels=out_channels, in_channels=in_channels, kernel=(k_h, k_w), groups=setting.groups
    )


def _show(page: Page, setting: Setting) -> None:
    shown = setting.stage()
    colours = photographs.COLOURS if len(setting.images) == 3 else ("brightness",)
    captions = Captions(
        inputs=[page.label(f"options.{colour}") for colour in colours],
        outputs=[page.label("stage.channel", number=number) for number in range(len(setting.weight))],
        input_shape=shape_text(setting.images.shape[1:]),
        kernel_shape=shape_text(setting.weight.shape[2:]),
        output_shape=shape_text(shown.outputs.shape[1:]),
    )
    sliding_window(
        shown,
        captions,
        page.labels("stage"),
        "convolution.channel_stage",
        on_edit=partial(_edit, setting),
        editable=("kernel",),
        start=(0, 0),
        actions=controls.undo_and_reset(page, (_weight_grid(),)),
    )


def _edit(setting: Setting, edit: Edit) -> None:
    """One weight changes: the grid's row is the kernel, its column the place in it."""
    out_channels, in_channels, k_h, k_w = setting.weight.shape
    group = edit.out // (out_channels // setting.groups)
    channel = edit.channel - group * in_channels
    if 0 <= channel < in_channels and 0 <= edit.row < k_h and 0 <= edit.column < k_w:
        column = (channel * k_h + edit.row) * k_w + edit.column
        _weight_grid().set_cell(setting.weight.reshape(out_channels, -1), edit.out, column, edit.value, edit.gesture)


def _formula(page: Page, setting: Setting) -> None:
    out_channels, group_channels, k_h, k_w = setting.weight.shape
    layer = {"in_channels": len(setting.images), "out_channels": out_channels, "groups": setting.groups}
    output = setting.stage().outputs.shape[1:]
    page.text(
        "channels_formula",
        **layer,
        group_channels=group_channels,
        kernel=(k_h, k_w),
        output=output,
        parameters=convolution_parameters(**layer, kernel_size=(k_h, k_w)),
        macs=convolution_macs(**layer, kernel_size=(k_h, k_w), output_shape=output),
    )
