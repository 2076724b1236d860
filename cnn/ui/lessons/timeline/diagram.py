"""The diagram of a network that opens: stages, then blocks, then layers. What is open is in the address."""

import streamlit as st

from cnn.architecture import Architecture, Node
from cnn.figures import theme
from cnn.figures.block_diagram import block_diagram
from cnn.timeline import anatomy
from cnn.ui import state
from cnn.ui.components.network_diagram import Crumb, network_diagram
from cnn.ui.frame import Page

INSIDE = "timeline.inside"
LONGEST = 120  # characters of a path


@st.fragment
def diagram(page: Page, network: Architecture) -> None:
    """The part that is open, the way back, and a button that saves the drawing."""
    part = _part(page, network)
    nodes = (part,) if part else network.tree
    drawing = block_diagram(nodes, page.labels("diagram"), theme.palette(st.context.theme.type), costs=True, opens=True)
    labels = {
        "diagram": page.label("whole.diagram", name=network.name),
        "inside": page.label("whole.inside"),
    }
    network_diagram(
        drawing,
        _way(page, network, part),
        labels,
        "timeline.diagram",
        on_open=lambda path: state.set_choice(INSIDE, path, ""),
    )
    st.caption(page.label("whole.hint"))
    st.download_button(
        page.label("whole.svg"),
        lambda: drawing,
        f"{'_'.join((network.key, *(part.path if part else ())))}.svg",
        "image/svg+xml",
        key="timeline.export.svg",
        icon=":material/download:",
        on_click="ignore",
    )
    page.note_address()


def _part(page: Page, network: Architecture) -> Node | None:
    """The part that is open; None for the whole. A part of another network is closed without a word."""
    asked = st.session_state.get(INSIDE, st.query_params.get(INSIDE, ""))
    found = anatomy.find(network, asked) if asked and len(asked) <= LONGEST else None
    inside = found if found and found.children and len(found.path) > 1 else None
    if asked and not inside:
        if INSIDE not in st.session_state:
            st.info(page.label("whole.unknown_part", name=network.name))
        state.set_choice(INSIDE, "", "")
    state.set_parameter(INSIDE, asked if inside else "", "")
    return inside


def _way(page: Page, network: Architecture, part: Node | None) -> list[Crumb]:
    """ResNet-50 > conv2_x > block1, without the half that all are in."""
    words = page.labels("diagram")
    way = [Crumb("", network.name)]
    for depth in range(2, len(part.path) + 1 if part else 0):
        path = ".".join(part.path[:depth])  # type: ignore[union-attr]
        node = anatomy.find(network, path)
        if node:
            way.append(Crumb(path, node.label or words[node.kind]))
    return way
