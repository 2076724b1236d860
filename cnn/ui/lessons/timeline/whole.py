"""A whole network: a diagram that opens, what its stages cost, how the picture shrinks, every layer, and exports."""

from functools import partial
from itertools import pairwise

import streamlit as st

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.figures import network_costs, theme
from cnn.timeline import anatomy, network_code, network_summary
from cnn.ui import cards, controls
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import choice
from cnn.ui.lessons.timeline.diagram import diagram
from cnn.ui.lessons.timeline.drawings import figure
from cnn.ui.lessons.timeline.layers import layers

SELECT = "timeline.network.widget"


@st.fragment
def whole(page: Page) -> None:
    """Pick a network, and look into it."""
    network = ARCHITECTURES[choice.picked(page)]
    board, side = st.columns([1.15, 1], gap="large")
    with board:
        _select(page, network.key)
        diagram(page, network)
    with side:
        _sizes(page, network)
        st.markdown(f"##### {page.label('whole.shares')}")
        _shares(page, network)
        page.text("whole_numbers", network=network)
    st.markdown(f"##### {page.label('whole.table')}")
    detail: network_summary.Detail = controls.choice(page, "detail", ("rows", "leaves"), "rows")  # type: ignore
    layers(page, network, detail)
    _programs(page, network, detail)
    page.note_address()


def _select(page: Page, key: str) -> None:
    st.session_state[SELECT] = key
    st.selectbox(
        page.label("timeline.network"),
        list(ARCHITECTURES),
        format_func=lambda key: ARCHITECTURES[key].name,
        key=SELECT,
        on_change=lambda: choice.pick(st.session_state[SELECT]),
    )


def _sizes(page: Page, network: Architecture) -> None:
    """The squares, and below them the rule in numbers."""
    st.markdown(f"##### {page.label('whole.sizes')}")
    found = anatomy.sizes(network)
    pixels = [size.pixels for size in found]
    drawing = network_costs.shrinking(found, theme.palette(st.context.theme.type))
    written = [str(size) for size in pixels]
    st.html(figure(drawing, "", page.label("whole.sizes_alt", sizes=", ".join(written))))
    halved = all(large == 2 * small for large, small in pairwise(pixels))
    halvings = len(pixels) - 1 if halved else 0
    page.text("whole_sizes", sizes=written, halvings=halvings, factor=2**halvings)


def _shares(page: Page, network: Architecture) -> None:
    costly = [share for share in network.shares() if share.parameters or share.macs]
    drawing = network_costs.shares(costly, page.labels("measures"), theme.palette(st.context.theme.type))
    told = "; ".join(f"{share.label} {share.parameters_share:.1%}, {share.macs_share:.1%}" for share in costly)
    st.html(figure(drawing, "", f"{page.label('whole.shares')}: {told}"))


def _programs(page: Page, network: Architecture, detail: network_summary.Detail) -> None:
    """The network as a program and as text, to read and to take away."""
    program, summary = network_code.program(network), network_summary.summary(network)
    with st.container(horizontal=True, gap="small"):
        files = {  # each made on a press: a file that lies ready may be gone when a slow browser looks for it
            "csv": (network_summary.table(network, detail), f"{network.key}.csv", "text/csv"),
            "code": (program, f"{network.key}.py", "text/x-python"),
            "summary": (summary, f"{network.key}.txt", "text/plain"),
        }
        for name, (text, file, kind) in files.items():
            st.download_button(
                page.label(f"whole.{name}"),
                partial(str, text),
                file,
                kind,
                key=f"timeline.export.{name}",
                icon=":material/download:",
                on_click="ignore",
            )
    left, right = cards.pair()
    with left:
        cards.heading(page, "code")
        cards.show_code(left, program)
    with right:
        st.markdown(f"##### {page.label('whole.summary_heading')}")
        st.code(summary, language=None, height=340)
