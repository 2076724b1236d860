"""A file of weights from a stand-in of its server: whole and checked, or not at all, and always told why."""

import errno
import os
import re
import shutil
import socket
import threading
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn import text
from cnn.pretrained import __main__ as command
from cnn.pretrained import fetching
from cnn.pretrained.catalogue import WeightsFile
from cnn.pretrained.fetches import MOST_AT_ONCE, Fetches
from cnn.pretrained.fetching import REASONS, FetchError, Stopped, fetch, megabytes
from tests.stand_in import Offered, StandIn, named, stand_in

BODY = os.urandom(1 << 20)


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as standing:
        yield standing


def failure(file: WeightsFile, folder: Path, patience: float = 5) -> FetchError:
    """Why the file could not be fetched; the folder is empty afterwards."""
    with pytest.raises(FetchError) as raised:
        fetch(file, folder, patience=patience)
    assert not folder.exists() or list(folder.iterdir()) == []
    return raised.value


def test_a_whole_file_arrives(server, tmp_path):
    file, told = server.offer(BODY), []
    path = fetch(file, tmp_path / "new" / "weights", lambda done, total: told.append((done, total)))
    assert path == tmp_path / "new" / "weights" / file.name
    assert path.read_bytes() == BODY and list(path.parent.iterdir()) == [path]
    assert told[-1] == (len(BODY), len(BODY)) and len(told) > 5
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_real_servers_send_one_elsewhere(server, tmp_path):
    """GitHub answers with another address."""
    file = server.offer(BODY)
    server.files["moved-" + file.name] = Offered(redirect=f"{server.address}/{file.name}")
    moved = WeightsFile(f"{server.address}/moved-{file.name}", len(BODY))
    assert fetch(moved, tmp_path).read_bytes() == BODY


def test_a_server_that_promises_no_length(server, tmp_path):
    file, told = server.offer(BODY, promised=-1), []
    assert fetch(file, tmp_path, lambda *now: told.append(now)).read_bytes() == BODY
    assert told[-1] == (len(BODY), file.bytes)


