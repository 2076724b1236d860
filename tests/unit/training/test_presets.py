"""Each preset begins as its words say; the long ones are cut short."""

from dataclasses import replace
from math import isfinite, log

import numpy as np
import pytest

from cnn.datasets import mnist
from cnn.training import TrainingConfig, evaluate, link, train
from cnn.training.batches import validation_split
from cnn.training.capture import look
from cnn.training.presets import BAD, GOOD, PRESETS


def after(config: TrainingConfig, steps: int):
    """The step reached; the network is the one of that step."""
    for step in train(config):
        if step.step == steps:
            return step
    raise AssertionError(f"the run has only {config.steps} steps")


def test_every_preset_is_a_run_of_its_own_and_fits_an_address():
    assert len({preset.config for preset in PRESETS}) == len(PRESETS) == len(GOOD) + len(BAD)
    assert all(link.from_text(link.to_text(preset.config)) == preset.config for preset in PRESETS)


@pytest.mark.parametrize("key", ["default", "quick", "momentum"])
def test_good_settings_learn_within_a_hundred_steps(key):
    config = GOOD[key]
    images, labels = validation_split(config)
    assert evaluate(after(config, 100).network, images[:1000], labels[:1000]) > 0.5


def test_a_much_too_large_rate_ends_in_no_number():
    losses = []
    for step in train(BAD["rate_too_large"]):
        losses.append(step.loss)
        if not isfinite(step.loss) or step.step == 50:
            break
    assert not isfinite(losses[-1]) and isfinite(losses[0])


def test_units_of_f6_die():
    step = after(BAD["dead_relu"], 100)
    found = look(BAD["dead_relu"], step.network, step.step)
    assert found.dead_units["F6"] == 1 and found.gradient_norms["F6"] == 0


def test_from_zero_only_the_last_bias_moves():
    step = after(BAD["zero_start"], 20)
    moved = {name for name, weights in step.network.named_parameters() if weights.detach().abs().max() > 0}
    assert moved == {"classifier.OUTPUT.bias"} and step.loss == pytest.approx(log(10), abs=0.1)


def test_unshuffled_it_forgets_0_over_1():
    step = after(BAD["unshuffled"], 160)  # in the middle of the ones
    images, labels = mnist("test")
    assert evaluate(step.network, images[labels == 1], labels[labels == 1]) > 0.9
    assert evaluate(step.network, images[labels == 0], labels[labels == 0]) < 0.1


def test_few_digits_are_learned_by_heart():
    config = replace(BAD["too_few_digits"], epochs=30)
    accuracies = [step.accuracy for step in train(config)]
    network = after(config, config.steps).network
    images, labels = validation_split(config)
    training = float(np.mean(accuracies[-config.steps_per_epoch :]))
    assert training > 0.995 and evaluate(network, images, labels) < training - 0.03


def test_literally_as_in_1998_f6_is_saturated():
    config = BAD["literal_1998"]
    step = after(config, 200)
    assert look(config, step.network, step.step).dead_units["F6"] == 1
