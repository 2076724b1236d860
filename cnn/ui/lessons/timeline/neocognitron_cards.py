"""The cards under the Neocognitron's board: the sums behind its largest answer, and the program that prints it."""

import streamlit as st

from cnn.neocognitron.model import C_LAYERS, S_LAYERS
from cnn.neocognitron.program import program
from cnn.neocognitron.record import Record, gain, worked
from cnn.ui import cards
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import neocognitron_state as chosen
from cnn.ui.lessons.timeline.neocognitron_board import View, view
from cnn.ui.tex import scientific


@st.fragment(key=chosen.CARDS)
def show(page: Page, learned: Record | None, seed: int) -> None:
    """What runs again once the shape is let go, and with each step of the player."""
    shown = view(learned, seed)
    cards.cards(page, lambda: _formula(page, shown), program(chosen.shapes(), seed, shown.step, shown.picture))
    page.note_address()


def _formula(page: Page, shown: View) -> None:
    """The sums behind the largest answer, and behind what the largest seed learned."""
    page.text(
        "neocognitron_formula",
        layer=S_LAYERS[-1],
        s_layers=S_LAYERS,
        c_layers=C_LAYERS,
        cell=worked(shown.network, shown.stages),
        gain=gain(shown.stages, shown.seeds) if shown.seeds else None,
        number=scientific,
    )
