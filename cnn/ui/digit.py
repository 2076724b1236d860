"""The learner's digit, the same in every lesson: drawn, taken from MNIST's test set, or photographed.

It lives in the session and in the address: as a number (of a test digit) or as text (any other).
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnn import datasets, digits
from cnn.digits import Digit
from cnn.photographs import Photograph
from cnn.ui import state
from cnn.ui.components.draw_pad import draw_pad
from cnn.ui.frame import Page
from cnn.ui.uploads import upload

PAPER = 84  # pixels of the paper along one axis: three for each of the digit's
FIRST = 35  # the test digit that a lesson opens with: a 2 with a loop
CLASSES = range(10)


@dataclass(frozen=True)
class Held:
    """Which digit it is: `index` in the test set, or the learner's own."""

    image: Digit
    index: int | None = None

    @property
    def text(self) -> str:
        """The digit as the address has it."""
        return f"~{digits.to_text(self.image)}" if self.index is None else str(self.index)


def digit(page: Page, field: str = "digit") -> Digit:
    """Let the learner draw, pick or photograph a digit, and return it as MNIST would have it.

    Where the paper was cleared it is all zeros; an address never opens with that. Lessons that use the same `field`
    share one digit.

    Shapes: -> (28, 28)
    """
    found = held(field)
    _pad(page, field, found)
    _picker(page, field, found)
    state.set_parameter(field, found.text if found.image.any() else str(FIRST), str(FIRST))
    return found.image


def held(field: str = "digit") -> Held:
    """The digit as it is, without drawing anything: this session's, else the address's, else the first."""
    key = f"{field}.held"
    if key not in st.session_state:
        st.session_state[key] = _read(st.query_params.get(field, ""))
    return st.session_state[key]


def hold(image: Digit, field: str = "digit") -> None:
    """Make this the learner's digit.

    Shapes: image (28, 28)
    """
    _hold(field, Held(digits.shaded(image)))


def _read(text: str) -> Held:
    """A digit from an address; nonsense and an empty paper are the first test digit."""
    images, _ = datasets.mnist("test")
    try:
        if text.startswith("~"):
            image = digits.from_text(text[1:])
            return Held(image) if image.any() else _of_test_set(FIRST)
        index = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else FIRST
    except ValueError:
        index = FIRST
    return _of_test_set(min(index, len(images) - 1))


def _of_test_set(index: int) -> Held:
    return Held(datasets.mnist("test")[0][index], index)


def _hold(field: str, found: Held, seed: bool = True) -> None:
    """`seed`: the paper shows it, too."""
    st.session_state[f"{field}.held"] = found
    if seed:
        st.session_state[f"{field}.seed"] = st.session_state.get(f"{field}.seed", 0) + 1
        st.session_state[f"{field}.seeded"] = found


# -------------------------------------------------------------------------------------------------------- the paper


def _pad(page: Page, field: str, found: Held) -> None:
    """The paper. While somebody draws it is theirs: what it was given last is sent again, to the byte."""
    seeded: Held = st.session_state.setdefault(f"{field}.seeded", found)
    seed = st.session_state.get(f"{field}.seed", 0)

    def drawn(ink: NDArray[np.uint8]) -> None:
        _hold(field, Held(digits.shaded(digits.centred(ink))), seed=False)

    draw_pad(_enlarged(seeded.image), str(seed), page.labels("draw_pad"), f"{field}.pad", drawn)


def _enlarged(image: Digit) -> NDArray[np.uint8]:
    """(28, 28) -> (84, 84)"""
    return np.asarray(Image.fromarray(image).resize((PAPER, PAPER), Image.Resampling.BILINEAR))


# ------------------------------------------------------------------------------------------------------- the others


def _picker(page: Page, field: str, found: Held) -> None:
    """A test digit of a class by chance, the one before, the one after; or a picture of one's own."""
    images, labels = datasets.mnist("test")
    widget = f"{field}.class"
    shown = None if found.index is None else int(labels[found.index])
    st.session_state[widget] = shown

    def random() -> None:
        """A press on the class that is on takes it off: another one of the same."""
        asked = st.session_state[widget]
        wanted = shown if asked is None else asked
        if wanted is not None:  # a class put on and taken off so quickly that only the latter is heard
            _hold(field, _of_test_set(int(np.random.default_rng().choice(np.flatnonzero(labels == wanted)))))

    def step(by: int) -> None:
        at = FIRST if found.index is None else (found.index + by) % len(images)
        _hold(field, _of_test_set(at))

    st.pills(page.label("digit.classes"), CLASSES, key=widget, on_change=random, wrap=True)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for by, name in ((-1, "previous"), (1, "next")):
            icon = f":material/chevron_{'left' if by < 0 else 'right'}:"
            words = page.label(f"digit.{name}")
            st.button("", icon=icon, help=words, key=f"{field}.{name}", on_click=step, args=(by,))
        _upload(page, field)
    named = "own" if found.index is None else "test"
    st.caption(page.label(f"digit.{named}", index=found.index, label=shown))


def _upload(page: Page, field: str) -> None:
    def take(photograph: Photograph) -> str:
        image = digits.from_photograph(photograph)
        if image is None:
            return "digit.no_ink"
        hold(image, field)
        return ""

    with st.popover("", icon=":material/add_a_photo:", help=page.label("digit.picture")):
        taken = upload(page, page.label("digit.upload"), field, take)
    if taken:
        st.rerun(scope="fragment")
