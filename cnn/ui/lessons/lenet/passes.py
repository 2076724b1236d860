"""The runs as in 1998: the error after each of the twenty passes, every seed, beside the paper's figures."""

from collections.abc import Sequence

import streamlit as st

from cnn.figures import passes as drawings
from cnn.figures import theme
from cnn.figures.passes import Course
from cnn.lenet import eras
from cnn.training.schedules import PASSES_1998
from cnn.ui import controls
from cnn.ui.frame import Page
from cnn.ui.gallery import drawn, gallery

FALLS = [index for index in range(1, len(PASSES_1998)) if PASSES_1998[index] != PASSES_1998[index - 1]]
HIGHEST = {"test_error": 0.03, "learning_error": 0.1}
RECIPES = ("lenet5_plain", "lenet5")


@st.fragment
def passes(page: Page) -> None:
    """Both recipes abreast."""
    found = {recipe: eras.runs(recipe) for recipe in RECIPES}
    st.markdown(f"##### {page.label('eras.learning')}")
    which = controls.choice(page, "error", tuple(HIGHEST), "test_error")
    exhibits = []
    for recipe, runs in found.items():
        rows = runs.test if which == "test_error" else runs.training
        paper = runs.paper if which == "test_error" else None
        drawing = _drawing(page, runs.seeds, rows, paper, HIGHEST[which])
        name = page.label(f"eras.{recipe}", mean=f"{runs.last:.2%}", paper=f"{runs.paper:.2%}", seeds=len(runs.seeds))
        exhibits.append(drawn(drawing, name, name))
    st.html(gallery(exhibits))
    page.text("curves", seeds={recipe: list(runs.seeds) for recipe, runs in found.items()})
    page.note_address()


def _drawing(
    page: Page, seeds: Sequence[int], rows: Sequence[Sequence[float]], paper: float | None, highest: float
) -> str:
    courses = [Course(page.label("eras.seed", seed=seed), errors) for seed, errors in zip(seeds, rows, strict=True)]
    names = (page.label("eras.passes"), page.label("eras.error"), page.label("eras.paper"))
    return drawings.passes(courses, paper, FALLS, highest, names, theme.palette(st.context.theme.type))
