"""The small images to slide a kernel over."""

import numpy as np
import pytest

from cnn.patterns import PATTERNS, pattern


def test_zero_column_is_the_lectures():
    assert pattern("zero_column", (6, 6)).tolist() == [[1, 1, 1, 0, 1, 1]] * 6
    assert pattern("zero_column", (3, 3)).tolist() == [[1, 1, 0]] * 3


@pytest.mark.parametrize("key", PATTERNS)
@pytest.mark.parametrize("shape", [(3, 3), (16, 5), (6, 16)])
def test_every_pattern_has_the_shape_and_something_to_see(key, shape):
    image = pattern(key, shape)
    assert image.shape == shape
    assert np.unique(image).size > 1


def test_growing_keeps_what_is_there():
    for key in ("zero_column", "ramp", "checkerboard", "noise"):
        np.testing.assert_array_equal(pattern(key, (8, 8))[:5, :5], pattern(key, (5, 5)))


def test_unknown_name():
    with pytest.raises(ValueError, match="must be one of"):
        pattern("stripes", (3, 3))
