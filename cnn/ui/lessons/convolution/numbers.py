"""Convolution in numbers: the stage on a small image."""

from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn import kernels, patterns, stage
from cnn.operations import PaddingMode
from cnn.ui import cards, controls
from cnn.ui.components.choices import Choice, Group
from cnn.ui.frame import Page
from cnn.ui.lessons.convolution import single


@st.fragment
def numbers(page: Page) -> None:
    """Slide a kernel over a small image, step by step, and change anything."""
    board, side = st.columns([2.3, 1], gap="large")
    with side, controls.panel(page, "numbers") as panel:
        setting = _setting(panel)
    formula, code = cards.places(page)
    with formula:
        single.formula(page, setting)
    with board:
        _stage(page, setting, code)


@st.fragment
def _stage(page: Page, setting: single.Setting, code: DeltaGenerator) -> None:
    """What runs again when a cell is edited."""
    grids = single.input_grid(), single.kernel_grid()
    setting = replace(setting, image=grids[0].values(setting.image), kernel=grids[1].values(setting.kernel))
    single.show(page, setting, "convolution.stage")
    single.kernel_buttons(page, setting.kernel, [_breaking(page)], _break)
    cards.show_code(code, single.code(setting))
    page.note_address()


def _setting(panel: controls.Panel) -> single.Setting:
    """The controls, in the order in which each one's range follows from those before it."""
    pattern = panel.choice("image", patterns.PATTERNS, "zero_column")
    shape = panel.pair("input", 3, (single.LARGEST_INPUT, single.LARGEST_INPUT), (6, 6))
    rows, columns = np.minimum(shape, single.LARGEST_KERNEL).tolist()
    kernel = single.kernel(panel, (rows, columns))
    flipped = single.is_flipped(panel)
    stride = panel.slider("stride", 1, single.LARGEST_STRIDE, 1)
    padding = panel.slider("padding", 0, max(kernel.shape), 0)
    mode = _padding_mode(panel, padding, min(shape)) if padding else "zeros"
    dilation = panel.slider("dilation", 1, _largest_dilation(shape, kernel.shape, padding), 1)
    return single.Setting(
        image=patterns.pattern(pattern, shape),
        kernel=kernel,
        window=stage.Window((stride, stride), (padding, padding), (dilation, dilation), mode),
        flipped=flipped,
        bias=panel.slider("bias", -9, 9, 0),
    )


def _padding_mode(panel: controls.Panel, padding: int, smallest_side: int) -> PaddingMode:
    """What the rim is made of. Modes that would need more image than there is are not offered."""
    largest = {"zeros": padding, "reflect": smallest_side - 1, "replicate": padding, "circular": smallest_side}
    options = [mode for mode, most in largest.items() if padding <= most]
    return panel.choice("padding_mode", options, "zeros")  # type: ignore[return-value]


def _largest_dilation(shape: tuple[int, int], kernel_shape: tuple[int, ...], padding: int) -> int:
    """The most that still fits: dilation * (k - 1) + 1 <= n + 2p."""
    room = [(n + 2 * padding - 1) // (k - 1) for n, k in zip(shape, kernel_shape, strict=True) if k > 1]
    return min([*room, single.LARGEST_DILATION]) if room else 1


def _breaking(page: Page) -> Group:
    """Settings that go wrong in a way worth seeing, a press each."""
    cases = [
        Choice(
            case.key,
            page.label(f"break_it.{case.key}"),
            why=page.sentence(case.key, sizes=case.sizes, stride=case.stride, kernel=case.kernel_size),
        )
        for case in kernels.BREAK_IT
    ]
    return Group(page.label("controls.break_it"), cases)


def _break(key: str) -> None:
    case = next(case for case in kernels.BREAK_IT if case.key == key)
    sizes = {"input_rows": case.size, "input_columns": case.size, "kernel_rows": case.kernel_size}
    settings = {"kernel_columns": case.kernel_size, "stride": case.stride, "padding": case.padding, "dilation": 1}
    for field, value in {**sizes, **settings}.items():
        st.session_state[f"convolution.{field}"] = value
    single.kernel_grid().replace(np.ones((case.kernel_size, case.kernel_size)))
    st.session_state[single.CONTROLS_MOVED] = True
