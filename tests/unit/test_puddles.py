"""Puddles: the lecture's court by hand, and the same maps as max pooling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnn.operations import Position, max_pool2d, max_pool2d_steps
from cnn.puddles import court, straight

LECTURE = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]], float)

SETTINGS = st.tuples(
    st.integers(1, 7).flatmap(
        lambda h: st.integers(1, 7).flatmap(lambda w: arrays(np.float64, (h, w), elements=st.integers(-5, 5)))
    ),
    st.integers(1, 5),
    st.integers(1, 5),
).filter(lambda setting: setting[1] <= min(setting[0].shape))


def test_the_lecture_by_hand():
    shown = court(LECTURE, 2, 2)
    np.testing.assert_array_equal(shown.pooled, [[100, 184], [12, 45]])
    np.testing.assert_array_equal(shown.heights, -LECTURE / 184)
    first = shown.puddles[0]
    assert first.cells == ((0, 0), (0, 1), (1, 0), (1, 1)) and first.lowest == ((1, 1),)
    assert first.runs == (((0, 0), (1, 1)), ((0, 1), (1, 1)), ((1, 0), (1, 1)), ((1, 1),))
    assert not shown.overlapping and court(LECTURE, 2, 1).overlapping


def test_water_stands_up_to_its_rim():
    water = court(LECTURE, 2, 2).levels * -184
    dry = np.nan
    by_hand = [[dry, dry, dry, 38], [dry, 70, dry, dry], [12, 12, dry, dry], [12, 12, 12, dry]]
    np.testing.assert_allclose(water, by_hand)


def test_equal_places_side_by_side_are_one_puddle():
    image = [[1, 1, 1, 1], [1, 9, 9, 1], [1, 1, 1, 1], [1, 1, 1, 1]]
    shown = court(image, 4, 4)
    assert shown.puddles[0].lowest == ((1, 1), (1, 2))
    np.testing.assert_array_equal(shown.levels[1, 1:3], [0, 0])
    assert shown.puddles[0].runs[3] == ((0, 3), (1, 2))  # to the nearer one
    assert shown.puddles[0].runs[12] == ((3, 0), (2, 1), (1, 1))


def test_an_even_court_is_wet_all_over():
    shown = court(np.full((3, 3), 7.0), 3, 3)
    assert len(shown.puddles[0].lowest) == 9 and all(len(run) == 1 for run in shown.puddles[0].runs)
    np.testing.assert_array_equal(shown.heights, 0)
    np.testing.assert_array_equal(shown.levels, 0)


def test_straight_goes_diagonally_first():
    assert straight(Position(0, 0), Position(1, 3)) == ((0, 0), (1, 1), (1, 2), (1, 3))
    assert straight(Position(2, 1), Position(2, 1)) == ((2, 1),)


@settings(max_examples=300, deadline=None)
@given(SETTINGS)
def test_the_puddles_are_the_max_pooled_map(setting):
    image, window, stride = setting
    shown = court(image, window, stride)
    np.testing.assert_array_equal(shown.pooled, max_pool2d(image[None], window, stride)[0])
    assert shown.overlapping == (stride < window)
    for puddle, step in zip(shown.puddles, max_pool2d_steps(image[None], window, stride), strict=True):
        assert (puddle.row, puddle.column, puddle.depth) == (step.row, step.column, step.value)
        assert puddle.lowest[0] == step.winner
        assert [image[place] for place in puddle.cells] == step.window.ravel().tolist()


@settings(max_examples=300, deadline=None)
@given(SETTINGS)
def test_every_drop_arrives_and_no_water_stands_above_its_edge(setting):
    image, window, stride = setting
    shown = court(image, window, stride)
    wet = {place for puddle in shown.puddles for place in puddle.lowest}
    assert {tuple(place) for place in np.argwhere(~np.isnan(shown.levels))} == wet
    for puddle in shown.puddles:
        heights = [shown.heights[place] for place in puddle.cells]
        assert all(shown.heights[place] == min(heights) for place in puddle.lowest)
        for cell, run in zip(puddle.cells, puddle.runs, strict=True):
            assert run[0] == cell and run[-1] in puddle.lowest and set(run) <= set(puddle.cells)
            assert all(
                max(abs(a.row - b.row), abs(a.column - b.column)) == 1 for a, b in zip(run, run[1:], strict=False)
            )
    for row, column in wet:
        level, floor = shown.levels[row, column], shown.heights[row, column]
        assert floor <= level <= 0
        for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if min(near) >= 0 and near[0] < image.shape[0] and near[1] < image.shape[1] and level > floor:
                assert level <= max(shown.heights[near], np.nan_to_num(shown.levels[near], nan=-2))


@pytest.mark.parametrize(
    ("image", "window", "stride", "message"),
    [
        ([1, 2], 1, 1, "image has shape"),
        ([[np.nan]], 1, 1, "finite"),
        ([[1.0]], 2, 1, "size"),
        ([[1.0]], 1, 0, "stride"),
    ],
)
def test_wrong_arguments_are_named(image, window, stride, message):
    with pytest.raises(ValueError, match=message):
        court(image, window, stride)
