"""The perturbation lab's scenes: how to change the image, and settings in which pooling does or does not hide it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnn.perturbation import Plane, Pooling, shift

Change = Literal["pixel", "two_rows", "shift", "noise"]
CHANGES: tuple[Change, ...] = ("pixel", "two_rows", "shift", "noise")


@dataclass(frozen=True)
class Scene:
    """One press: settings under which something worth seeing happens to the lecture's image."""

    key: str
    change: Change = "pixel"
    pixel: tuple[int, int] = (2, 3)
    value: float = 1.0
    pooling: Pooling = "max"
    window: tuple[int, int] = (2, 2)
    stride: int = 1
    relu: bool = False


SCENES = (
    Scene("absorbed"),  # the lecture's example
    Scene("two_adjacent_rows", change="two_rows"),
    Scene("flat_window", window=(1, 2)),  # no neighbour above or below
    Scene("new_edge", pixel=(2, 1), value=0.0),  # a 1 set to 0 elsewhere makes a +1 of its own
    Scene("outside", value=1.5),
    Scene("shifted_column", change="shift"),
    Scene("noise_everywhere", change="noise"),
    Scene("average_pooling", pooling="average"),
)


def changed_image(image: Plane, change: Change, pixel: tuple[int, int], value: float) -> Plane:
    """The image after a change: one pixel set to `value`, the same in the row below too, all moved by one, or noise.

    Shapes: image (h, w) -> (h, w)
    """
    if change == "shift":
        return shift(image, 0, 1, fill=float(image[0, 0]))
    if change == "noise":
        return image + np.random.default_rng(0).normal(0, 0.1, image.shape).round(2)
    row, column = pixel
    other = image.copy()
    other[row : row + (2 if change == "two_rows" else 1), column] = value
    return other
