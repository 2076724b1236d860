"""A digit shifted, turned and thickened, and how far a network's answer follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cnn.digits import SIDE, Digit
from cnn.training.distortions import distort

FINENESS = 4  # strokes are thickened in quarters of a pixel


@dataclass(frozen=True)
class Change:
    """What is done to a digit: thickened first, then turned about the middle, then shifted."""

    right: int = 0  # pixels
    down: int = 0
    turn: int = 0  # degrees, clockwise
    thicker: int = 0  # quarters of a pixel on each side of a stroke; negative is thinner


RANGES: dict[str, range] = {  # of each field, as far as its curve goes
    "right": range(-8, 9),
    "down": range(-8, 9),
    "turn": range(-90, 91, 5),
    "thicker": range(-3, 7),
}


def changed(digit: Digit, changes: Sequence[Change]) -> NDArray[np.uint8]:
    """The digit after each change; what leaves the picture is gone, what comes in is paper. -> (n, 28, 28)"""
    thickened = {quarters: thicken(digit, quarters) for quarters in {change.thicker for change in changes}}
    images = np.stack([thickened[change.thicker] for change in changes])
    return distort(images, np.stack([_to_source(change) for change in changes]), SIDE)


def thicken(digit: Digit, quarters: int) -> Digit:
    """Strokes grown, or shrunk, by `quarters` quarters of a pixel on each side: the largest value around each point."""
    if quarters == 0:
        return digit
    fine = Image.fromarray(digit).resize((SIDE * FINENESS, SIDE * FINENESS), Image.Resampling.BICUBIC)
    window = 2 * abs(quarters) + 1
    grown = fine.filter(ImageFilter.MaxFilter(window) if quarters > 0 else ImageFilter.MinFilter(window))
    return np.array(grown.resize((SIDE, SIDE), Image.Resampling.BOX))


def _to_source(change: Change) -> NDArray[np.float32]:
    """From a point (x, y, 1) of the result, in pixels from its middle, to the point it comes from. -> (2, 3)"""
    angle = np.deg2rad(change.turn)
    cosine, sine = np.cos(angle), np.sin(angle)
    back = np.array([[cosine, sine], [-sine, cosine]])  # y grows downwards: this undoes a clockwise turn
    offset = -back @ [change.right, change.down]
    return np.column_stack([back, offset]).astype(np.float32)


def sweep(change: Change, field: str) -> list[Change]:
    """The change with one of its fields at every value of its range, the others as they are."""
    return [replace(change, **{field: value}) for value in RANGES[field]]
