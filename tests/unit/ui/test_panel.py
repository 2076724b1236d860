"""The controls: what they return, what a report from the browser may do, and what it may not."""

import pytest
import streamlit as st

from cnn.ui import controls
from cnn.ui.components import panel as component
from cnn.ui.frame import Page

PAGE = Page("convolution", "en")


class Browser:
    """In place of the component: what it was given, and a report as the browser sends it."""

    def __init__(self, session: dict):
        self.session = session

    def __call__(self, *, data, key, on_moved_change):
        self.data, self.key, self.heard = data, key, on_moved_change

    def report(self, sent):
        self.session[self.key] = type("Report", (), {"moved": sent})
        self.heard()


@pytest.fixture
def browser(session, address, monkeypatch):
    standing_in = Browser(session)
    monkeypatch.setattr(component, "_mount", standing_in)
    monkeypatch.setattr(component, "colours", dict)
    return standing_in


def draw(high: int = 5) -> tuple[int, str]:
    with controls.panel(PAGE, "test") as panel:
        stride = panel.slider("stride", 1, high, 1)
        mode = panel.choice("padding_mode", ("zeros", "reflect"), "zeros")
    return stride, mode


def test_a_report_moves_several(browser, address):
    assert draw() == (1, "zeros")
    browser.report({"turn": 1, "values": {"convolution.stride": 4, "convolution.padding_mode": "reflect"}})
    assert draw() == (4, "reflect")
    assert dict(address) == {"convolution.stride": "4", "convolution.padding_mode": "reflect"}
    assert browser.data["heard"] == 1
    assert [control["value"] for control in browser.data["controls"]] == [4, "reflect"]


def test_a_range_that_shrinks_takes_the_value_along(browser, address):
    draw()
    browser.report({"turn": 1, "values": {"convolution.stride": 5}})
    assert draw(high=3) == (3, "zeros")
    assert dict(address) == {"convolution.stride": "3"}
    assert draw(high=1) == (1, "zeros")
    assert dict(address) == {}


def test_a_move_on_the_way_out_moves_nothing(browser, session, address):
    """Streamlit calls back, and no longer says what for."""
    draw()
    session.pop(browser.key, None)
    browser.heard()
    assert draw() == (1, "zeros") and dict(address) == {}


@pytest.mark.parametrize("value", [0, 6, -1, 10**30, 2.5, True, "3", None, [], {}, float("nan")])
def test_an_illegal_value_moves_nothing(value, browser, address):
    draw()
    browser.report({"turn": 1, "values": {"convolution.stride": value, "convolution.padding_mode": value}})
    assert draw() == (1, "zeros")
    assert dict(address) == {}


@pytest.mark.parametrize("sent", [None, 5, "x", [], {}, {"turn": "x", "values": 3}, {"values": {"language": "zh"}}])
def test_a_report_that_is_none_does_nothing(sent, browser, address):
    draw()
    browser.report(sent)
    assert draw() == (1, "zeros")
    assert dict(address) == {}


def test_on_change_is_called_after_the_move(browser):
    seen = []

    def draw_and_listen():
        with controls.panel(PAGE, "test") as panel:
            panel.slider("stride", 1, 5, 1, lambda: seen.append(st.session_state["convolution.stride"]))
            panel.choice("padding_mode", ("zeros", "reflect"), "zeros", seen.append)

    draw_and_listen()
    browser.report({"turn": 1, "values": {"convolution.stride": 2, "convolution.padding_mode": "reflect"}})
    assert seen == [2, "reflect"]


@pytest.mark.parametrize(("sent", "value"), [(0.35, 0.35), (-2, -2.0), (3.0, 3.0), (3.05, 1.0), (float("nan"), 1.0)])
def test_a_slider_of_decimals(sent, value, browser, address):
    def draw() -> float:
        return controls.slider(Page("pooling", "en"), "value", -2.0, 3.0, 1.0, step=0.05)

    assert draw() == 1.0
    browser.report({"turn": 1, "values": {"pooling.value": sent}})
    assert draw() == value and isinstance(draw(), float)
    assert dict(address) == ({} if value == 1.0 else {"pooling.value": str(value)})
