"""One digit in LeNet-5 of 1998 and in today's: what activation, S2 and output make of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnn.architectures.lenet import CODES
from cnn.digits import Digit
from cnn.lenet import dissection
from cnn.lenet.dissection import Activity
from cnn.lenet.eras import CHANGES, ERAS, Era

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]

ACTIVATIONS: Mapping[Era, Function] = {
    "1998": lambda a: 1.7159 * np.tanh(2 / 3 * a),
    "today": lambda a: np.maximum(a, 0),
}
FLAT = 0.1  # a unit whose slope is below this share of the steepest hardly learns
PICTURES = np.array(CODES, float).reshape(10, 12, 7)  # the ten codes as they were drawn


@lru_cache(maxsize=8)  # a drawing is many digits, one after the other
def _activities(era: Era, pixels: bytes) -> tuple[Activity, ...]:
    return dissection.activities(ERAS[era], np.frombuffer(pixels, np.uint8).reshape(28, 28))


def activity(era: Era, digit: Digit, label: str) -> Activity:
    """What one layer makes of the digit."""
    return next(each for each in _activities(era, digit.tobytes()) if each.label == label)


def flat_share(era: Era, digit: Digit) -> float:
    """The share of the units behind an activation that are on a flat stretch of it.

    1998: the slope 1 - tanh(2a/3)^2, relative to the steepest, is below FLAT. Today: a <= 0, where the slope is zero.
    """
    sums = np.concatenate([activity(era, digit, label).sums.ravel() for label in CHANGES["activation"]])
    flat = 1 - np.tanh(2 / 3 * sums) ** 2 < FLAT if era == "1998" else sums <= 0
    return float(flat.mean())


@dataclass(frozen=True)
class Pooled:
    """One unit of S2, and how it came to its value; without training there is no coefficient, bias or squashing."""

    map: int
    row: int
    column: int
    window: NDArray[np.floating]  # (2, 2), of C1
    value: float  # what C3 reads
    coefficient: float = 1.0
    bias: float = 0.0
    squashed_from: float = 0.0  # coefficient * sum + bias

    @property
    def sum(self) -> float:
        return float(self.window.sum())


def pooled(era: Era, digit: Digit) -> Pooled:
    """The S2 unit over the most ink, in the map whose window there differs most from pixel to pixel."""
    ink = digit.reshape(14, 2, 14, 2).sum(axis=(1, 3), dtype=int)
    row, column = (int(at) for at in np.unravel_index(int(np.argmax(ink)), ink.shape))
    maps = activity(era, digit, "C1").values[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
    map_ = int(np.argmax(np.ptp(maps, axis=(1, 2))))
    s2 = activity(era, digit, "S2")
    found = Pooled(map_, row, column, maps[map_], float(s2.values[map_, row, column]))
    if era == "today":
        return found
    held = dissection.weights(ERAS[era].key)["S2"]
    return Pooled(
        map_, row, column, maps[map_], found.value,
        float(held["coefficient"][map_]), float(held["bias"][map_]), float(s2.sums[map_, row, column]),
    )  # fmt: skip


@dataclass(frozen=True)
class Distortion:
    """x' = scale squeeze (x + shear y) + right, y' = scale / squeeze y + down, in pixels from the middle."""

    scale: float
    squeeze: float
    shear: float
    right: float
    down: float


def distortion(to_source: NDArray[np.floating]) -> Distortion:
    """What a matrix of `cnn.training.distortions` does to a digit. Shapes: (2, 3)"""
    (across, sheared, right), (_, along, down), _ = np.linalg.inv(np.vstack([to_source, [0, 0, 1]])).tolist()
    return Distortion((across * along) ** 0.5, (across / along) ** 0.5, sheared / across, right, down)
