"""A lesson's state survives the address bar, and takes nothing from it that is not legal."""

import numpy as np
import pytest

from cnn.ui import state

GIVEN = np.ones((2, 3))


def grid(key="lesson.input"):
    return state.editable_grid(key, 16, 16)


# -------------------------------------------------------------------------------------------------------------- language


def test_language_address_before_session_before_browser(session, address, visitor):
    visitor.locale = "zh-CN"
    assert state.language() == "zh" == session["language"]
    state.set_language("en")
    assert state.language() == "en" == address["lang"]
    del address["lang"]  # a link without a language
    assert state.language() == "en"
    address["lang"] = "zh"
    assert state.language() == "zh" == session["language"]


# ------------------------------------------------------------------------------------------------------ choices, numbers


def test_the_default_needs_no_words(session, address):
    state.set_choice("lesson.mode", "reflect", "zeros")
    assert address == {"lesson.mode": "reflect"}
    state.set_choice("lesson.mode", "zeros", "zeros")
    assert address == {} and session["lesson.mode"] == "zeros"


def test_a_choice_is_one_of_the_options(session, address):
    options = ("zeros", "reflect")
    address["lesson.mode"] = "<script>"
    assert state.choice("lesson.mode", options, "zeros") == "zeros"
    address["lesson.mode"] = "reflect"
    assert state.choice("lesson.mode", options, "zeros") == "reflect"
    session["lesson.mode"] = "zeros"  # the session is later than the address it came with
    assert state.choice("lesson.mode", options, "reflect") == "zeros"


@pytest.mark.parametrize(
    ("asked", "number"), [("3", 3), ("0", 1), ("-7", 1), ("99999999999999999999", 9), ("1e9", 5), ("nan", 5), ("", 5)]
)
def test_a_number_is_clamped_and_nonsense_is_the_default(session, address, asked, number):
    address["lesson.layers"] = asked
    assert state.number("lesson.layers", 1, 9, 5) == number


def test_a_number_too_long_to_read_is_the_default(session, address):
    address["lesson.layers"] = "9" * 100_000
    assert state.number("lesson.layers", 1, 9, 5) == 5


def test_a_set_number_stays(session, address):
    state.set_number("lesson.layers", 7, 5)
    assert address == {"lesson.layers": "7"} and state.number("lesson.layers", 1, 9, 5) == 7
    assert state.number("lesson.layers", 1, 6, 5) == 6  # a range that has become smaller
    state.set_number("lesson.layers", 5, 5)
    assert address == {}


# ----------------------------------------------------------------------------------------------------------------- grids


def test_a_grid_begins_as_given(session, address):
    assert grid().values(GIVEN) is GIVEN and address == {}


def test_an_edit_is_in_the_address_and_comes_back(session, address):
    grid().set_cell(GIVEN, 1, 2, -0.5)
    assert address == {"lesson.input": "1,1,1;1,1,-0.5"}
    session.clear()
    np.testing.assert_array_equal(grid().values(GIVEN), [[1, 1, 1], [1, 1, -0.5]])


def test_an_edit_outlives_an_address_that_was_cleared(session, address):
    grid().set_cell(GIVEN, 0, 0, 2)
    address.clear()
    grid()
    assert address == {"lesson.input": "2,1,1;1,1,1"}


@pytest.mark.parametrize(
    ("row", "column", "value"), [(-1, 0, 1), (0, 3, 1), (2, 0, 1), (0, 0, 1000), (0, 0, float("nan"))]
)
def test_outside_nothing_happens(session, address, row, column, value):
    grid().set_cell(GIVEN, row, column, value)
    assert address == {} and grid().past == []


def test_undo_goes_back_one_edit_at_a_time(session, address):
    for value in (2, 3):
        grid().set_cell(GIVEN, 0, 0, value)
    grid().undo()
    assert grid().values(GIVEN)[0, 0] == 2
    grid().undo()
    grid().undo()  # nothing left: nothing happens
    assert grid().values(GIVEN) is GIVEN and address == {}


def test_a_drag_is_one_undo(session, address):
    for gesture, value in (("first", 2), ("first", 3), ("second", 4), ("second", 5)):
        grid().set_cell(GIVEN, 0, 0, value, gesture)
    grid().undo()
    assert grid().values(GIVEN)[0, 0] == 3
    grid().set_cell(GIVEN, 0, 0, 6, "first")  # the same gesture after an undo is a new edit
    grid().undo()
    assert grid().values(GIVEN)[0, 0] == 3


def test_the_past_has_an_end(session, address):
    for value in range(3 * state.MOST_UNDONE):
        grid().set_cell(GIVEN, 0, 0, value)
    assert len(grid().past) <= state.MOST_UNDONE + 1


def test_an_edited_grid_follows_another_shape(session, address):
    grid().set_cell(GIVEN, 0, 0, 7)
    np.testing.assert_array_equal(grid().values(np.zeros((1, 2))), [[7, 1]])
    np.testing.assert_array_equal(grid().values(np.zeros((3, 4))), [[7, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]])


def test_what_was_given_stays_as_it_was(session, address):
    grid().set_cell(GIVEN, 0, 0, 7)
    np.testing.assert_array_equal(GIVEN, np.ones((2, 3)))


@pytest.mark.parametrize("asked", ["", "x", "1,2;3", "nan", "1e3", "1000", "1," * 50_000, "<script>"])
def test_a_nonsense_address_is_no_edit(session, address, asked):
    address["lesson.input"] = asked
    assert grid().values(GIVEN) is GIVEN
    assert "lesson.input" not in address


@pytest.mark.parametrize(
    ("asked", "value"), [("0.35", 0.35), ("1", 1.0), ("-9", -2.0), ("inf", 3.0), ("nan", 1.0), ("x", 1.0), ("", 1.0)]
)
def test_a_decimal_from_the_address(asked, value, session, address):
    address["pooling.value"] = asked
    assert state.number("pooling.value", -2.0, 3.0, 1.0) == value
