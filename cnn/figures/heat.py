"""A map of signed numbers over a digit's pixels, as SVG: what speaks for a class and what against it."""

import numpy as np
from numpy.typing import NDArray

from cnn.figures import svg
from cnn.figures.axes import words
from cnn.figures.theme import Palette

SIZE = 224  # of the drawing; the digit has 28 pixels
PIXEL = SIZE // 28


def heat(values: NDArray[np.floating], digit: NDArray[np.uint8], palette: Palette) -> str:
    """Zero is plain, above it blue, below it orange; the digit's outline; + and − on the two largest values.

    Shapes: values (28, 28), digit (28, 28)
    """
    parts = [
        f'<rect width="{SIZE}" height="{SIZE}" rx="4" fill="{palette.cell}"/>',
        f'<image href="{svg.png_url(coloured(values, palette))}" width="{SIZE}" height="{SIZE}" '
        'style="image-rendering:pixelated"/>',
        f'<path d="{outline(digit >= 128)}" fill="none" stroke="{palette.ink}" stroke-width="1.6" '
        'stroke-linejoin="round"/>',
    ]
    for sign, best in (("+", max(values.max(), 0)), ("−", min(values.min(), 0))):
        if best:
            row, column = (int(at) for at in np.argwhere(values == best)[0])
            x, y = (column + 0.5) * PIXEL, (row + 0.5) * PIXEL
            parts.append(f'<circle cx="{x}" cy="{y}" r="7.5" fill="{palette.ink}"/>')
            parts.append(words(x, y + 0.5, sign, palette.cell, 13))
    return svg.document(SIZE, SIZE, parts)


def coloured(values: NDArray[np.floating], palette: Palette) -> NDArray[np.uint8]:
    """Pixels on a diverging scale, its ends the largest absolute value. (h, w) -> (h, w, 3)"""
    shares = values / (float(np.abs(values).max()) or 1.0)
    zero, above, below = (
        np.array(list(bytes.fromhex(colour[1:])), float) for colour in (palette.cell, palette.input, palette.kernel)
    )
    ends = np.where(shares[..., None] >= 0, above, below)
    return np.rint(zero + (ends - zero) * np.abs(shares)[..., None]).astype(np.uint8)


def outline(ink: NDArray[np.bool_]) -> str:
    """The edges between ink and paper, as an SVG path: a line for each pixel's side that has paper beyond it.

    Shapes: ink (h, w)
    """
    around = np.pad(ink, 1)
    across = np.argwhere(around[1:, 1:-1] != around[:-1, 1:-1])  # between a row and the one above it
    down = np.argwhere(around[1:-1, 1:] != around[1:-1, :-1])
    lines = [f"M{column * PIXEL} {row * PIXEL}h{PIXEL}" for row, column in across.tolist()]
    return "".join(lines + [f"M{column * PIXEL} {row * PIXEL}v{PIXEL}" for row, column in down.tolist()])


def inked(digit: NDArray[np.uint8], palette: Palette) -> NDArray[np.uint8]:
    """A digit in the colours of ink and paper. (h, w) -> (h, w, 3)"""
    paper, ink = (np.array(list(bytes.fromhex(colour[1:])), float) for colour in (palette.cell, palette.ink))
    return np.rint(paper + (ink - paper) * (digit[..., None] / 255)).astype(np.uint8)


def ink_url(digit: NDArray[np.uint8], palette: Palette, enlarged: int = 4) -> str:
    """A digit as an address that an <img> takes, each pixel a square.

    Shapes: digit (28, 28)
    """
    return svg.png_url(inked(digit, palette).repeat(enlarged, 0).repeat(enlarged, 1))
