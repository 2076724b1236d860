"""The training digits that a network takes for most alike: nearest in the 84 numbers of its layer F6."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

    from cnn.architecture import Architecture
    from cnn.architectures.modules import Network

Vectors = NDArray[np.float32]  # (n, 84)

FEATURES = "F6"
BATCH = 100  # as in evaluation: small enough for the cache


@dataclass(frozen=True)
class Neighbour:
    """An image of a collection, and how far its F6 vector is from the digit's."""

    index: int
    distance: float


def features(network: Network, images: NDArray[np.uint8]) -> Vectors:
    """The 84 numbers of F6, squashed. Shapes: images (n, 28, 28) -> (n, 84)"""
    return np.concatenate(list(features_in_parts(network, images)))


def features_in_parts(network: Network, images: NDArray[np.uint8]) -> Iterator[Vectors]:
    """The same, a hundred images at a time. -> (at most 100, 84) each"""
    import torch

    from cnn.training.threads import one_thread

    one_thread()
    for start in range(0, len(images), BATCH):
        with torch.inference_mode():
            part = _up_to_features(network, network.prepare(images[start : start + BATCH]))
        yield part.numpy()


def _up_to_features(network: Network, values: Tensor) -> Tensor:
    """Through `features`, and through the classifier as far as F6 and the squashing that follows it."""
    values, seen = network.features(values), False
    for name, module in network.classifier.named_children():
        values = module(values)
        if seen:
            return values
        seen = name == FEATURES
    raise ValueError(f"network has no layer {FEATURES} that something follows")


def nearest(known: Vectors, vector: NDArray[np.float32], count: int) -> list[Neighbour]:
    """The `count` rows of `known` with the smallest Euclidean distance to `vector`, nearest first.

    Shapes: known (n, 84), vector (84,)
    """
    squares = np.square(known - vector).sum(axis=1)
    count = min(count, len(squares))
    closest = np.argpartition(squares, count - 1)[:count]
    order = closest[np.argsort(squares[closest], kind="stable")]
    return [Neighbour(int(index), float(np.sqrt(squares[index]))) for index in order]


class Gathering:
    """The F6 vectors of a network's training digits, computed by a thread of their own: some five seconds of it."""

    def __init__(self, architecture: Architecture, images: NDArray[np.uint8]):
        self.done = 0.0  # from 0 to 1
        self.failure: Exception | None = None
        self.vectors: Vectors | None = None  # (n, 84) once all are there
        self._architecture, self._images = architecture, images
        self.thread = threading.Thread(target=self._run, name=f"features of {architecture.key}", daemon=False)
        self.thread.start()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.vectors is not None or self.failure is not None

    def _run(self) -> None:
        try:
            found = np.empty((len(self._images), 84), np.float32)
            filled = 0
            for part in features_in_parts(self._architecture.trained(), self._images):
                found[filled : filled + len(part)] = part
                filled += len(part)
                self.done = filled / len(found)
                if not threading.main_thread().is_alive():  # the program ends: torch must not be at work then
                    return
            self.vectors = found
        except Exception as failure:  # a thread has nobody above it: whoever asks is told
            self.failure = failure
