"""Curves of several runs on one pair of axes, as a Plotly figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnn.figures.lines import DASHES
from cnn.figures.theme import Palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MOST_POINTS = 300  # of a curve
FEW_POINTS = 30  # up to which each is marked

Points = tuple[NDArray[np.integer], NDArray[np.floating]]  # x (n,), y (n,)


def overlay(
    curves: Mapping[str, Points], x_title: str, y_title: str, palette: Palette, *, percent: bool, height: int = 380
) -> Figure:
    """Named curves; shares as percentages, anything else on a logarithmic scale."""
    from plotly import graph_objects  # 4 MB that other pages do without

    tones = (palette.output, palette.input, palette.kernel, palette.changed, palette.padding)
    figure = graph_objects.Figure()
    for index, (name, (x, y)) in enumerate(curves.items()):
        kept = spread(y)
        dash = DASHES[
            (index + index // len(tones)) % len(DASHES)
        ]  # five tones, five dashes: 25 curves can be told apart
        figure.add_scatter(
            x=x[kept].tolist(),
            y=y[kept].tolist(),
            name=name,
            mode="lines+markers" if len(kept) <= FEW_POINTS else "lines",
            line={"color": tones[index % len(tones)], "dash": dash, "width": 2.2},
        )
    axis: dict[str, Any] = {"gridcolor": palette.line, "zerolinecolor": palette.line}
    figure.update_xaxes(title=x_title, rangemode="tozero", **axis)
    figure.update_yaxes(
        title=y_title,
        tickformat=".1~%" if percent else None,
        autorangeoptions={"clipmin": 0, "clipmax": 1} if percent else None,
        type="linear" if percent else "log",
        **axis,
    )
    figure.update_layout(
        height=height + 22 * max(len(curves) - 1, 0),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.ink, "size": 13},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "entrywidth": 1,
            "entrywidthmode": "fraction",
        },
        showlegend=True,
    )
    return figure


def spread(y: NDArray[np.floating]) -> NDArray[np.int64]:
    """Places of at most MOST_POINTS points, evenly spread, first and last among them; what is no number is left out."""
    places = np.flatnonzero(np.isfinite(y))
    if len(places) > MOST_POINTS:
        places = places[np.linspace(0, len(places) - 1, MOST_POINTS).round().astype(int)]
    return places
