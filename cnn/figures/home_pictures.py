"""A small picture for each lesson on the home page, drawn from the lesson's own numbers."""

from collections.abc import Callable, Mapping

import numpy as np

from cnn import kernels, patterns
from cnn.architectures import NETWORKS
from cnn.architectures.lenet import LENET5
from cnn.figures import svg
from cnn.figures.theme import Palette
from cnn.operations import conv2d
from cnn.training.results import curves_1998


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


def lenet(palette: Palette) -> str:
    """The layers as LeCun et al. draw them: each as wide as its maps, one behind the other as many as there are."""
    parts, left = [], 2.0
    for row in LENET5.rows():
        channels, height, _ = (*row.shape, 1, 1)[:3]
        side, step, shown = 4 + 0.75 * height, 1.7, min(channels, 8)
        tone = "kernel" if row.part == "classifier" else "output"
        parts += [
            f'<rect x="{left + step * at:.1f}" y="{(60 - side) / 2 - step * (shown - 1) / 2 + step * at:.1f}" '
            f'width="{side:.1f}" height="{side:.1f}" rx="1" fill="{getattr(palette, f"{tone}_soft")}" '
            f'stroke="{getattr(palette, tone)}" stroke-width="0.7"/>'
            for at in range(shown)
        ]
        left += side + step * shown + 1
    return svg.document(146, 60, parts)


def training(palette: Palette) -> str:
    """The errors of 1998's network after each of its twenty passes, on a logarithmic scale: training and test."""
    run = curves_1998()["lenet5_plain"]["1"]
    parts = [f'<path d="M8 4V54H142" fill="none" stroke="{palette.line}" stroke-width="2"/>']
    tones = {"training_error": (palette.input, ""), "test_error": (palette.output, ' stroke-dasharray="5 3"')}
    for name, (tone, dashes) in tones.items():
        errors = np.log10(run[name])  # from a tenth to a thousandth
        points = " ".join(f"{14 + 6.5 * at:.1f},{6 - 23 * (error + 1):.1f}" for at, error in enumerate(errors))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{tone}" stroke-width="2.4"{dashes}/>')
    return svg.document(146, 60, parts)


def timeline(palette: Palette) -> str:
    """Each network a dot at its year, its area the number of its parameters."""
    first, last = NETWORKS[0].year, NETWORKS[-1].year
    largest = max(network.parameters for network in NETWORKS)
    parts = [f'<path d="M4 42H142" stroke="{palette.line}" stroke-width="2"/>']
    for network in sorted(NETWORKS, key=lambda network: -network.parameters):
        x, radius = 10 + 122 * (network.year - first) / (last - first), 13 * (network.parameters / largest) ** 0.5
        parts.append(
            f'<circle cx="{x:.1f}" cy="42" r="{max(radius, 2):.1f}" fill="{palette.input_soft}" '
            f'stroke="{palette.input}" stroke-width="1.2"/>'
        )
    return svg.document(146, 60, parts)


PICTURES: Mapping[str, Callable[[Palette], str]] = {
    "convolution": convolution,
    "pooling": pooling,
    "lenet": lenet,
    "training": training,
    "timeline": timeline,
}
