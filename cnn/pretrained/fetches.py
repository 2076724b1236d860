"""The fetches of this process: one thread each, one fetch a file, a few at a time.

Every session sees the same ones, so that a fetch goes on through a reload and is found again in a second tab.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cnn.pretrained.cache import is_whole
from cnn.pretrained.catalogue import WeightsFile
from cnn.pretrained.fetching import PATIENCE, FetchError, Stopped, fetch

MOST_AT_ONCE = 2  # the others wait for their turn
LOOK = 0.1  # seconds between two looks of one that waits

State = Literal["waiting", "running", "failed", "over"]


@dataclass
class Fetch:
    """One fetch; its thread writes, everybody reads."""

    file: WeightsFile
    state: State = "waiting"
    done: int = 0  # bytes
    total: int = 0  # bytes
    problem: FetchError | None = None  # of one that failed
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def is_live(self) -> bool:
        """Whether there will soon be something new to tell."""
        return self.state in ("waiting", "running")

    def stop(self) -> None:
        """Over at once for those who look; its thread ends with the next byte, or when it runs out of patience."""
        self._stop.set()
        self.state = "over"

    def run(self, folder: Path, room: threading.Semaphore, patience: float) -> None:
        """Wait for a turn, and fetch, unless the whole file is there already. What it leaves behind is a state."""
        while not room.acquire(timeout=LOOK):
            if self._stop.is_set():
                return
        try:
            self._become("running")
            place = folder / self.file.name
            if not (self._stop.is_set() or (place.exists() and is_whole(place, self.file))):
                fetch(self.file, folder, self._note, self._stop.is_set, patience)
            self._become("over")
        except Stopped:
            pass
        except FetchError as problem:
            self._fail(problem)
        except OSError:  # a file is there and cannot be read
            self._fail(FetchError("no_folder", folder=folder))
        finally:
            room.release()

    def _become(self, state: State) -> None:
        if not self._stop.is_set():
            self.state = state

    def _fail(self, problem: FetchError) -> None:
        self.problem = problem
        self._become("failed")

    def _note(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Fetches:
    """All of them, by file name."""

    def __init__(self, folder: Callable[[], Path], patience: float = PATIENCE) -> None:
        self._folder, self._patience = folder, patience
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._held: dict[str, Fetch] = {}

    def start(self, file: WeightsFile) -> None:
        """Fetch the file; where that goes on already, nothing new begins."""
        with self._lock:
            held = self._held.get(file.name)
            if held and held.is_live:
                return
            begun = self._held[file.name] = Fetch(file, total=file.bytes)
        arguments = (self._folder(), self._room, self._patience)
        threading.Thread(target=begun.run, args=arguments, name=f"fetch {file.name}", daemon=True).start()

    def of(self, file: WeightsFile) -> Fetch | None:
        """The fetch of a file, if it goes on or failed; else None."""
        held = self._held.get(file.name)
        return held if held and held.state != "over" else None

    def stop(self, file: WeightsFile) -> None:
        """Stop the fetch of a file, and forget that it failed."""
        if held := self._held.get(file.name):
            held.stop()
