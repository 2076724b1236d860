"""Networks as dots on two axes, with Plotly; imported only where a chart is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from cnn.figures.theme import Palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT = 520  # pixels
FEW_POWERS = 2  # of ten: an axis over no more of them has ticks between
NEAR = 0.03  # of an axis: dots of a family that are closer along both share one name
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "pentagon")


@dataclass(frozen=True)
class Dot:
    """One network: its place, its name, what is said when it is pointed at."""

    x: float
    y: float
    name: str  # beside the dot: short, as its family is told by sign, colour and legend
    family: str
    told: str  # lines, with <br> between them
    open: bool = False  # a ring: measured on another version of the network


@dataclass(frozen=True)
class AxisLook:
    """What an axis is called, and whether equal steps are equal factors."""

    title: str
    logarithmic: bool


def scatter(dots: Sequence[Dot], across: AxisLook, upwards: AxisLook, palette: Palette) -> Figure:
    """A trace for each family, with a sign and a colour of its own; the names stand beside the dots."""
    from plotly import graph_objects

    figure = graph_objects.Figure()
    hues = (palette.input, palette.kernel, palette.output, palette.changed)
    families = list(dict.fromkeys(dot.family for dot in dots))
    places = {
        dot: place for dot, *place in zip(dots, _shares(dots, "x", across), _shares(dots, "y", upwards), strict=True)
    }
    for index, family in enumerate(families):
        own = sorted((dot for dot in dots if dot.family == family), key=lambda dot: (dot.x, dot.y))
        symbol, colour = SYMBOLS[index % len(SYMBOLS)], hues[index % len(hues)]
        figure.add_scatter(
            x=[dot.x for dot in own],
            y=[dot.y for dot in own],
            mode="lines+markers+text",
            name=family,
            text=_names(own, places),
            textposition=_beside(own, index),
            cliponaxis=False,
            textfont={"size": 11, "color": palette.faint},
            customdata=[dot.told for dot in own],
            hovertemplate="%{customdata}<extra></extra>",
            line={"color": colour, "width": 1, "dash": "dot"},
            marker={
                "symbol": [f"{symbol}-open" if dot.open else symbol for dot in own],
                "size": 11,
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        hoverlabel={"align": "left"},
        legend={"orientation": "h", "y": -0.16},
        xaxis=_axis(across, palette, [dot.x for dot in dots]),
        yaxis=_axis(upwards, palette, [dot.y for dot in dots]),
    )
    return figure


def _shares(dots: Sequence[Dot], axis: str, look: AxisLook) -> list[float]:
    """How far along an axis each dot lies, from 0 to 1."""
    values = [getattr(dot, axis) for dot in dots]
    values = [log10(value) for value in values] if look.logarithmic else values
    low, high = min(values, default=0), max(values, default=0)
    return [(value - low) / (high - low or 1) for value in values]


def _names(own: Sequence[Dot], places: Mapping[Dot, Sequence[float]]) -> list[str]:
    """What stands beside each dot; where several lie on one another the first has all names: "11, 13, 16, 19"."""
    names: list[str] = []
    named = 0
    for index, dot in enumerate(own):
        if index and all(abs(a - b) < NEAR for a, b in zip(places[own[named]], places[dot], strict=True)):
            names[named] += f", {dot.name}"
            names.append("")
        else:
            names.append(dot.name)
            named = index
    return names


def _beside(own: Sequence[Dot], index: int) -> str:
    """Where the names of a family stand: above or below, by turns; beside dots that form a column."""
    if len(own) > 1 and len({dot.x for dot in own}) == 1:
        return "middle right" if index % 2 else "middle left"
    return "top center" if index % 2 else "bottom center"


def _axis(look: AxisLook, palette: Palette, values: Sequence[float]) -> dict:
    axis = {"title": {"text": look.title}, "gridcolor": palette.line, "zeroline": False, "automargin": True}
    if not look.logarithmic:
        return axis
    return {**axis, "type": "log", "tickvals": _ticks(values), "tickformat": "~s"}


def _ticks(values: Sequence[float]) -> list[float]:
    """Around the values: 1, 2, 5, 10, 20, 50 ...; the powers of ten alone where there are many. 8, 201 -> 1 to 500"""
    low, high = (floor(log10(find(values, default=1))) for find in (min, max))
    steps = (1, 2, 5) if high - low <= FEW_POWERS else (1,)
    return [step * 10.0**power for power in range(low, high + 1) for step in steps]
