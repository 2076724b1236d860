"""A convolution finds average pooling and not max pooling, as far as the experiment E12 says; and why it cannot."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnn import imitation
from cnn.datasets import mnist
from cnn.imitation import counterexample, gap, winner_kernels
from cnn.operations import conv2d, max_pool2d

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits():
    return mnist("train")[0][: imitation.TRAINING_IMAGES], mnist("test")[0][: imitation.TEST_IMAGES]


@pytest.fixture(scope="module")
def trained(digits):
    return list(imitation.imitate(*digits, seed=3))


def direct_error(weights, pooling, images):
    """The root of the mean squared difference, written out."""
    scaled = images / 255
    windows = scaled.reshape(len(scaled), 14, 2, 14, 2).transpose(0, 1, 3, 2, 4).reshape(-1, 4)
    pooled = windows.max(axis=1) if pooling == "max" else windows.mean(axis=1)
    return np.sqrt(np.mean((windows @ weights.ravel() - pooled) ** 2))


# ---------------------------------------------------------------------------------------------------------- training


def test_average_is_found(trained):
    last = trained[-1].average
    np.testing.assert_allclose(last.weights, 0.25, atol=1e-5)
    assert last.error < 1e-4


def test_max_is_not_found(trained):
    last = trained[-1].max
    assert 0.1265 < last.error < 0.1270
    np.testing.assert_allclose(last.weights, [[0.46, 0.187], [0.185, 0.464]], atol=0.015)


def test_best_four_weights_for_max(digits, trained):
    """E12: RMSE .12649 with .426 .232 .231 .430, for any four weights; the trained ones come near and not below."""
    best = imitation.best_imitation("max", digits[1])
    assert best.error == pytest.approx(0.12649, abs=5e-6)
    np.testing.assert_allclose(best.weights, [[0.426, 0.232], [0.231, 0.430]], atol=6e-4)
    assert best.error < trained[-1].max.error < best.error * 1.01
    chance = np.random.default_rng(0)
    for _ in range(50):
        nearby = best.weights + chance.normal(0, 0.05, (2, 2))
        assert direct_error(nearby, "max", digits[1][:200]) >= imitation.best_imitation("max", digits[1][:200]).error


def test_best_four_weights_for_average(digits):
    best = imitation.best_imitation("average", digits[1])
    np.testing.assert_allclose(best.weights, 0.25, atol=1e-9)
    assert best.error < 1e-7


def test_steps_are_told_from_the_untrained_one_on(trained):
    assert [step.step for step in trained] == list(range(imitation.STEPS + 1))
    assert trained[0].average.error > 0.1 and trained[0].max.error > 0.2
    assert np.abs([trained[0].average.weights, trained[0].max.weights]).max() <= 0.5


@pytest.mark.parametrize("pooling", imitation.POOLINGS)
def test_errors_are_those_on_the_test_images(digits, trained, pooling):
    for step in (trained[0], trained[40], trained[-1]):
        told = getattr(step, pooling)
        assert told.error == pytest.approx(direct_error(told.weights, pooling, digits[1]), abs=1e-7)


def test_a_seed_is_a_run(digits):
    training, test = digits[0][:200], digits[1][:50]
    runs = [[step.max.weights for step in imitation.imitate(training, test, seed, 20)] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_its_adam_is_that_of_pytorch(digits):
    training, test = digits[0][:300], digits[1][:50]
    told = [step.max.weights for step in imitation.imitate(training, test, seed=5, steps=30)]
    dice = torch.Generator().manual_seed(5)
    images = torch.tensor(training[:, None] / 255, dtype=torch.float32)
    weights = torch.empty(2, 1, 2, 2).uniform_(-0.5, 0.5, generator=dice).requires_grad_()
    optimiser = torch.optim.Adam([weights], lr=imitation.LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 30)
    for step in range(30):
        np.testing.assert_allclose(told[step], weights[1, 0].detach().numpy(), atol=1e-5)
        batch = images[torch.randint(len(images), (imitation.BATCH_SIZE,), generator=dice)]
        targets = torch.cat([F.avg_pool2d(batch, 2), F.max_pool2d(batch, 2)], dim=1)
        optimiser.zero_grad()
        (F.conv2d(batch, weights, stride=2) - targets).square().mean(dim=(0, 2, 3)).sum().backward()
        optimiser.step()
        schedule.step()


def test_it_can_be_closed_half_way(digits):
    before = torch.random.get_rng_state()
    steps = imitation.imitate(digits[0][:200], digits[1][:50])
    assert next(steps).step == 0 and next(steps).step == 1
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)
    assert torch.equal(torch.random.get_rng_state(), before)  # the dice of others are left alone


def test_odd_sides_drop_the_last(digits):
    best = imitation.best_imitation("average", digits[1][:50, :27, :25])
    np.testing.assert_allclose(best.weights, 0.25, atol=1e-9)


# ----------------------------------------------------------------------------------------------------- moving kernels

WINDOWS = np.array([[[29, 15], [0, 100]], [[28, 184], [70, 38]], [[12, 12], [12, 12]], [[7, 2], [45, 6]]], float)


def test_winner_kernels_by_hand():
    assert winner_kernels(WINDOWS).tolist() == [
        [[0, 0], [0, 1]],
        [[0, 1], [0, 0]],
        [[1, 0], [0, 0]],  # of equal numbers the first
        [[0, 0], [1, 0]],
    ]


def test_winner_kernels_give_the_maximum():
    windows = np.random.default_rng(1).normal(size=(200, 3, 4))
    kernels = winner_kernels(windows)
    for window, kernel in zip(windows, kernels, strict=True):
        assert conv2d(window[None], kernel[None, None]) == max_pool2d(window[None], (3, 4))
    assert (kernels.sum(axis=(1, 2)) == 1).all()


def test_counterexample_of_the_lecture():
    found = counterexample(WINDOWS)
    assert found is not None
    assert (found.first.tolist(), found.second.tolist()) == (WINDOWS[0].tolist(), WINDOWS[1].tolist())
    assert found.total.max() == 199 and gap(found) == 100 + 184 - 199


def test_counterexample_where_all_winners_stand_at_one_place():
    found = counterexample(np.array([[[1.0, 2], [3, 4]], [[5, 6], [7, 8]]]))
    assert found is not None and (found.first == -found.second).all() and gap(found) == 3


def test_no_counterexample_in_single_tones():
    assert counterexample(np.ones((3, 2, 2))) is None
    assert counterexample(np.array([[[0.1]], [[0.2]]])) is None


def test_counterexamples_are_true():
    chance = np.random.default_rng(2)
    for _ in range(200):
        windows = chance.integers(0, 4, (chance.integers(1, 5), 2, 2)).astype(float)
        found = counterexample(windows)
        if found is None:
            assert all(np.ptp(window) == 0 for window in windows)
        else:
            assert found.total.max() < found.first.max() + found.second.max()
