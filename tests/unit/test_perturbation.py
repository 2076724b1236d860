"""What pooling absorbs: the lecture's example, each of its failing cases, and brute force in torch."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from cnn.arithmetic import IntOrPair
from cnn.perturbation import (
    POOLINGS,
    Pooling,
    absorption_map,
    compare,
    perturb,
    response,
    shift,
    shift_curve,
)

torch.set_num_threads(1)

LEFT_MINUS_RIGHT = np.array([[1.0, -1.0]])


def wall(height=6, width=6, column=3):
    """All ones, one column of zeros: the lecture's image."""
    image = np.ones((height, width))
    image[:, column] = 0
    return image


def filled(rows, column=3, image=None):
    """The lecture's image with some zeros of its column set to 1."""
    image = wall() if image is None else image.copy()
    image[list(rows), column] = 1
    return image


def absorbs(other, pooling: Pooling = "max", window: IntOrPair = 2, stride: IntOrPair = 1, image=None, **settings):
    image = wall() if image is None else image
    return compare(image, other, LEFT_MINUS_RIGHT, pooling, window, stride, **settings).absorbed


# ------------------------------------------------------------------------------------------------ the lecture's example


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("row", range(6))
def test_one_filled_pixel_changes_two_outputs_and_no_pooled_one(row, stride):
    result = perturb(wall(), LEFT_MINUS_RIGHT, (row, 3), 1.0, "max", 2, stride)
    assert np.argwhere(result.changed_convolution).tolist() == [[row, 2], [row, 3]]
    assert not result.changed_pooled.any()
    assert result.absorbed
    assert result.interval == (0.0, 1.0 if stride == 1 else 2.0)  # stride 2 has no window with the -1 but not the +1s


def test_the_lectures_maps():
    result = perturb(wall(), LEFT_MINUS_RIGHT, (2, 3), 1.0)
    np.testing.assert_array_equal(result.convolution, [[0, 0, 1, -1, 0]] * 6)
    np.testing.assert_array_equal(result.pooled, [[0, 1, 1, 0]] * 5)
    np.testing.assert_array_equal(result.pooled_after, result.pooled)
    np.testing.assert_array_equal(result.convolution_after[2], np.zeros(5))
    np.testing.assert_array_equal(result.image, wall())
    np.testing.assert_array_equal(result.image_after, filled([2]))
    assert result.relu is False


@pytest.mark.parametrize(
    ("value", "absorbed"), [(-0.5, False), (0.25, True), (0.5, True), (1.0, True), (1.5, False), (2.0, False)]
)
def test_only_values_from_0_to_1_are_absorbed(value, absorbed):
    assert perturb(wall(), LEFT_MINUS_RIGHT, (2, 3), value).absorbed == absorbed


@pytest.mark.parametrize(("column", "absorbed"), [(0, True), (1, False), (2, False), (4, True), (5, False)])
def test_a_new_hole_elsewhere_may_make_a_new_maximum(column, absorbed):
    assert perturb(wall(), LEFT_MINUS_RIGHT, (2, column), 0.0).absorbed == absorbed


@pytest.mark.parametrize(("column", "absorbed"), [(0, True), (1, False), (2, False), (4, False), (5, False)])
def test_moving_the_zero_of_one_row(column, absorbed):
    moved = filled([2])
    moved[2, column] = 0
    assert absorbs(moved) == absorbed


@pytest.mark.parametrize("column", [0, 1, 2, 4, 5])
def test_shifting_the_whole_column(column):
    assert not absorbs(wall(column=column))
    assert absorbs(wall(column=column), stride=2) == (column == 4)


def test_two_adjacent_rows():
    for row in range(5):
        assert not absorbs(filled([row, row + 1]))
        assert absorbs(filled([row, row + 1]), window=3)
        assert absorbs(filled([row, row + 1]), stride=2) == (row % 2 == 1)


@pytest.mark.parametrize("row", range(6))
def test_windows_that_do_not_absorb(row):
    other = filled([row])
    assert not absorbs(other, window=(1, 2))  # no neighbour above or below
    assert not absorbs(other, window=(2, 1))  # the -1 becomes 0
    assert absorbs(other, window=(2, 1), relu=True)
    assert absorbs(other, padding=1) == (0 < row < 5)  # the windows over the edge see one row only
    average = compare(wall(), other, LEFT_MINUS_RIGHT, "average")
    assert not average.absorbed
    assert np.abs(average.pooled_after - average.pooled).max() == 0.25


