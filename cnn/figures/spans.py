"""Means with the spans they come from, in groups, as a Plotly figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cnn.figures.lines import MARKERS
from cnn.figures.theme import Palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True)
class Span:
    """A mean, and the lowest and highest of what it is the mean of."""

    mean: float
    lowest: float
    highest: float


def spans(
    groups: Sequence[str],
    series: Mapping[str, Sequence[Span | None]],
    y_title: str,
    palette: Palette,
    height: int = 380,
) -> Figure:
    """One mark per group and series, side by side; None leaves its place free.

    Shapes: each of series (groups,)
    """
    from plotly import graph_objects  # 4 MB that other pages do without

    tones = (palette.output, palette.input, palette.kernel, palette.changed)
    figure = graph_objects.Figure()
    for index, (name, found) in enumerate(series.items()):
        figure.add_scatter(
            x=list(groups),
            y=[span and span.mean for span in found],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [span.highest - span.mean if span else 0 for span in found],
                "arrayminus": [span.mean - span.lowest if span else 0 for span in found],
                "thickness": 2,
                "width": 6,
            },
            name=name,
            mode="markers",
            offsetgroup=name,
            marker={"symbol": MARKERS[index], "size": 11, "color": tones[index]},
        )
    axis: dict[str, Any] = {"gridcolor": palette.line, "zerolinecolor": palette.line}
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=list(groups), **axis)
    figure.update_xaxes(range=[-0.5, len(groups) - 0.5])
    figure.update_yaxes(title=y_title, tickformat=".1~%", **axis)
    if not any(span for found in series.values() for span in found):
        figure.update_yaxes(range=[0, 1])  # nothing to fit the axis to
    figure.update_layout(
        scattermode="group",
        height=height,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.ink, "size": 13},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        showlegend=True,
    )
    return figure
