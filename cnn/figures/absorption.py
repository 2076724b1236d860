"""Absorption maps as pictures: which pixel's change pooling hides, and which it lets through."""

import numpy as np
from numpy.typing import NDArray

from cnn.figures.svg import png_url
from cnn.figures.theme import Palette

TILE = 8  # screen pixels a cell
DOT = slice(4, 6)


def absorption(absorbed: NDArray[np.bool_], palette: Palette) -> str:
    """A tile for each pixel: absorbed plain and green, noticed magenta with a dot. -> an image's address

    Shapes: absorbed (h, w)
    """
    hidden, noticed = (
        np.full((TILE, TILE, 3), _rgb(tone), np.uint8) for tone in (palette.output_soft, palette.changed_soft)
    )
    noticed[DOT, DOT] = _rgb(palette.changed)
    for tile in (hidden, noticed):
        tile[0], tile[:, 0] = _rgb(palette.cell), _rgb(palette.cell)
    pixels = np.where(absorbed[:, None, :, None, None], hidden[None, :, None], noticed[None, :, None])
    height, width = absorbed.shape
    return png_url(pixels.reshape(height * TILE, width * TILE, 3))


def grey(image: NDArray[np.floating]) -> str:
    """An image with values from 0 to 1, enlarged without smoothing. -> an image's address

    Shapes: image (h, w)
    """
    pixels = np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
    return png_url(pixels.repeat(TILE, 0).repeat(TILE, 1))


def _rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour[1:]))
