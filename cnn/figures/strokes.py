"""Words, boxes, lines and arrows of a diagram, as parts of an SVG."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from cnn.figures.theme import Palette
from cnn.layers import Shape

SIZE, SMALL = 13, 11  # of letters
FONT = 'font-family="system-ui,sans-serif" text-anchor="middle" dominant-baseline="central"'


@dataclass(frozen=True)
class Drawing:
    """A picture with a line that enters at (axis, 0) and leaves at (axis, height)."""

    width: float
    height: float
    axis: float
    parts: str


def sizes(shape: Shape) -> str:
    """(64, 56, 56) -> "64 × 56 × 56"."""
    return " × ".join(map(str, shape))


def length(words: str, size: int) -> float:
    """About how wide letters of that size come out; Chinese ones are square."""
    return sum(size * (1.0 if ord(letter) > 0x2E80 else 0.57) for letter in words)


def placed(drawing: Drawing, left: float, top: float) -> str:
    """The drawing with its upper left corner there."""
    return f'<g transform="translate({left:g} {top:g})">{drawing.parts}</g>'


def rect(left: float, top: float, width: float, height: float, fill: str, stroke: str) -> str:
    """A box with round corners."""
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="6" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="1.4"/>'
    )


def text(x: float, y: float, words: str, colour: str, size: int, *, bold: bool = False, anchor: str = "middle") -> str:
    """Words whose middle, start or end (`anchor`) stands at (x, y)."""
    font = FONT if anchor == "middle" else FONT.replace('"middle"', f'"{anchor}"', 1)
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size}" {font}{weight}>{escape(words)}</text>'


def path(d: str, colour: str, width: float = 1.5) -> str:
    """A line, `d` as SVG writes it."""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def arrow(x: float, top: float, length: float, palette: Palette) -> str:
    """Downwards."""
    end = top + length
    return path(f"M{x:g} {top:g}V{end - 5:g}", palette.faint) + head(x, end, palette.faint, "down")


def head(x: float, y: float, colour: str, towards: str) -> str:
    """An arrow's head with its tip at (x, y): down, right or left."""
    corners = {"down": "l-4 -7h8z", "right": "l-7 -4v8z", "left": "l7 -4v8z"}
    return f'<path d="M{x:g} {y:g}{corners[towards]}" fill="{colour}"/>'


def joint(x: float, y: float, sign: str, colour: str, palette: Palette) -> str:
    """Where lines meet: a circle with "+" or "×"."""
    circle = f'<circle cx="{x:g}" cy="{y:g}" r="11" fill="{palette.cell}" stroke="{colour}" stroke-width="2.2"/>'
    return circle + text(x, y, sign, colour, 16, bold=True)
