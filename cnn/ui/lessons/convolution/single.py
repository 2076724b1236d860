"""What the sections with one kernel share: the setting, its kernel, and how a setting is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn import kernels, snippets, stage
from cnn.arithmetic import convolution_macs, convolution_parameters, output_size
from cnn.figures import svg, theme
from cnn.figures.theme import Palette
from cnn.ui import controls, state
from cnn.ui.components.choices import Choice, Group, choices
from cnn.ui.components.sliding_window import Captions, Edit, sliding_window
from cnn.ui.frame import Page
from cnn.ui.shapes import dropped_note, shape_text

Image = NDArray[np.floating]

LARGEST_INPUT, LARGEST_KERNEL, LARGEST_STRIDE, LARGEST_DILATION = 16, 11, 5, 3
CONTROLS_MOVED = "convolution.controls_moved"  # by a press in the inner fragment
LECTURE = kernels.kernel("lecture")


@dataclass(frozen=True)
class Setting:
    """One convolution of one channel. The controls give it; the cells that the learner changed are laid over it."""

    image: Image  # (h, w)
    kernel: Image  # (k_h, k_w), not flipped
    window: stage.Window
    flipped: bool  # convolution as mathematicians have it
    bias: float = 0

    @property
    def applied(self) -> Image:
        """The kernel that slides."""
        return kernels.flip(self.kernel) if self.flipped else self.kernel

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        window = self.window
        settings = zip(window.stride, window.padding, window.dilation, strict=True)
        rows, columns = (
            output_size(size, kernel_size, *setting)
            for size, kernel_size, setting in zip(self.image.shape, self.kernel.shape, settings, strict=True)
        )
        return rows, columns

    def stage(self) -> stage.Stage:
        """The stage of this setting."""
        return stage.convolution(self.image[None], self.applied[None, None], [self.bias], self.window)


def input_grid() -> state.EditableGrid:
    return state.editable_grid("convolution.input", LARGEST_INPUT, LARGEST_INPUT)


def kernel_grid() -> state.EditableGrid:
    return state.editable_grid("convolution.kernel", LARGEST_KERNEL, LARGEST_KERNEL)


def kernel(panel: controls.Panel, largest: tuple[int, int] = (LARGEST_KERNEL, LARGEST_KERNEL)) -> Image:
    """The lecture's kernel in the size that two sliders say."""
    shape = panel.pair("kernel", 1, largest, LECTURE.shape)
    given = np.zeros(shape)
    given[: LECTURE.shape[0], : LECTURE.shape[1]] = LECTURE[: shape[0], : shape[1]]
    return given


def is_flipped(panel: controls.Panel) -> bool:
    """The switch between what PyTorch computes and what mathematicians call convolution."""
    return panel.choice("sum", ("cross_correlation", "convolution"), "cross_correlation") == "convolution"


def show(
    page: Page,
    setting: Setting,
    key: str,
    *,
    input_name: str = "",
    editable: Sequence[str] = ("input", "kernel"),
    group: str = "",
) -> None:
    """The stage of a setting."""
    grids = {"input": input_grid, "kernel": kernel_grid}
    shown = setting.stage()
    captions = Captions(
        inputs=[input_name or page.label("stage.input")],
        outputs=[page.label("stage.output")],
        input_shape=shape_text(setting.image.shape),
        kernel_shape=shape_text(setting.kernel.shape),
        output_shape=shape_text(shown.outputs.shape[1:]),
        input_note=dropped_note(page, shown),
    )
    sliding_window(
        shown,
        captions,
        page.labels("stage"),
        key,
        on_edit=partial(_edit, setting),
        editable=editable,
        original=((setting.kernel,),) if setting.flipped else None,
        group=group,
        actions=controls.undo_and_reset(page, [grids[name]() for name in editable]),
    )


def _edit(setting: Setting, edit: Edit) -> None:
    grid, values = (input_grid(), setting.image) if edit.grid == "input" else (kernel_grid(), setting.kernel)
    grid.set_cell(values, edit.row, edit.column, edit.value, edit.gesture)


def kernel_buttons(
    page: Page, kernel: Image, others: Sequence[Group] = (), on_other: Callable[[str], None] = lambda _: None
) -> None:
    """The named kernels; the one that is on is the one whose weights are on the stage. `others` stand below them."""
    if st.session_state.pop(CONTROLS_MOVED, False):
        st.rerun()  # the sliders stand outside of this fragment
    drawings = _drawings(theme.palette(st.context.theme.type))
    pictures = [Choice(key, page.label(f"kernels.{key}"), drawing) for key, drawing in drawings.items()]
    chosen = next((named.key for named in kernels.KERNELS if np.array_equal(named.values, kernel)), None)
    why = page.label(f"why.{chosen or 'custom'}")
    known = Group(page.label("controls.kernels"), pictures, titled=False, caption=why)

    def pick(key: str) -> None:
        (_pick if key in drawings else on_other)(key)

    choices([known, *others], "convolution.kernels", pick, chosen)


@lru_cache(maxsize=2)
def _drawings(palette: Palette) -> Mapping[str, str]:
    """The named kernels as pictures, by key."""
    return {named.key: svg.data_url(svg.kernel(np.array(named.values), palette)) for named in kernels.KERNELS}


def _pick(key: str) -> None:
    values = kernels.kernel(key)
    for side, size in zip(("rows", "columns"), values.shape, strict=True):
        if st.session_state.get(f"convolution.kernel_{side}") != size:
            st.session_state[CONTROLS_MOVED] = True
        st.session_state[f"convolution.kernel_{side}"] = size
        if st.session_state.get(f"convolution.input_{side}", size) < size:
            st.session_state[f"convolution.input_{side}"] = size
    kernel_grid().replace(None if np.array_equal(values, LECTURE) else values)


def formula(page: Page, setting: Setting) -> None:
    """The output's size, the parameters and the multiplications of a setting; the values in its cells play no part."""
    (stride, _), (padding, _), (dilation, _) = setting.window.stride, setting.window.padding, setting.window.dilation
    page.text(
        "formula",
        size=setting.image.shape,
        kernel=setting.kernel.shape,
        output=setting.output_shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        bias=setting.bias,
        parameters=convolution_parameters(1, 1, setting.kernel.shape),
        macs=convolution_macs(1, 1, setting.kernel.shape, setting.output_shape),
    )


def code(setting: Setting) -> str:
    """The program for a setting."""
    (stride, _), (padding, _), (dilation, _) = setting.window.stride, setting.window.padding, setting.window.dilation
    return snippets.convolution(
        setting.image,
        setting.kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        padding_mode=setting.window.padding_mode,
        bias=setting.bias,
        flipped=setting.flipped,
    )
