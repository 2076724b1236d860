"""The block at work: one photograph through five kinds of block, with the maps on every edge."""

import streamlit as st

from cnn import datasets
from cnn.figures import theme
from cnn.figures.block_maps import Mark, block_maps
from cnn.photographs import Photograph
from cnn.text import grouped
from cnn.timeline import block_snippets, blocks_at_work
from cnn.timeline.blocks_at_work import BLOCKS, CHANNELS, SIDE, Trace, Worked
from cnn.ui import cards, controls, photographs
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline.drawings import figure
from cnn.ui.lessons.timeline.numbers import table

MOST_SEEDS = 20
SEED = 6  # of the twenty, the one with the fewest silent maps in the five outputs
ROW, COLUMN = 28, 19  # where the first map of none of the five is silent


@st.fragment
def blocks(page: Page) -> None:
    """Choose a block, a photograph and a random start; below, one number of the output taken apart."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        key = controls.choice(page, "block", tuple(BLOCKS), "residual")
        picture = photographs.chosen(page)
        with controls.panel(page, "blocks") as panel:
            seed = panel.slider("block_seed", 1, MOST_SEEDS, SEED)
            trace = _trace(picture, key, seed)
            mark = Mark(
                panel.slider("block_map", 1, len(trace.output), 1) - 1,
                panel.slider("block_row", 0, SIDE - 1, ROW, half=True),
                panel.slider("block_column", 0, SIDE - 1, COLUMN, half=True),
            )
    with board:
        _picture(page, key, trace, mark)
        if key == "squeeze_excite":
            _gates(page, trace, seed)
    block = BLOCKS[key]
    found = blocks_at_work.worked(trace, mark.index, mark.row, mark.column)
    numbers = {
        "kind": key,
        "counts": [count for _, count in blocks_at_work.sources(trace)],
        "maps": len(trace.output),
        "parameters": f"{block.parameters:,}",
        "macs": grouped(block.macs),
        "number": mark.index + 1,
        "row": mark.row,
        "column": mark.column,
        **_written(found),
    }
    cards.cards(page, lambda: page.text("blocks_formula", **numbers), block_snippets.block(key, seed, mark))
    page.note_address()


def _trace(picture: Photograph, key: str, seed: int) -> Trace:
    block = BLOCKS[key]
    weights = blocks_at_work.random_weights(block, seed)
    return blocks_at_work.run(block, blocks_at_work.input_maps(picture), weights)


def _picture(page: Page, key: str, trace: Trace, mark: Mark) -> None:
    scale = blocks_at_work.largest(trace)
    drawing = block_maps(trace, page.labels("block_maps"), theme.palette(st.context.theme.type), scale, mark)
    name, described = page.label(f"options.{key}"), page.sentence(f"block_{key}")
    st.html(figure(drawing, name, described))
    st.caption(described)
    st.caption(page.sentence("blocks_scale", scale=f"{scale:.2f}", inputs=CHANNELS))


def _gates(page: Page, trace: Trace, seed: int) -> None:
    """The weights of the maps for this photograph and for the samples."""
    rows = {page.label("block_gates.shown"): blocks_at_work.gates(trace)}
    for key in datasets.PHOTOGRAPHS:
        other = _trace(datasets.photograph(key), "squeeze_excite", seed)
        rows[page.label(f"photographs.{key}")] = blocks_at_work.gates(other)
    head = [page.label("block_gates.map"), *map(str, range(1, CHANNELS + 1))]
    st.html(table(head, [[name, *(f"{gate:.3f}" for gate in gates)] for name, gates in rows.items()]))


def _written(found: Worked) -> dict[str, str | int | None]:
    """Numbers to three decimals, with their sign; what the block has not is None."""
    numbers = {name: getattr(found, name) for name in ("output", "convolved", "mean", "gate", "shortcut")}
    written = {name: None if value is None else f"{value:.3f}" for name, value in numbers.items()}
    return {**written, "source": found.source, "source_number": found.number}
