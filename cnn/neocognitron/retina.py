"""What the Neocognitron is shown: 16 x 16 pixels from 0 (paper) to 1 (ink).

Shapes drawn by us or by the learner, moved and distorted; MNIST digits made small.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZE = 16
PAPER = 64  # pixels along one axis of what a learner draws on
Image = NDArray[np.float64]  # (16, 16)

# Drawn by us after the digits "0" to "4", the task of 1980.
DRAWN = (
    "011110 100001 100001 100001 100001 100001 100001 011110",
    "001000 011000 001000 001000 001000 001000 001000 011100",
    "011110 100001 000001 000010 000100 001000 010000 111111",
    "111110 000001 000001 011110 000001 000001 000001 111110",
    "000010 000110 001010 010010 100010 111111 000010 000010",
)


def _in_the_middle(rows: str) -> Image:
    pixels = np.array([[float(pixel) for pixel in row] for row in rows.split()])
    top, left = ((SIZE - side) // 2 for side in pixels.shape)
    image = np.zeros((SIZE, SIZE))
    image[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    image.flags.writeable = False
    return image


SHAPES = tuple(map(_in_the_middle, DRAWN))


# ------------------------------------------------------------------------------------------------- moved and distorted


def moved(image: Image, rows: int, columns: int) -> Image:
    """The image moved down and to the right, paper coming in at the border."""
    height, width = image.shape
    result = np.zeros((height, width))
    result[max(rows, 0) : height + min(rows, 0), max(columns, 0) : width + min(columns, 0)] = image[
        max(-rows, 0) : height + min(-rows, 0), max(-columns, 0) : width + min(-columns, 0)
    ]
    return result


FARTHEST = 6  # pixels that a shape may be moved
PULL = 2.5  # pixels that a corner may be pulled along each axis: the frame stays convex
FRAME = np.array([(2, 2), (2, 14), (14, 14), (14, 2)], float)  # its corners (row, column), clockwise from the top left


@dataclass(frozen=True)
class Warp:
    """A frame around the shape that is moved as a whole, and whose corners are pulled."""

    rows: float = 0
    columns: float = 0
    pulls: tuple[tuple[float, float], ...] = ((0, 0),) * 4  # (rows, columns) of each corner

    def __post_init__(self) -> None:
        if not np.abs([self.rows, self.columns]).max() <= FARTHEST:
            raise ValueError(f"rows and columns are {self.rows} and {self.columns}; from -{FARTHEST} to {FARTHEST}")
        if np.shape(self.pulls) != (4, 2) or not np.abs(self.pulls).max() <= PULL:
            raise ValueError(f"pulls is {self.pulls}; it must be four pairs from -{PULL} to {PULL}")

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Warp":
        """From rows, columns and the pulls one after another: ten numbers, in hundredths of a pixel at the finest."""
        rows, columns, *pulls = (round(float(at), 2) for at in numbers)
        return cls(rows, columns, tuple(zip(pulls[::2], pulls[1::2], strict=True)))

    @property
    def numbers(self) -> tuple[float, ...]:
        """The ten numbers."""
        return (self.rows, self.columns, *(at for pull in self.pulls for at in pull))

    @property
    def corners(self) -> NDArray[np.float64]:
        """Where the corners of the frame are now. -> (4, 2)"""
        return FRAME + self.pulls + (self.rows, self.columns)

    def apply(self, image: Image) -> Image:
        """The image seen through the pulled frame: a projective map, read off between the pixels."""
        back = homography(self.corners, FRAME)
        row, column = np.mgrid[:SIZE, :SIZE] + 0.5
        places = np.stack([row, column, np.ones_like(row)]).reshape(3, -1)
        source = back @ places
        return between(image, *(source[:2] / source[2] - 0.5)).reshape(SIZE, SIZE)


def homography(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """The projective map that takes four points to four others, as a 3x3 matrix with a 1 in its corner.

    Shapes: (4, 2), (4, 2) -> (3, 3)
    """
    equations, targets = [], []
    for (x, y), (u, v) in zip(start, end, strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        targets += [u, v]
    return np.append(np.linalg.solve(equations, targets), 1).reshape(3, 3)


def between(image: Image, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """The image's values between its pixels, bilinear; paper beyond the border. Shapes: (n,), (n,) -> (n,)"""
    padded = np.pad(image, 1)
    rows, columns = (np.clip(at + 1, 0, SIZE + 1 - 1e-9) for at in (rows, columns))
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    down, along = rows - top, columns - left
    upper = padded[top, left] * (1 - along) + padded[top, left + 1] * along
    lower = padded[top + 1, left] * (1 - along) + padded[top + 1, left + 1] * along
    return upper * (1 - down) + lower * down


# ----------------------------------------------------------------------------------------------- digits and drawings


def from_digit(digit: NDArray[np.uint8]) -> Image:
    """An MNIST digit at half its size: each 2 x 2 pixels averaged, with a border of one. (28, 28) -> (16, 16)"""
    return np.pad(digit.reshape(14, 2, 14, 2).mean((1, 3)) / 255, 1)


def from_ink(ink: NDArray[np.uint8]) -> Image:
    """What a learner drew on finer paper: ink where a pixel is at least half covered. (64, 64) -> (16, 16)"""
    return framed((ink.reshape(SIZE, PAPER // SIZE, SIZE, PAPER // SIZE).mean((1, 3)) >= 127.5).astype(float))


def to_ink(image: Image) -> NDArray[np.uint8]:
    """The image on that paper. (16, 16) -> (64, 64)"""
    return np.kron(255 * image, np.ones((PAPER // SIZE, PAPER // SIZE))).astype(np.uint8)


def framed(image: Image) -> Image:
    """The image with a border of paper: a shape can be moved by a pixel and loses nothing."""
    return np.pad(image[1:-1, 1:-1], 1)


def to_text(image: Image) -> str:
    """Black and white pixels, row by row, as 64 hexadecimal digits."""
    return np.packbits(image >= 0.5).tobytes().hex()


def from_text(text: str) -> Image:
    """The image of such a text; ValueError where it is none."""
    if len(text) != SIZE * SIZE // 4 or not text.isascii():
        raise ValueError(f"text has {len(text)} characters; it must be {SIZE * SIZE // 4} hexadecimal digits")
    return np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8)).reshape(SIZE, SIZE).astype(float)
