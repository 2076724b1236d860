"""A line as a camera would see it: to measure how well photographs are read, where what they say is known."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cnn.envelope.pieces import Ink
from cnn.photographs import Photograph

ENLARGED = 3
THIN = 4  # pixels that a thin pen's stroke, enlarged, is narrower on either side
MARGIN = 90  # pixels of paper around the line
MOST_TURNED = 5.0  # degrees
DARKEST = 0.55  # of the light in the brightest corner that the darkest one gets
PAPER, INK = (200, 245), (30, 90)  # how bright, from and to
NOISE = 6.0  # standard deviation, of 255
QUALITY = 70  # of the JPEG


def photographed(ink: Ink, seed: int, thinner: int = 0) -> Photograph:
    """Ink on paper, turned by up to 5 degrees, under light that falls off, with noise, through JPEG.

    thinner: pixels that are taken from either side of the strokes, which are some 15 wide.

    Shapes: ink (h, w) -> (h', w', 3)
    """
    dice = np.random.default_rng(seed)
    sheet = Image.fromarray(ink).resize((ink.shape[1] * ENLARGED, ink.shape[0] * ENLARGED), Image.Resampling.BICUBIC)
    sheet = Image.fromarray(np.pad(np.asarray(sheet), MARGIN)).filter(ImageFilter.MinFilter(2 * thinner + 1))
    sheet = sheet.rotate(dice.uniform(-MOST_TURNED, MOST_TURNED), Image.Resampling.BILINEAR)
    share = np.asarray(sheet) / 255
    bright, dark = dice.uniform(*PAPER), dice.uniform(*INK)
    grey = (bright + (dark - bright) * share) * _light(share.shape, dice.uniform(0, 2 * np.pi))
    grey = np.clip(grey + dice.normal(0, NOISE, grey.shape), 0, 255)
    return _through_jpeg(np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2))


def _light(shape: tuple[int, ...], towards: float) -> NDArray[np.float64]:
    """From 1 down to DARKEST across the picture, in one direction."""
    height, width = shape
    row, column = np.mgrid[:height, :width]
    along = np.cos(towards) * column / width + np.sin(towards) * row / height
    return 1 - (1 - DARKEST) * (along - along.min()) / np.ptp(along)


def _through_jpeg(picture: Photograph) -> Photograph:
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=QUALITY)
    return np.asarray(Image.open(BytesIO(buffer.getvalue())))
