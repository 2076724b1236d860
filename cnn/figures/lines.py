"""Curves, as a Plotly figure in the app's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnn.figures.theme import Palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")  # a second sign beside the colour
MARKERS = ("circle", "square", "diamond", "triangle-up", "x")
CONFIG = {"displayModeBar": False}


def lines(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    x_title: str,
    y_title: str,
    palette: Palette,
    *,
    percent: bool = False,
    height: int = 320,
) -> Figure:
    """Named curves of (x, y), each with a colour, a dash and a marker of its own."""
    from plotly import graph_objects  # 4 MB that the home page does without

    tones = (palette.output, palette.input, palette.kernel, palette.changed, palette.padding)
    figure = graph_objects.Figure()
    for index, (name, (x, y)) in enumerate(curves.items()):
        style = {"color": tones[index % len(tones)], "dash": DASHES[index % len(DASHES)], "width": 2.5}
        marker = {"symbol": MARKERS[index % len(MARKERS)], "size": 8}
        figure.add_scatter(x=list(x), y=list(y), name=name, mode="lines+markers", line=style, marker=marker)
    axis: dict[str, Any] = {"gridcolor": palette.line, "zerolinecolor": palette.line, "rangemode": "tozero"}
    figure.update_xaxes(title=x_title, **axis)
    figure.update_yaxes(title=y_title, tickformat=".0%" if percent else None, **axis)
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.ink, "size": 13},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        hovermode="x unified",
    )
    return figure
