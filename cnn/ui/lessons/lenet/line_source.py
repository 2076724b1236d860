"""Where the learner's line comes from, other than from the pen: a sample of test digits, or a photograph."""

import numpy as np
import streamlit as st
from PIL import Image

from cnn.envelope.line_image import STEEPEST, line_from_photograph
from cnn.envelope.measured import Measured
from cnn.envelope.photographed import DARKEST, MOST_TURNED, photographed
from cnn.envelope.segmentation import Form
from cnn.envelope.writing import CLOSEST, FARTHEST
from cnn.photographs import Photograph
from cnn.ui import controls
from cnn.ui.frame import Page
from cnn.ui.lessons.lenet.held_line import MOST_SEEDS, held, own, put, sample
from cnn.ui.uploads import upload

GAP = 4  # pixels between the digits of a sample
THUMBNAIL = 480  # pixels of a photograph's longer side


def source(page: Page, form: Form, figures: Measured) -> int:
    """Another sample, with more or less room between its digits; or a photograph. -> the gap, in pixels

    figures: what was measured of the network that reads.
    """

    def again(step: int = 0) -> None:
        gap = st.session_state[f"{page.key}.gap"]
        put(form, sample(form, (held(form, gap).seed + step) % (MOST_SEEDS + 1), gap))

    gap = controls.slider(page, "gap", CLOSEST, FARTHEST, GAP, on_change=again)
    page.text("envelope_gap", form=form, gap=gap, lines=figures.lines, right=f"{figures.right(form, gap):.1%}")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        words, key = page.label("envelope.another"), f"lenet.{form}.another"
        st.button(words, icon=":material/casino:", key=key, on_click=again, args=(1,))
        _photograph(page, form, gap, figures)
    taken_from = held(form, gap).photograph
    if taken_from is not None:
        st.image(taken_from, page.label("envelope.photographed"))
    return gap


def _photograph(page: Page, form: Form, gap: int, figures: Measured) -> None:
    """One of the learner's own, or one made of the line that is there."""

    def take(photograph: Photograph) -> str:
        ink = line_from_photograph(photograph)
        if ink is None:
            return "envelope.no_ink"
        put(form, own(form, ink, _small(photograph)))
        return ""

    def make() -> None:
        line = held(form, gap)
        take(photographed(line.ink, line.seed))

    with st.popover("", icon=":material/add_a_photo:", help=page.label("envelope.picture")):
        page.text(
            "envelope_photograph",
            lines=figures.lines,
            steepest=f"{STEEPEST:g}",
            turned=f"{MOST_TURNED:g}",
            darkest=f"{DARKEST:.0%}",
            plain=f"{figures.right_photographed('plain'):.1%}",
            thin=f"{figures.right_photographed('thin'):.1%}",
        )
        taken = upload(page, page.label("envelope.upload"), f"lenet.{form}", take)
        words, key = page.label("envelope.make"), f"lenet.{form}.make"
        st.button(words, icon=":material/photo_camera:", key=key, on_click=make)
    if taken:
        st.rerun(scope="fragment")


def _small(photograph: Photograph) -> Photograph:
    picture = Image.fromarray(photograph)
    picture.thumbnail((THUMBNAIL, THUMBNAIL))
    return np.asarray(picture)
