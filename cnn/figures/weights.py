"""Kernels as SVG: learned weights with their digits, and the moving 1 of max pooling over each of its windows."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cnn.figures import svg
from cnn.figures.theme import Palette

CELL, PIXEL, GAP, SUM = 52, 42, 18, 20  # a weight, a pixel of a window, between windows, the line with their maximum
TEXT = 'font-family="sans-serif" font-weight="600" text-anchor="middle" dominant-baseline="central"'


def weights(values: NDArray[np.floating], palette: Palette, decimals: int = 3) -> str:
    """A grid of weights; NaN is a weight that is not known yet.

    Shapes: values (k_h, k_w)
    """
    words = {place: "?" if np.isnan(value) else f"{value:.{decimals}f}" for place, value in np.ndenumerate(values)}
    return _grid(np.nan_to_num(values), words, palette.kernel_soft, palette)


def outputs(values: NDArray[np.floating], palette: Palette) -> str:
    """A grid of outputs to four digits.

    Shapes: values (h_out, w_out)
    """
    return _grid(
        values, {place: f"{value:.4g}" for place, value in np.ndenumerate(values)}, palette.output_soft, palette
    )


def _grid(values: NDArray[np.floating], words: Mapping[tuple[int, ...], str], soft: str, palette: Palette) -> str:
    parts = svg.cells(values, soft, palette, CELL)
    for (row, column), number in words.items():
        size = 14 if len(number) < 6 else 12
        parts.append(_words((column + 0.5) * CELL, (row + 0.5) * CELL, number.replace("-", "−"), palette.ink, size))
    return svg.document(values.shape[1] * CELL, values.shape[0] * CELL, parts)


def moving_kernels(windows: NDArray[np.floating], kernels: NDArray[np.floating], palette: Palette) -> str:
    """Each window's values with the 0/1 kernel that gives its maximum drawn over them, and that maximum below.

    Shapes: windows and kernels (h_out, w_out, k_h, k_w)
    """
    rows, columns, k_h, k_w = windows.shape
    width, height = k_w * PIXEL + GAP, k_h * PIXEL + SUM + GAP
    parts = []
    for row, column in np.ndindex(rows, columns):
        window, kernel = windows[row, column], kernels[row, column]
        parts += _over(window, kernel, column * width, row * height, palette)
        middle, below = column * width + k_w * PIXEL / 2, row * height + k_h * PIXEL + SUM / 2
        parts.append(_words(middle, below, f"= {_short(float((window * kernel).sum()))}", palette.output, 14))
    return svg.document(columns * width - GAP, rows * height - GAP, parts)


def _over(
    window: NDArray[np.floating], kernel: NDArray[np.floating], left: float, top: float, palette: Palette
) -> list[str]:
    parts = []
    for (row, column), value in np.ndenumerate(window):
        x, y, chosen = left + column * PIXEL, top + row * PIXEL, kernel[row, column] == 1
        frame = f'stroke="{palette.kernel}" stroke-width="2.5"' if chosen else f'stroke="{palette.line}"'
        parts += [
            f'<rect x="{x + 1.5:g}" y="{y + 1.5:g}" width="{PIXEL - 3}" height="{PIXEL - 3}" rx="5" '
            f'fill="{palette.kernel_soft if chosen else palette.cell}" {frame}/>',
            _words(x + PIXEL / 2, y + 15, _short(float(value)), palette.ink if chosen else palette.faint, 13),
            _words(x + PIXEL / 2, y + 31, f"× {kernel[row, column]:g}", palette.ink if chosen else palette.faint, 11),
        ]
    return parts


def _words(x: float, y: float, words: str, colour: str, size: int) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size}" {TEXT}>{words}</text>'


def _short(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
