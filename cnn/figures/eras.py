"""What changed in LeNet-5 between 1998 and today, as SVG: one drawing for each side of each change."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cnn.figures import svg
from cnn.figures.axes import Axes, words
from cnn.figures.theme import Palette

WIDTH, HEIGHT = 340, 220
REACH = 3.0  # activations are drawn from -REACH to REACH
CELL, STEP = 44, 40  # a number; the arrow between two of them


# ---------------------------------------------------------------------------------------------------------- activation


def activation(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    marked: Sequence[float],
    names: tuple[str, str, str],
    palette: Palette,
) -> str:
    """An activation and, dashed, its slope; dots at the `marked` places.

    names: of the axis, of the curve, of its slope.
    """
    axes = Axes(WIDTH, HEIGHT, (-REACH, REACH), (-2, 3), left=34, top=28)
    xs = np.linspace(-REACH, REACH, 241)
    ys = function(xs)
    slopes = np.gradient(ys, xs)
    parts = axes.grid(
        {at: _number(at) for at in range(-3, 4)}, {at: _number(at) for at in (-1, 0, 1, 2)}, (names[0], ""), palette
    )
    parts += [axes.upright(0, palette.line, "1 0"), axes.line(xs, slopes, palette.kernel, 1.8, "5 4")]
    parts.append(axes.line(xs, ys, palette.output, 3))
    for at in marked:
        y = float(function(np.array([at]))[0])
        parts.append(f'<circle cx="{axes.x(at):.1f}" cy="{axes.y(y):.1f}" r="4.5" fill="{palette.output}"/>')
    for index, (name, colour, dashes) in enumerate(((names[1], palette.output, ""), (names[2], palette.kernel, "5 4"))):
        x = axes.left + 4 + 150 * index
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<path d="M{x} 12h24" stroke="{colour}" stroke-width="2.5"{dashed}/>')
        parts.append(words(x + 30, 12, name, colour, 12, "start"))
    return svg.document(WIDTH, HEIGHT, parts)


# --------------------------------------------------------------------------------------------------------- sub-sampling


def pooled(window: NDArray[np.floating], steps: Sequence[tuple[str, float]], palette: Palette) -> str:
    """A window of values and what becomes of it: an arrow with its name, and the number behind it, for each step.

    Shapes: window (2, 2)
    """
    side = 2 * CELL
    parts = svg.cells(window, palette.input_soft, palette, CELL, top=14)
    for (row, column), value in np.ndenumerate(window):
        parts.append(_value((column + 0.5) * CELL, 14 + (row + 0.5) * CELL, float(value), palette))
    x, middle = float(side), 14 + side / 2
    for name, value in steps:
        parts.append(words(x + STEP / 2 + 2, middle - 12, name, palette.faint, 12))
        parts.append(_arrow(x + 4, middle, STEP - 6, palette.faint))
        x += STEP + 2
        fill = palette.output_soft if (name, value) == tuple(steps[-1]) else palette.cell
        parts.append(
            f'<rect x="{x:g}" y="{middle - CELL / 2:g}" width="{CELL}" height="{CELL}" rx="5" fill="{fill}" '
            f'stroke="{palette.line}"/>'
        )
        parts.append(_value(x + CELL / 2, middle, value, palette))
        x += CELL
    return svg.document(x + 2, side + 28, parts)


def _arrow(x: float, y: float, length: float, colour: str) -> str:
    return (
        f'<path d="M{x:g} {y:g}h{length - 5:g}m-5 -4l5 4l-5 4" fill="none" stroke="{colour}" stroke-width="1.8" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _value(x: float, y: float, value: float, palette: Palette) -> str:
    return words(x, y, _number(round(value, 2)), palette.ink, 13)


# ---------------------------------------------------------------------------------------------------------- connections


def connections(table: Sequence[Sequence[int]], sources: int, names: tuple[str, str], palette: Palette) -> str:
    """Which map of the layer below (a row) each map (a column) reads: a filled square with a dot.

    names: of the rows and of the columns.
    """
    size, left, top = 18, 40, 34
    width, height = left + size * len(table) + 4, top + size * sources + 4
    middle = top + size * sources / 2
    parts = [
        words(left + size * len(table) / 2, 9, names[1], palette.faint, 12),
        words(9, middle, names[0], palette.faint, 12, more=f'transform="rotate(-90 9 {middle:g})"'),
    ]
    for column, read in enumerate(table):
        parts.append(words(left + (column + 0.5) * size, 25, str(column), palette.faint, 10.5))
        for row in range(sources):
            x, y, on = left + column * size, top + row * size, row in read
            parts.append(
                f'<rect x="{x + 1}" y="{y + 1}" width="{size - 2}" height="{size - 2}" rx="3" '
                f'fill="{palette.kernel_soft if on else palette.cell}" stroke="{palette.line}" stroke-width="0.7"/>'
            )
            if on:
                parts.append(f'<circle cx="{x + size / 2}" cy="{y + size / 2}" r="2.6" fill="{palette.kernel}"/>')
    parts += [words(left - 10, top + (row + 0.5) * size, str(row), palette.faint, 10.5) for row in range(sources)]
    return svg.document(width, height, parts)


# --------------------------------------------------------------------------------------------------------------- output


def codes(
    vector: NDArray[np.floating], pictures: NDArray[np.floating], distances: NDArray[np.floating], name: str,
    palette: Palette,
) -> str:  # fmt: skip
    """F6's 84 numbers as a picture, and the ten codes with their distances to it; the nearest is framed.

    Shapes: vector (12, 7), pictures (10, 12, 7), distances (10,)
    """
    pixel, gap, across = 5, 14, 5
    box, tall = 7 * pixel, 12 * pixel
    large = 11
    parts = _bitmap(vector, 0, 26, large, palette)
    parts.append(words(7 * large / 2, 12, name, palette.faint, 12))
    start = 7 * large + 26
    best = int(np.argmin(distances))
    for digit, (picture, distance) in enumerate(zip(pictures, distances, strict=True)):
        x = start + digit % across * (box + gap)
        y = 8 + digit // across * (tall + 32)
        parts += _bitmap(picture, x, y, pixel, palette)
        colour = palette.output if digit == best else palette.faint
        parts.append(words(x + box / 2, y + tall + 12, f"{distance:.1f}", colour, 12))
        if digit == best:
            parts.append(
                f'<rect x="{x - 4}" y="{y - 4}" width="{box + 8}" height="{tall + 8}" rx="4" fill="none" '
                f'stroke="{palette.output}" stroke-width="2.5"/>'
            )
    return svg.document(start + across * (box + gap) - gap + 6, 2 * (tall + 32) + 4, parts)


def _bitmap(values: NDArray[np.floating], left: float, top: float, size: float, palette: Palette) -> list[str]:
    """From -1, plain, to +1, ink; what lies beyond is cut."""
    shares = np.clip((np.asarray(values) + 1) / 2, 0, 1)
    return [
        f'<rect x="{left + column * size:g}" y="{top + row * size:g}" width="{size:g}" height="{size:g}" '
        f'fill="{svg.mixed(palette.ink, palette.cell, float(share))}"/>'
        for (row, column), share in np.ndenumerate(shares)
    ]


def shares(probabilities: Sequence[float], notes: Sequence[str], palette: Palette) -> str:
    """Ten classes as bars with their probabilities; `notes` stand at the end of each line."""
    row, left, length = 21, 26, 170
    best = int(np.argmax(probabilities))
    parts = []
    for digit, (share, note) in enumerate(zip(probabilities, notes, strict=True)):
        y, colour = digit * row + row / 2 + 2, palette.output if digit == best else palette.output_soft
        parts.append(words(left - 12, y, str(digit), palette.ink, 13))
        parts.append(f'<rect x="{left}" y="{y - 6}" width="{length}" height="12" rx="3" fill="{palette.cell}"/>')
        parts.append(
            f'<rect x="{left}" y="{y - 6}" width="{max(length * share, 1):.1f}" height="12" rx="3" fill="{colour}"/>'
        )
        parts.append(words(left + length + 8, y, note, palette.ink if digit == best else palette.faint, 12, "start"))
    return svg.document(WIDTH, row * len(probabilities) + 4, parts)


# ------------------------------------------------------------------------------------------------------- learning rate


def rates(passes: NDArray[np.floating], values: NDArray[np.floating], names: tuple[str, str], palette: Palette) -> str:
    """A learning rate over the passes, on a logarithmic scale."""
    low, high = (10.0 ** end(np.log10(value)) for end, value in ((np.floor, values.min()), (np.ceil, values.max())))
    axes = Axes(WIDTH, HEIGHT, (0, round(float(passes.max()))), (low, high), left=58, logarithmic=True)
    powers = range(round(np.log10(low)), round(np.log10(high)) + 1)
    ticks = {10.0**power: _power(power) for power in powers}
    parts = axes.grid({at: str(at) for at in range(0, round(float(passes.max())) + 1, 5)}, ticks, names, palette)
    return svg.document(WIDTH, HEIGHT, [*parts, axes.line(passes, values, palette.output, 3)])


def _power(power: int) -> str:
    """-3 -> 10⁻³"""
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
