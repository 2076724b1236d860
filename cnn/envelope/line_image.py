"""A photograph of one written line -> its ink on the line's paper, upright, at the size that the pad has.

Paper: the middle brightness of the surroundings, so that a shadow is none. Ink: Otsu's threshold on what is left.
Upright: the turn whose rows of ink are most unlike one another. The line: the band of rows with the most ink.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cnn.digits import Grey, ink_from
from cnn.envelope.pieces import INKED, Ink, cut_out, labelled
from cnn.envelope.writing import HEIGHT, WIDTH
from cnn.photographs import Photograph, luminance

LARGEST = 640  # pixels of the longer side while the ink is looked for
SMALL, AROUND = 80, 25  # the paper's brightness: the picture's longer side, and the side of the surroundings
STEEPEST, STEP = 12.0, 0.5  # degrees
TURNED = 240  # pixels of the longer side while it is turned this way and that
EMPTY = 0.04  # of the fullest row's ink: the band ends where there is less
TALL = 44  # pixels that the digits get, as tall as test digits at twice their size
RIM = 8  # pixels of paper at either end of the line, at least
BOLD = 0.115  # of the digits' height: how wide the strokes of MNIST's digits are; thinner pens are made bolder


def line_from_photograph(photograph: Photograph) -> Ink | None:
    """The ink of the one line in a picture; None where nothing stands out from the paper.

    Shapes: photograph (h, w, 3) -> (76, 320)
    """
    picture = Image.fromarray(np.asarray(photograph))
    picture.thumbnail((LARGEST, LARGEST))
    grey = luminance(np.asarray(picture)).astype(np.float64)
    ink = ink_from(grey - paper(grey))
    if ink is None:
        return None
    band = densest_band(turned(ink, slope(ink)))
    return None if band is None else _on_paper(bolder(band))


def paper(grey: Grey) -> Grey:
    """How bright the picture would be without ink: the median of a quarter of it around each place.

    Shapes: (h, w) -> (h, w)
    """
    height, width = grey.shape
    scale = SMALL / max(height, width)
    small = Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8)).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BOX
    )
    light = small.filter(ImageFilter.MedianFilter(AROUND)).filter(ImageFilter.BoxBlur(3))
    return np.asarray(light.resize((width, height), Image.Resampling.BILINEAR)).astype(np.float64)


def slope(ink: Ink) -> float:
    """By how many degrees the line has to be turned against the clock to lie level.

    Of all turns that one, whose rows differ most: sum over rows of (ink of the row)^2.
    """
    small = Image.fromarray(ink)
    small.thumbnail((TURNED, TURNED))
    degrees = np.arange(-STEEPEST, STEEPEST + STEP, STEP)
    levels = [float((_rows(turned(np.asarray(small), each)) ** 2).sum()) for each in degrees]
    return float(degrees[int(np.argmax(levels))])


def turned(ink: Ink, degrees: float) -> Ink:
    """Turn against the clock; the picture grows so that nothing is cut off."""
    return np.asarray(Image.fromarray(ink).rotate(degrees, Image.Resampling.BILINEAR, expand=True))


def densest_band(ink: Ink) -> Ink | None:
    """The rows from one gap to the next that hold the most ink, cut to it; None where there is no ink."""
    rows = _rows(ink)
    if not rows.any():
        return None
    full = rows > EMPTY * rows.max()
    numbers = labelled(full[:, None])[:, 0]  # the bands, from 1 on
    masses = np.bincount(numbers, weights=rows)
    masses[0] = 0
    inside = np.flatnonzero(numbers == masses.argmax())
    band = np.zeros(ink.shape, bool)
    band[inside[0] : inside[-1] + 1] = True
    return cut_out(ink, band & (ink > 0)).ink


def _rows(ink: Ink) -> NDArray[np.float64]:
    return ink.sum(axis=1, dtype=np.float64) / 255


def bolder(band: Ink) -> Ink:
    """Strokes as wide as MNIST's; wider ones stay. Shapes: (h, w) -> (h, w)"""
    missing = BOLD * band.shape[0] - stroke_width(band)
    reach = round(missing / 2)
    return band if reach < 1 else np.asarray(Image.fromarray(band).filter(ImageFilter.MaxFilter(2 * reach + 1)))


def stroke_width(ink: Ink) -> float:
    """Pixels across a stroke: a strip has two long sides, so twice its area over the length of its rim."""
    inked = np.pad(ink >= INKED, 1)
    rim = int((inked[1:] != inked[:-1]).sum() + (inked[:, 1:] != inked[:, :-1]).sum())
    return 2 * float(inked.sum()) / max(rim, 1)


def _on_paper(band: Ink) -> Ink:
    """The band at the digits' height in the middle of the line's paper; a longer one is made smaller."""
    height, width = band.shape
    scale = min(TALL / height, (WIDTH - 2 * RIM) / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(
        Image.fromarray(band).resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)
    )
    line = np.zeros((HEIGHT, WIDTH), np.uint8)
    top, left = (HEIGHT - small.shape[0]) // 2, (WIDTH - small.shape[1]) // 2
    line[top : top + small.shape[0], left : left + small.shape[1]] = small
    return line
