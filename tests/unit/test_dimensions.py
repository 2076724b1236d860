"""Kernels that slide along one, two or three axes: by hand, and against torch's three layers."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnn.dimensions import AXES, CASES, SlidingCase, Triple

torch.set_num_threads(1)

LAYERS = {"Conv1d": torch.nn.Conv1d, "Conv2d": torch.nn.Conv2d, "Conv3d": torch.nn.Conv3d}
BY_KEY = {case.key: case for case in CASES}


def slid(case: SlidingCase, volume: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """The output, cell by cell at the positions of the case: (d, h, w) -> (d_out, h_out, w_out)."""
    output = torch.full(case.output_shape, torch.nan)
    for (z, y, x), cell in case.positions:
        depth, height, width = case.kernel_shape
        output[cell] = (volume[z : z + depth, y : y + height, x : x + width] * kernel).sum()
    return output


def through_torch(case: SlidingCase, volume: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """The output of torch's layer of that name, with the kernel as its weight."""
    order = [AXES.index(axis) for axis in (*filled(case), *case.axes)]  # channels first
    channels, *sizes = case.weight_shape[1:]
    layer = LAYERS[case.layer](channels, 1, tuple(sizes), stride=case.stride, bias=False)
    assert tuple(layer.weight.shape) == case.weight_shape
    layer.weight.data = kernel.permute(order).reshape(case.weight_shape)
    lengths = [case.input_shape[AXES.index(axis)] for axis in case.axes]
    return layer(volume.permute(order).reshape(1, channels, *lengths))[0, 0]  # (1, c, ...) -> one axis per slide


def filled(case: SlidingCase) -> list[str]:
    return [axis for axis in AXES if axis not in case.axes]


def agrees_with_torch(case: SlidingCase) -> None:
    generator = torch.Generator().manual_seed(0)
    volume, kernel = (torch.randn(shape, generator=generator) for shape in (case.input_shape, case.kernel_shape))
    with torch.no_grad():
        torch.testing.assert_close(slid(case, volume, kernel).squeeze(), through_torch(case, volume, kernel).squeeze())


@pytest.mark.parametrize(
    ("key", "layer", "kernel", "output", "weight", "axes"),
    [
        ("signal", "Conv1d", (3,), (1, 1, 7), (1, 1, 3), ("width",)),
        ("series", "Conv1d", (4, 3), (1, 1, 7), (1, 4, 3), ("width",)),
        ("grey", "Conv2d", (3, 3), (1, 3, 3), (1, 1, 3, 3), ("height", "width")),
        ("colour", "Conv2d", (3, 3, 3), (1, 3, 3), (1, 3, 3, 3), ("height", "width")),
        ("video", "Conv3d", (2, 3, 3), (3, 3, 3), (1, 1, 2, 3, 3), ("depth", "height", "width")),
    ],
)
def test_cases_by_hand(key, layer, kernel, output, weight, axes):
    case = BY_KEY[key]
    assert (case.layer, case.kernel_sizes, case.output_shape) == (layer, kernel, output)
    assert (case.weight_shape, case.axes) == (weight, axes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_cases_against_torch(case):
    agrees_with_torch(case)


def test_playing_order():
    assert [corner for corner, _ in BY_KEY["signal"].positions] == [(0, 0, x) for x in range(7)]
    assert [corner for corner, _ in BY_KEY["colour"].positions] == [(0, y, x) for y in range(3) for x in range(3)]
    assert BY_KEY["video"].positions[9].corner == (1, 0, 0)


def test_stride_moves_the_corner_and_not_the_cell():
    case = SlidingCase("strided", Triple(1, 5, 6), Triple(1, 3, 2), stride=2)
    assert case.output_shape == (1, 2, 3)
    assert case.positions[-1] == ((0, 2, 4), (0, 1, 2))
    agrees_with_torch(case)


def test_channels_are_the_axes_that_the_kernel_fills():
    assert [case.channel_axes for case in CASES] == [(), ("height",), (), ("depth",), ()]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.tuples(*[st.tuples(st.integers(1, 5), st.integers(1, 5), st.booleans())] * 3), st.integers(1, 3))
def test_any_case_against_torch(sizes, stride):
    shape = Triple(*(size for size, _, _ in sizes))
    kernel = Triple(*(size if fill else min(size, smaller) for size, smaller, fill in sizes))
    try:
        case = SlidingCase("any", shape, kernel, stride)
    except ValueError:
        assume(False)
        raise
    agrees_with_torch(case)


@pytest.mark.parametrize(
    ("shape", "kernel", "stride", "message"),
    [
        ((1, 1, 3), (1, 1, 3), 1, "kernel_shape is .*must leave room to slide"),
        ((1, 2, 9), (1, 1, 3), 3, "kernel_shape's height is 1; it must be 2"),
        ((1, 1, 3), (1, 1, 4), 1, "kernel_size is 4"),
        ((1, 0, 3), (1, 1, 3), 1, "input_shape's height is 0"),
        ((1, 1, 9), (1, 1, 3), 0, "stride is 0"),
    ],
)
def test_what_cannot_slide_is_refused(shape, kernel, stride, message):
    with pytest.raises(ValueError, match=message):
        SlidingCase("wrong", Triple(*shape), Triple(*kernel), stride)
