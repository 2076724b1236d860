"""A learner's progress outlives the visit on their own machine, and nowhere else."""

import json

import pytest

from cnn.ui import memory


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the progress goes; not there yet."""
    monkeypatch.delenv("PUDDLE_HOSTED", raising=False)
    monkeypatch.setenv("PUDDLE_DATA", str(tmp_path / "puddle"))
    return tmp_path / "puddle"


def leave(lesson="pooling"):
    memory.progress().lesson = lesson
    memory.progress().address = {"lang": "zh", "pooling.size": "3"}
    memory.progress().answered = {"pooling.size": 2}
    memory.save()


def test_progress_outlives_the_visit(folder, session, visitor):
    leave()
    session.clear()
    assert memory.progress() == memory.Progress("pooling", {"lang": "zh", "pooling.size": "3"}, [], {"pooling.size": 2})
    assert [file.name for file in folder.iterdir()] == ["progress.json"]


def test_unchanged_progress_is_not_written_again(folder, session, visitor):
    leave()
    (folder / "progress.json").unlink()
    memory.save()
    assert not (folder / "progress.json").exists()


@pytest.mark.parametrize("address", ["192.168.1.7", "203.0.113.9", "2001:db8::1"])
def test_a_visitor_from_elsewhere_leaves_nothing_and_sees_nothing(folder, session, visitor, address):
    leave("convolution")
    session.clear()
    visitor.ip_address = address
    assert memory.progress() == memory.Progress()
    leave()
    assert json.loads((folder / "progress.json").read_text())["lesson"] == "convolution"


def test_a_hosted_server_remembers_nobody(folder, session, visitor, monkeypatch):
    monkeypatch.setenv("PUDDLE_HOSTED", "1")
    leave()
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_costs_nothing_else(folder, session, visitor):
    folder.write_text("a file where the folder should be")
    leave()
    assert memory.progress().lesson == "pooling"


@pytest.mark.parametrize(
    "stored",
    ["", "{", "[]", "7", '"text"', "null", '{"lesson": 3, "visited": {}, "answered": []}', "\x00", '{"a": ' * 9],
)
def test_a_damaged_file_is_a_fresh_start(folder, session, visitor, stored):
    folder.mkdir()
    (folder / "progress.json").write_text(stored)
    assert memory.progress() == memory.Progress()


def test_what_is_whole_in_a_damaged_file_is_kept(folder, session, visitor):
    folder.mkdir()
    (folder / "progress.json").write_text('{"lesson": "pooling", "visited": 3, "unknown": 1}')
    assert memory.progress() == memory.Progress("pooling")


def test_a_file_that_is_no_text_is_a_fresh_start(folder, session, visitor):
    folder.mkdir()
    (folder / "progress.json").write_bytes(b"\xff\xfe\x00")
    assert memory.progress() == memory.Progress()


@pytest.mark.parametrize(
    "stored",
    [
        "[" * 100_000,
        '{"answered": {"pooling.pooled_size": "2"}}',
        '{"answered": {"pooling.pooled_size": true}}',
        '{"address": {"lang": 1}}',
        '{"visited": [[]]}',
    ],
    ids=["deep", "text", "truth", "number", "list"],
)
def test_a_wrong_value_deep_inside_is_a_fresh_start(folder, session, visitor, stored):
    folder.mkdir()
    (folder / "progress.json").write_text(stored)
    assert memory.progress() == memory.Progress()
