"""Maps, neighbours and changes of a digit, each found again by another way."""

import contextlib
import io

import numpy as np
import pytest
import torch

from cnn import datasets
from cnn.architectures.lenet import LENET5, LENET5_MODERN
from cnn.architectures.perceptron import PERCEPTRON
from cnn.lenet import explanation_code, explanations, neighbours
from cnn.lenet.digit_changes import RANGES, Change, changed, sweep, thicken
from cnn.lenet.neighbours import Gathering, nearest

torch.set_num_threads(1)
NETWORKS = {"lenet_today": LENET5_MODERN, "lenet_1998": LENET5, "perceptron": PERCEPTRON}


@pytest.fixture(scope="module", params=NETWORKS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def digit():
    return datasets.mnist("test")[0][35]


def test_gradient_against_finite_differences(name, digit):
    """In float64, a hair's breadth to either side; with grain, for max pooling has no slope where paper ties."""
    grain = np.random.default_rng(1).integers(0, 40, digit.shape)
    digit = np.clip(digit.astype(int) // 2 + grain, 0, 255).astype(np.uint8)
    network = NETWORKS[name].trained().double()
    slopes = explanations.gradient(network, digit, 2)
    base = network.prepare(digit[None]).double()
    rim = (base.shape[2] - 28) // 2
    step = 1e-6
    chance = np.random.default_rng(0)
    for row, column in chance.integers(0, 28, (40, 2)).tolist():
        ends = []
        for sign in (1, -1):
            moved = base.clone()
            moved[0, 0, rim + row, rim + column] += sign * step / network.preparation.deviation[0]
            with torch.no_grad():
                ends.append(float(network(moved)[0, 2]))
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(slopes[row, column], rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("size", [1, 4, 5])
def test_occlusion_by_brute_force(name, digit, size):
    network = NETWORKS[name].trained()
    falls = explanations.occlusion(network, digit, 2, size)
    with torch.no_grad():
        whole = float(network(network.prepare(digit[None]))[0, 2])
        for row in range(0, 28, 3):
            for column in range(0, 28, 3):
                image = digit.copy()
                for y in range(row - (size - 1) // 2, row + size // 2 + 1):
                    for x in range(column - (size - 1) // 2, column + size // 2 + 1):
                        if 0 <= y < 28 and 0 <= x < 28:
                            image[y, x] = 0
                fall = whole - float(network(network.prepare(image[None]))[0, 2])
                assert falls[row, column] == pytest.approx(fall, abs=2e-4)


def test_probabilities_with_and_without_rubbish():
    logits = np.array([[1.0, 2.0], [-3.0, -50.0]])
    torch.testing.assert_close(
        torch.from_numpy(explanations.probabilities(logits)), torch.from_numpy(logits).softmax(dim=1)
    )
    with_rubbish = torch.from_numpy(np.column_stack([logits, [-10.0, -10.0]])).softmax(dim=1)
    torch.testing.assert_close(torch.from_numpy(explanations.probabilities(logits, 10.0)), with_rubbish)


# ---------------------------------------------------------------------------------------------------------- neighbours


@pytest.mark.parametrize("architecture", [LENET5, LENET5_MODERN], ids=lambda each: each.key)
def test_nearest_against_cdist(architecture):
    network, images = architecture.trained(), datasets.mnist("train")[0][:700]
    taken: list[torch.Tensor] = []
    after = dict(network.classifier.named_children())
    following = list(after)[list(after).index("F6") + 1]
    after[following].register_forward_hook(lambda module, values, result: taken.append(result))
    with torch.no_grad():
        network(network.prepare(images))
    vectors = neighbours.features(architecture.trained(), images)
    np.testing.assert_allclose(vectors, taken[0].numpy(), atol=1e-4)
    distances = torch.cdist(torch.from_numpy(vectors[3:4]).double(), torch.from_numpy(vectors).double())[0]
    expected = distances.sort()
    found = nearest(vectors, vectors[3], 8)
    assert [each.index for each in found] == expected.indices[:8].tolist()
    np.testing.assert_allclose([each.distance for each in found], expected.values[:8], rtol=1e-4, atol=1e-4)


def test_gathering_comes_to_its_end():
    images = datasets.mnist("train")[0][:250]
    gathering = Gathering(LENET5_MODERN, images)
    gathering.thread.join(60)
    assert gathering.over and gathering.failure is None and gathering.done == 1
    assert gathering.vectors is not None
    np.testing.assert_allclose(gathering.vectors, neighbours.features(LENET5_MODERN.trained(), images), atol=1e-6)


def test_gathering_tells_why_it_failed():
    gathering = Gathering(PERCEPTRON, datasets.mnist("train")[0][:10])
    gathering.thread.join(60)
    assert gathering.over and gathering.vectors is None and "F6" in str(gathering.failure)


# ------------------------------------------------------------------------------------------------------------- changes


def test_shifts_and_quarter_turns_are_those_of_numpy(digit):
    found = changed(digit, [Change(), Change(right=3), Change(down=-2), Change(turn=90)])
    right, up = np.zeros_like(digit), np.zeros_like(digit)
    right[:, 3:], up[:-2] = digit[:, :-3], digit[2:]
    for got, expected in zip(found, (digit, right, up, np.rot90(digit, -1)), strict=True):
        assert np.abs(got.astype(int) - expected.astype(int)).max() <= 1


def test_thickness_grows_with_its_slider(digit):
    ink = [int(thicken(digit, quarters).sum()) for quarters in RANGES["thicker"]]
    assert ink == sorted(ink) and ink[0] < int(digit.sum()) < ink[-1]


def test_curves_are_direct_forward_passes(name, digit):
    network, change = NETWORKS[name].trained(), Change(right=1, turn=10)
    for field in RANGES:
        changes = sweep(change, field)
        assert [getattr(each, field) for each in changes] == list(RANGES[field])
        curve = explanations.probabilities(explanations.outputs(network, changed(digit, changes)))
        for index in (0, len(changes) // 2, len(changes) - 1):
            alone = changed(digit, [changes[index]])
            with torch.no_grad():
                direct = network(network.prepare(alone)).softmax(dim=1)[0]
            np.testing.assert_allclose(curve[index], direct, atol=1e-4)


def test_program_prints_what_the_maps_show(name, digit):
    falls = explanations.occlusion(NETWORKS[name].trained(), digit, 2, 5)
    slopes = explanations.gradient(NETWORKS[name].trained(), digit, 2)
    row, column = (int(at) for at in np.unravel_index(int(np.argmax(falls)), falls.shape))
    namespace: dict = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(
            compile(explanation_code.gradient_and_occlusion(name, digit, 2, 5, (row, column)), "code", "exec"),
            namespace,
        )
    np.testing.assert_allclose(namespace["output"], [np.abs(slopes).max(), falls.max()], rtol=1e-3)
