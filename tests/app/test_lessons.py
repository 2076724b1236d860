"""Every lesson opens, in both languages, whatever its address says."""

import json
import random
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnn import lessons, text

SECTIONS = [(lesson, section) for lesson in lessons.LESSONS for section in lesson.sections]
STATES = 200
ROOT = Path(__file__).parents[2]

HOSTILE = [
    "", " ", "0", "-1", "1e9", "1e-9", "1e400", "NaN", "nan", "inf", "-inf", "999999999999999999999", "0x10", "1_000",
    "1.5",
    "٣", "３", "²", "Ⅷ", "−1", "None", "null", "true", "[]", "{}", "../../etc/passwd", "<script>alert(1)</script>",
    "javascript:alert(1)", "{{ 7 * 7 }}", "{0.__class__}", "%s%n", "'; drop table lessons; --", "\x00", "\u202e",
    "x" * 100_000, "1," * 50_000, ";" * 100_000, "9" * 100_000, "(" * 100_000,
    "1,2;3", "1,2;3,nan", "1,,2", ",;,", "1;", "1,2\n3,4", "1e5,1", "9999,1", "1,2;3,4;",
    ";".join([",".join(["1"] * 17)] * 17),
    "gASVJAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAhlY2hvIGhpIJSFlFKULg==",
]  # fmt: skip


def open_app(language: str = "en", **parameters: str) -> AppTest:
    """The app at its home page, as a first visitor of that address sees it."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    app.query_params["lang"] = language
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def open_lesson(lesson: lessons.Lesson, language: str, parameters: dict[str, str]) -> AppTest:
    """A lesson under an address; AppTest has to come by the home page, which leaves the address alone."""
    app = open_app(language)
    app.switch_page(lesson.page)
    app.query_params["lang"] = language
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def complaints(app: AppTest) -> list[str]:
    return [f"{error.message}\n{''.join(error.stack_trace)}" for error in app.exception]


def says(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.title, *app.markdown, *app.caption))


def fields(lesson: lessons.Lesson) -> dict[str, list[str]]:
    """Every field of a lesson that an address can set, with the ends of its range where it has one.

    Found in three ways: the controls that have a label, the keys that the sources spell out, the sliders on the screen.
    """
    found: dict[str, list[str]] = {f"{lesson.key}.{control}": [] for control in text.labels("en")["controls"]}
    for file in (ROOT / "cnn" / "ui").rglob("*.py"):
        for key in re.findall(rf"""["']({lesson.key}\.\w+)["']""", file.read_text(encoding="utf-8")):
            found[key] = []
    for section in lesson.sections:
        for slider in open_lesson(lesson, "en", {f"{lesson.key}.section": section}).slider:
            found[str(slider.key)] = [str(slider.min), str(slider.max)]
    return found


def random_value(chance: random.Random, legal: list[str]) -> str:
    kind = chance.choice(["legal", "whole", "option", "grid", "hostile"])
    if kind == "legal" and legal:
        return str(chance.randint(*(int(float(end)) for end in legal)))
    if kind == "option":
        return chance.choice([*text.labels("en")["options"], *text.labels("en")["kernels"]])
    if kind == "grid":
        rows, columns = chance.randint(1, 17), chance.randint(1, 17)
        return ";".join(",".join(str(chance.randint(-999, 999) / 4) for _ in range(columns)) for _ in range(rows))
    return chance.choice(HOSTILE) if kind == "hostile" else str(chance.randint(-2, 20))


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_home_opens(language):
    app = open_app(language)
    assert complaints(app) == []
    for lesson in lessons.LESSONS:
        assert text.label(language, f"{lesson.key}.question") in says(app)


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(
    ("lesson", "section"), SECTIONS, ids=[f"{lesson.key}-{section}" for lesson, section in SECTIONS]
)
def test_lesson_opens(lesson, section, language):
    app = open_lesson(lesson, language, {f"{lesson.key}.section": section})
    assert complaints(app) == []
    assert app.title[0].value == text.label(language, f"{lesson.key}.question")
    names = app.button_group(key=f"{lesson.key}.section.widget")
    assert names.value == section
    assert names.options == [text.label(language, f"{lesson.key}.sections.{name}") for name in lesson.sections]
    assert app.query_params.get(f"{lesson.key}.section", lesson.sections[0]) in (section, [section])


@pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.key)
def test_no_address_is_an_exception(lesson):
    """Random and hostile states: each field alone at its worst, then many at once."""
    chance, legal = random.Random(2012), fields(lesson)
    names = sorted(legal)
    for state in range(STATES):
        chosen = chance.sample(names, chance.randint(1, min(6, len(names))))
        address = {name: random_value(chance, legal[name]) for name in chosen}
        address[f"{lesson.key}.section"] = lesson.sections[state % len(lesson.sections)]
        app = open_lesson(lesson, chance.choice(text.LANGUAGES), address)
        shown = {name: value[:60] for name, value in address.items()}
        assert complaints(app) == [], f"address: {shown}"


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:12]))
def test_no_language_is_an_exception(value):
    app = open_app(value)
    assert complaints(app) == []
    assert app.title[0].value == text.label("en", "app.name")


@pytest.mark.parametrize(
    "stored",
    [
        {"lesson": "convolution", "address": {"a": 1, "b": [2], "c": {"d": None}}, "visited": [1, [], {}, None]},
        {"lesson": "no_such_lesson", "address": {"lang": "xx"}, "answered": {"convolution.size": "many", "": {}}},
        {"lesson": "convolution", "address": dict.fromkeys("abc", "x" * 10000)},
    ],
    ids=["types", "names", "long"],
)
def test_no_stored_progress_is_an_exception(stored, data_folder):
    """The file in the data folder may have been edited by hand, or be another version's."""
    file = data_folder / "progress.json"
    before = file.read_bytes() if file.exists() else None
    try:
        file.write_text(json.dumps(stored), encoding="utf-8")
        assert complaints(open_app()) == []
        for lesson in lessons.LESSONS:
            assert complaints(open_lesson(lesson, "en", {})) == []
    finally:
        file.unlink() if before is None else file.write_bytes(before)
