"""The optimiser of 1998: derivatives by hand against autograd and against a float64 recursion written a second time."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view

from cnn.architectures import ARCHITECTURES
from cnn.architectures.modules import Network
from cnn.datasets import mnist
from cnn.training import TrainingConfig, train
from cnn.training.losses import loss_of
from cnn.training.propagation import Propagation, rule_for
from cnn.training.recipes import LENET5_1998
from cnn.training.sdlm import MU, DiagonalLevenbergMarquardt, loss_at_f6

SAMPLES = 8
LOSSES = ("mse", "map")


@pytest.fixture(scope="module")
def network() -> Network:
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return ARCHITECTURES["lenet5"].build()


@pytest.fixture(scope="module")
def digits(network):
    images, labels = mnist("train")
    return network.prepare(images[:SAMPLES]), torch.tensor(labels[:SAMPLES].astype(np.int64))


def codes_of(network) -> torch.Tensor:
    return network.get_buffer("classifier.OUTPUT.codes")


def names(network) -> dict[torch.Tensor, str]:
    return {weights: name for name, weights in network.named_parameters()}


def spread(found: torch.Tensor | np.ndarray, expected: np.ndarray) -> float:
    """Largest difference, by the largest value."""
    return float(np.abs(np.asarray(found) - expected).max() / np.abs(expected).max())


# ---------------------------------------------------------------------------------------------- equations 8 and 9 at F6


@pytest.mark.parametrize("loss", LOSSES)
def test_f6_is_exact(network, loss):
    """Loss, gradient and Hessian diagonal by the 84 outputs of F6, against autograd in float64."""
    codes = codes_of(network).double()
    generator = torch.Generator().manual_seed(5)
    for units, label in zip(1.2 * torch.randn(5, 84, generator=generator).double(), (0, 3, 3, 8, 9), strict=True):
        units = 0.7 * codes[label] + 0.3 * units  # near enough to a code for the probabilities to matter
        labels = torch.tensor([label])

        def loss_at(x, labels=labels):
            return loss_of(loss, -(x - codes).square().sum(1)[None], labels)

        at_f6 = loss_at_f6(units[None], codes, labels, loss)
        torch.testing.assert_close(at_f6.losses[0], loss_at(units))
        torch.testing.assert_close(at_f6.gradient[0], torch.autograd.functional.jacobian(loss_at, units))
        exact = torch.autograd.functional.hessian(loss_at, units).diagonal()  # type: ignore[union-attr]
        torch.testing.assert_close(at_f6.curvature[0], exact, rtol=1e-6, atol=1e-9)
        torch.testing.assert_close(at_f6.distances[0], (units - codes).square().sum(1))


def test_map_by_hand():
    """One unit, two codes at -1 and +1, x = 0: y = (1, 1), Z = e^-1 + 2 e^-1, so p = 1/3 each and p_r = 1/3."""
    units, codes = torch.zeros(1, 1), torch.tensor([[-1.0], [1.0]])
    at_f6 = loss_at_f6(units, codes, torch.tensor([1]), "map", rubbish=1)
    torch.testing.assert_close(at_f6.losses, torch.tensor([1 + np.log(3 * np.exp(-1))], dtype=torch.float32))
    torch.testing.assert_close(at_f6.gradient, torch.tensor([[-2.0]]))  # e_D = -2; the two pulls cancel
    torch.testing.assert_close(at_f6.curvature, torch.tensor([[2 / 3 + 8 / 3]]))  # 2 p_r + (4 + 4) / 3


# ---------------------------------------------------------------------------------------------------- the whole network


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_are_autograds(network, digits, loss):
    images, labels = digits
    propagation = Propagation(network)
    with torch.no_grad():
        at_f6 = loss_at_f6(propagation.forward(images), codes_of(network), labels, loss)
        found = propagation.backward(at_f6.gradient, power=1)
    total = loss_of(loss, network(images), labels) * SAMPLES
    expected = torch.autograd.grad(total, list(network.parameters()))
    assert len(found) == len(expected)
    for weights, gradient in zip(network.parameters(), expected, strict=True):
        assert found[weights].shape == weights.shape
        assert spread(found[weights], gradient.numpy()) < 1e-5, names(network)[weights]


@pytest.mark.parametrize("loss", LOSSES)
def test_curvatures_obey_the_recursion(network, digits, loss):
    images, labels = digits
    optimiser = DiagonalLevenbergMarquardt(network, loss)
    optimiser.estimate(images, labels)
    expected = recursion(network, images.numpy().astype(np.float64), labels.numpy(), loss)
    for weights, curvature in zip(network.parameters(), optimiser.curvatures, strict=True):
        name = names(network)[weights]
        assert curvature.min() >= 0
        assert spread(curvature, expected[name]) < 1e-5, name


def recursion(network: Network, images: np.ndarray, labels: np.ndarray, loss: str) -> dict[str, np.ndarray]:
    """Mean h of each parameter: appendix C sample by sample, in float64, from the forward pass on; shares no code."""
    weights = {name: values.detach().numpy().astype(np.float64) for name, values in network.named_parameters()}
    table = network.get_submodule("features.C3").table  # type: ignore[union-attr]
    codes = codes_of(network).numpy().astype(np.float64)
    total = {name: np.zeros_like(values) for name, values in weights.items()}
    for image, label in zip(images, labels, strict=True):
        for name, h in one_sample(weights, table, codes, image, label, loss).items():
            total[name] += h / len(images)
    return total


def squash(a):
    return 1.7159 * np.tanh(2 / 3 * a)


def slope_squared(x):
    return (2 / 3 / 1.7159 * (1.7159**2 - x**2)) ** 2


def patches(maps):
    """(c, h, w) -> (c, h - 4, w - 4, 5, 5)"""
    return sliding_window_view(maps, (5, 5), axis=(1, 2))  # type: ignore[call-overload]


def fours(maps):
    """(c, h, w) -> (c, h / 2, w / 2), the sum of each window"""
    return sum(maps[:, i::2, j::2] for i in (0, 1) for j in (0, 1))


def one_sample(w, table, codes, image, label, loss):
    c3 = np.zeros((16, 6, 5, 5))
    where = [(out, source) for out, sources in enumerate(table) for source in sources]
    for (out, source), kernel in zip(where, w["features.C3.kernels"], strict=True):
        c3[out, source] = kernel
    per_map = {name: values[:, None, None] for name, values in w.items() if values.ndim == 1}
    x1 = squash(np.einsum("chwij,ocij->ohw", patches(image), w["features.C1.weight"]) + per_map["features.C1.bias"])
    s2 = fours(x1)
    x2 = squash(per_map["features.S2.coefficient"] * s2 + per_map["features.S2.bias"])
    x3 = squash(np.einsum("chwij,ocij->ohw", patches(x2), c3) + per_map["features.C3.bias"])
    s4 = fours(x3)
    x4 = squash(per_map["features.S4.coefficient"] * s4 + per_map["features.S4.bias"])
    x5 = squash(np.einsum("cij,ocij->o", x4, w["classifier.C5.weight"]) + w["classifier.C5.bias"])
    x6 = squash(w["classifier.F6.weight"] @ x5 + w["classifier.F6.bias"])

    h = {}
    h6 = slope_squared(x6) * top_curvature(x6, codes, label, loss)
    h["classifier.F6.weight"], h["classifier.F6.bias"] = np.outer(h6, x5**2), h6
    h5 = slope_squared(x5) * (w["classifier.F6.weight"].T ** 2 @ h6)
    h["classifier.C5.weight"], h["classifier.C5.bias"] = h5[:, None, None, None] * x4**2, h5
    h4 = slope_squared(x4) * np.einsum("o,ocij->cij", h5, w["classifier.C5.weight"] ** 2)
    h["features.S4.coefficient"], h["features.S4.bias"] = (h4 * s4**2).sum((1, 2)), h4.sum((1, 2))
    h3 = slope_squared(x3) * np.kron(per_map["features.S4.coefficient"] ** 2 * h4, np.ones((2, 2)))
    by_c3 = np.einsum("ohw,chwij->ocij", h3, patches(x2) ** 2)
    h["features.C3.kernels"] = np.array([by_c3[out, source] for out, source in where])
    h["features.C3.bias"] = h3.sum((1, 2))
    hx2 = np.zeros_like(x2)
    for i in range(5):
        for j in range(5):
            hx2[:, i : i + 10, j : j + 10] += np.einsum("ohw,oc->chw", h3, c3[:, :, i, j] ** 2)
    h2 = slope_squared(x2) * hx2
    h["features.S2.coefficient"], h["features.S2.bias"] = (h2 * s2**2).sum((1, 2)), h2.sum((1, 2))
    h1 = slope_squared(x1) * np.kron(per_map["features.S2.coefficient"] ** 2 * h2, np.ones((2, 2)))
    h["features.C1.weight"] = np.einsum("ohw,chwij->ocij", h1, patches(image) ** 2)
    h["features.C1.bias"] = h1.sum((1, 2))
    return h


def top_curvature(x6, codes, label, loss):
    if loss == "mse":
        return np.full(84, 2.0)
    y = ((x6 - codes) ** 2).sum(1)
    lowest = min(10.0, y.min())
    z = np.exp(lowest - 10) + np.exp(lowest - y).sum()
    p, rubbish = np.exp(lowest - y) / z, np.exp(lowest - 10) / z
    e = 2 * (x6 - codes)
    return 2 * rubbish + p @ e**2 - (p @ e) ** 2


# ------------------------------------------------------------------------------------------------------------ the steps


def test_step_by_hand(network, digits):
    """w -= rate / (mu + h) * (sum of gradients)."""
    images, labels = digits
    copy = ARCHITECTURES["lenet5"].build()
    copy.load_state_dict(network.state_dict())
    optimiser = DiagonalLevenbergMarquardt(copy, "map")
    optimiser.estimate(images, labels)
    losses, distances = optimiser.step(images, labels, 0.01)
    total = loss_of("map", network(images), labels) * SAMPLES
    torch.testing.assert_close(losses.sum(), total.detach())
    torch.testing.assert_close(distances, -network(images).detach(), rtol=1e-4, atol=1e-4)
    gradients = torch.autograd.grad(total, list(network.parameters()))
    triples = zip(copy.parameters(), network.parameters(), gradients, optimiser.curvatures, strict=True)
    for after, before, gradient, curvature in triples:
        expected = before - 0.01 / (MU + curvature) * gradient
        torch.testing.assert_close(after, expected, rtol=1e-4, atol=1e-5)


def test_learns_and_repeats():
    config = replace(LENET5_1998, share=0.02, epochs=1)
    first, second = ([step.loss for step in train(config)] for _ in range(2))
    assert first == second
    assert sum(first[-15:]) < 0.6 * sum(first[:15])


def test_literal_start_saturates():
    """The paper's start with the paper's rates: F6 saturates within the first digits (a "known bad" setting)."""
    literal = replace(LENET5_1998, initialisation="1998", loss="mse", learning_rate=5e-4, batch_size=1, epochs=0.005)
    *_, last = train(literal)
    with torch.no_grad():
        units = Propagation(last.network).forward(last.network.prepare(mnist("test")[0][:200]))
    assert (units.abs() > 1.7).float().mean() > 0.9


def test_unknown_layer():
    with pytest.raises(ValueError, match="layer is a MaxPool2d"):
        rule_for(torch.nn.MaxPool2d(2))


def test_only_for_distances():
    with pytest.raises(ValueError, match="optimiser is 'sdlm'"):
        TrainingConfig(optimiser="sdlm")
