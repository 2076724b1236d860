"""A link to a run that is not kept is told, in every section that a link can open, and leaves the address."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnn import lessons, text
from cnn.training import TrainingConfig
from cnn.training.runs import Store
from cnn.ui import memory
from tests.app.test_lessons import HOSTILE, complaints, open_lesson

LESSON = lessons.lesson("training")
NOBODYS = "nnnnnnnnnnnnnnnnnnnnnn"
NAMING = {"watch": "training.run", "compare": "training.ticked", "time": "training.travelled"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty folder of runs, as the app finds it on the learner's own machine."""
    monkeypatch.setenv("PUDDLE_DATA", str(tmp_path))
    monkeypatch.setattr(memory, "is_local", lambda: True)
    return Store(tmp_path / "runs", owner="0:another")


def kept(store: Store) -> str:
    """A run with a checkpoint: a file by that name is enough to be listed."""
    id = store.create(TrainingConfig())
    folder = store.folder_of(id)
    folder.mkdir(parents=True)
    (folder / "0.safetensors").touch()
    return id


def opened(section: str, value: str, language: str = "en") -> AppTest:
    return open_lesson(LESSON, language, {"training.section": section, NAMING[section]: value})


def told(app: AppTest) -> list[str]:
    return [warning.value for warning in app.warning]


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("section", NAMING)
def test_a_run_that_is_not_kept_is_told_until_it_is_dismissed(section, language, store):
    app = opened(section, NOBODYS, language)
    assert complaints(app) == []
    assert told(app) == [text.label(language, "training.missing.told")]
    assert NAMING[section] not in app.query_params
    assert told(app.run()) == told(opened(section, NOBODYS, language))
    app.button(key="training.dismiss").click().run()
    assert complaints(app) == [] and told(app) == []


@pytest.mark.parametrize("value", [*HOSTILE[1::4], NOBODYS[:5], f"{NOBODYS}/../x"])
def test_nonsense_is_told_too(value, store):
    app = opened("watch", value)
    assert complaints(app) == [] and told(app) == [text.label("en", "training.missing.told")]
    assert "training.run" not in app.query_params


@pytest.mark.parametrize("section", ["watch", "compare"])
def test_a_run_that_is_kept_needs_no_word(section, store):
    id = kept(store)
    app = opened(section, id)
    assert complaints(app) == [] and told(app) == []
    assert app.query_params[NAMING[section]] in (id, [id])


def test_of_several_ticked_runs_those_stay_that_are_kept(store):
    id = kept(store)
    app = opened("compare", f"{NOBODYS},{id}")
    assert complaints(app) == [] and told(app) == [text.label("en", "training.missing.told")]
    assert app.query_params["training.ticked"] in (id, [id])


def test_a_run_that_vanishes_from_the_stage_is_told(store):
    """In another tab, or by another process."""
    id = kept(store)
    app = opened("watch", id)
    store.delete(id)
    app.run()
    assert complaints(app) == [] and told(app) == [text.label("en", "training.missing.told")]


def test_who_deletes_a_run_knows(store):
    id = kept(store)
    app = opened("compare", id)
    app.button(key="training.delete").click().run()
    assert complaints(app) == [] and told(app) == []
    assert "training.ticked" not in app.query_params and store.runs() == []
