"""What the training lesson works out by itself: shares on a board, kept runs, the spread of an accuracy."""

import numpy as np
import pytest

from cnn.figures.overlay import MOST_POINTS, spread
from cnn.figures.small_curves import small_curves
from cnn.figures.theme import LIGHT
from cnn.training import TrainingConfig
from cnn.training.records import RunSummary
from cnn.ui.lessons.training.ablations import trained
from cnn.ui.lessons.training.board import _power as power
from cnn.ui.lessons.training.compare import wavering


def run(id: str, config: TrainingConfig, state: str = "finished") -> RunSummary:
    return RunSummary(id, config, state, "", 1, 1, 1, 1.0, None, 0.9, None, 0.0)


def test_spread_of_an_accuracy_is_that_of_draws():
    """Against ten thousand draws of ten thousand digits each."""
    drawn = np.random.default_rng(0).binomial(10_000, 0.99, 10_000) / 10_000
    assert wavering(0.99) == pytest.approx(drawn.std(), rel=0.03)


@pytest.mark.parametrize(("norm", "share"), [(0, 0), (1e-5, 0), (100, 1), (np.nan, 1), (1e9, 1), (10**-1.5, 0.5)])
def test_gradients_between_the_ends_of_the_bars(norm, share):
    assert power(norm) == pytest.approx(share)


def test_points_are_thinned_evenly_and_never_lose_the_ends():
    y = np.arange(5000.0)
    y[7] = np.nan
    kept = spread(y)
    assert len(kept) == MOST_POINTS and kept[0] == 0 and kept[-1] == 4999 and 7 not in kept
    assert set(np.diff(kept)) <= {16, 17, 18}
    assert spread(np.array([])).size == 0


def test_a_sheet_finds_the_newest_useful_run_of_each_cell():
    one, other, third = (TrainingConfig(seed=seed) for seed in (1, 2, 3))
    kept = [run("new", one), run("old", one), run("dead", other, "stopped"), run("on", third, "running")]
    assert [found.id for found in trained([one, other, third], kept)] == ["new", "on"]


def test_small_curves_stand_where_their_numbers_are():
    drawing = small_curves({"a": (0.0, 1.0), "b": (0.5, 0.5)}, "looks", LIGHT)
    heights = [float(part.split('"')[0]) for part in drawing.split('cy="')[1:]]
    assert heights[0] > heights[1] and heights[2] == heights[3] == pytest.approx((heights[0] + heights[1]) / 2)
    assert drawing.count("<polyline") == 2
