"""Networks as dots on two axes, with Plotly; imported only where a chart is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn.figures.theme import Palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT = 520  # pixels
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "pentagon")


@dataclass(frozen=True)
class Dot:
    """One network: its place, its name, what is said when it is pointed at."""

    x: float
    y: float
    name: str
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
    for index, family in enumerate(families):
        own = sorted((dot for dot in dots if dot.family == family), key=lambda dot: dot.x)
        symbol, colour = SYMBOLS[index % len(SYMBOLS)], hues[index % len(hues)]
        figure.add_scatter(
            x=[dot.x for dot in own],
            y=[dot.y for dot in own],
            mode="lines+markers+text",
            name=family,
            text=[dot.name for dot in own],
            textposition="top center" if index % 2 else "bottom center",
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
        xaxis=_axis(across, palette),
        yaxis=_axis(upwards, palette),
    )
    return figure


def _axis(look: AxisLook, palette: Palette) -> dict:
    kind = {"type": "log", "dtick": 1} if look.logarithmic else {}
    return {"title": {"text": look.title}, "gridcolor": palette.line, "zeroline": False, "automargin": True, **kind}
