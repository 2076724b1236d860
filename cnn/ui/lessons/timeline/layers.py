"""Every layer of a network as a table that can be sorted and searched."""

import pandas as pd
import streamlit as st

from cnn.architecture import Architecture, Row
from cnn.figures.layer_names import details
from cnn.timeline import network_summary
from cnn.timeline.anatomy import Step
from cnn.ui.frame import Page
from cnn.ui.shapes import shape_text

HEIGHT = 360  # pixels


def layers(page: Page, network: Architecture, detail: network_summary.Detail) -> None:
    """The paper's rows, or every layer down to the activations."""
    words, everything = page.labels("diagram"), page.label("whole.everything")
    found = network_summary.rows(network, detail)
    columns = {
        "layer": [row.label for row in found],
        "kind": [_kind(row, words) for row in found],
        "shape": [shape_text(row.shape) for row in found],
        "parameters": [row.parameters for row in found],
        "macs": [row.macs for row in found],
        "receptive_field": [everything if row.receptive_field is None else str(row.receptive_field) for row in found],
    }
    if detail == "leaves":
        columns["layer"] = [row.path.partition(".")[2].replace(".", " › ") for row in found]
    frame = pd.DataFrame(columns)
    st.dataframe(
        frame,
        height=min(HEIGHT, 36 * (len(found) + 1) + 3),
        hide_index=True,
        key="timeline.layers",
        column_config={name: _column(page, name) for name in columns},
    )


def _kind(row: Row, words: dict[str, str]) -> str:
    """What a row is: "conv", or "residual block × 3" for a row that holds layers."""
    if row.kind in words and row.kind != "squeeze_excite":
        return words[row.kind]
    holder = next(node for node in row.nodes if node.children)
    return details(Step((holder,)), words)[0]


def _column(page: Page, name: str):
    label = page.label(f"whole.{name}")
    if name in ("parameters", "macs"):
        return st.column_config.NumberColumn(label, format="localized")
    return st.column_config.Column(label)
