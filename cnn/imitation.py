"""Can a kernel do what pooling does? A convolution learns to imitate it; least squares says how near any kernel comes.

Average pooling is a sum with fixed weights, so a kernel of four quarters is average pooling. Max pooling is the sum
whose weights are 1 at the winner and 0 elsewhere: a kernel, but another one for every window.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn.operations import avg_pool2d, max_pool2d

Array = NDArray[np.floating]
Pooling = Literal["average", "max"]

WINDOW = 2  # pixels a side, and the stride
POOLINGS: tuple[Pooling, ...] = ("average", "max")
TRAINING_IMAGES, TEST_IMAGES = 5_000, 2_000  # of MNIST
STEPS, BATCH_SIZE, LEARNING_RATE = 1_000, 64, 0.1  # 400 steps at 0.05 leave the average an error of up to 0.004


@dataclass(frozen=True, eq=False)
class Imitation:
    """Four weights, and how far their answers lie from pooling's."""

    weights: Array  # (2, 2)
    error: float  # root of the mean squared difference, with pixels in [0, 1]


@dataclass(frozen=True, eq=False)
class ImitationStep:
    """Both kernels after `step` steps; errors are those on the test images."""

    step: int
    average: Imitation
    max: Imitation


def imitate(
    training: NDArray[np.uint8], test: NDArray[np.uint8], seed: int = 0, steps: int = STEPS
) -> Generator[ImitationStep, None, None]:
    """Train a stride-2 convolution of two kernels, one to imitate average pooling and one max pooling.

    Yields the untrained kernels as step 0, then each step. The two do not touch each other: no weight is shared, and
    Adam scales each weight by its own gradients. Started as PyTorch starts a convolution of four weights and no bias:
    uniformly in +-1/2. Adam is written out because PyTorch's imports 900 modules, three seconds for eight numbers.

    Shapes: training (n, h, w), test (m, h, w)
    Paper: Kingma & Ba 2015, algorithm 1, https://arxiv.org/abs/1412.6980
    """
    import torch
    from torch.nn import functional as F

    dice = torch.Generator().manual_seed(seed)
    images = torch.tensor(training[:, None], dtype=torch.float32) / 255  # (n, 1, h, w)
    pooled = torch.cat([F.avg_pool2d(images, WINDOW), F.max_pool2d(images, WINDOW)], dim=1)  # (n, 2, h / 2, w / 2)
    weights = torch.empty(2, 1, WINDOW, WINDOW).uniform_(-0.5, 0.5, generator=dice).requires_grad_()
    mean, square = torch.zeros_like(weights), torch.zeros_like(weights)  # of the gradients, over the last steps
    products = [_products(pooling, test) for pooling in POOLINGS]

    def now(step: int) -> ImitationStep:
        kernels = weights.detach().numpy()[:, 0].astype(np.float64)
        return ImitationStep(step, *map(_imitation, kernels, products))

    yield now(0)
    for step in range(1, steps + 1):
        batch = torch.randint(len(images), (BATCH_SIZE,), generator=dice)
        differences = F.conv2d(images[batch], weights, stride=WINDOW) - pooled[batch]  # (64, 2, h / 2, w / 2)
        (gradient,) = torch.autograd.grad(differences.square().sum() * (2 / differences.numel()), weights)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient.square()
        rate = LEARNING_RATE * (1 + math.cos(math.pi * (step - 1) / steps)) / 2  # down to zero
        with torch.no_grad():
            weights -= rate * mean / (1 - 0.9**step) / ((square / (1 - 0.999**step)).sqrt() + 1e-8)
        yield now(step)


def best_imitation(pooling: Pooling, images: NDArray[np.uint8]) -> Imitation:
    """The four weights with the smallest error on these very images, by least squares: no four weights do better.

    Shapes: images (n, h, w)
    """
    products = _products(pooling, images)
    weights, *_ = np.linalg.lstsq(products[:-1, :-1], products[:-1, -1], rcond=None)
    return _imitation(weights.reshape(WINDOW, WINDOW), products)


def _products(pooling: Pooling, images: NDArray[np.uint8]) -> Array:
    """The mean products of a window's four pixels and its pooled value: all that a squared error depends on.

    With v = (w1, w2, w3, w4, -1), the mean squared error of the weights w is v' P v.

    Shapes: (n, h, w) -> (5, 5)
    """
    scaled = images / 255
    pool = avg_pool2d if pooling == "average" else max_pool2d
    pooled = pool(scaled, WINDOW)
    height, width = pooled.shape[1:]
    corners = [scaled[:, row::WINDOW, column::WINDOW][:, :height, :width] for row, column in np.ndindex(WINDOW, WINDOW)]
    columns = np.stack([*corners, pooled], axis=-1).reshape(-1, WINDOW**2 + 1)
    return columns.T @ columns / len(columns)


def _imitation(weights: Array, products: Array) -> Imitation:
    signed = np.append(weights.ravel(), -1)
    return Imitation(weights, float(np.sqrt(max(signed @ products @ signed, 0))))


# ------------------------------------------------------------------------------------------------------- moving kernels


def winner_kernels(windows: Array) -> Array:
    """For each window the kernel that gives its maximum: 1 at the (first) largest value, 0 elsewhere.

    Shapes: (n, k_h, k_w) -> (n, k_h, k_w)
    """
    flat = windows.reshape(len(windows), -1)
    return np.eye(flat.shape[1])[flat.argmax(axis=1)].reshape(windows.shape)


@dataclass(frozen=True, eq=False)
class Counterexample:
    """Two windows whose sum has a smaller maximum than their maxima's sum: no kernel gives all three."""

    first: Array  # (k_h, k_w)
    second: Array

    @property
    def total(self) -> Array:
        return self.first + self.second


def counterexample(windows: Array) -> Counterexample | None:
    """The pair of windows that contradicts max(a + b) = max(a) + max(b) most; None where all pairs agree with it.

    Where the winners of all windows stand at the same place, a window and its negative contradict it, unless the window
    is the same number throughout.

    Shapes: windows (n, k_h, k_w)
    """
    pairs = [Counterexample(*pair) for pair in combinations(windows, 2)]
    pairs += [Counterexample(window, -window) for window in windows] if not any(map(gap, pairs)) else []
    widest = max(pairs, key=gap, default=None)
    return widest if widest and gap(widest) else None


def gap(pair: Counterexample) -> float:
    """By how much max(a) + max(b) exceeds max(a + b); what rounding leaves is nothing."""
    parts = float(pair.first.max() + pair.second.max())
    excess = parts - float(pair.total.max())
    return excess if excess > 1e-9 * max(1.0, abs(parts)) else 0.0
