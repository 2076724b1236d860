"""Sizes, windows, parameters and receptive fields: by hand, against torch, and against the published numbers."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn.arithmetic import (
    LARGEST,
    convolution_macs,
    convolution_parameters,
    dropped,
    effective_kernel_size,
    output_size,
    receptive_field,
    transposed_output_size,
    transposed_taps,
    whole_pair,
    window_taps,
)

torch.set_num_threads(1)
many = settings(max_examples=500, deadline=None, derandomize=True)
axis = {
    "size": st.integers(1, 20),
    "kernel_size": st.integers(1, 6),
    "stride": st.integers(1, 5),
    "padding": st.integers(0, 4),
    "dilation": st.integers(1, 3),
}


# ---------------------------------------------------------------------------------------------------------- output size


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((6, 2), 5),  # the lecture's row
        ((4, 2, 2), 2),  # the lecture's figure
        ((32, 5), 28),  # LeNet C1
        ((28, 2, 2), 14),  # LeNet S2
        ((227, 11, 4), 55),  # AlexNet C1
        ((224, 11, 4, 2), 55),
        ((7, 3, 1, 0, 2), 3),
        ((10**9, 3, 2), 499_999_999),
    ],
)
def test_output_size_by_hand(arguments, expected):
    assert output_size(*arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "floor", "ceiling"),
    [((5, 2, 2), 2, 3), ((112, 3, 2), 55, 56), ((3, 2, 2, 1), 2, 2), ((2, 1, 3), 1, 1), ((6, 2, 2), 3, 3)],
)
def test_ceil_mode_by_hand(arguments, floor, ceiling):
    assert output_size(*arguments) == floor
    assert output_size(*arguments, ceil_mode=True) == ceiling


def test_ceil_mode_lets_the_only_window_hang_over():
    assert (
        output_size(1, 2, 2, ceil_mode=True) == 1 == torch.max_pool2d(torch.ones(1, 1, 1), 2, 2, ceil_mode=True).numel()
    )


@many
@given(**axis, ceil_mode=st.booleans())
def test_output_size_is_that_of_torch(size, kernel_size, stride, padding, dilation, ceil_mode):
    padding = min(padding, kernel_size // 2)  # torch's rule for pooling
    line = torch.zeros(1, 1, size)
    arguments = (kernel_size, stride, padding, dilation, ceil_mode)
    try:
        expected = torch.nn.functional.max_pool1d(line, *arguments).shape[-1]
    except RuntimeError:
        with pytest.raises(ValueError, match="kernel_size is"):
            output_size(size, *arguments)
    else:
        assert output_size(size, *arguments) == expected


@many
@given(**axis)
def test_dropped_is_what_the_last_window_leaves(size, kernel_size, stride, padding, dilation):
    if size + 2 * padding < effective_kernel_size(kernel_size, dilation):
        return
    taps = window_taps(size, kernel_size, stride, padding, dilation)
    assert dropped(size, kernel_size, stride, padding, dilation) == size + 2 * padding - 1 - taps[-1][-1].source


def test_dropped_by_hand():
    assert dropped(5, 2, 2) == 1
    assert dropped(6, 2, 2) == 0
    assert dropped(4, 4, 4, padding=2) == 0
    assert dropped(7, 1, 4) == 2


# ----------------------------------------------------------------------------------------------------------------- taps


def test_window_taps_by_hand():
    assert window_taps(4, 2, 2) == (((0, 0), (1, 1)), ((2, 0), (3, 1)))
    assert window_taps(5, 2, 2, ceil_mode=True)[-1] == ((4, 0),)
    assert window_taps(3, 2, 1, padding=1, dilation=2) == (((0, 0), (2, 1)), ((1, 0), (3, 1)), ((2, 0), (4, 1)))


def test_transposed_taps_by_hand():
    assert transposed_taps(2, 3, 2, padding=1) == (((0, 1),), ((0, 2), (1, 0)), ((1, 1),))
    assert transposed_taps(2, 1, 2) == (((0, 0),), (), ((1, 0),))  # the gap gets nothing


def _as_matrix(taps, columns, weights):
    """The linear map that the taps describe: one row per output position."""
    matrix = np.zeros((len(taps), columns))
    for row, taps_of_row in enumerate(taps):
        for tap in taps_of_row:
            matrix[row, tap.source] += weights[tap.weight]
    return matrix


@many
@given(**axis, output_padding=st.integers(0, 2))
def test_transposed_convolution_is_the_transpose(size, kernel_size, stride, padding, dilation, output_padding):
    output_padding = min(output_padding, max(stride, dilation) - 1)
    arguments = (kernel_size, stride, padding, dilation)
    try:
        wide = transposed_output_size(size, *arguments, output_padding)
    except ValueError:
        return
    weights = np.arange(1.0, kernel_size + 1)
    try:
        windows = output_size(wide, *arguments)
    except ValueError:
        return  # the padding cut away more than the kernel
    if windows != size:
        return  # with a dilation above the stride, output_padding makes room for one window more
    backward = _as_matrix(transposed_taps(size, *arguments, output_padding), size, weights)
    forward = _as_matrix(window_taps(wide, *arguments), wide + 2 * padding, weights)[:, padding : padding + wide]
    np.testing.assert_array_equal(backward, forward.T)


@many
@given(**axis, output_padding=st.integers(0, 3))
def test_transposed_output_size_is_that_of_torch(size, kernel_size, stride, padding, dilation, output_padding):
    line, kernel = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel_size)
    try:
        outputs = torch.conv_transpose1d(line, kernel, None, stride, padding, output_padding, 1, dilation)
    except RuntimeError:
        with pytest.raises(ValueError, match="padding is"):
            transposed_output_size(size, kernel_size, stride, padding, dilation, output_padding)
    else:
        expected = outputs.shape[-1]
        assert transposed_output_size(size, kernel_size, stride, padding, dilation, output_padding) == expected


# -------------------------------------------------------------------------------------------------- parameters and MACs


def test_parameters_and_macs_of_lenet_c1():
    assert convolution_parameters(1, 6, (5, 5)) == 156
    assert convolution_macs(1, 6, (5, 5), (28, 28)) == 117_600


@pytest.mark.parametrize(
    ("in_channels", "out_channels", "kernel_size", "groups", "bias"),
    [(3, 64, (11, 11), 1, True), (96, 256, (5, 5), 2, True), (8, 8, (3, 1), 8, False), (6, 16, 5, 1, True)],
)
def test_parameters_are_those_of_torch(in_channels, out_channels, kernel_size, groups, bias):
    layer = torch.nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, bias=bias)
    expected = sum(weights.numel() for weights in layer.parameters())
    assert convolution_parameters(in_channels, out_channels, kernel_size, groups, bias) == expected
    macs = convolution_macs(in_channels, out_channels, kernel_size, (7, 9), groups)
    assert macs == layer.weight.numel() * 7 * 9


# ------------------------------------------------------------------------------------------------------ receptive field

ALEXNET = [(11, 4, 2, 1), (3, 2, 0, 1), (5, 1, 2, 1), (3, 2, 0, 1), *[(3, 1, 1, 1)] * 3, (3, 2, 0, 1)]
VGG_16 = [layer for convolutions in (2, 2, 3, 3, 3) for layer in [(3, 1, 1, 1)] * convolutions + [(2, 2, 0, 1)]]
RESNET_STEM = [(7, 2, 3, 1), (3, 2, 1, 1)]
HALVING, SAME = (3, 2, 0, 1), (3, 1, 1, 1)
GOOGLENET = [(7, 2, 3, 1), HALVING, SAME, HALVING, *[SAME] * 2, HALVING, *[SAME] * 5, (2, 2, 0, 1), *[SAME] * 2]
DENSENET_121 = RESNET_STEM + [layer for growths in (6, 12, 24, 16) for layer in [SAME] * growths + [(2, 2, 0, 1)]][:-1]


def _resnet(blocks, block):
    """The longest path: `block` gives the layers of a block with the given stride."""
    first_strides = (1, 2, 2, 2)
    strides = [s for count, first in zip(blocks, first_strides, strict=True) for s in (first, *[1] * (count - 1))]
    return RESNET_STEM + [layer for stride in strides for layer in block(stride)]


def _basic(stride):
    return [(3, stride, 1, 1), (3, 1, 1, 1)]


def _bottleneck(stride):
    return [(1, 1, 0, 1), (3, stride, 1, 1), (1, 1, 0, 1)]


def _bottleneck_of_the_paper(stride):
    return [(1, stride, 0, 1), (3, 1, 1, 1), (1, 1, 0, 1)]


@pytest.mark.parametrize(
    ("layers", "size", "jump"),
    [  # facts/history.md section 4
        (ALEXNET, 195, 32),
        (VGG_16, 212, 32),
        (VGG_16[:-1], 196, 16),
        (GOOGLENET, 379, 32),  # as torchvision has it: 3 x 3 in the 5 x 5 branch
        (DENSENET_121, 2071, 32),
        (_resnet((2, 2, 2, 2), _basic), 435, 32),
        (_resnet((3, 4, 6, 3), _basic), 899, 32),
        (_resnet((3, 4, 6, 3), _bottleneck), 427, 32),
        (_resnet((3, 4, 6, 3), _bottleneck_of_the_paper), 483, 32),
    ],
)
def test_receptive_field_of_published_networks(layers, size, jump):
    field = receptive_field(layers)
    assert (field.size, field.jump) == (size, jump)


def test_receptive_field_by_hand():
    assert receptive_field([]) == receptive_field([(1, 1, 0, 1)])
    assert receptive_field([]).start == 0.5
    assert [receptive_field([(3, 1, 1, 1)] * depth).size for depth in (1, 2, 3)] == [3, 5, 7]
    assert receptive_field([(3, 1, 1, 1)]).start == 0.5  # same padding keeps the centre
    assert receptive_field([(2, 2, 0, 1)]).start == 1.0  # between pixels 0 and 1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 2)), min_size=1, max_size=4
    )
)
def test_receptive_field_is_the_support_of_the_gradient(layers):
    """A middle unit's gradient through all-ones kernels reaches from start to start + size, and no pixel beyond."""
    field = receptive_field(layers)
    size = field.size + 20 * field.jump
    line = torch.zeros(1, 1, size, requires_grad=True)
    outputs = line
    for kernel_size, stride, padding, dilation in layers:
        outputs = torch.conv1d(outputs, torch.ones(1, 1, kernel_size), None, stride, padding, dilation)
    middle = outputs.shape[-1] // 2
    outputs[0, 0, middle].backward()
    assert line.grad is not None
    reached = torch.nonzero(line.grad[0, 0])[:, 0]
    first, last = int(reached[0]), int(reached[-1])
    assert last - first + 1 == field.size
    assert (first + last + 1) / 2 == field.start + middle * field.jump


