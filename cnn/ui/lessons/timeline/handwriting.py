"""What the Neocognitron does not do: handwriting, measured on a press."""

import numpy as np
import streamlit as st

from cnn import datasets
from cnn.figures import svg, theme
from cnn.neocognitron.retina import Image
from cnn.neocognitron.score import DIGITS, EXEMPLARS, UNSEEN, Handwriting
from cnn.neocognitron.score import handwriting as measure
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, gallery

MEASURED = "timeline.neocognitron.handwriting"
SHARES = ("own", "untrained", "unseen", "many", "many_unseen")
SEED, TESTED = 0, 3  # digits of each class that are shown


@st.fragment
def handwriting(page: Page) -> None:
    """Five digits of MNIST are kept apart; the same digits in other hands are not."""
    page.text("neocognitron_handwriting", exemplars=EXEMPLARS, unseen=UNSEEN * len(DIGITS))
    if st.button(page.label("neocognitron.measure"), icon=":material/play_arrow:", key=f"{MEASURED}.press"):
        st.session_state[MEASURED] = True
    if not st.session_state.get(MEASURED):
        return
    with st.spinner(page.label("neocognitron.measuring")):
        found = _measured()
    palette = theme.palette(st.context.theme.type)
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        for name in SHARES:
            share = getattr(found, name)
            st.progress(share, f"{page.label(f'neocognitron.shares.{name}')}: **{share:.0%}**")
    with right:
        for name, images in (("learned", found.learned), ("tested", _some(found))):
            exhibits = [_exhibit(image, palette) for image in images]
            st.markdown(f"**{page.label(f'neocognitron.{name}')}**")
            st.html(gallery(exhibits))


@st.cache_data(show_spinner=False)
def _measured() -> Handwriting:
    return measure(*datasets.mnist("train"), SEED)


def _some(found: Handwriting) -> list[Image]:
    return [image for images in zip(*found.tested, strict=True) for image in images][: TESTED * len(DIGITS)]


def _exhibit(image: Image, palette: theme.Palette) -> Exhibit:
    pixels = np.kron(np.rint(255 * (1 - image)), np.ones((3, 3))).astype(np.uint8)
    return Exhibit(svg.png_url(pixels), "", (48, 48), "MNIST")
