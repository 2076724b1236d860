"""What a network takes a photograph for: its five likeliest classes, and the time that one pass takes."""

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnn.pretrained import catalogue

if TYPE_CHECKING:
    from torch import nn

SHOWN = 5
PASSES = 3  # that are timed, after one that is not


@dataclass(frozen=True)
class Guess:
    """One class."""

    index: int
    name: str  # in English, as torchvision has it
    logit: float
    probability: float


@dataclass(frozen=True)
class Reading:
    """What came out for one photograph."""

    guesses: tuple[Guess, ...]  # SHOWN of them, the likeliest first
    log_sum: float  # ln of the sum of exp(logit) over all classes: what the softmax divides by
    seconds: float  # of one pass, the median of PASSES


def classify(network: "nn.Module", prepared: NDArray[np.float32]) -> Reading:
    """Run the network on one prepared photograph.

    p_i = exp(z_i) / sum_j exp(z_j)
    Shapes: prepared (1, 3, h, w)
    """
    import torch

    images = torch.from_numpy(prepared)  # (1, 3, h, w)
    with torch.inference_mode():
        logits = network(images)[0].double().numpy()  # (1000,)
        seconds = statistics.median(_timed(network, images) for _ in range(PASSES))
    return Reading(likeliest(logits), float(np.logaddexp.reduce(logits)), seconds)


def likeliest(logits: NDArray[np.floating]) -> tuple[Guess, ...]:
    """The classes of the largest logits, the largest first; of equal ones the first."""
    log_sum = np.logaddexp.reduce(logits)
    order = np.argsort(-logits, kind="stable")[:SHOWN]
    names = catalogue.classes()
    return tuple(
        Guess(int(index), names[index], float(logits[index]), float(np.exp(logits[index] - log_sum))) for index in order
    )


def _timed(network: "nn.Module", images) -> float:
    begun = time.perf_counter()
    network(images)
    return time.perf_counter() - begun


def multiply_accumulates(network: "nn.Module", side: int) -> int:
    """MACs of convolutions and fully connected layers on one image, counted on the network itself."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 3, side, side))
    return counter.get_total_flops() // 2  # it counts multiplications and additions
