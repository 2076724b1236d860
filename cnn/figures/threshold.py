"""A line of values with the stretch that pooling hides, as SVG."""

import math

from cnn.figures.svg import document
from cnn.figures.theme import Palette
from cnn.perturbation import Interval

WIDTH, HEIGHT, RIM = 320, 62, 14


def threshold(interval: Interval, original: float, value: float, span: tuple[float, float], palette: Palette) -> str:
    """The values of `span` from left to right; green is absorbed, the rest is noticed; a tick at original and value."""
    low, high = span

    def x(number: float) -> float:
        inside = min(max(number, low), high)
        return RIM + (WIDTH - 2 * RIM) * (inside - low) / (high - low)

    left, right = x(interval.low), x(interval.high)
    absorbed = interval.low <= value <= interval.high
    return document(
        WIDTH,
        HEIGHT,
        [
            f'<rect x="{RIM}" y="26" width="{WIDTH - 2 * RIM}" height="10" rx="5" fill="{palette.changed_soft}"/>',
            f'<rect x="{left:g}" y="26" width="{max(right - left, 2):g}" height="10" fill="{palette.output_soft}"/>',
            f'<path d="M{left:g} 22v18M{right:g} 22v18" stroke="{palette.output}" stroke-dasharray="2 2"/>',
            _tick(x(original), f"{original:g}", palette.faint, 54),
            _tick(x(value), f"{value:g}", palette.output if absorbed else palette.changed, 14),
        ],
    )


def _tick(x: float, words: str, colour: str, text_y: float) -> str:
    return (
        f'<path d="M{x:g} 20v22" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{x:g}" y="{text_y:g}" font-size="12" font-family="sans-serif" font-weight="600" '
        f'text-anchor="middle" fill="{colour}">{words.replace("-", "−")}</text>'
    )


def end(number: float) -> str:
    """An end of the interval in words: −∞, 0.5, ∞."""
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    return f"{number:.4g}".replace("-", "−")
