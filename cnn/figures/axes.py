"""A small coordinate system as SVG: lines at the ticks, curves, words; what several drawings share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from cnn.figures.theme import Palette


@dataclass(frozen=True)
class Axes:
    """From numbers to the place in a drawing of `width` x `height`, with room around the field for names."""

    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    left: float = 44
    right: float = 14
    top: float = 12
    bottom: float = 38
    logarithmic: bool = False  # the y axis

    def x(self, value: float) -> float:
        low, high = self.x_range
        return self.left + (self.width - self.left - self.right) * (value - low) / (high - low)

    def y(self, value: float) -> float:
        low, high, value = np.log10((*self.y_range, max(value, 1e-99))) if self.logarithmic else (*self.y_range, value)
        return float(self.top + (self.height - self.top - self.bottom) * (high - value) / (high - low))

    @property
    def bottom_line(self) -> float:
        return self.height - self.bottom

    @property
    def right_line(self) -> float:
        return self.width - self.right

    def grid(
        self, x_ticks: Mapping[float, str], y_ticks: Mapping[float, str], names: tuple[str, str], palette: Palette
    ) -> list[str]:
        """A line and its number at each tick of y, a number at each tick of x, the names of both axes."""
        parts = []
        for value, number in y_ticks.items():
            y = self.y(value)
            parts.append(f'<path d="M{self.left:g} {y:.1f}H{self.right_line:g}" stroke="{palette.line}"/>')
            parts.append(words(self.left - 7, y, number, palette.faint, 11.5, "end"))
        parts += [words(self.x(at), self.bottom_line + 13, said, palette.faint, 11.5) for at, said in x_ticks.items()]
        middle_x, middle_y = (self.left + self.right_line) / 2, (self.top + self.bottom_line) / 2
        parts.append(words(middle_x, self.height - 8, names[0], palette.faint, 12))
        turned = f'transform="rotate(-90 10 {middle_y:g})"'
        parts.append(words(10, middle_y, names[1], palette.faint, 12, more=turned))
        return parts

    def line(
        self, xs: Sequence[float] | np.ndarray, ys: Sequence[float] | np.ndarray, colour: str, width: float = 2.5,
        dashes: str = "", opacity: float = 1,
    ) -> str:  # fmt: skip
        """A curve through the points."""
        points = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in zip(xs, ys, strict=True))
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        faint = f' opacity="{opacity:g}"' if opacity < 1 else ""
        return (
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dashed}{faint}/>'
        )

    def across(self, value: float, colour: str, dashes: str = "5 4") -> str:
        """A dashed line at one height."""
        return f'<path d="M{self.left:g} {self.y(value):.1f}H{self.right_line:g}" stroke="{colour}" stroke-width="1.6" stroke-dasharray="{dashes}"/>'  # noqa: E501

    def upright(self, value: float, colour: str, dashes: str = "2 3") -> str:
        """A dashed line from top to bottom."""
        return f'<path d="M{self.x(value):.1f} {self.top:g}V{self.bottom_line:g}" stroke="{colour}" stroke-width="1.4" stroke-dasharray="{dashes}"/>'  # noqa: E501


def words(x: float, y: float, said: str, colour: str, size: float, anchor: str = "middle", more: str = "") -> str:
    """A short text, centred on its height."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size:g}" font-family="sans-serif" '
        f'font-weight="600" text-anchor="{anchor}" dominant-baseline="central" {more}>{escape(said)}</text>'
    )


def apart(heights: Iterable[float], least: float) -> list[float]:
    """Heights moved as little as needed, so that the words there do not lie on one another; in the same order."""
    heights = list(heights)
    order = np.argsort(heights, kind="stable")
    placed = np.array(heights, float)
    for _ in range(20 * len(heights)):  # two neighbours that are too close part by half each, until none are
        moved = False
        for one, other in zip(order, order[1:], strict=False):
            missing = least - (placed[other] - placed[one])
            if missing > 1e-6:
                placed[one] -= missing / 2
                placed[other] += missing / 2
                moved = True
        if not moved:
            break
    return placed.tolist()
