"""Up to three networks abreast: their ideas, their blocks, their numbers."""

from collections.abc import Sequence

import streamlit as st

from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import choice
from cnn.ui.lessons.timeline.card import block, heading, story_part
from cnn.ui.lessons.timeline.numbers import compared


def comparison(page: Page, keys: Sequence[str]) -> None:
    """A column for each network, and one table for all; the blocks abreast as far as there is room for them."""
    for column, key in zip(st.columns(len(keys), gap="large"), keys, strict=True):
        stop = choice.stop(key)
        with column:
            st.html(heading(page, stop, key))
            st.markdown(story_part(page, "idea", stop))
    st.html(compared(page, keys))
    blocks = "".join(block(page, key) for key in keys if choice.stop(key).networks)
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:1.5rem 3rem">{blocks}</div>')
