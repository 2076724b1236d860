"""Why it is called pooling: rain on the numbers of the stage, seen as a basketball court."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn import snippets
from cnn.puddles import Court, court
from cnn.ui import cards, controls
from cnn.ui.components.puddles import puddles as relief
from cnn.ui.frame import Page
from cnn.ui.lessons.pooling.numbers import IMAGES, LARGEST_INPUT, LARGEST_WINDOW, given_image, input_grid

MOST_WINDOWS, MOST_CELLS = 4, 4  # of which the formula shows the numbers


@st.fragment
def puddles(page: Page) -> None:
    """Let it rain on the image upside down; the puddles are the max-pooled map."""
    board, side = st.columns([2.3, 1], gap="large")
    with side, controls.panel(page, "puddles") as panel:
        image, window, stride = _setting(panel)
    shown = court(image, window, stride)
    with board:
        relief(shown, page.labels("puddles"), "pooling.puddles")
        st.caption(page.sentence("puddles"))
    code = snippets.pooling(image, "max", window, stride)
    cards.cards(page, partial(_formula, page, shown), code)
    page.note_address()


def _setting(panel: controls.Panel) -> tuple[NDArray[np.floating], int, int]:
    """The image of the numbers section, its edits included, and the controls that matter here."""
    kind = panel.choice("image", IMAGES, "figure")
    shape = panel.pair("input", 2, (LARGEST_INPUT, LARGEST_INPUT), (4, 4))
    window = panel.slider("window", 1, min(LARGEST_WINDOW, *shape), 2)
    stride = panel.slider("stride", 1, LARGEST_WINDOW, 2)
    return input_grid().values(given_image(kind, shape)), window, stride


def _formula(page: Page, shown: Court) -> None:
    """Minus the lowest height is the largest value, window by window."""
    windows = []
    for puddle in shown.puddles[:MOST_WINDOWS]:
        depths = [float(shown.values[place]) for place in puddle.cells]
        heights = [-depth for depth in depths]
        windows.append({"heights": _list(heights), "depths": _list(depths), "pooled": f"{puddle.depth:.4g}"})
    page.text("puddles_formula", windows=windows, more=len(shown.puddles) - len(windows))


def _list(values: list[float]) -> str:
    r"""[-29.0, 0.5] -> "-29,\, 0.5", a long list only its beginning; minus zero is zero."""
    shown = values if len(values) <= MOST_CELLS else values[: MOST_CELLS - 1]
    return r",\, ".join([f"{value + 0.0:.4g}" for value in shown] + [r"\ldots"] * (len(values) > len(shown)))
