"""The trade of errors for rejections, as SVG: a curve for each network, the threshold marked on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnn.envelope.reading import Rejection
from cnn.figures import svg
from cnn.figures.axes import Axes, words
from cnn.figures.theme import Palette

WIDTH, HEIGHT = 430, 250
BEYOND = 1.06  # how far the axes go, of what is largest
STEPS, MOST_TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2), 7


@dataclass(frozen=True)
class Curve:
    """One network's points, threshold by threshold, and its name."""

    name: str
    points: Sequence[Rejection]


def rejection(
    chosen: Curve, other: Curve, now: Rejection, noted: Sequence[Rejection], names: tuple[str, str], palette: Palette
) -> str:
    """The chosen network's curve is thick; `now` is its point at the threshold, `noted` are points with a number."""
    both = [*chosen.points, *other.points]
    widest, tallest = (BEYOND * max(getattr(point, side) for point in both) for side in ("rejected", "errors"))
    axes = Axes(WIDTH, HEIGHT, (0, widest), (0, tallest), left=64)
    parts = axes.grid(_ticks(widest), _ticks(tallest), names, palette)
    parts.append(_curve(axes, other, palette.kernel, 1.8, "6 4"))
    parts.append(_curve(axes, chosen, palette.output, 3, ""))
    for point in noted:
        x, y = axes.x(point.rejected), axes.y(point.errors)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{palette.output}"/>')
        at_rim = x > axes.right_line - 50
        parts.append(words(x if at_rim else x + 6, y - 10, f"t = {point.threshold:g}", palette.faint, 11,
                           "end" if at_rim else "start"))  # fmt: skip
    return svg.document(
        WIDTH,
        HEIGHT,
        [*parts, *_mark(axes, now, palette), *_key(axes, chosen.name, other.name, palette)],
    )


def _mark(axes: Axes, now: Rejection, palette: Palette) -> list[str]:
    """A diamond, and from it a line to either axis."""
    x, y = axes.x(now.rejected), axes.y(now.errors)
    return [
        f'<path d="M{x:.1f} {axes.bottom_line:g}V{y:.1f}H{axes.left:g}" fill="none" stroke="{palette.changed}" '
        'stroke-width="1.4" stroke-dasharray="3 3"/>',
        f'<path d="M{x - 7:.1f} {y:.1f}l7 -7l7 7l-7 7z" fill="{palette.changed}" stroke="{palette.cell}" '
        'stroke-width="1.5"/>',
    ]


def _curve(axes: Axes, curve: Curve, colour: str, width: float, dashes: str) -> str:
    rejected, errors = ([getattr(point, side) for point in curve.points] for side in ("rejected", "errors"))
    return axes.line(rejected, errors, colour, width, dashes)


def _key(axes: Axes, chosen: str, other: str, palette: Palette) -> list[str]:
    """Which line is which, in the upper right corner, where no curve comes."""
    parts, left = [], axes.right_line - 150
    for row, (name, colour, width, dashes) in enumerate(
        ((chosen, palette.output, 3, ""), (other, palette.kernel, 1.8, ' stroke-dasharray="6 4"'))
    ):
        y = axes.top + 14 + 18 * row
        parts.append(f'<path d="M{left:g} {y:g}h26" stroke="{colour}" stroke-width="{width}"{dashes}/>')
        parts.append(words(left + 34, y, name, palette.ink, 12, "start"))
    return parts


def _ticks(end: float) -> dict[float, str]:
    """Percent, at most seven of them, from 0 on."""
    step = next(step for step in STEPS if end / step < MOST_TICKS)
    return {step * number: f"{100 * step * number:.3g}%" for number in range(int(end / step) + 1)}
