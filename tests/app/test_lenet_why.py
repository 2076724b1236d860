"""The sections of LeNet-5 that compare: 1998 and today, and why this class."""

import numpy as np
import pytest

from cnn import lessons
from cnn.lenet import era_digits, eras
from cnn.text import LANGUAGES
from cnn.training.distortions import draw_distortions
from tests.app.test_lessons import complaints, open_lesson, says

LENET = lessons.lesson("lenet")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", eras.CHANGES)
def test_every_change_is_shown_on_both_sides(change, language):
    parts = []
    for era in eras.ERAS:
        address = {"lenet.section": "then_and_now", "lenet.change": change, "lenet.shown_era": era}
        app = open_lesson(LENET, language, address)
        assert complaints(app) == []
        parts.append("".join(element.proto.body for element in app.get("html")))
    assert "340,908 ✓" in parts[0] and "60,000 ✓" in parts[0] and "≠" not in parts[0]
    assert "61,706" in parts[1] and "≠" in parts[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["lenet_today", "lenet_1998", "perceptron"])
def test_why_answers_for_each_network(name, language):
    app = open_lesson(LENET, language, {"lenet.section": "why", "lenet.explained": name, "lenet.asked": "7"})
    assert complaints(app) == []
    assert "**2**" in says(app) and "**7**" in says(app)  # it says 2; asked for 7
    app.session_state["lenet.by_turn"] = 18
    app.run()
    assert complaints(app) == []
    assert app.query_params["lenet.by_turn"] in ("18", ["18"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_holds_says_the_computed_counts(language):
    app = open_lesson(LENET, language, {"lenet.section": "then_and_now"})
    for era in eras.ERAS:
        assert f"{eras.total(era).parameters:,}" in says(app)
    assert f"{eras.total('1998').connections:,}" in says(app)


def test_distortion_in_formula_and_code_is_the_first_pictures():
    app = open_lesson(LENET, "en", {"lenet.section": "then_and_now", "lenet.change": "distortions"})
    matrix = draw_distortions(12, np.random.default_rng(1998))[0]
    first = era_digits.distortion(matrix)
    said = says(app).replace("−", "-")
    assert f"$s = {first.scale:.2f}$" in said and f"$t_y = {first.down:.2f}$" in said
    assert any(f"{first.scale:.5f}, {first.squeeze:.5f}, {first.shear:.5f}" in element.value for element in app.code)
