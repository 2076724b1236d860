"""Numbers of networks against each other, on axes that the learner chooses; each dot says where its numbers stand."""

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.figures.scatter import AxisLook, Dot, scatter
from cnn.timeline import line
from cnn.timeline.comparisons import AXES, Number, Point, points
from cnn.ui import controls
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline.records import about, source

DEFAULT = ("macs", "torchvision_error")


@st.fragment
def charts(page: Page) -> None:
    """Two axes, and the networks that have a number on both."""
    with controls.panel(page, "charts") as panel:
        x = panel.choice("across", tuple(AXES), DEFAULT[0])
        y = panel.choice("upwards", tuple(AXES), DEFAULT[1])
    found = points(x, y)
    dots = [_dot(page, point, x, y) for point in found]
    figure = scatter(dots, _look(page, x), _look(page, y), theme.palette(st.context.theme.type))
    st.plotly_chart(figure, key="timeline.chart", config={"displayModeBar": False})
    st.caption(page.label("network_charts.choose"))
    shown = {point.key for point in found}
    if missing := [network.name for key, network in ARCHITECTURES.items() if key not in shown]:
        st.caption(page.label("network_charts.skipped", names=", ".join(missing)))
    page.note_address()


def _look(page: Page, axis: str) -> AxisLook:
    return AxisLook(page.label(f"measures.{axis}_axis"), AXES[axis].logarithmic)


def _dot(page: Page, point: Point, x: str, y: str) -> Dot:
    """A network's dot, with both numbers and their sources in words."""
    network = ARCHITECTURES[point.key]
    told = [f"<b>{network.name}</b>", *_told(page, point, x, point.x)]
    if y != x:
        told += _told(page, point, y, point.y)
    return Dot(
        point.x.value,
        point.y.value,
        line.number(point.key) or network.name,
        page.label(f"stops.{point.stop}"),
        "<br>".join(told),
        point.x.other_version or point.y.other_version,
    )


def _told(page: Page, point: Point, axis: str, number: Number) -> list[str]:
    """A number, and below it its source."""
    written = f"{number.value:g}" if axis == "year" else f"{number.value:,}"
    if number.record is None:
        paper = ARCHITECTURES[point.key].paper.split(",")[0]
        sources = [page.label("network_charts.from_spec", paper=paper)]
    else:
        sources = [about(page, number.record), source(page, number.record)]
    return [f"{page.label(f'measures.{axis}_axis')}: {written}", *(f"<i>{line}</i>" for line in sources)]