# ------------------------------------------------------------------------------------------------------ wrong arguments


@pytest.mark.parametrize("value", [0, -1, 2.0, math.nan, math.inf, True, np.True_, "3", None, [3], 10 * LARGEST])
@pytest.mark.parametrize("name", ["size", "kernel_size", "stride", "dilation"])
def test_wrong_numbers_are_named(name, value):
    arguments = {"size": 8, "kernel_size": 3, "stride": 1, "padding": 0, "dilation": 1, name: value}
    with pytest.raises(ValueError, match=f"{name} is .*; it must be a whole number from 1 to {LARGEST}"):
        output_size(**arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: output_size(8, 3, padding=-1), "padding is -1; it must be a whole number from 0"),
        (lambda: output_size(8, 3, ceil_mode=1), "ceil_mode is 1; it must be True or False"),  # type: ignore[arg-type]
        (lambda: output_size(3, 5), "kernel_size is 5 .* at most 3 to fit size 3 with padding 0"),
        (lambda: output_size(3, 2, dilation=3), "so it spans 4; the span must be at most 3"),
        (lambda: output_size(1, 4, 3, ceil_mode=True), "the span must be at most 3"),
        (lambda: transposed_output_size(3, 3, stride=2, output_padding=2), "output_padding is 2; .* from 0 to 1"),
        (lambda: transposed_output_size(1, 3, padding=2), "padding is 2; it must be at most 1"),
        (lambda: window_taps(LARGEST, 3), "kernel_size is 3 at 999999998 positions"),
        (lambda: transposed_taps(2, 1, stride=LARGEST), "kernel_size is 1 at 1000000001 positions"),
        (lambda: convolution_parameters(3, 4, (3, 3), groups=2), "groups is 2; it must divide in_channels 3"),
        (lambda: convolution_parameters(4, 4, (3, 3), groups=3), "groups is 3; it must divide in_channels 4"),
        (lambda: whole_pair("stride", (1, 2, 3), 1), r"stride is \(1, 2, 3\); it must be one whole number or two"),
        (lambda: whole_pair("stride", (1, 0), 1), r"stride\[1\] is 0"),
        (lambda: whole_pair("stride", "11", 1), "stride is '11'"),
        (lambda: receptive_field([(3, 1, 1, 1), 3]), r"layers\[1\] is 3"),  # type: ignore[list-item]
        (lambda: receptive_field([(3, 0, 1, 1)]), "stride is 0"),
        (lambda: receptive_field([(3, 1, -1, 1)]), "padding is -1"),
    ],
)
def test_wrong_arguments_say_what_is_legal(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_largest_wrong_padding_is_legal_once_less():
    assert transposed_output_size(1, 3, padding=1) == 1


def test_numpy_integers_are_whole_numbers():
    assert output_size(np.int64(6), np.uint8(2)) == 5  # type: ignore[arg-type]
