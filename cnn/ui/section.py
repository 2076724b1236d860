"""A section of a lesson: its stage, and what stands below it.

Only the stage runs again when a cell or a slider changes; question and explanation do not depend on it. (With all of it
in one fragment an edit took 250 ms until redrawn, without these parts 140 ms.)
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from cnn.ui import cards
from cnn.ui.attempt import attempt
from cnn.ui.frame import Page


@dataclass(frozen=True)
class Section:
    """One tab."""

    stage: Callable[[Page], None]  # an st.fragment: controls, picture, formula, code
    holds: str  # the text block that says where the lecture is loose
    questions: tuple[str, ...] = ()  # kinds of questions
    more: Callable[[Page], None] | None = None  # what else stands between

    def show(self, page: Page) -> None:
        """Draw the section."""
        self.stage(page)
        if self.more:
            self.more(page)
        if not self.questions:
            with st.container(border=True):
                return cards.what_holds(page, self.holds)
        left, right = cards.pair()
        with left:
            cards.heading(page, "attempt")
            attempt(page, self.questions)
        with right:
            cards.what_holds(page, self.holds)