def test_the_lone_last_row_of_ceil_mode():
    image = wall(height=5)
    other = filled([4], image=image)
    assert absorbs(other, stride=2, image=image)  # the floor drops that row
    assert not absorbs(other, stride=2, image=image, ceil_mode=True)


def test_noise_is_never_absorbed():
    generator = np.random.default_rng(0)
    assert not any(absorbs(wall() + generator.normal(scale=0.01, size=(6, 6))) for _ in range(200))


def test_the_exact_rule():
    """Pooled output changes iff a window contains the +1 column and all its rows are filled, or covers only the -1
    column and touches a filled row."""
    generator = np.random.default_rng(0)
    for _ in range(2000):
        height, width = generator.integers(2, 8, size=2)
        column = int(generator.integers(0, width))
        window = generator.integers(1, 4, size=2)
        stride = generator.integers(1, 4, size=2)
        if window[0] > height or window[1] > width - 1:
            continue
        rows = np.flatnonzero(generator.random(height) < 0.5)
        image = wall(height, width, column)
        other = filled(rows, column, image)
        changes = False
        for top in range(0, height - window[0] + 1, stride[0]):
            for left in range(0, width - 1 - window[1] + 1, stride[1]):
                rows_of_window = set(range(top, top + window[0]))
                columns_of_window = set(range(left, left + window[1]))
                lost = column - 1 in columns_of_window and rows_of_window <= set(rows)
                gained = columns_of_window == {column} and rows_of_window & set(rows)
                changes |= bool(lost or gained)
        assert absorbs(other, "max", window.tolist(), stride.tolist(), image=image) == (not changes)


# ------------------------------------------------------------------------------------------------------- absorption map


def _toward_the_other(image):
    return np.where(image > 0.5, image - 0.3, image + 0.3)


@pytest.mark.parametrize(
    ("pooling", "window", "stride", "flips", "steps"),
    [  # facts/experiments.md E2, of 36 single-pixel changes
        ("max", 2, 1, 18, 12),
        ("max", 2, 2, 24, 18),
        ("max", 3, 1, 36, 30),
        ("average", 2, 1, 0, 0),
        ("average", 2, 2, 18, 18),
        ("subsample", 2, 2, 18, 18),
        ("none", 2, 1, 0, 0),
    ],
)
def test_counts_of_the_lectures_image(pooling, window, stride, flips, steps):
    assert absorption_map(wall(), LEFT_MINUS_RIGHT, pooling, window, stride).sum() == flips
    for change in (0.3, -0.3):
        assert absorption_map(wall(), LEFT_MINUS_RIGHT, pooling, window, stride, change).sum() == steps
    inward = absorption_map(wall(), LEFT_MINUS_RIGHT, pooling, window, stride, _toward_the_other)
    assert inward.sum() == flips


def test_why_average_pooling_absorbs_half():
    """At 2 x 2 stride 2 a pixel's +1 and -1 cancel inside one window, or lie under the dropped fifth column."""
    expected = np.zeros((6, 6), bool)
    expected[:, [1, 3, 5]] = True
    np.testing.assert_array_equal(absorption_map(wall(), LEFT_MINUS_RIGHT, "average", 2, 2), expected)


