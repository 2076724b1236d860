"""What a network says of the digits of a line, and when it had better say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn.envelope.segmentation import Form, Line, segment
from cnn.lenet.explanations import outputs, probabilities

if TYPE_CHECKING:
    from cnn.architectures.modules import Network

CLASSES = 10
WORST = -4.0  # what a piece of ink can cost that is no digit, in the prices of the segmentation
STEEPNESS_TODAY, STEEPNESS_1998 = 1.5, 0.07  # of a logarithm of probabilities, and of squared distances


@dataclass(frozen=True)
class Reading:
    """What the network says of one digit."""

    label: int
    confidence: float  # its probability


@dataclass(frozen=True, eq=False)
class ReadLine:
    """A line, and what each of its digits was read as."""

    line: Line
    readings: tuple[Reading, ...]

    @property
    def text(self) -> str:
        return self.line.written([reading.label for reading in self.readings])

    @property
    def confidence(self) -> float:
        """That all of it is right, if the digits' errors know nothing of each other: p1 * p2 * ... (1 of nothing)."""
        return prod(reading.confidence for reading in self.readings)

    def rejected(self, threshold: float) -> tuple[int, ...]:
        """Which digits are handed to a person: those read with less confidence than `threshold`."""
        return tuple(at for at, reading in enumerate(self.readings) if reading.confidence < threshold)


def read(network: Network, ink: NDArray[np.uint8], form: Form, rubbish: float | None) -> ReadLine:
    """Find the digits and read them with the same network; `rubbish`: j of equation 9, for 1998's.

    Shapes: ink (h, w)
    """
    steepness = STEEPNESS_TODAY if rubbish is None else STEEPNESS_1998

    def score(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        best = believed(network, images, rubbish).max(axis=1)
        return np.maximum(steepness * np.log(np.maximum(best, 1e-300)), WORST)

    line = segment(ink, form, score)
    return ReadLine(line, readings(believed(network, line.images, rubbish)))


def believed(network: Network, images: NDArray[np.uint8], rubbish: float | None) -> NDArray[np.float64]:
    """The probability of each class; with `rubbish` they do not add up to 1: the rest is "no digit".

    Shapes: images (n, 28, 28) -> (n, 10)
    """
    if not len(images):
        return np.zeros((0, CLASSES))
    return probabilities(outputs(network, images), rubbish)[:, :CLASSES]


def readings(classes: NDArray[np.float64]) -> tuple[Reading, ...]:
    """The likeliest class of each digit. Shapes: (n, 10)"""
    return tuple(Reading(int(row.argmax()), float(row.max())) for row in classes)


@dataclass(frozen=True)
class Rejection:
    """What a threshold does to many digits: those read with less confidence go to a person."""

    threshold: float
    rejected: float  # share of all
    errors: float  # share of those that the machine keeps; 0 where it keeps none


def rejections(confidences: ArrayLike, right: ArrayLike, thresholds: Sequence[float]) -> tuple[Rejection, ...]:
    """The trade of errors for rejections, threshold by threshold.

    rejected = #{confidence < t} / n,  errors = #{wrong and confidence >= t} / #{confidence >= t}
    Shapes: confidences (n,), right (n,)
    """
    confidences, right = np.asarray(confidences, float), np.asarray(right, bool)
    if confidences.ndim != 1 or confidences.shape != right.shape or not len(right):
        raise ValueError(f"confidences is {confidences.shape} and right {right.shape}; both must be (n,), n at least 1")
    order = np.argsort(confidences)
    wrong_from = np.append(np.cumsum(~right[order][::-1])[::-1], 0)  # [k]: how many of order[k:] are wrong
    first_kept = np.searchsorted(confidences[order], thresholds, side="left")
    kept = len(right) - first_kept
    return tuple(
        Rejection(float(threshold), float(first / len(right)), float(wrong_from[first] / max(rest, 1)))
        for threshold, first, rest in zip(thresholds, first_kept, kept, strict=True)
    )
