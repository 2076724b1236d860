"""Training: it learns, it repeats, it stops."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cnn.architectures import ARCHITECTURES
from cnn.datasets import mnist
from cnn.training import TrainingConfig, evaluate, train
from cnn.training.evaluation import predict
from cnn.training.losses import loss_of

ROOT = Path(__file__).parents[3]
SHORT = TrainingConfig(share=0.02, epochs=20 / 18)  # 1,100 images: 20 steps


def losses(config: TrainingConfig) -> list[float]:
    return [step.loss for step in train(config)]


CONFIGS = {
    "momentum": replace(SHORT, optimiser="momentum", learning_rate=0.03, schedule="constant"),
    "sgd": replace(SHORT, optimiser="sgd", learning_rate=0.3, schedule="step"),
    "tanh": replace(SHORT, activation="tanh"),
    "1998": replace(SHORT, network="lenet5", loss="map", batch_size=32, epochs=20 / 35),
    "cross-entropy of distances": replace(SHORT, network="lenet5", learning_rate=3e-3),
    "distorted": replace(SHORT, shift=0, distortions=True),
    **{f"pooling {pooling}": replace(SHORT, pooling=pooling) for pooling in ("average", "trainable", "subsample")},
    "dropout": replace(SHORT, dropout=0.3),
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_twenty_steps_lower_the_loss(config):
    curve = losses(config)
    assert len(curve) == 20
    assert np.mean(curve[-4:]) < np.mean(curve[:4]) - 0.02  # plain SGD and random sub-sampling start slowly


def test_twenty_steps_of_the_default_lower_it_a_lot():
    curve = losses(SHORT)
    assert np.mean(curve[-4:]) < 0.6 * np.mean(curve[:4])


@pytest.mark.parametrize("config", [SHORT, replace(SHORT, dropout=0.5), replace(SHORT, distortions=True, shift=0)])
def test_same_seed_same_curve(config):
    first = losses(config)
    torch.manual_seed(99)  # what others do to torch's global numbers is no concern of a run
    assert losses(config) == first
    assert losses(replace(config, seed=1)) != first


def test_jobs_side_by_side_do_not_disturb_each_other():
    config = replace(SHORT, dropout=0.5)
    alone = [losses(replace(config, seed=seed)) for seed in range(2)]
    together: dict[int, list[float]] = {}

    def job(seed: int) -> None:
        together[seed] = losses(replace(config, seed=seed))

    threads = [threading.Thread(target=job, args=(seed,)) for seed in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[0], together[1]] == alone


def test_a_run_leaves_torchs_global_numbers_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    losses(replace(SHORT, dropout=0.5))
    torch.testing.assert_close(torch.rand(3), expected)


def test_after_warming_up_a_run_starts_at_once():
    """In a process of its own: the first step imports nothing more."""
    program = (
        "import sys; from cnn.training import TrainingConfig, train, warm_up; warm_up(); before = set(sys.modules);"
        "next(train(TrainingConfig())); print(sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_what_a_step_says():
    steps = list(train(SHORT))
    assert [step.step for step in steps] == list(range(1, 21)) and {step.steps for step in steps} == {20}
    assert [step.samples for step in steps][:2] == [64, 128] and steps[17].samples == 1100
    assert steps[17].epoch == 1.0
    assert all(0 <= step.accuracy <= 1 for step in steps)
    seconds = [step.seconds for step in steps]
    assert seconds == sorted(seconds) and seconds[0] > 0
    assert steps[0].learning_rate == pytest.approx(6e-4)
    assert max(step.learning_rate for step in steps) == pytest.approx(6e-3)
    assert steps[0].network is steps[-1].network


def test_first_loss_is_that_of_the_fresh_network():
    """Reported before the update: with all weights zero every class has a tenth, so the loss is ln 10."""
    first = next(train(replace(SHORT, initialisation="zero")))
    assert first.loss == pytest.approx(np.log(10), rel=1e-6)


def test_all_zero_start_never_learns():
    """Only the last bias moves: the gradients of all else are products with zero."""
    *_, last = train(replace(SHORT, initialisation="zero"))
    moved = {name for name, weights in last.network.named_parameters() if weights.any()}
    assert moved == {"classifier.OUTPUT.bias"}


def test_seconds_do_not_count_a_pause():
    steps = train(SHORT)
    before = next(steps).seconds
    threading.Event().wait(0.5)
    assert next(steps).seconds - before < 0.4


def test_closing_stops():
    steps = train(SHORT)
    network = next(steps).network
    weights = network.get_parameter("features.C1.weight").detach().clone()
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)
    torch.testing.assert_close(network.get_parameter("features.C1.weight"), weights)


def test_train_refuses_what_is_no_config():
    with pytest.raises(ValueError, match="config is a dict"):
        train({"epochs": 2})  # type: ignore[arg-type]


def test_fast_network_is_the_same_network():
    """ReLU behind max pooling: what is trained loads into what `build()` gives, with the same outputs."""
    *_, last = train(SHORT)
    plain = ARCHITECTURES["lenet5_modern"].build()
    plain.load_state_dict(last.network.state_dict())
    images = plain.prepare(mnist("test")[0][:50])
    torch.testing.assert_close(plain(images), last.network(images), rtol=1e-4, atol=1e-5)


def test_losses_of_1998_by_hand():
    """y = (1, 3), D = 1: equation 8 gives 3; equation 9 with j = 2 gives 3 + log(e^-2 + e^-1 + e^-3)."""
    logits, labels = torch.tensor([[-1.0, -3.0]]), torch.tensor([1])
    assert loss_of("mse", logits, labels).item() == 3
    expected = 3 + np.log(np.exp(-2) + np.exp(-1) + np.exp(-3))
    assert loss_of("map", logits, labels, rubbish=2).item() == pytest.approx(expected)


# ----------------------------------------------------------------------------------------------------------- evaluation


def test_evaluate_against_brute_force():
    *_, last = train(replace(SHORT, dropout=0.5))
    images, labels = (part[:333] for part in mnist("test"))
    last.network.eval()
    with torch.no_grad():
        right = sum(
            int(last.network(last.network.prepare(image[None])).argmax()) == label
            for image, label in zip(images, labels, strict=True)
        )
    last.network.train()
    assert evaluate(last.network, images, labels) == right / 333
    assert 0.3 < right / 333 < 1
    assert last.network.training  # as it was
    assert predict(last.network, images).shape == (333,)


@pytest.mark.parametrize(
    ("images", "labels", "sentence"),
    [
        (np.zeros((2, 28, 28), np.float32), [0, 1], "images is float32"),
        (np.zeros((28, 28), np.uint8), [0], "images is uint8 \\(28, 28\\)"),
        (np.zeros((0, 28, 28), np.uint8), [], "images is uint8 \\(0, 28, 28\\)"),
        (np.zeros((2, 28, 28), np.uint8), [0], "labels has shape \\(1,\\)"),
    ],
)
def test_evaluate_refuses(images, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        evaluate(ARCHITECTURES["lenet5_modern"].build(), images, labels)


def test_evaluate_refuses_other_modules():
    with pytest.raises(ValueError, match="network is a Linear"):
        evaluate(torch.nn.Linear(2, 2), *mnist("test"))
