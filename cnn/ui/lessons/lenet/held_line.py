"""The learner's line: test digits in a row, written by hand, or photographed; in the session and in the address.

In the address it is a number (of a sample) or text (any other). Each form has a line of its own.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn import ink_text
from cnn.envelope.segmentation import Form
from cnn.envelope.writing import HEIGHT, WIDTH, write
from cnn.photographs import Photograph
from cnn.ui import state
from cnn.ui.components.draw_pad import Box, Sheet, draw_pad
from cnn.ui.frame import Page

FIRST = {"zip": 39, "amount": 52}  # in both, today's network reads one digit wrong, and is not sure of it
MOST_SEEDS = 9999
BITS = 2  # a pixel of a line that travels in the address: four shades
LONGEST_TEXT = 3000  # characters; a line needs some 1,200. What needs more stays out of the address
BRUSH = 0.04


@dataclass(frozen=True, eq=False)
class HeldLine:
    """The ink, and what it says where that is known: of the sample `seed`."""

    ink: NDArray[np.uint8]  # (76, 320)
    seed: int
    says: str = ""  # empty: the learner's own
    photograph: Photograph | None = None  # that it was taken from, small

    @property
    def text(self) -> str:
        """As the address has it; empty where it would be too long."""
        if self.says:
            return str(self.seed)
        text = f"~{ink_text.to_text(self.ink, BITS)}"
        return text if len(text) <= LONGEST_TEXT and self.ink.any() else ""


def held(form: Form, gap: int) -> HeldLine:
    """The line as it is: this session's, else the address's, else the first sample with that gap."""
    key = f"lenet.{form}.held"
    if key not in st.session_state:
        st.session_state[key] = _read(form, st.query_params.get(f"lenet.{form}", ""), gap)
    return st.session_state[key]


def _read(form: Form, text: str, gap: int) -> HeldLine:
    """A line from an address; nonsense is the first sample."""
    try:
        if text.startswith("~"):
            ink = ink_text.from_text(text[1:], (HEIGHT, WIDTH), BITS, LONGEST_TEXT)
            return HeldLine(ink, FIRST[form]) if ink.any() else sample(form, FIRST[form], gap)
        seed = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else FIRST[form]
    except ValueError:
        seed = FIRST[form]
    return sample(form, min(seed, MOST_SEEDS), gap)


def sample(form: Form, seed: int, gap: int) -> HeldLine:
    """Test digits in a row, `gap` pixels between them."""
    line = write(form, seed, gap)
    return HeldLine(line.ink, seed, line.text)


def own(form: Form, ink: NDArray[np.uint8], photograph: Photograph | None) -> HeldLine:
    """A line of the learner's, in the shades that the address knows."""
    seed = st.session_state[f"lenet.{form}.held"].seed
    return HeldLine(ink_text.shaded(ink, BITS), seed, photograph=photograph)


def put(form: Form, line: HeldLine) -> None:
    """Make this the learner's line, and lay it on the paper."""
    st.session_state[f"lenet.{form}.held"] = line
    st.session_state[f"lenet.{form}.laid"] = line
    st.session_state[f"lenet.{form}.count"] = st.session_state.get(f"lenet.{form}.count", 0) + 1


def note(form: Form, line: HeldLine) -> None:
    """Write it into the address."""
    state.set_parameter(f"lenet.{form}", line.text or str(FIRST[form]), str(FIRST[form]))


def pad(page: Page, form: Form, line: HeldLine, sheet: Sheet, boxes: list[Box]) -> None:
    """The line on its sheet. While somebody writes it is theirs: what it was given last is sent again, to the byte."""
    laid: HeldLine = st.session_state.setdefault(f"lenet.{form}.laid", line)
    count = st.session_state.get(f"lenet.{form}.count", 0)

    def drawn(ink: NDArray[np.uint8]) -> None:
        before: HeldLine = st.session_state[f"lenet.{form}.held"]
        st.session_state[f"lenet.{form}.held"] = own(form, ink, before.photograph)

    labels = {**page.labels("draw_pad"), "hint": page.label(f"envelope.hint_{form}")}
    draw_pad(laid.ink, str(count), labels, f"lenet.{form}.pad", drawn, BRUSH, sheet, boxes)
