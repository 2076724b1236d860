"""The loupe: what the browser is sent, and what a report from it may do."""

import numpy as np
import pytest

from cnn.ui.components import loupe as component

PHOTOGRAPH, RESULT = (np.full((40, 30, 3), tone, np.uint8) for tone in (60, 200))


class Browser:
    """In place of the component: what it was given, and a move as the browser tells it."""

    def __init__(self, session: dict):
        self.session, self.place = session, (4, 6)

    def __call__(self, *, data, key, on_move_change):
        self.data, self.key, self.heard = data, key, on_move_change

    def show(self):
        glass = component.Glass(*self.place, 12, (10, 10), 1, (3, 3))
        component.loupe(PHOTOGRAPH, RESULT, glass, {}, "loupe", lambda *place: setattr(self, "place", place))
        return self.data

    def move(self, told):
        self.session[self.key] = type("Report", (), {"move": told})
        self.heard()


@pytest.fixture
def browser(session, monkeypatch):
    standing_in = Browser(session)
    monkeypatch.setattr(component, "_mount", standing_in)
    monkeypatch.setattr(component, "colours", dict)
    return standing_in


def names(data) -> list[str]:
    return [data[side]["name"] for side in ("photograph", "result")]


def sent(data) -> list[bool]:
    return [data[side]["url"] is not None for side in ("photograph", "result")]


def test_a_move_is_answered_without_the_pictures_that_are_there(browser):
    first = browser.show()
    assert sent(first) == [True, True] and len(set(names(first))) == 2
    browser.move({"place": [7, 8], "held": names(first)})
    answer = browser.show()
    assert browser.place == (7, 8)
    assert sent(answer) == [False, False] and names(answer) == names(first)
    assert (answer["row"], answer["column"]) == (4, 6)  # the glass may have moved on


@pytest.mark.parametrize("held", [0, 1])
def test_a_picture_that_is_not_there_is_sent(held, browser):
    kept = names(browser.show())[held]
    browser.move({"place": [7, 8], "held": [kept]})
    assert sent(browser.show()) == [held != 0, held != 1]


def test_another_run_sends_both_and_says_where_the_glass_is(browser):
    browser.move({"place": [7, 8], "held": names(browser.show())})
    browser.show()
    again = browser.show()
    assert sent(again) == [True, True] and (again["row"], again["column"]) == (7, 8)


@pytest.mark.parametrize(
    "told",
    [None, [1, 2], {}, {"place": [1], "held": []}, {"place": [1, 2.5], "held": []}, {"place": [True, 1], "held": []}]
    + [{"place": [1, 2]}, {"place": "12", "held": []}, {"place": [1, 2], "held": "x"}],
    ids=str,
)
def test_nonsense_moves_nothing(told, browser):
    browser.show()
    browser.move(told)
    assert browser.place == (4, 6) and sent(browser.show()) == [True, True]
