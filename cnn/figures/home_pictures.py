"""A small picture for each lesson on the home page, drawn from the lesson's own numbers."""

from collections.abc import Callable, Mapping

import numpy as np

from cnn import kernels, patterns
from cnn.figures import svg
from cnn.figures.theme import Palette
from cnn.operations import conv2d


def convolution(palette: Palette) -> str:
    """The lecture's example: image, kernel, output."""
    image, kernel = patterns.pattern("zero_column", (6, 6)), kernels.kernel("lecture")
    output = conv2d(image[None], kernel[None, None])[0]
    parts = [
        *svg.cells(image, palette.input_soft, palette, 10, 0, 0),
        *svg.cells(kernel, palette.kernel_soft, palette, 10, 67, 25),
        *svg.cells(output, palette.output_soft, palette, 10, 94, 0),
        f'<g fill="none" stroke-width="1.6"><rect x="20" y="20" width="20" height="10" stroke="{palette.kernel}" '
        f'stroke-dasharray="3 2"/><rect x="114" y="20" width="10" height="10" stroke="{palette.output}"/></g>',
    ]
    return svg.document(146, 60, parts)


def pooling(palette: Palette) -> str:
    """The lecture's 4 x 4 figure: each coloured quarter gathers in one cell."""
    tones = (palette.input_soft, palette.kernel_soft, palette.output_soft, palette.changed_soft)
    parts = [
        square
        for quarter, tone in enumerate(tones)
        for square in (
            *svg.cells(np.ones((2, 2)), tone, palette, 15, 30 * (quarter % 2), 30 * (quarter // 2)),
            *svg.cells(np.ones((1, 1)), tone, palette, 15, 96 + 15 * (quarter % 2), 15 + 15 * (quarter // 2)),
        )
    ]
    return svg.document(146, 60, parts)


PICTURES: Mapping[str, Callable[[Palette], str]] = {"convolution": convolution, "pooling": pooling}
