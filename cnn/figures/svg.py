"""Small drawings as SVG: a kernel's picture, a lesson's picture on the home page."""

import base64
from collections.abc import Iterable
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn.figures.theme import Palette


def data_url(svg: str) -> str:
    """An SVG as an address that an <img> takes."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def image_url(jpeg: bytes) -> str:
    """A JPEG as an address that an <img> takes."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def png_url(pixels: NDArray[np.uint8]) -> str:
    """Pixels as an address that an <img> takes, to the bit.

    Shapes: (h, w) or (h, w, 3)
    """
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def document(width: float, height: float, parts: Iterable[str]) -> str:
    """An SVG of that size, in its own units."""
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def mixed(soft: str, base: str, share: float) -> str:
    """The colour `share` of the way from `base` to `soft`, both "#rrggbb"."""
    pairs = zip(bytes.fromhex(base[1:]), bytes.fromhex(soft[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def cells(
    values: NDArray[np.floating], soft: str, palette: Palette, size: float = 10, left: float = 0, top: float = 0
) -> list[str]:
    """A grid of coloured squares, on the scale of the stage: zero is plain, below zero has a tone of its own.

    Shapes: values (rows, columns)
    """
    largest = float(np.abs(values).max()) or 1.0
    side, corner = size - 1, size * 0.12

    def fill(value: np.floating) -> str:
        return mixed(palette.negative_soft if value < 0 else soft, palette.cell, abs(float(value)) / largest)

    return [
        f'<rect x="{left + column * size + 0.5:g}" y="{top + row * size + 0.5:g}" width="{side:g}" height="{side:g}" '
        f'rx="{corner:g}" fill="{fill(value)}" stroke="{palette.line}" stroke-width="0.6"/>'
        for (row, column), value in np.ndenumerate(values)
    ]


def kernel(values: NDArray[np.floating], palette: Palette) -> str:
    """A kernel's picture, three cells wide whatever its size.

    Shapes: values (k_h, k_w)
    """
    rows, columns = values.shape
    size = 30 / max(rows, columns, 3)
    left, top = (30 - columns * size) / 2, (30 - rows * size) / 2
    return document(30, 30, cells(values, palette.kernel_soft, palette, size, left, top))
