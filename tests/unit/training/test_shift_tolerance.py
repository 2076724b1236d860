"""The five shipped poolings, and what their networks tolerate: within what the trial gave (three seeds)."""

import numpy as np
import pytest
import torch
from safetensors import safe_open

from cnn.architectures.lenet import lenet5_variant
from cnn.datasets import mnist
from cnn.training.recipes import POOLINGS, pooling_recipe
from cnn.training.results import measured
from cnn.training.shift_tolerance import (
    FirstLayer,
    accuracy_under_shift,
    first_layer_perturbation,
    shift_accuracies,
    shifted,
)
from cnn.training.weights import load, pooling_path, pooling_variant

SHIFTS = (0, 1, 2, 3, 4)


@pytest.fixture(scope="module")
def networks():
    return {pooling: pooling_variant(pooling) for pooling in POOLINGS}


# -------------------------------------------------------------------------------------------------------------- weights


@pytest.mark.parametrize("pooling", POOLINGS)
def test_shipped_weights(pooling):
    path = pooling_path(pooling)
    with safe_open(path, "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118, not a mapping
    network = pooling_variant(pooling)
    assert not network.training
    assert {weights.dtype for weights in network.parameters()} == {torch.float32}
    assert sum(weights.numel() for weights in network.parameters()) == lenet5_variant(pooling).parameters
    assert path.stat().st_size < (2_300_000 if pooling == "none" else 130_000)
    assert pooling_variant(pooling) is not network  # whoever trains on does not change it for others


def test_the_recipe_is_the_trials():
    for pooling in POOLINGS:
        config = pooling_recipe(pooling)
        assert (config.images, config.steps, config.shift, config.seed) == (12_000, 375, 0, 0)
        assert (config.optimiser, config.learning_rate, config.schedule) == ("adamw", 4e-3, "one-cycle")


def test_wrong_names():
    with pytest.raises(ValueError, match="pooling is 'median'"):
        pooling_variant("median")  # type: ignore[arg-type]


def test_missing_weights(tmp_path):
    with pytest.raises(ValueError, match="no weights are shipped there"):
        load(lenet5_variant(), tmp_path / "absent.safetensors")


# ---------------------------------------------------------------------------------------------------------------- shift


def test_shifted_by_hand():
    image = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], np.uint8)
    np.testing.assert_array_equal(shifted(image, 1, 0)[0], [[0, 0, 0], [1, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(shifted(image, 0, -2)[0], [[3, 0, 0], [6, 0, 0], [9, 0, 0]])
    np.testing.assert_array_equal(shifted(image, 0, 0), image)


def test_accuracy_under_shift_is_that_of_the_trial(networks):
    """E2, mean over four directions, on a part of its 2,000 digits: ranges of three seeds, and room for the sample."""
    images, labels = (part[:400] for part in mnist("test"))
    trial = {  # at 0 and at 3 pixels
        "max": (96.9, 72.3),
        "average": (96.6, 64.5),
        "strided convolution": (96.1, 57.0),
        "subsample": (95.8, 56.2),
        "none": (97.4, 64.1),
    }
    found = {}
    for pooling, network in networks.items():
        found[pooling] = accuracy_under_shift(network, images, labels, (0, 3))
        assert found[pooling][0] == pytest.approx(trial[pooling][0] / 100, abs=0.03)
        assert found[pooling][1] == pytest.approx(trial[pooling][1] / 100, abs=0.09)
    assert max(found, key=lambda pooling: found[pooling][1]) == "max"


def test_measured_figures_are_kept(networks):
    """On all 10,000 test images, in measured.json; the first 500 agree as well as a sample can."""
    images, labels = (part[5_000:5_500] for part in mnist("test"))
    for pooling, network in networks.items():
        figures = measured()[pooling_path(pooling).name]
        kept = [figures["accuracy_under_shift"][str(shift)] for shift in SHIFTS]
        assert kept == sorted(kept, reverse=True) and kept[0] == figures["test_accuracy"]
        assert accuracy_under_shift(network, images, labels, (0,))[0] == pytest.approx(kept[0], abs=0.03)


def test_mean_over_the_four_directions(networks):
    images, labels = (part[:60] for part in mnist("test"))
    network = networks["average"]
    expected = []
    for axis in (1, 2):
        for way in (-2, 2):
            moved = np.roll(np.pad(images, ((0, 0), (4, 4), (4, 4))), way, axis)[:, 4:-4, 4:-4]
            with torch.no_grad():
                expected.append((network(network.prepare(moved)).argmax(1).numpy() == labels).mean())
    assert accuracy_under_shift(network, images, labels, (2,)) == [np.mean(expected)]


def test_progress(networks):
    images, labels = (part[:20] for part in mnist("test"))
    results = list(shift_accuracies(networks["max"], images, labels))
    assert [result.shift for result in results] == list(SHIFTS)
    assert [result.done for result in results] == [1, 5, 9, 13, 17]
    assert {result.evaluations for result in results} == {17}


@pytest.mark.parametrize("shift", [-1, 28, 1.5])
def test_shift_out_of_range(networks, shift):
    with pytest.raises(ValueError, match=f"shift is {shift}"):
        accuracy_under_shift(networks["max"], *(part[:2] for part in mnist("test")), shifts=(shift,))  # type: ignore[misc]


# ------------------------------------------------------------------------------------------------------------ one pixel


@pytest.mark.parametrize("pooling", POOLINGS)
def test_first_layer_is_that_of_the_trial(networks, pooling):
    found = first_layer_perturbation(networks[pooling], mnist("train")[0][55_000:55_020], count=20)
    assert found.cases == 400 and found.whole_map_unchanged == 0
    unchanged = {"max": (0.14, 0.28), "subsample": (0.32, 0.46)}.get(pooling, (0, 0.002))
    assert unchanged[0] <= found.unchanged <= unchanged[1]
    assert 0.01 < found.convolution_change < 0.04
    damping = {"max": (0.75, 0.95), "average": (0.6, 0.78), "strided convolution": (0.65, 0.9)}
    low, high = damping.get(pooling, (0.9, 1.1))
    assert low < found.pooled_change / found.convolution_change < high


def test_average_damps_most(networks):
    images = mnist("train")[0][55_000:55_010]
    ratios = {}
    for pooling, network in networks.items():
        found = first_layer_perturbation(network, images, count=20)
        ratios[pooling] = found.pooled_change / found.convolution_change
    assert min(ratios, key=lambda pooling: ratios[pooling]) == "average"
    assert ratios["none"] == 1


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_first_layer_against_a_second_way(networks, pooling):
    """One pixel of one image through `features`, layer by layer, with plain loops over the windows."""
    network, image = networks[pooling], mnist("train")[0][55_003]
    generator = np.random.default_rng(4)
    first = FirstLayer.of(pooling_variant(pooling).double())
    with torch.no_grad():
        ((touched, same, before_change, pooled_change),) = first.cases(image, 1, 0.25, np.random.default_rng(4))
    pixel = generator.choice(784, 1, replace=False)[0]
    after = image.astype(np.float64).ravel()
    after[pixel] += 0.25 * 255 * (1 if after[pixel] < 127.5 else -1)
    maps = [first_maps(network, picture) for picture in (image.astype(np.float64), after.reshape(28, 28))]
    counts = [0, 0]
    reduce = np.max if pooling == "max" else np.mean
    pooled = [np.zeros((6, 14, 14)) for _ in maps]
    for place in np.ndindex(6, 14, 14):
        windows = [m[place[0], 2 * place[1] : 2 * place[1] + 2, 2 * place[2] : 2 * place[2] + 2] for m in maps]
        for values, window in zip(pooled, windows, strict=True):
            values[place] = reduce(window)
        if not np.isclose(windows[1], windows[0]).all():
            counts[0] += 1
            counts[1] += bool(np.isclose(pooled[1][place], pooled[0][place]))
    assert (touched, same) == tuple(counts)
    assert before_change == pytest.approx(np.linalg.norm(maps[1] - maps[0]) / np.linalg.norm(maps[0]))
    assert pooled_change == pytest.approx(np.linalg.norm(pooled[1] - pooled[0]) / np.linalg.norm(pooled[0]))


def first_maps(network, picture: np.ndarray) -> np.ndarray:
    """relu(C1) in NumPy."""
    c1 = network.features.C1
    padded = (np.pad(picture, 2) / 255 - 0.1307) / 0.3081
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))
    weight, bias = c1.weight.detach().numpy().astype(np.float64), c1.bias.detach().numpy().astype(np.float64)
    return np.maximum(0, np.einsum("hwij,ocij->ohw", windows, weight) + bias[:, None, None])


@pytest.mark.parametrize(("arguments", "sentence"), [({"count": 0}, "count is 0"), ({"change": 0.6}, "change is 0.6")])
def test_wrong_arguments(networks, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        first_layer_perturbation(networks["max"], mnist("test")[0][:1], **arguments)