def test_a_file_that_stops_early(server, tmp_path):
    file = server.offer(BODY)
    server.files[file.name] = Offered(BODY[: len(BODY) // 2], promised=len(BODY))
    found = failure(file, tmp_path)
    assert found.reason == "cut_off"
    assert found.details == {"host": "127.0.0.1", "done": "0.5", "total": "1.0"}


@pytest.mark.parametrize("sent", [BODY[:-1] + b"x" + BODY[-1:], BODY[: len(BODY) // 2], b"", b"<html>Sign in</html>"])
def test_another_file_than_was_asked_for(server, tmp_path, sent):
    file = server.offer(BODY)
    server.files[file.name] = Offered(sent)
    assert failure(file, tmp_path).reason == "wrong_file"


def test_a_server_that_does_not_end(server, tmp_path):
    """Twice the file's size is enough to know."""
    file, told = server.offer(BODY), []
    server.files[file.name] = Offered(20 * BODY, promised=-1)
    with pytest.raises(FetchError) as raised:
        fetch(file, tmp_path, lambda done, total: told.append(done))
    assert raised.value.reason == "wrong_file" and list(tmp_path.iterdir()) == []
    assert max(told) <= 2 * len(BODY)


@pytest.mark.parametrize(("status", "reason"), [(404, "not_there"), (403, "refused"), (503, "refused")])
def test_a_server_that_refuses(server, tmp_path, status, reason):
    file = server.offer(BODY, status=status)
    found = failure(file, tmp_path)
    assert (found.reason, found.details["status"]) == (reason, status)


def test_nobody_there(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        file = WeightsFile(f"http://127.0.0.1:{free.getsockname()[1]}/small-00000000.pth", 10)
    assert failure(file, tmp_path).reason == "unreachable"


@pytest.mark.parametrize("half", [True, False])
def test_a_server_that_falls_silent(server, tmp_path, half):
    file = server.offer(BODY if half else b"", gate=threading.Event(), promised=len(BODY))
    found = failure(WeightsFile(file.address, len(BODY)), tmp_path, patience=0.3)
    assert (found.reason, found.details["seconds"]) == ("stalled", "0.3")


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname-00000000.pth", "ftp://127.0.0.1/a-00000000.pth", "nothing/a-00000000.pth"]
)
def test_only_the_web(tmp_path, address):
    assert failure(WeightsFile(address, 10), tmp_path).reason == "bad_address"


def test_a_folder_that_is_none(server, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(FetchError) as raised:
        fetch(server.offer(BODY), tmp_path / "taken" / "weights")
    assert raised.value.reason == "no_folder" and server.asked == []


def test_a_disk_without_room(server, tmp_path, monkeypatch):
    usage = namedtuple("usage", "free")(fetching.SPARE)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert failure(server.offer(BODY), tmp_path).reason == "no_room"
    assert server.asked == []


def test_a_disk_that_fills_up(server, tmp_path, monkeypatch):
    def full(self, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert failure(server.offer(BODY), tmp_path).reason == "no_room"


def test_stopping_leaves_nothing(server, tmp_path):
    seen = []
    with pytest.raises(Stopped):
        fetch(server.offer(BODY), tmp_path, lambda done, total: seen.append(done), lambda: len(seen) > 2)
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_left_is_removed(server, tmp_path):
    file = server.offer(BODY)
    old, young = (tmp_path / f"{file.name}.{name}.part" for name in ("old", "young"))
    for part in (old, young):
        part.write_bytes(b"half")
    long_ago = time.time() - 2 * fetching.ABANDONED
    os.utime(old, (long_ago, long_ago))
    fetch(file, tmp_path)
    assert not old.exists() and young.exists()


def test_every_reason_has_its_sentence():
    """With what the code tells it, and nothing left open."""
    details = dict.fromkeys(
        ("host", "status", "file", "seconds", "done", "total", "folder", "megabytes", "address"), "THIS"
    )
    for language in text.LANGUAGES:
        assert set(text.labels(language)["fetch_errors"]) == set(REASONS)
        for reason in REASONS:
            assert "THIS" in text.label(language, f"fetch_errors.{reason}").format(**details)


@pytest.mark.parametrize(("count", "written"), [(46_830_571, "46.8"), (553_433_881, "553"), (0, "0.0")])
def test_megabytes_are_millions(count, written):
    assert megabytes(count) == written


# -------------------------------------------------------------------------------------------------- all of a process


def wait(until, seconds: float = 20) -> None:
    """Wait for something that happens in another thread."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_one_fetch_a_file_whoever_asks(server, tmp_path):
    gate = threading.Event()
    file, fetches = server.offer(BODY, gate=gate), Fetches(lambda: tmp_path)
    fetches.start(file)
    wait(lambda: (found := fetches.of(file)) is not None and found.done > 0)
    held = fetches.of(file)
    fetches.start(file)
    assert held is not None and fetches.of(file) is held and held.state == "running"
    gate.set()
    wait(lambda: fetches.of(file) is None)
    assert server.asked == [file.name] and (tmp_path / file.name).read_bytes() == BODY
    fetches.start(file)  # it is there: nobody is asked
    wait(lambda: fetches.of(file) is None)
    assert server.asked == [file.name]


def test_a_damaged_file_is_fetched_again(server, tmp_path):
    file, fetches = server.offer(BODY), Fetches(lambda: tmp_path)
    (tmp_path / file.name).write_bytes(BODY[:100])
    fetches.start(file)
    wait(lambda: fetches.of(file) is None)
    assert (tmp_path / file.name).read_bytes() == BODY


def test_a_few_at_a_time(server, tmp_path):
    gate = threading.Event()
    files = [server.offer(BODY + bytes([number]), gate=gate) for number in range(MOST_AT_ONCE + 1)]
    fetches = Fetches(lambda: tmp_path)
    for file in files:
        fetches.start(file)
    wait(lambda: sorted(fetch.state for file in files if (fetch := fetches.of(file))) == ["running"] * 2 + ["waiting"])
    gate.set()
    wait(lambda: all((tmp_path / file.name).exists() for file in files))


def test_one_that_waits_can_be_stopped(server, tmp_path):
    gate = threading.Event()
    files = [server.offer(BODY + bytes([number]), gate=gate) for number in range(MOST_AT_ONCE + 1)]
    fetches = Fetches(lambda: tmp_path)
    for file in files[:-1]:
        fetches.start(file)
    wait(lambda: len(server.asked) == MOST_AT_ONCE)
    fetches.start(files[-1])
    fetches.stop(files[-1])
    assert fetches.of(files[-1]) is None
    gate.set()
    wait(lambda: all((tmp_path / file.name).exists() for file in files[:-1]))
    assert files[-1].name not in server.asked


def test_stopped_and_begun_again(server, tmp_path):
    gate = threading.Event()
    file, fetches = server.offer(BODY, gate=gate), Fetches(lambda: tmp_path)
    fetches.start(file)
    wait(lambda: (found := fetches.of(file)) is not None and found.done > 0)
    fetches.stop(file)
    assert fetches.of(file) is None
    gate.set()
    wait(lambda: list(tmp_path.iterdir()) == [])
    fetches.start(file)
    wait(lambda: fetches.of(file) is None)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_failed_one_is_told_until_it_is_tried_again(server, tmp_path):
    file, fetches = server.offer(BODY, status=503), Fetches(lambda: tmp_path)
    fetches.start(file)
    wait(lambda: (found := fetches.of(file)) is not None and not found.is_live)
    failed = fetches.of(file)
    assert failed is not None and failed.problem is not None and failed.problem.reason == "refused"
    server.files[file.name] = Offered(BODY)
    fetches.start(file)
    wait(lambda: fetches.of(file) is None)
    assert (tmp_path / file.name).read_bytes() == BODY


def test_a_place_that_cannot_be_read_is_told(server, tmp_path):
    file, fetches = server.offer(BODY), Fetches(lambda: tmp_path)
    (tmp_path / file.name).mkdir()
    fetches.start(file)
    wait(lambda: (found := fetches.of(file)) is not None and not found.is_live)
    failed = fetches.of(file)
    assert failed is not None and failed.problem is not None and failed.problem.reason == "no_folder"


# --------------------------------------------------------------------------------------------------- from the shell


def test_fetched_beforehand(server, tmp_path, monkeypatch, capsys):
    """For a room without a network: `python -m cnn.pretrained resnet18 vgg11`."""
    good, missing = server.offer(BODY), WeightsFile(f"{server.address}/missing-00000000.pth", 10)
    monkeypatch.setenv("PUDDLE_DATA", str(tmp_path))
    monkeypatch.setattr(command, "weights_file", {"resnet18": good, "vgg11": missing}.__getitem__)
    for _ in range(2):  # the second time it is there
        assert command.main(["resnet18"]) == 0
    assert (tmp_path / "weights" / good.name).read_bytes() == BODY
    assert server.asked == [good.name]
    assert command.main(["vgg11", "resnet18"]) == 1
    said = capsys.readouterr()
    assert "not_there" in said.err and said.out.count(str(tmp_path)) == 3


@pytest.mark.parametrize("keys", [[], ["resnet51"], ["resnet18", "--all"], ["efficientnet_lite0"]])
def test_unknown_networks_are_told(keys, capsys):
    assert command.main(keys) == 2
    assert "resnet18" in capsys.readouterr().err


def test_names_say_the_hash():
    name = named("small", BODY)
    assert re.fullmatch(r"small-[0-9a-f]{8}\.pth", name)
    assert WeightsFile(f"https://example.org/a/{name}", 1).digest == name[6:14]
    with pytest.raises(ValueError, match="named like"):
        _ = WeightsFile("https://example.org/resnet18.pth", 1).digest
