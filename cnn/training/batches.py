"""Which images a run sees, in which order and moved how: all from the seed, each from a stream of its own.

The images stay uint8 in memory, one copy a process; a batch is cut out of them, moved, and only then made float.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cnn.datasets import mnist
from cnn.training.config import TRAINING_IMAGES, TrainingConfig
from cnn.training.distortions import distort, draw_distortions

Pixels = NDArray[np.uint8]  # (n, h, w)
Labels = NDArray[np.int64]  # (n,)

CHUNK = 1_024  # images moved at once: fewer calls than one a batch, and still in the cache
# The streams of random numbers; a number of its own for each, so that one setting does not change another's.
SUBSET, ORDER, MOVEMENT, CURVATURE = range(4)


@dataclass(frozen=True, eq=False)
class Batch:
    """What the network sees in one step."""

    images: Pixels  # (n, size, size)
    labels: Labels
    epoch: int  # passes begun before, from 0
    opens_epoch: bool


def stream(config: TrainingConfig, purpose: int, epoch: int = 0) -> np.random.Generator:
    """The random numbers for one purpose in one pass."""
    return np.random.default_rng((config.seed, purpose, epoch))


def training_indices(config: TrainingConfig) -> NDArray[np.int64]:
    """Places in the 60,000 of the images that are trained on, ascending. -> (config.images,)"""
    available = TRAINING_IMAGES - config.validation
    return np.sort(stream(config, SUBSET).permutation(available)[: config.images])


def validation_split(config: TrainingConfig) -> tuple[Pixels, NDArray[np.uint8]]:
    """The images and labels held out: the last ones of the training set."""
    images, labels = mnist("train")
    first = TRAINING_IMAGES - config.validation
    return images[first:], labels[first:]


def epoch_order(config: TrainingConfig, epoch: int) -> NDArray[np.int64]:
    """The images in the order of this pass; sorted by class, and every pass the same, where nothing is shuffled."""
    indices = training_indices(config)
    if config.shuffle:
        return stream(config, ORDER, epoch).permutation(indices)
    return indices[np.argsort(mnist("train")[1][indices], kind="stable")]


def batches(config: TrainingConfig, first_step: int = 0) -> Iterator[Batch]:
    """The batches of a run from `first_step` on; each pass shows each image once, its last batch may be smaller."""
    first_epoch, skipped = divmod(first_step, config.steps_per_epoch)
    left = config.steps - first_step
    for epoch in range(first_epoch, first_epoch + -(-(left + skipped) // config.steps_per_epoch)):
        for number, (images, labels) in enumerate(_epoch(config, epoch, skipped)):
            if not left:
                return
            left -= 1
            yield Batch(images, labels, epoch, opens_epoch=skipped + number == 0)
        skipped = 0


def _epoch(config: TrainingConfig, epoch: int, skipped: int) -> Iterator[tuple[Pixels, Labels]]:
    images, labels = mnist("train")
    order = epoch_order(config, epoch)
    movement = Movement.draw(config, len(order), stream(config, MOVEMENT, epoch))
    per_chunk = max(1, CHUNK // config.batch_size) * config.batch_size
    for start in range(skipped * config.batch_size, len(order), per_chunk):
        chunk = slice(start, start + per_chunk)
        moved, classes = movement.apply(images[order[chunk]], chunk), labels[order[chunk]].astype(np.int64)
        for first in range(0, len(classes), config.batch_size):
            batch = slice(first, first + config.batch_size)
            yield moved[batch], classes[batch]


def curvature_sample(config: TrainingConfig, epoch: int, count: int) -> tuple[Pixels, Labels]:
    """Random training images, moved as in training, from which 1998's optimiser estimates the curvature of a pass."""
    images, labels = mnist("train")
    generator = stream(config, CURVATURE, epoch)
    chosen = generator.choice(training_indices(config), min(count, config.images), replace=False)
    movement = Movement.draw(config, len(chosen), generator)
    return movement.apply(images[chosen], slice(None)), labels[chosen].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Movement:
    """How each image of a pass is moved: a whole number of pixels, or an affine distortion."""

    size: int  # of the network's input
    shifts: NDArray[np.int64]  # (n, 2): rows down, columns to the right
    distortions: NDArray[np.float32] | None  # (n, 2, 3)

    @classmethod
    def draw(cls, config: TrainingConfig, count: int, generator: np.random.Generator) -> "Movement":
        size = config.architecture.input_shape[1]
        shifts = generator.integers(-config.shift, config.shift, (count, 2), endpoint=True)
        return cls(size, shifts, draw_distortions(count, generator) if config.distortions else None)

    def apply(self, images: Pixels, which: slice) -> Pixels:
        """(n, 28, 28) -> (n, size, size)"""
        if self.distortions is not None:
            return distort(images, self.distortions[which], self.size)
        return place(images, self.size, self.shifts[which])


def place(images: Pixels, size: int, shifts: NDArray[np.int64]) -> Pixels:
    """Each image in the middle of a black square, moved by its own rows (down) and columns (to the right).

    Shapes: images (n, h, w), shifts (n, 2) -> (n, size, size)
    """
    count, height, width = images.shape
    reach = int(np.abs(shifts).max(initial=0))
    top, left = reach + (size - height) // 2, reach + (size - width) // 2
    canvas = np.zeros((count, size + 2 * reach, size + 2 * reach), np.uint8)
    canvas[:, top : top + height, left : left + width] = images
    windows = sliding_window_view(canvas, (size, size), axis=(1, 2))  # type: ignore[call-overload]
    return windows[np.arange(count), reach - shifts[:, 0], reach - shifts[:, 1]]
