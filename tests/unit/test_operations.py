"""Convolution and pooling: by hand, against torch, and the steps against the arrays."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from cnn.operations import (
    avg_pool2d,
    avg_pool2d_steps,
    conv2d,
    conv2d_steps,
    conv_transpose2d,
    conv_transpose2d_steps,
    max_pool2d,
    max_pool2d_steps,
    pad,
)

torch.set_num_threads(1)
five_hundred = settings(max_examples=500, deadline=None, derandomize=True)
two_hundred = settings(max_examples=200, deadline=None, derandomize=True)

LECTURE = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]])


# -------------------------------------------------------------------------------------------------------------- by hand


def test_conv2d_by_hand():
    image, kernel = np.arange(-4.0, 5).reshape(3, 3), np.arange(9.0).reshape(3, 3)
    expected = [[-38, -32, -10], [24, 60, 48], [22, 40, 26]]
    np.testing.assert_array_equal(conv2d(image[None], kernel[None, None], padding=1)[0], expected)


def test_the_lectures_row_is_cross_correlation():
    row, left_minus_right = np.array([[[1, 1, 1, 0, 1, 1]]]), np.array([[[[1, -1]]]])
    np.testing.assert_array_equal(conv2d(row, left_minus_right)[0], [[0, 0, 1, -1, 0]])


def test_a_kernel_over_three_channels_gives_one_map():
    colours = np.stack([np.full((2, 2), value) for value in (1.0, 10.0, 100.0)])
    np.testing.assert_array_equal(conv2d(colours, np.ones((1, 3, 2, 2)), bias=[0.5]), [[[444.5]]])


def test_groups_keep_channels_apart():
    images = np.array([[[1.0, 2.0]], [[10.0, 20.0]]])
    kernels = np.array([1.0, 2.0, 3.0, 4.0]).reshape(4, 1, 1, 1)
    expected = [[[1, 2]], [[2, 4]], [[30, 60]], [[40, 80]]]
    np.testing.assert_array_equal(conv2d(images, kernels, groups=2), expected)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("zeros", "00123400"), ("replicate", "11123444"), ("reflect", "32123432"), ("circular", "34123412")],
)
def test_pad_by_hand(mode, expected):
    padded = pad(np.array([[[1, 2, 3, 4]]]), (0, 2), mode)
    np.testing.assert_array_equal(padded[0, 0], [int(digit) for digit in expected])


def test_pooling_of_the_lectures_figure():
    np.testing.assert_array_equal(max_pool2d(LECTURE[None], 2)[0], [[100, 184], [12, 45]])
    np.testing.assert_array_equal(avg_pool2d(LECTURE[None], 2)[0], [[36, 80], [12, 15]])
    overlapping = [[100, 100, 184], [100, 100, 70], [12, 45, 45]]
    np.testing.assert_array_equal(max_pool2d(LECTURE[None], 2, stride=1)[0], overlapping)


def test_average_pooling_is_a_convolution_with_quarters():
    quarters = np.full((1, 1, 2, 2), 0.25)
    np.testing.assert_array_equal(avg_pool2d(LECTURE[None], 2), conv2d(LECTURE[None], quarters, stride=2))


def test_what_the_average_counts():
    ones = np.ones((1, 3, 3))
    with_padding = avg_pool2d(ones, 2, padding=1)[0]
    np.testing.assert_array_equal(with_padding, [[0.25, 0.5], [0.5, 1.0]])
    np.testing.assert_array_equal(avg_pool2d(ones, 2, padding=1, count_include_pad=False), np.ones((1, 2, 2)))
    np.testing.assert_array_equal(
        avg_pool2d(ones, 2, ceil_mode=True), np.ones((1, 2, 2))
    )  # what hangs over is no pixel


def test_conv_transpose2d_stamps_the_kernel():
    image = np.array([[[1.0, 2.0]]])
    kernel = np.array([[[[1.0, 10.0, 100.0]]]])
    np.testing.assert_array_equal(conv_transpose2d(image, kernel, stride=2)[0, 0], [1, 10, 102, 20, 200])


# --------------------------------------------------------------------------------------------------------------- oracle


@st.composite
def convolutions(draw, most_groups=3):
    """(images, kernels, keywords) of a legal convolution, with sizes that make every kind of edge common."""
    number = np.random.default_rng(draw(st.integers(0, 2**32))).normal
    groups = draw(st.integers(1, most_groups))
    in_channels, out_channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 40))  # wide enough for several bands
    kernel_size = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    keywords = {
        "bias": number(size=groups * out_channels) if draw(st.booleans()) else None,
        "stride": draw(st.one_of(st.integers(1, 4), st.tuples(st.integers(1, 3), st.integers(1, 4)))),
        "padding": draw(st.one_of(st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)))),
        "dilation": draw(st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))),
        "groups": groups,
        "padding_mode": draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
    }
    images = number(size=(groups * in_channels, height, width))
    return images, number(size=(groups * out_channels, in_channels, *kernel_size)), keywords


def _torch_conv2d(images, kernels, bias, padding_mode, **keywords):
    layer = torch.nn.Conv2d(
        len(images), len(kernels), kernels.shape[2:], bias=bias is not None, padding_mode=padding_mode, **keywords
    ).double()
    layer.weight.data = torch.from_numpy(kernels)
    if bias is not None:
        layer.bias.data = torch.from_numpy(bias)  # type: ignore[union-attr]
    with torch.no_grad():
        return layer(torch.from_numpy(images)[None])[0].numpy()


@five_hundred
@given(convolutions())
def test_conv2d_is_that_of_torch_and_of_its_steps(case):
    images, kernels, keywords = case
    try:
        expected = _torch_conv2d(images, kernels, **keywords)
    except RuntimeError:  # the padding or the kernel does not fit
        with pytest.raises(ValueError, match="must"):
            conv2d(images, kernels, **keywords)
        return
    result = conv2d(images, kernels, **keywords)
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-12)
    channel = len(kernels) - 1
    steps = list(conv2d_steps(images, kernels, **keywords, out_channel=channel))
    assert [(step.row, step.column) for step in steps] == list(np.ndindex(result.shape[1:]))
    np.testing.assert_allclose([step.value for step in steps], result[channel].ravel(), rtol=0, atol=1e-12)
    for step in steps[:3]:
        np.testing.assert_array_equal(step.products, step.window * kernels[channel])
        assert step.products.sum() + step.bias == pytest.approx(step.value, abs=1e-12)


@st.composite
def poolings(draw):
    """(images, keywords) of a pooling; the padding is legal, the window may not fit."""
    number = np.random.default_rng(draw(st.integers(0, 2**32))).integers
    images = number(-9, 9, size=(draw(st.integers(1, 2)), draw(st.integers(1, 9)), draw(st.integers(1, 9)))) / 1.0
    kernel_size = (draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    pair = st.tuples(st.integers(1, 4), st.integers(1, 4))
    keywords = {
        "kernel_size": kernel_size,
        "stride": draw(st.one_of(st.none(), st.integers(1, 4), pair)),
        "padding": tuple(draw(st.integers(0, size // 2)) for size in kernel_size),
        "ceil_mode": draw(st.booleans()),
    }
    return images, keywords


def _check_pooling(pool, steps, oracle, images, keywords):
    try:
        expected = oracle(torch.from_numpy(images)[None], **keywords)[0].numpy()
    except RuntimeError:
        with pytest.raises(ValueError, match="kernel_size is"):
            pool(images, **keywords)
        return []
    result = pool(images, **keywords)
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-12)
    records = list(steps(images, **keywords, channel=len(images) - 1))
    assert [(record.row, record.column) for record in records] == list(np.ndindex(result.shape[1:]))
    np.testing.assert_allclose([record.value for record in records], result[-1].ravel(), rtol=0, atol=1e-12)
    return records


@five_hundred
@given(poolings())
def test_max_pool2d_is_that_of_torch_and_of_its_steps(case):
    images, keywords = case
    p_h, p_w = keywords["padding"]
    padded = np.pad(images[-1], ((p_h, p_h), (p_w, p_w)), constant_values=-np.inf)
    for record in _check_pooling(max_pool2d, max_pool2d_steps, functional.max_pool2d, images, keywords):
        assert padded[record.winner] == record.value == record.window.max()


@five_hundred
@given(poolings(), st.booleans())
def test_avg_pool2d_is_that_of_torch_and_of_its_steps(case, count_include_pad):
    images, keywords = case
    keywords["count_include_pad"] = count_include_pad
    for record in _check_pooling(avg_pool2d, avg_pool2d_steps, functional.avg_pool2d, images, keywords):
        assert record.window.sum() / record.divisor == pytest.approx(record.value, abs=1e-12)


@two_hundred
@given(convolutions(most_groups=1), st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_conv_transpose2d_is_that_of_torch_and_of_its_steps(case, output_padding):
    images, kernels, keywords = case
    kernels = np.ascontiguousarray(kernels.transpose(1, 0, 2, 3))  # (c_out, c_in, k, k) -> (c_in, c_out, k, k)
    bias = keywords["bias"]
    geometry = {key: keywords[key] for key in ("stride", "padding", "dilation")} | {"output_padding": output_padding}
    try:
        bias_tensor = None if bias is None else torch.from_numpy(bias)
        tensors = torch.from_numpy(images)[None], torch.from_numpy(kernels), bias_tensor
        expected = functional.conv_transpose2d(*tensors, **geometry)[0].numpy()
    except RuntimeError:
        with pytest.raises(ValueError, match="padding is"):
            conv_transpose2d(images, kernels, bias, **geometry)
        return
    result = conv_transpose2d(images, kernels, bias, **geometry)
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-12)
    channel = kernels.shape[1] - 1
    steps = list(conv_transpose2d_steps(images, kernels, bias, **geometry, out_channel=channel))
    assert [(step.row, step.column) for step in steps] == list(np.ndindex(result.shape[1:]))
    np.testing.assert_allclose([step.value for step in steps], result[channel].ravel(), rtol=0, atol=1e-12)
    for step in steps[:3]:
        np.testing.assert_array_equal(step.products, step.inputs * step.weights)


@pytest.mark.parametrize("groups", [1, 2])
def test_many_channels(groups):
    """More channels than one band holds: every product then gives one output column."""
    generator = np.random.default_rng(0)
    images, kernels = generator.normal(size=(64, 9, 9)), generator.normal(size=(96, 64 // groups, 3, 3))
    expected = functional.conv2d(torch.from_numpy(images)[None], torch.from_numpy(kernels), padding=1, groups=groups)
    np.testing.assert_allclose(conv2d(images, kernels, padding=1, groups=groups), expected[0].numpy(), atol=1e-11)


# ---------------------------------------------------------------------------------------------------- precision, copies


def test_float32_stays_float32_and_everything_else_is_float64():
    image, kernel = np.ones((1, 4, 4), np.float32), np.ones((1, 1, 3, 3), np.float32)
    bias = np.ones(1, np.float32)
    assert conv2d(image, kernel).dtype == conv2d(image, kernel, bias, padding=1).dtype == np.float32
    assert conv_transpose2d(image, kernel, bias).dtype == np.float32
    assert max_pool2d(image, 2, padding=1).dtype == avg_pool2d(image, 2, padding=1).dtype == np.float32
    assert conv2d(image, kernel.astype(float)).dtype == conv2d(image.astype(np.uint8), kernel).dtype == np.float64
    assert conv2d(image.astype(np.float16), kernel).dtype == max_pool2d(image.astype(bool), 2).dtype == np.float64


def test_float32_of_a_photograph_is_as_close_as_torch():
    generator = np.random.default_rng(0)
    images = generator.random((3, 60, 80), dtype=np.float32)
    kernels = generator.normal(size=(3, 1, 11, 11)).astype(np.float32)
    exact = conv2d(images.astype(float), kernels.astype(float), padding=5, groups=3)
    np.testing.assert_allclose(conv2d(images, kernels, padding=5, groups=3), exact, rtol=0, atol=5e-5)


@pytest.mark.parametrize(
    "play",
    [
        lambda image, kernel, bias: conv2d_steps(image, kernel, bias),
        lambda image, kernel, bias: conv_transpose2d_steps(image, kernel, bias),
        lambda image, kernel, bias: max_pool2d_steps(image, 2),
        lambda image, kernel, bias: avg_pool2d_steps(image, 2),
    ],
)
def test_steps_play_what_they_were_given(play):
    """The learner may edit the image or the kernel while the steps play."""
    arrays = np.ones((1, 4, 4)), np.ones((1, 1, 2, 2)), np.ones(1)
    expected = [step.value for step in play(*arrays)]
    steps = play(*arrays)
    for array in arrays:
        array[:] = 7.0
    assert [step.value for step in steps] == expected


@pytest.mark.parametrize(
    "operation",
    [lambda x: conv2d(x, np.ones((1, 1, 1, 1))), lambda x: max_pool2d(x, 1), lambda x: avg_pool2d(x, 1)],
)
def test_the_result_is_never_the_image_itself(operation):
    image = np.ones((1, 3, 3))
    result = operation(image)
    assert not np.shares_memory(result, image)


# ------------------------------------------------------------------------------------------------------ wrong arguments

IMAGE, KERNEL = np.ones((2, 5, 5)), np.ones((3, 2, 3, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv2d(IMAGE[0], KERNEL), r"images has shape \(5, 5\); it must be \(c_in, h, w\)"),
        (lambda: conv2d(IMAGE, KERNEL[0]), "kernels has shape"),
        (lambda: conv2d(IMAGE[:, :0], KERNEL), "images has shape .* none of them 0"),
        (lambda: conv2d(IMAGE[:1], KERNEL), "groups is 1; .* images have 1 channels"),
        (lambda: conv2d(IMAGE, KERNEL[:, :1], groups=2), "groups is 2; it must divide 3 kernels"),
        (lambda: conv2d(IMAGE, KERNEL, groups=0), "groups is 0"),
        (lambda: conv2d(IMAGE, KERNEL, bias=[1, 2]), "bias has 2 values; it must have 3"),
        (lambda: conv2d(IMAGE, KERNEL, bias=1.0), "bias has shape"),
        (lambda: conv2d(IMAGE, KERNEL, bias=[1, 2, np.nan]), "bias holds nan"),
        (lambda: conv2d(IMAGE * np.nan, KERNEL), "images holds nan; every value must be finite"),
        (lambda: conv2d(IMAGE, KERNEL * np.inf), "kernels holds inf"),
        (lambda: conv2d(IMAGE * 1j, KERNEL), "images has dtype complex128"),
        (lambda: conv2d("image", KERNEL), "images has dtype"),
        (lambda: conv2d(IMAGE, KERNEL, stride=0), "stride is 0; it must be a whole number from 1"),
        (lambda: conv2d(IMAGE, KERNEL, stride=(1, 1, 1)), "stride is"),
        (lambda: conv2d(IMAGE, KERNEL, padding=-1), "padding is -1"),
        (lambda: conv2d(IMAGE, KERNEL, dilation=1.5), "dilation is 1.5"),  # type: ignore[arg-type]
        (lambda: conv2d(IMAGE, KERNEL, dilation=3), "so it spans 7; the span must be at most 5"),
        (lambda: conv2d(IMAGE, KERNEL, padding_mode="same"), "is 'same'; it must be one of zeros"),  # type: ignore[arg-type]
        (lambda: conv2d(IMAGE, KERNEL, padding=5, padding_mode="reflect"), "with reflect it must be at most 4"),
        (lambda: conv2d(IMAGE, KERNEL, padding=(0, 6), padding_mode="circular"), "6 in columns; with circular .* 5"),
        (lambda: conv2d(IMAGE, KERNEL, padding=10**8), "the array is 2 x 200000005 x 200000005; it must have at most"),
        (lambda: conv2d_steps(IMAGE, KERNEL, out_channel=3), "out_channel is 3; it must be a whole number from 0 to 2"),
        (lambda: max_pool2d(IMAGE, 0), "kernel_size is 0"),
        (lambda: max_pool2d(IMAGE, 6), "kernel_size is 6"),
        (lambda: max_pool2d(IMAGE, 2, padding=2), "padding is 2; it must be at most 1, half of kernel_size 2"),
        (lambda: max_pool2d(IMAGE, 2, stride=0), "stride is 0"),
        (lambda: max_pool2d(IMAGE, 2, ceil_mode=None), "ceil_mode is None"),  # type: ignore[arg-type]
        (lambda: max_pool2d_steps(IMAGE, 2, channel=2), "channel is 2; it must be a whole number from 0 to 1"),
        (lambda: avg_pool2d(IMAGE, 2, count_include_pad=1), "count_include_pad is 1"),  # type: ignore[arg-type]
        (lambda: avg_pool2d_steps(IMAGE, 2, channel=-1), "channel is -1"),
        (lambda: conv_transpose2d(IMAGE, KERNEL), "kernels are for 3 channels; they must be for the 2"),
        (lambda: conv_transpose2d(IMAGE, KERNEL[:2], output_padding=1), "output_padding is 1; .* from 0 to 0"),
        (lambda: conv_transpose2d(IMAGE, KERNEL[:2], padding=9), "padding is 9; it must be at most 3"),
        (lambda: conv_transpose2d(IMAGE, KERNEL[:2], stride=10**6), "the array is 2 x 4000003"),
        (lambda: conv_transpose2d_steps(IMAGE, KERNEL[:2], out_channel=2), "out_channel is 2"),
    ],
)
def test_wrong_arguments_say_what_is_legal(call, message):
    """The steps refuse at the call, not at the first step."""
    with pytest.raises(ValueError, match=message):
        call()


def test_a_tall_window_needs_no_memory():
    """torch allows a window larger than the image when it may hang over the edge."""
    np.testing.assert_array_equal(max_pool2d(IMAGE, 10**6, ceil_mode=True), np.ones((2, 1, 1)))