def _random_case(generator) -> tuple[Any, Any, dict[str, Any]]:
    """(image, kernel, settings) with many ties, on which every pooling is legal."""
    pooling = POOLINGS[generator.integers(len(POOLINGS))]
    while True:
        height, width = generator.integers(3, 9, size=2)
        kernel_size = generator.integers(1, 4, size=2)
        window = tuple(int(size) for size in generator.integers(1, 4, size=2))
        if height - kernel_size[0] + 1 >= window[0] and width - kernel_size[1] + 1 >= window[1]:
            break
    grey = generator.normal(size=(height, width))
    image = (grey, np.round(grey), (grey > 0) * 1.0, wall(height, width, 1))[generator.integers(4)]
    kernel = generator.integers(-2, 3, size=kernel_size) / 1.0
    if generator.random() < 0.3:
        kernel = np.round(generator.normal(size=kernel_size), 1)  # sums of tenths: 0.1 + 0.2 - 0.3 is not 0
    settings = {
        "pooling": pooling,
        "window": window,
        "stride": tuple(int(size) for size in generator.integers(1, 4, size=2)),
        "relu": bool(generator.integers(2)),
        "seed": int(generator.integers(100)),
    }
    if pooling in ("max", "average"):
        settings["ceil_mode"] = bool(generator.integers(2))
    if pooling in ("max", "average", "strided convolution"):
        settings["padding"] = tuple(int(generator.integers(0, size // 2 + 1)) for size in window)
    return image, kernel, settings


def _in_torch(images, kernel, pooling, window, stride, relu, seed, ceil_mode=False, padding=(0, 0)):
    """(convolution, pooled) of a batch of images. Shapes: (n, h, w) -> (n, ...), (n, ...)"""
    outputs = functional.conv2d(torch.from_numpy(images)[:, None], torch.from_numpy(kernel)[None, None])
    seen = torch.relu(outputs) if relu else outputs
    if pooling == "max":
        pooled = functional.max_pool2d(seen, window, stride, padding, ceil_mode=ceil_mode)
    elif pooling == "average":
        pooled = functional.avg_pool2d(seen, window, stride, padding, ceil_mode=ceil_mode)
    elif pooling == "strided convolution":
        weights = np.random.default_rng(seed).normal(size=window)
        pooled = functional.conv2d(seen, torch.from_numpy(weights)[None, None], stride=stride, padding=padding)
    else:
        pooled = seen if pooling == "none" else seen[:, :, :: stride[0], :: stride[1]]
    return outputs[:, 0].numpy(), pooled[:, 0].numpy()


MARGIN = 0.01  # beyond an end of the interval; far more than what isclose forgives


@pytest.mark.parametrize("seed", range(5))
def test_perturb_against_brute_force(seed):
    """1,000 random cases a seed: the maps, `absorbed`, and values on both sides of both ends of the interval."""
    generator = np.random.default_rng(seed)
    for _ in range(1000):
        image, kernel, settings = _random_case(generator)
        pixel = (int(generator.integers(image.shape[0])), int(generator.integers(image.shape[1])))
        value = float(np.round(generator.normal(), 1))
        result = perturb(image, kernel, pixel, value, **settings)
        low, high = result.interval
        assert low <= image[pixel] <= high
        within = np.clip([low, high, (np.clip(low, -9, 9) + np.clip(high, -9, 9)) / 2], max(low, -9), min(high, 9))
        beyond = [end for end in (low - MARGIN, high + MARGIN) if np.isfinite(end)]
        images = np.repeat(image[None], 5 + len(beyond), axis=0)
        images[1:, *pixel] = [value, *within, *beyond]
        convolution, pooled = _in_torch(images, kernel, **settings)
        np.testing.assert_allclose(result.convolution, convolution[0], atol=1e-12)
        np.testing.assert_allclose(result.pooled_after, pooled[1], atol=1e-12)
        np.testing.assert_array_equal(result.changed_convolution, ~np.isclose(convolution[1], convolution[0]))
        np.testing.assert_array_equal(result.changed_pooled, ~np.isclose(pooled[1], pooled[0]))
        same = np.isclose(pooled[1:], pooled[0]).reshape(len(images) - 1, -1).min(axis=1)
        assert result.absorbed == same[0]
        assert same[1:4].all(), (settings, pixel, result.interval)
        assert not same[4:].any(), (settings, pixel, result.interval)


@pytest.mark.parametrize("seed", range(40))
def test_absorption_map_is_perturb_pixel_by_pixel(seed):
    generator = np.random.default_rng(seed)
    image, kernel, settings = _random_case(generator)
    amount = float(np.round(generator.normal(), 1))
    changes: list[tuple[Any, Any]] = [("flip", 1 - image), (amount, image + amount), (np.round, np.round(image))]
    for change, after in changes:
        pixels = [(row, column) for row in range(image.shape[0]) for column in range(image.shape[1])]
        expected = [perturb(image, kernel, pixel, after[pixel], **settings).absorbed for pixel in pixels]
        result = absorption_map(image, kernel, change=change, **settings)
        np.testing.assert_array_equal(result.ravel(), expected)


# ------------------------------------------------------------------------------------------------------------- interval


def test_average_pooling_forgives_nothing_unless_it_cancels():
    assert perturb(wall(), LEFT_MINUS_RIGHT, (2, 3), 0.5, "average").interval == (0.0, 0.0)
    assert perturb(wall(), LEFT_MINUS_RIGHT, (2, 3), 0.5, "average", 2, 2).interval == (-np.inf, np.inf)
    tenths = np.array([[0.1, 0.2, -0.3]])  # its sum is 5.6e-17 in floating point
    assert perturb(np.ones((1, 5)), tenths, (0, 2), 0.5, "average", (1, 3), 3).interval == (-np.inf, np.inf)


def test_relu_hides_what_stays_negative():
    image = np.array([[0.0, 3.0]])
    result = perturb(image, LEFT_MINUS_RIGHT, (0, 0), 1.0, "average", 1, relu=True)  # relu(0 - 3)
    assert result.absorbed
    assert result.interval == (-np.inf, 3.0)


def test_rounding_splits_no_tie():
    """0.1 + 0.2 and 0.3 tie, so the pixel of the one may fall for ever."""
    image = np.array([[0.1, 0.2, 0.0, 0.3, 0.0]])
    result = perturb(image, np.array([[1.0, 1.0]]), (0, 0), 0.0, "max", (1, 4))
    assert result.pooled[0, 0] == 0.1 + 0.2 != 0.3
    assert result.interval[0] == -np.inf
    assert result.interval[1] == image[0, 0]


def test_rounding_wakes_no_sleeping_output():
    """0.1 + 0.2 - 0.3 is 5.6e-17 in floating point, and as asleep under ReLU as 0 is."""
    image = np.array([[0.1, 0.2, 0.3]])
    result = perturb(image, np.array([[1.0, 1.0, -1.0]]), (0, 2), 0.4, "average", 1, relu=True)
    assert result.convolution[0, 0] > 0
    assert result.absorbed
    assert result.interval == (0.3, np.inf)


def test_a_pixel_that_no_window_reads_may_be_anything():
    result = perturb(np.ones((5, 5)), [[1.0]], (4, 4), 1e6, "max", 2, 2)
    assert result.changed_convolution.sum() == 1
    assert result.interval == (-np.inf, np.inf)


# -------------------------------------------------------------------------------------------------- response and shifts


def test_response_by_hand():
    np.testing.assert_array_equal(response(wall(), LEFT_MINUS_RIGHT), [[0, 0, 1, -1, 0]] * 6)
    np.testing.assert_array_equal(response(wall(), LEFT_MINUS_RIGHT, relu=True), [[0, 0, 1, 0, 0]] * 6)


def test_shift_by_hand():
    image = np.arange(1.0, 7).reshape(2, 3)
    np.testing.assert_array_equal(shift(image, 0, 1), [[0, 1, 2], [0, 4, 5]])
    np.testing.assert_array_equal(shift(image, -1, 0, fill=9), [[4, 5, 6], [9, 9, 9]])
    np.testing.assert_array_equal(shift(image, 1, -2), [[0, 0, 0], [3, 0, 0]])
    np.testing.assert_array_equal(shift(image, 0, 0), image)
    np.testing.assert_array_equal(shift(image, 2, 0), np.zeros((2, 3)))
    np.testing.assert_array_equal(shift(image, 0, -50), np.zeros((2, 3)))


def test_shift_curve_by_hand():
    """One bright pixel moves right by 1: under 1 x 2 windows at stride 2 it stays in its window, then it leaves."""
    image = np.zeros((1, 8))
    image[0, 2] = 1
    curve = shift_curve(image, [[1.0]], "max", (1, 2), (1, 2))
    assert [point.shift for point in curve] == [0, 1, 2, 3, 4]
    np.testing.assert_allclose([point.convolution for point in curve], [0] + [np.sqrt(2)] * 4)
    np.testing.assert_allclose([point.pooled for point in curve], [0, 0] + [np.sqrt(2)] * 3)


def test_shift_curve_of_an_empty_map():
    flat = shift_curve(np.zeros((4, 4)), [[1.0]], shifts=[0, 1])
    assert [(point.convolution, point.pooled) for point in flat] == [(0, 0), (0, 0)]
    assert shift_curve(np.zeros((4, 4)), [[1.0]], shifts=[1], fill=1.0)[0].pooled == np.inf


# ------------------------------------------------------------------------------------------------------ wrong arguments


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: perturb(np.ones(3), [[1]], (0, 0), 1), r"image has shape \(3,\); it must be \(h, w\)"),
        (lambda: perturb(wall() * np.nan, [[1]], (0, 0), 1), "image holds nan"),
        (lambda: perturb(wall(), [1], (0, 0), 1), "kernel has shape"),
        (lambda: perturb(wall(), np.ones((7, 1)), (0, 0), 1), "kernel_size is 7"),
        (lambda: perturb(wall(), [[1]], (6, 0), 1), r"pixel\[0\] is 6; it must be a whole number from 0 to 5"),
        (lambda: perturb(wall(), [[1]], (0, -1), 1), r"pixel\[1\] is -1"),
        (lambda: perturb(wall(), [[1]], 3, 1), "pixel is 3; it must be"),  # type: ignore[arg-type]
        (lambda: perturb(wall(), [[1]], (0, 0), np.nan), "value is nan; it must be one finite number"),
        (lambda: perturb(wall(), [[1]], (0, 0), "1"), "value is '1'"),  # type: ignore[arg-type]
        (lambda: perturb(wall(), [[1]], (0, 0), 1, "median"), "pooling is 'median'; it must be one of max, average"),  # type: ignore[arg-type]
        (
            lambda: perturb(wall(), [[1]], (0, 0), 1, window=7),
            r"window is \(7, 7\) on a \(6, 6\) feature map: kernel_size is 7",
        ),
        (lambda: perturb(wall(), [[1]], (0, 0), 1, window=0), "window is 0"),
        (lambda: perturb(wall(), [[1]], (0, 0), 1, stride=0), "stride is 0"),
        (lambda: perturb(wall(), [[1]], (0, 0), 1, padding=2), "padding is 2; it must be at most 1"),
        (lambda: perturb(wall(), [[1]], (0, 0), 1, relu=1), "relu is 1"),  # type: ignore[arg-type]
        (lambda: perturb(wall(), [[1]], (0, 0), 1, ceil_mode=1), "ceil_mode is 1"),  # type: ignore[arg-type]
        (
            lambda: perturb(wall(), [[1]], (0, 0), 1, "subsample", padding=1),
            "padding is 1; with subsample it must be 0",
        ),
        (lambda: perturb(wall(), [[1]], (0, 0), 1, "none", ceil_mode=True), "ceil_mode is True; with none"),
        (lambda: perturb(wall(), [[1]], (0, 0), 1, "strided convolution", seed=-1), "seed is -1"),
        (lambda: compare(wall(), wall(5), [[1]]), r"other has shape \(5, 6\); it must have the shape \(6, 6\)"),
        (lambda: absorption_map(wall(), [[1]], change="invert"), "change is 'invert'"),  # type: ignore[arg-type]
        (lambda: absorption_map(wall(), [[1]], change=np.inf), "change is inf"),
        (lambda: absorption_map(wall(), [[1]], change=lambda image: image[1:]), "has shape"),
        (lambda: shift(wall(), 1.5, 0), "rows is 1.5"),  # type: ignore[arg-type]
        (lambda: shift(wall(), 0, 0, fill=np.nan), "fill is nan"),
    ],
)
def test_wrong_arguments_say_what_is_legal(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_all_poolings_are_named():
    for pooling, relu in product(POOLINGS, (False, True)):
        assert compare(wall(), wall(), LEFT_MINUS_RIGHT, pooling, relu=relu).absorbed


def test_a_stride_beyond_the_image_takes_no_memory():
    """Only the window in the corner is left: three other ones hold its maximum."""
    assert absorption_map(wall(), [[1.0]], "max", 2, stride=10**9).all()
    assert perturb(wall(), [[1.0]], (0, 0), 0.0, stride=10**9).interval == (-np.inf, 1.0)
