"""The digit that lessons share."""

import numpy as np
import pytest
import streamlit as st

from cnn import datasets
from cnn.ui import digit
from cnn.ui.frame import Page

OWN = digit.Held(np.full((28, 28), 200, np.uint8))


@pytest.fixture
def press(session, monkeypatch):
    """Presses on a class of the picker, as Streamlit reports them: the class that is on then, or None."""

    def mount(label, options, key, on_change, **rest):
        mount.key, mount.heard = key, on_change

    def press(found: digit.Held, asked: int | None) -> digit.Held | None:
        monkeypatch.setattr(st, "pills", mount)
        digit._picker(Page("lenet", "en"), "digit", found)
        session[mount.key] = asked
        mount.heard()
        return session.get("digit.held")

    return press


@pytest.mark.parametrize(("found", "asked", "wanted"), [(OWN, 3, 3), (digit.Held(OWN.image, 0), 5, 5)])
def test_a_press_on_a_class_takes_one_of_it(press, found, asked, wanted):
    taken = press(found, asked)
    assert datasets.mnist("test")[1][taken.index] == wanted


def test_a_press_on_the_class_that_is_on_takes_another_of_it(press):
    shown = datasets.mnist("test")[1][0]
    assert datasets.mnist("test")[1][press(digit.Held(OWN.image, 0), None).index] == shown


def test_on_and_off_at_once_leaves_a_drawing_alone(press):
    """Only the second of two quick presses is heard; the drawing has no class."""
    assert press(OWN, None) is None
