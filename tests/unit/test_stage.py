"""The stage's windows, products and sums against the operations they show."""

import numpy as np
import pytest

from cnn import stage
from cnn.operations import conv2d, conv_transpose2d, pad


def summed(shown: stage.Stage, out_channel: int, row: int, column: int) -> float:
    """What the written-out sum says: the taps' inputs times the taps' weights, channel by channel, and the bias."""
    assert shown.kernels is not None
    total = shown.bias[out_channel]
    for image, kernel in zip(shown.inputs, shown.kernels[out_channel], strict=True):
        if kernel is not None:
            for source, weight in shown.rows[row]:
                for along, across in shown.columns[column]:
                    total += image[source, along] * kernel[weight, across]
    return total


def check(shown: stage.Stage) -> None:
    """Every output cell is the sum of its products, the sum of its channel sums, and the sum over its taps."""
    width = len(shown.columns)
    for (out_channel, row, column), value in np.ndenumerate(shown.outputs):
        cell = row * width + column
        products, sums = shown.products[out_channel][cell], shown.sums[out_channel][cell]
        assert value == pytest.approx(sum(map(sum, products)) + shown.bias[out_channel])
        assert sums == pytest.approx([sum(channel) for channel in products])
        assert value == pytest.approx(summed(shown, out_channel, row, column))


def test_lecture_example():
    image, kernel = np.ones((6, 6)), np.array([[1.0, -1.0]])
    image[:, 3] = 0
    shown = stage.convolution(image[None], kernel[None, None])
    assert shown.outputs[0].tolist() == [[0, 0, 1, -1, 0]] * 6
    assert shown.products[0][2] == ((1.0, 0.0),)  # 1 * 1 and 0 * -1: the first row's third cell
    check(shown)


@pytest.mark.parametrize("seed", range(60))
def test_random_convolution(seed):
    rng = np.random.default_rng(seed)
    groups = int(rng.choice([1, 1, 2, 3]))
    out_channels, group_channels = groups * int(rng.integers(1, 3)), int(rng.integers(1, 3))
    images = rng.normal(size=(groups * group_channels, *rng.integers(6, 10, 2)))
    kernels = rng.normal(size=(out_channels, group_channels, *rng.integers(1, 4, 2)))
    window = stage.Window(
        stride=tuple(rng.integers(1, 4, 2).tolist()),
        padding=tuple(rng.integers(0, 3, 2).tolist()),
        dilation=tuple(rng.integers(1, 3, 2).tolist()),
        padding_mode=str(rng.choice(["zeros", "reflect", "replicate", "circular"])),  # type: ignore[arg-type]
    )
    bias = rng.normal(size=out_channels).tolist()
    shown = stage.convolution(images, kernels, bias, window, groups)
    check(shown)
    np.testing.assert_allclose(
        shown.outputs,
        conv2d(images, kernels, bias, window.stride, window.padding, window.dilation, groups, window.padding_mode),
    )
    np.testing.assert_array_equal(shown.inputs, pad(images, window.padding, window.padding_mode))


def test_groups_keep_channels_apart():
    shown = stage.convolution(np.ones((3, 4, 4)), np.ones((3, 1, 2, 2)), groups=3)
    assert shown.kernels is not None
    assert [[kernel is not None for kernel in row] for row in shown.kernels] == np.eye(3, dtype=bool).tolist()
    assert shown.sums[1][0] == (0.0, 4.0, 0.0)


def test_dropped_by_the_floor():
    shown = stage.convolution(np.ones((1, 8, 7)), np.ones((1, 1, 3, 3)), window=stage.Window(stride=(2, 2)))
    assert shown.dropped == (1, 0)  # rows 0-2, 2-4, 4-6: row 7 is left; columns 0-2, 2-4, 4-6: none


@pytest.mark.parametrize("seed", range(30))
def test_random_transposed_convolution(seed):
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=rng.integers(1, 5, 2)), rng.normal(size=rng.integers(1, 4, 2))
    stride = int(rng.integers(1, 4))
    shown = stage.transposed_convolution(image, kernel, stage.Window((stride, stride)))
    expected = conv_transpose2d(image[None], kernel[None, None], stride=stride)
    np.testing.assert_allclose(shown.outputs, expected)
    check(shown)
