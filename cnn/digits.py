"""A learner's digit as MNIST would have it: cleaned, centred, 28 x 28; and as text for the address bar.

MNIST: the digit fills a box of 20 x 20 with its proportions kept, grey from the reduction, and its centre of mass is
the middle of a field of 28 x 28 (LeCun et al. 1998, section III-A). Ink is white: 255 on paper 0.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cnn import ink_text
from cnn.photographs import Photograph, luminance

Digit = NDArray[np.uint8]  # (28, 28), ink 255 on paper 0
Grey = NDArray[np.floating[Any]]

SIDE, BOX = 28, 20
FAINT = 8  # ink below this is paper: the rim of a soft brush, the noise of a picture
BITS = 4  # a pixel of a digit that travels in the address: 16 shades
STEP = 255 // (2**BITS - 1)
LONGEST_TEXT = 900  # characters; noise, which packs worst, needs 530
LARGEST_PICTURE = 256  # pixels; a photograph of one digit is reduced to this
FAINTEST_CONTRAST = 30  # of 255, between ink and paper


def centred(ink: NDArray[np.uint8]) -> Digit:
    """Scale a drawing into the box and put its centre of mass into the middle; nothing drawn stays nothing.

    Shapes: ink (h, w) -> (28, 28)
    """
    rows, columns = (np.flatnonzero((ink >= FAINT).any(axis=axis)) for axis in (1, 0))
    field = np.zeros((SIDE, SIDE), np.uint8)
    if not len(rows):
        return field
    drawn = _boxed(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    top, left = (_start(drawn.sum(axis=axis, dtype=np.float64)) for axis in (1, 0))
    field[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return field


def _boxed(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w) -> the longer side 20, at least one pixel for the shorter."""
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return ink
    return np.asarray(Image.fromarray(np.ascontiguousarray(ink)).resize(size, Image.Resampling.BILINEAR))


def _start(mass: NDArray[np.floating[Any]]) -> int:
    """Where the first row (or column) of ink goes, so that the centre of mass is in the middle.

    Counted in pixel numbers, the centres of mass of MNIST's digits lie from 13.5 to 14.5: in the middle, to the pixel.
    """
    centre = float(mass @ np.arange(len(mass))) / float(mass.sum())
    return int(np.clip(np.rint(SIDE / 2 - centre), 0, SIDE - len(mass)))


# ---------------------------------------------------------------------------------------------------- photographs


def from_photograph(photograph: Photograph) -> Digit | None:
    """Find the one digit of a picture: dark on light or light on dark, under uneven light. None where there is no ink.

    Shapes: photograph (h, w, 3) -> (28, 28)
    """
    ink = ink_of(photograph)
    return None if ink is None else centred(ink)


def ink_of(photograph: Photograph) -> NDArray[np.uint8] | None:
    """The ink of a picture, 255 on 0, whatever colour it has; None where nothing stands out from the paper.

    The rim of the picture is taken for paper, and a plane through it for the light; Otsu's threshold parts the rest.
    Shapes: photograph (h, w, 3) -> (h', w'), the longer side at most 256
    """
    picture = Image.fromarray(np.asarray(photograph))
    picture.thumbnail((LARGEST_PICTURE, LARGEST_PICTURE))
    grey = luminance(np.asarray(picture)).astype(np.float64)
    return ink_from(grey - _light(grey))


def ink_from(contrast: Grey) -> NDArray[np.uint8] | None:
    """The ink, 255 on 0, of a picture whose paper is at 0: what is darker, or what is lighter if that stands out more.

    None where nothing does. Specks vanish, Otsu's threshold parts the rest, the grey rim of a stroke stays grey.
    Shapes: (h, w) -> (h, w)
    """
    contrast = _without_specks(contrast)
    darker = -contrast.min() > contrast.max()  # dark ink on light paper
    strength = np.clip(-contrast if darker else contrast, 0, None)
    threshold = otsu(strength)
    inked = strength > threshold
    if not inked.any() or strength[inked].mean() < FAINTEST_CONTRAST:
        return None
    full = float(np.median(strength[inked]))
    soft = (strength - threshold / 2) / (full - threshold / 2)
    return np.rint(255 * np.clip(soft, 0, 1)).astype(np.uint8)


def _light(grey: Grey) -> Grey:
    """The brightness of the paper: a plane through the rim, by least squares, once again without what is not paper.

    Shapes: grey (h, w) -> (h, w)
    """
    height, width = grey.shape
    row, column = np.mgrid[:height, :width]
    plane = np.stack([np.ones_like(row), row, column], axis=-1).astype(np.float64)  # (h, w, 3)
    rim = np.ones(grey.shape, bool)
    band = max(1, min(height, width) // 10)
    rim[band:-band, band:-band] = False
    for _ in range(2):
        weights = np.linalg.lstsq(plane[rim], grey[rim], rcond=None)[0]
        light = plane @ weights
        distance = np.abs(grey - light)
        rim &= distance <= 2 * max(float(np.median(distance[rim])), 1.0)
    return light


def _without_specks(contrast: Grey) -> Grey:
    """The middle one of each 3 x 3: single pixels vanish."""
    bytes_ = np.clip(np.rint(contrast / 2 + 128), 0, 255).astype(np.uint8)
    return 2 * (np.asarray(Image.fromarray(bytes_).filter(ImageFilter.MedianFilter(3))).astype(np.float64) - 128)


def otsu(values: Grey) -> float:
    """The threshold that parts values (0 to 255) into two classes whose means lie farthest apart, sizes weighed in.

    Paper: Otsu 1979, A threshold selection method from gray-level histograms, https://doi.org/10.1109/TSMC.1979.4310076
    Shapes: any
    """
    counts = np.bincount(np.clip(np.rint(values), 0, 255).astype(np.int64).ravel(), minlength=256)
    below = np.cumsum(counts)[:-1]  # how many are at most t, for t from 0 to 254
    above = counts.sum() - below
    sums = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (sums[:-1] / below - (sums[-1] - sums[:-1]) / above) ** 2
    return float(np.argmax(np.nan_to_num(apart)))


# ------------------------------------------------------------------------------------------------ the address bar


def shaded(digit: Digit) -> Digit:
    """The digit in 16 shades of grey: what survives the address, so that both say the same.

    Shapes: (28, 28) -> (28, 28)
    """
    return ink_text.shaded(digit, BITS)


def to_text(digit: Digit) -> str:
    """Write a digit of 16 shades as some 200 to 300 characters that an address takes.

    Shapes: digit (28, 28)
    """
    return ink_text.to_text(digit, BITS)


def from_text(text: str) -> Digit:
    """Read a digit written by `to_text`, or by anybody: ValueError for everything else, whatever it would unpack to.

    Shapes: -> (28, 28)
    """
    return ink_text.from_text(text, (SIDE, SIDE), BITS, LONGEST_TEXT)
