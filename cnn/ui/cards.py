"""The cards under every stage: the formula with its numbers, the code that prints them, a question, what holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn.ui.frame import Page


@contextmanager
def card(page: Page, name: str) -> Iterator[None]:
    """A framed card with its heading; inside, its contents."""
    with st.container(border=True):
        heading(page, name)
        yield


def heading(page: Page, name: str) -> None:
    """A card's heading."""
    st.markdown(f"##### {page.label(f'cards.{name}')}")


def pair() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two cards side by side, equally high."""
    left, right = st.columns(2, gap="medium", border=True)
    return left, right


def cards(page: Page, formula: Callable[[], None], code: str) -> None:
    """Formula and code side by side, in the state that the stage shows."""
    left, right = places(page)
    with left:
        formula()
    show_code(right, code)


def places(page: Page) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The same with both still to come: -> the formula's place and the code's, for a stage that is a fragment.

    A cell that is edited changes the code and never the formula, which knows sizes alone.
    """
    left, right = pair()
    for place, name in ((left, "formula"), (right, "code")):
        with place:
            heading(page, name)
    return left, right


def show_code(place: DeltaGenerator, code: str) -> None:
    """Put a program into its place."""
    place.code(code, language="python", height=340 if code.count("\n") > 14 else "content")


def what_holds(page: Page, block: str) -> None:
    """Where the lecture is loose: what is true, with its source."""
    st.markdown(f"##### {page.label('cards.what_holds')}\n\n{page.sentence(block)}")
