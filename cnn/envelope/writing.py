"""Lines to read, made of MNIST's test digits: what they say is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn.datasets import mnist
from cnn.envelope.pieces import Ink, Piece
from cnn.envelope.segmentation import FORMS, ZIP_DIGITS, Form
from cnn.layers import choose

HEIGHT, WIDTH = 76, 320  # of the line's paper, in pixels: MNIST's digits at twice their size
ENLARGED = 2
FOOT = 14  # pixels below the writing
POINT, BESIDE_POINT = 6, 4  # side of the decimal point, and paper on either side
UNSTEADY = 2  # pixels that a digit may stand higher or lower, and closer or farther
CLOSEST, FARTHEST = -4, 8  # pixels between two digits; below 0 they run into each other


@dataclass(frozen=True, eq=False)
class Written:
    """A line, what it says, and where each digit was put."""

    ink: Ink  # (76, 320)
    text: str
    digits: tuple[Piece, ...]


def write(form: Form, seed: int, gap: int = 4, split: Literal["test", "train"] = "test") -> Written:
    """A ZIP code, or an amount with two decimals, of digits drawn by the seed; `gap` pixels between them."""
    choose("form", form, FORMS)
    dice = np.random.default_rng((seed, FORMS.index(form)))
    images, labels = mnist(split)
    count = ZIP_DIGITS if form == "zip" else int(dice.integers(3, 6))
    indices = _drawn(labels, count, form, dice)
    shapes = [_enlarged(images[index]) for index in indices]
    spaces = [gap] * (count - 1)
    if form == "amount":
        spaces[-2] = POINT + 2 * BESIDE_POINT
    length = sum(shape.shape[1] for shape in shapes) + sum(spaces)
    left, base = (WIDTH - length) // 2, HEIGHT - FOOT
    digits, ink = [], np.zeros((HEIGHT, WIDTH), np.uint8)
    for place, shape in enumerate(shapes):
        if form == "amount" and place == count - 2:
            dot = left - BESIDE_POINT - POINT
            _lay(ink, Piece(base - POINT, dot, np.full((POINT, POINT), 255, np.uint8)))
        sideways, up = dice.integers(-UNSTEADY, UNSTEADY, 2, endpoint=True)
        digits.append(Piece(base - int(up) - shape.shape[0], left + int(sideways), shape))
        _lay(ink, digits[-1])
        left += shape.shape[1] + ([*spaces, 0])[place]
    text = "".join(str(labels[index]) for index in indices)
    return Written(ink, f"{text[:-2]}.{text[-2:]}" if form == "amount" else text, tuple(digits))


def _drawn(labels: NDArray[np.uint8], count: int, form: Form, dice: np.random.Generator) -> NDArray[np.int64]:
    """Images at random; an amount does not begin with 0."""
    while True:
        indices = dice.choice(len(labels), count, replace=False)
        if form == "zip" or labels[indices[0]] != 0:
            return indices


def _enlarged(image: NDArray[np.uint8]) -> Ink:
    """The ink of a digit alone, at twice its size."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    tight = np.ascontiguousarray(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    size = (tight.shape[1] * ENLARGED, tight.shape[0] * ENLARGED)
    return np.asarray(Image.fromarray(tight).resize(size, Image.Resampling.BILINEAR))


def _lay(ink: Ink, piece: Piece) -> None:
    """Put a piece onto the line; where ink is already, the darker one stays."""
    place = np.s_[piece.top : piece.bottom, piece.left : piece.right]
    ink[place] = np.maximum(ink[place], piece.ink)
