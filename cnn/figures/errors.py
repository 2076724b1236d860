"""How the errors of two imitations fall, on a logarithmic scale, as SVG: quick enough to be redrawn while they fall."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnn.figures import svg
from cnn.figures.theme import Palette

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 380, 216, 56, 72, 12, 38
HIGHEST, LOWEST = 0, -8  # powers of ten; what lies below is drawn on the lowest line


@dataclass(frozen=True)
class Line:
    """One curve: errors at these steps, and the name that stands at its end."""

    name: str
    steps: Sequence[int]
    errors: Sequence[float]


def falling_errors(
    average: Line, largest: Line, floor: float | None, steps: int, names: tuple[str, str], palette: Palette
) -> str:
    """Two curves over `steps` steps, and a dashed line at the error that none of the second kind can go below.

    names: of the two axes, error and step.
    """

    def x(step: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * step / steps

    def y(error: float) -> float:
        power = min(max(np.log10(max(error, 1e-99)), LOWEST), HIGHEST)
        return TOP + (HEIGHT - TOP - BOTTOM) * (HIGHEST - power) / (HIGHEST - LOWEST)

    parts = [_scale(x, y, steps, palette), _names(names, palette)]
    for line, colour in ((average, palette.output), (largest, palette.kernel)):
        if line.steps:
            points = " ".join(
                f"{x(step):.1f},{y(error):.1f}" for step, error in zip(line.steps, line.errors, strict=True)
            )
            parts.append(
                f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5" '
                'stroke-linejoin="round"/>'
            )
            at = f'x="{x(line.steps[-1]) + 6:g}" y="{y(line.errors[-1]):g}"'
            parts.append(f'<text {at} fill="{colour}" {_font(13)} dominant-baseline="central">{line.name}</text>')
    if floor is not None:
        dashes = f'd="M{x(0):g} {y(floor):g}H{x(steps):g}"'
        parts.append(f'<path {dashes} stroke="{palette.ink}" stroke-width="1.5" stroke-dasharray="3 5"/>')
    return svg.document(WIDTH, HEIGHT, parts)


def _scale(x, y, steps: int, palette: Palette) -> str:
    """Lines at every second power of ten, and numbers at both ends of the steps."""
    parts = []
    for power in range(LOWEST, HIGHEST + 1, 2):
        height = y(10.0**power)
        raised = f'10<tspan dy="-4" font-size="9">{str(power).replace("-", "−")}</tspan>' if power else "1"
        parts.append(f'<path d="M{LEFT} {height:g}H{x(steps):g}" stroke="{palette.line}"/>')
        place = f'x="{LEFT - 7}" y="{height + 4:g}" text-anchor="end"'
        parts.append(f'<text {place} fill="{palette.faint}" {_font(12)}>{raised}</text>')
    parts += [
        f'<text x="{x(step):g}" y="{HEIGHT - BOTTOM + 16}" fill="{palette.faint}" {_font(12)} '
        f'text-anchor="middle">{step:,}</text>'
        for step in (0, steps // 2, steps)
    ]
    return "".join(parts)


def _names(names: tuple[str, str], palette: Palette) -> str:
    middle = TOP + (HEIGHT - TOP - BOTTOM) / 2
    return (
        f'<text x="11" y="{middle:g}" transform="rotate(-90 11 {middle:g})" fill="{palette.faint}" {_font(12)} '
        f'text-anchor="middle">{names[0]}</text>'
        f'<text x="{LEFT + (WIDTH - LEFT - RIGHT) / 2:g}" y="{HEIGHT - 5}" fill="{palette.faint}" {_font(12)} '
        f'text-anchor="middle">{names[1]}</text>'
    )


def _font(size: int) -> str:
    return f'font-family="sans-serif" font-weight="600" font-size="{size}"'
