"""The learning rate over a run."""

import pytest
import torch

from cnn.training import TrainingConfig
from cnn.training.schedules import factor, rate_after


def test_one_cycle_is_torchs():
    """The same curve as OneCycleLR; torch puts its corners on the middle of a step, so a long run is compared."""
    steps = 10_000
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 1.0, total_steps=steps, pct_start=0.3, div_factor=10, final_div_factor=100, cycle_momentum=False
    )
    for step in range(steps):
        assert factor("one-cycle", step / steps) == pytest.approx(theirs.get_last_lr()[0], abs=2e-3)
        optimiser.step()
        if step < steps - 1:
            theirs.step()


def test_one_cycle_by_hand():
    assert factor("one-cycle", 0) == pytest.approx(0.1)
    assert factor("one-cycle", 0.15) == pytest.approx(0.55)
    assert factor("one-cycle", 0.3) == 1
    assert factor("one-cycle", 0.65) == pytest.approx(0.5005)


def test_1998_as_in_the_paper():
    """Section III-B, in units of 5e-4; and pass i of p takes entry floor(20 i / p)."""
    rates = [5e-4 * factor("1998", done / 20) for done in range(20)]
    assert rates == pytest.approx([5e-4] * 2 + [2e-4] * 3 + [1e-4] * 3 + [5e-5] * 4 + [1e-5] * 8)
    assert [factor("1998", done / 5) for done in range(5)] == [1.0, 0.4, 0.1, 0.02, 0.02]
    assert factor("1998", 0.9999999) == 0.02


def test_the_others():
    assert [factor("step", done) for done in (0, 0.49, 0.5, 0.74, 0.75, 0.99)] == [1, 1, 0.1, 0.1, 0.01, 0.01]
    assert factor("constant", 0.7) == 1


def test_rate_against_the_schedule_by_hand():
    config = TrainingConfig(schedule="one-cycle", learning_rate=0.01)
    assert rate_after(config, 0) == pytest.approx(0.001)
    assert rate_after(config, round(0.3 * config.steps)) == pytest.approx(0.01)
    assert rate_after(TrainingConfig(schedule="constant", learning_rate=0.5), 7) == 0.5
