"""The table of layers, parameters and connections beside the paper's, as HTML that a phone can push sideways."""

from collections.abc import Collection
from html import escape

import streamlit as st

from cnn.figures import theme
from cnn.lenet import eras
from cnn.lenet.eras import Count, Era
from cnn.ui.frame import Page
from cnn.ui.shapes import shape_text

CELL = "padding:.28rem .45rem;white-space:nowrap;border-bottom:1px solid {line}"
COLUMNS = ("layer", "kind", "shape", "parameters", "paper", "connections", "paper")


def table(page: Page, era: Era, touched: Collection[str]) -> str:
    """Every layer of an era and their sum; rows that a change touches carry a mark."""
    palette = theme.palette(st.context.theme.type)
    cell = CELL.format(line=palette.line)
    heads = "".join(
        f'<th style="{cell};text-align:{"left" if index < 3 else "right"};color:{palette.faint};font-weight:600">'
        f"{escape(page.label(f'eras.columns.{name}'))}</th>"
        for index, name in enumerate(COLUMNS)
    )
    kinds = {row.label: row.kind for row in eras.ERAS[era].rows()}
    rows = [_row(page, count, page.label(f"eras.kinds.{kinds[count.label]}"), cell, count.label in touched)
            for count in eras.counts(era)]  # fmt: skip
    rows.append(_row(page, eras.total(era), "", cell, False))
    return (
        '<div style="overflow-x:auto" tabindex="0"><table style="border-collapse:collapse;font-size:.88rem;'
        f'font-variant-numeric:tabular-nums"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _row(page: Page, count: Count, kind: str, cell: str, touched: bool) -> str:
    palette = theme.palette(st.context.theme.type)
    tint = f"background:color-mix(in srgb,{palette.changed_soft} 35%,transparent)" if touched else ""
    name = f"{count.label} ◆" if touched else count.label or page.label("eras.total")
    words = [name, kind, shape_text(count.shape) if count.label else ""]
    numbers = [
        f"{count.parameters:,}", _printed(count.parameters, count.printed.parameters),
        f"{count.connections:,}", _printed(count.connections, count.printed.connections),
    ]  # fmt: skip
    weight = "" if count.label else ";font-weight:700"
    cells = [f'<td style="{cell};text-align:left{weight}">{escape(word)}</td>' for word in words]
    cells += [f'<td style="{cell};text-align:right{weight}">{number}</td>' for number in numbers]
    return f'<tr style="{tint}">{"".join(cells)}</tr>'


def _printed(computed: int, printed: int | None) -> str:
    """The paper's number with a tick where ours is the same; a dash where the paper prints none."""
    return "–" if printed is None else f"{printed:,} {'✓' if computed == printed else '≠'}"
