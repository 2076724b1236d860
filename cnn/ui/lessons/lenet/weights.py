"""The weights of both networks: the kernels of a layer as a table, with what they cost."""

import numpy as np
import streamlit as st

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.figures.numbered import numbered
from cnn.lenet import dissection, program
from cnn.lenet.kernel_table import ALL_AT_ONCE, AT_ONCE, KernelTable, kernel_table, layers, units
from cnn.ui import cards, controls, state
from cnn.ui.components.kernel_table import kernel_table as picture
from cnn.ui.frame import Page
from cnn.ui.gallery import drawn, gallery
from cnn.ui.lessons.lenet.opened import NETWORKS
from cnn.ui.shapes import shape_text

FIRST_LAYER = "C3"
MOST_COLUMNS = 9999  # of what an address may ask for
MOST_NUMBERED = 6  # kernels whose numbers are shown, to one decimal: more would not fit the cells


@st.fragment
def weights(page: Page) -> None:
    """Pick a layer and one of its maps: which maps it reads, with which kernels."""
    left, right = st.columns([1, 2], gap="large", vertical_alignment="bottom")
    with left:
        architecture = ARCHITECTURES[NETWORKS[controls.choice(page, "network", tuple(NETWORKS), "today")]]
    with right:
        label = _layer(page, architecture)
    count = units(architecture, label)
    first = controls.slider(page, "first_unit", 0, count - AT_ONCE, 0) if count > ALL_AT_ONCE else 0
    table = kernel_table(architecture, label, first)
    chosen = _column(table)
    row = dissection.layer_row(architecture, label)
    st.markdown(f"##### {label} &nbsp; `{row.path}` &nbsp; ({', '.join(map(str, table.shape))})")
    below = _below(architecture, label)
    names = [f"{below}[{map_}]" for map_ in table.rows] or [below]
    picture(table, label, names, chosen, page.labels("kernel_table"), f"lenet.kernels.{label}", _pick)
    _numbers(page, table, label, names, chosen)
    reads = int(table.reads[table.columns.index(chosen)].sum())
    cards.cards(
        page,
        lambda: page.text(
            "weights_formula",
            layer=label,
            kind=row.kind,
            sparse=row.kind == "sparse_convolution",
            unit=chosen,
            reads=reads,
            size=table.kernels.shape[2:],
            shape=row.shape,
            parameters=row.parameters,
            connections=row.connections,
            total=architecture.parameters,
            all_connections=architecture.connections,
        ),
        program.weights(architecture.key, label, chosen),
    )
    page.note_address()


def _layer(page: Page, architecture: Architecture) -> str:
    """One of the layers with weights; in the address by its name."""
    options, widget = layers(architecture), "lenet.layer.widget"
    st.session_state[widget] = state.choice("lenet.layer", options, FIRST_LAYER)
    chosen = st.pills(
        page.label("kernel_table.layer"),
        options,
        key=widget,
        required=True,
        on_change=lambda: state.set_choice("lenet.layer", st.session_state[widget], FIRST_LAYER),
    )
    state.set_parameter("lenet.layer", str(chosen), FIRST_LAYER)
    return str(chosen)


def _column(table: KernelTable) -> int:
    """The column looked at; where the table does not show it, its first."""
    asked = state.number("lenet.column", 0, MOST_COLUMNS, 0)
    chosen = asked if asked in table.columns else table.columns[0]
    state.set_parameter("lenet.column", str(chosen), "0")
    return chosen


def _pick(column: int) -> None:
    state.set_number("lenet.column", column, 0)


def _below(architecture: Architecture, label: str) -> str:
    """The layer that this one reads."""
    labels = [dissection.INPUT, *(row.label for row in architecture.rows())]
    return labels[labels.index(label) - 1]


def _numbers(page: Page, table: KernelTable, label: str, names: list[str], chosen: int) -> None:
    """The chosen map's kernels as numbers."""
    at = table.columns.index(chosen)
    read = [row for row in range(len(names)) if table.reads[at, row]]
    palette = theme.palette(st.context.theme.type)
    said = f"{page.label('kernel_table.numbers', layer=label, unit=chosen)} ({shape_text(table.kernels.shape[2:])})"
    if len(read) > MOST_NUMBERED:
        said += page.label("kernel_table.first", shown=MOST_NUMBERED, reads=len(read))
    st.caption(said)
    exhibits = [
        drawn(
            numbered((np.round(table.kernels[at, row].astype(float), 1) + 0.0).tolist(), palette.kernel_soft, palette),
            names[row],
            " ".join(f"{value:.2f}" for value in table.kernels[at, row].ravel()),
        )
        for row in read[:MOST_NUMBERED]
    ]
    st.html(gallery(exhibits))
