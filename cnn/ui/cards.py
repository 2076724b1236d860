"""The cards under every stage: the formula with its numbers, the code that prints them, a question to try."""

from collections.abc import Callable

import streamlit as st

from cnn.ui.frame import Page


def cards(page: Page, formula: Callable[[], None], code: str, attempt: Callable[[], None] | None = None) -> None:
    """Formula, code and question side by side; each shows the state that the stage shows."""
    columns = st.columns(3 if attempt else 2, gap="medium")
    with columns[0], st.container(border=True, height="stretch"):
        _heading(page.label("cards.formula"))
        formula()
    with columns[1], st.container(border=True, height="stretch"):
        _heading(page.label("cards.code"))
        st.code(code, language="python", height=340 if code.count("\n") > 14 else "content")
    if attempt:
        with columns[2], st.container(border=True, height="stretch"):
            _heading(page.label("cards.attempt"))
            attempt()


def _heading(words: str) -> None:
    st.markdown(f"##### {words}")


def what_holds(page: Page, block: str, **numbers: object) -> None:
    """Where the lecture is loose: what is true, with its source."""
    with st.container(border=True):
        _heading(page.label("cards.what_holds"))
        page.text(block, **numbers)
