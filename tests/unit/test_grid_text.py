"""Grids survive the address bar; hostile addresses do not get in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnn.grid_text import from_text, to_text
from cnn.kernels import KERNELS, LENET_C1

repeatable = settings(max_examples=200, deadline=None, derandomize=True)
SHAPES = st.tuples(st.integers(1, 16), st.integers(1, 16))


def read(text):
    return from_text(text, max_rows=16, max_columns=16, low=-1000, high=1000)


def test_by_hand():
    assert to_text([[1, 1, 0], [1, -1, 0.5]]) == "1,1,0;1,-1,0.5"
    np.testing.assert_array_equal(read("1,1,0;1,-1,0.5"), [[1, 1, 0], [1, -1, 0.5]])
    np.testing.assert_array_equal(read("+1,.5,-2.,007"), [[1, 0.5, -2, 7]])
    assert to_text([[-0.0]]) == "0"
    assert not np.signbit(read("-0"))


@repeatable
@given(arrays(np.float64, SHAPES, elements=st.integers(-1000, 1000).map(lambda hundredths: hundredths / 100)))
def test_round_trip_of_typed_numbers(grid):
    np.testing.assert_array_equal(read(to_text(grid)), grid)


@repeatable
@given(arrays(np.float64, SHAPES, elements=st.floats(-1000, 1000)))
def test_round_trip_of_any_numbers(grid):
    text = to_text(grid)
    assert set(text) <= set("0123456789+-.,;")
    np.testing.assert_allclose(read(text), grid, rtol=0, atol=1e-16)
    assert to_text(read(text)) == text


@pytest.mark.parametrize("values", [named.values for named in KERNELS] + [LENET_C1[5, 0]])
def test_kernels_come_back_exactly(values):
    np.testing.assert_array_equal(read(to_text(values)), values)


@pytest.mark.parametrize(
    "text",
    [
        "", ",", ";", "1,", "1;", ";1", "1,,2", "1,2;3", "1 ", " 1", "1\n", "1\n;2", "1, 2", "--1", "+-1", "-", "+",
        ".", "1.2.3", "nan", "NaN", "inf", "-inf", "1e3", "1e999", "1E5", "0x10", "1_000", "True", "None", "١,٢", "¹",
        "１", "−1", "1;2\x00", "<script>alert(1)</script>", "1;__import__('os').system('true')", "1001", "-1000.5",
        "999999999999", "9" * 13, "9" * 400, "0." + "0" * 17 + "1", ";".join(["1"] * 17),
        ",".join(["1"] * 17), ",".join(["1"] * 256),
    ],
)  # fmt: skip
def test_refuses(text):
    with pytest.raises(ValueError):
        read(text)


@pytest.mark.parametrize("piece", ["1", ",", ";", "1,", "1;", "0.1", "-", "1.", "٣"])
def test_refuses_100_kilobytes_at_once(piece):
    text = piece * (100_000 // len(piece))
    with pytest.raises(ValueError, match="characters"):
        read(text)


@repeatable
@given(st.text(max_size=200) | st.text(alphabet="0123456789+-.,;", max_size=200))
def test_any_text_gives_a_legal_grid_or_a_value_error(text):
    try:
        grid = read(text)
    except ValueError:
        return
    assert grid.ndim == 2 and 1 <= grid.shape[0] <= 16 and 1 <= grid.shape[1] <= 16
    assert (np.abs(grid) <= 1000).all()
    assert set(text) <= set("0123456789+-.,;")


@pytest.mark.parametrize("grid", [[[np.nan]], [[np.inf]], [[1e12]], [1, 2], 3, np.zeros((0, 3)), np.zeros((1, 1, 1))])
def test_to_text_refuses(grid):
    with pytest.raises(ValueError):
        to_text(grid)


def test_largest_legal_text_is_accepted():
    grid = np.full((16, 16), -999999999999.12345)
    assert from_text(to_text(grid), 16, 16, -1e12, 1e12).shape == (16, 16)
    assert from_text(
        ";".join([",".join(["-999999999999.12345678901234567"] * 16)] * 16), 16, 16, -1e12, 1e12
    ).shape == (16, 16)
