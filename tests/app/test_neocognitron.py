"""The Neocognitron's section: it learns on a press, in both languages, and no address breaks it."""

import pytest

from cnn import lessons, text
from cnn.neocognitron import retina
from tests.app.test_lessons import complaints, open_lesson

LESSON, SECTION = lessons.lesson("timeline"), {"timeline.section": "neocognitron"}
DRAWN = "." + retina.to_text(retina.SHAPES[0].T) + "..."
FIELDS = {
    "timeline.neocognitron_shapes": [
        "....", "x" * 100_000, "." * 100_000, "0" * 64 + "....", "g" * 64 + "....", DRAWN, DRAWN * 9,
    ],
    "timeline.neocognitron_warp": [
        "1", ",".join(["9"] * 10), ",".join(["nan"] * 10), ",".join(["1e400"] * 10), "1," * 50_000,
    ],
    "timeline.neocognitron_step": ["-1", "101", "x", "1e9", "37", ""],
    "timeline.neocognitron_shape": ["-1", "5", "x"],
    "timeline.neocognitron_picture": ["x", "my_picture"],
    "timeline.neocognitron_seed": ["x", "-1", "100"],
}  # fmt: skip


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_it_learns_on_a_press(language):
    app = open_lesson(LESSON, language, SECTION)
    assert "timeline.neocognitron_step" not in app.query_params
    app.button(key="timeline.neocognitron.learn").click().run()
    assert complaints(app) == []
    assert app.query_params["timeline.neocognitron_step"] in ("100", ["100"])
    assert app.button(key="timeline.neocognitron.learn").disabled


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in FIELDS.items() for value in values])
def test_no_address_is_an_exception(field, value):
    app = open_lesson(LESSON, "en", SECTION | {"timeline.neocognitron_step": "37"} | {field: value})
    assert complaints(app) == []
