"""Why this class: what a trained network's answer hangs on, pixel by pixel.

Each map of a digit asks the same number, the class's output before the softmax (for 1998: minus its distance).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnn.digits import SIDE, Digit
from cnn.lenet import dissection

if TYPE_CHECKING:
    from cnn.architectures.modules import Network

Map = NDArray[np.float64]  # (28, 28)

KINDS = ("gradient", "gradient_times_input", "occlusion")


def outputs(network: Network, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The class outputs before the softmax. Shapes: images (n, 28, 28) -> (n, 10)"""
    from cnn.training.evaluation import logits_of
    from cnn.training.threads import one_thread

    one_thread()
    return np.concatenate([logits.double().numpy() for logits in logits_of(network, images)])


def probabilities(logits: NDArray[np.float64], rubbish: float | None = None) -> NDArray[np.float64]:
    """`dissection.probabilities` of each row; with `rubbish`, the last column is "none of them".

    Shapes: (n, 10) -> (n, 10) or (n, 11)
    """
    return np.stack([dissection.probabilities(row, rubbish) for row in logits]).astype(np.float64)


def gradient(network: Network, digit: Digit, label: int) -> Map:
    """How fast the class's output would change with each pixel, d z / d p, with p from 0 (paper) to 1 (ink).

    Paper: Simonyan, Vedaldi & Zisserman 2013, https://arxiv.org/abs/1312.6034
    """
    import torch

    from cnn.training.threads import one_thread

    one_thread()
    prepared = network.prepare(digit[None]).to(next(network.parameters()).dtype).requires_grad_()
    with torch.enable_grad():
        (slopes,) = torch.autograd.grad(network(prepared)[0, label], prepared)
    rim = (prepared.shape[2] - SIDE) // 2  # the border of paper that inputs of 32 x 32 have
    inside = slopes[0, 0, rim : rim + SIDE, rim : rim + SIDE]  # (32, 32) -> (28, 28)
    return inside.double().numpy() / network.preparation.deviation[0]


def gradient_times_input(slopes: Map, digit: Digit) -> Map:
    """d z / d p times p: what each pixel's ink adds to the output, were the network linear from paper to here."""
    return slopes * (digit / 255)


def covered(digit: Digit, size: int) -> NDArray[np.uint8]:
    """The digit with a square of paper laid over it, its middle on each pixel in turn. -> (784, 28, 28)"""
    above, below = (size - 1) // 2, size // 2
    images = np.repeat(digit[None], SIDE * SIDE, axis=0)
    for index, (row, column) in enumerate(np.ndindex(SIDE, SIDE)):
        rows, columns = slice(max(row - above, 0), row + below + 1), slice(max(column - above, 0), column + below + 1)
        images[index, rows, columns] = 0
    return images


def occlusion(network: Network, digit: Digit, label: int, size: int) -> Map:
    """How far the class's output falls when a square of `size` pixels of paper covers the digit there.

    Paper: Zeiler & Fergus 2014, https://arxiv.org/abs/1311.2901, section 4.2
    """
    images = covered(digit, size)
    inked = (images != digit).any(axis=(1, 2))  # where the square covers no ink, nothing can fall
    falls = np.zeros(SIDE * SIDE)
    if inked.any():
        whole = outputs(network, digit[None])[0, label]
        falls[inked] = whole - outputs(network, images[inked])[:, label]
    return falls.reshape(SIDE, SIDE)


def explanation(network: Network, digit: Digit, label: int, kind: str, size: int = 5) -> Map:
    """One of the maps, by its name in KINDS; `size` is that of the square that occlusion lays over the digit."""
    if kind == "occlusion":
        return occlusion(network, digit, label, size)
    slopes = gradient(network, digit, label)
    return gradient_times_input(slopes, digit) if kind == "gradient_times_input" else slopes
