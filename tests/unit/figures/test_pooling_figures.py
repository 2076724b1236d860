"""Drawings of the pooling lesson's sections on convolution: weights, moving kernels, falling errors."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cnn.figures.errors import Line, falling_errors
from cnn.figures.theme import DARK, LIGHT
from cnn.figures.weights import moving_kernels, outputs, weights
from cnn.imitation import winner_kernels


def words(drawing: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)<", drawing)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_weights_show_their_digits(palette):
    drawing = weights(np.array([[0.25, -0.1234], [np.nan, 1]]), palette)
    ElementTree.fromstring(drawing)
    assert words(drawing) == ["0.250", "−0.123", "?", "1.000"]


def test_outputs_show_four_digits():
    assert words(outputs(np.array([[30.33333, -2], [0, 1234.5]]), LIGHT)) == ["30.33", "−2", "0", "1234"]


def test_moving_kernels_are_drawn_over_their_windows():
    windows = np.array([[[[29, 15], [0, 100]], [[28, 184], [70, 38]]]], float)
    kernels = winner_kernels(windows.reshape(-1, 2, 2)).reshape(windows.shape)
    drawing = moving_kernels(windows, kernels, LIGHT)
    ElementTree.fromstring(drawing)
    assert words(drawing)[:9] == ["29", "× 0", "15", "× 0", "0", "× 0", "100", "× 1", "= 100"]
    assert words(drawing)[-1] == "= 184"
    assert drawing.count(f'stroke="{LIGHT.kernel}"') == 2  # one winner a window


def test_falling_errors():
    average, largest = Line("average", [0, 500], [0.3, 0.0]), Line("max", [0, 500], [0.4, 0.127])
    drawing = falling_errors(average, largest, 0.1265, 1000, ("error", "step"), LIGHT)
    ElementTree.fromstring(drawing)
    assert {"average", "max", "error", "step", "1,000"} <= set(words(drawing))
    lines = re.findall(r'points="([^"]+)"', drawing)
    heights = [[float(point.split(",")[1]) for point in line.split()] for line in lines]
    assert all(height[0] < height[1] for height in heights)  # both fall, also to an error of nothing
    assert "stroke-dasharray" in drawing


def test_nothing_is_drawn_before_the_first_step():
    drawing = falling_errors(Line("a", [], []), Line("b", [], []), None, 1000, ("error", "step"), LIGHT)
    assert "points" not in drawing and "stroke-dasharray" not in drawing
