"""The runs that are kept: one small SQLite file, and a folder of safetensors files for each run.

Threads share a connection; processes share the file. Whoever trains a run is its owner and shows every few seconds that
it is alive, so a run whose process has died reads as "interrupted". What it had reached is there, and it can go on.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnn.training.config import TrainingConfig
from cnn.training.records import (
    ALIVE,
    CONTINUABLE,
    INTERRUPTED,
    QUEUED,
    REASONS,
    STATES,
    Curve,
    Progress,
    RunSummary,
    StoreError,
    UnknownRun,
)
from cnn.training.tables import Tables

if TYPE_CHECKING:
    from cnn.architectures.modules import Network
    from cnn.training.checkpoints import Standing

__all__ = ["ALIVE", "CONTINUABLE", "REASONS", "STATES", "Curve", "RunSummary", "Store", "StoreError", "UnknownRun"]

SILENCE = 12.0  # seconds without a sign of life after which an owner counts as dead
_PROCESS = f"{os.getpid()}:{secrets.token_hex(8)}"  # who we are: a number alone comes back after a restart
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Store:
    """All runs in one folder. Safe to share between threads; several processes may use the same folder."""

    def __init__(self, folder: Path, now: Callable[[], float] = time, owner: str = _PROCESS) -> None:
        self.folder, self.owner = Path(folder), owner
        self.file = self.folder / "runs.sqlite3"
        self._now, self._tables = now, Tables(self.file)

    # ------------------------------------------------------------------------------------------------- reading

    def runs(self) -> list[RunSummary]:
        """All runs, the newest first. Raises StoreError where the file is damaged."""
        with self._tables.reading() as connection:
            rows = connection.execute("SELECT * FROM runs ORDER BY created DESC, number DESC").fetchall()
        return [summary for row in rows if (summary := self._summary(row))]

    def summary(self, id: str) -> RunSummary:
        """One run; raises UnknownRun."""
        with self._tables.reading() as connection:
            summary = self._summary(self._row(connection, id))
        if summary is None:
            raise UnknownRun(id)
        return summary

    def curve(self, id: str) -> Curve:
        with self._tables.reading() as connection:
            number = self._row(connection, id)["number"]
            points, validations = (
                connection.execute(f"SELECT * FROM {table} WHERE run = ? ORDER BY step", (number,)).fetchall()
                for table in ("points", "validations")
            )
        steps, losses, accuracies = _columns(points, 3)
        validation_steps, validation_accuracies = _columns(validations, 2)
        return Curve(
            steps.astype(np.int64), losses, accuracies, validation_steps.astype(np.int64), validation_accuracies
        )

    def checkpoints(self, id: str) -> list[int]:
        """The steps at which the weights were kept, ascending; 0 is the start."""
        from cnn.training.checkpoints import steps_in

        return steps_in(self.folder_of(id))

    def network_at(self, id: str, step: int) -> Network:
        """The network of a checkpoint, on its own, in evaluation mode. Raises StoreError where the file is no good."""
        from cnn.training.checkpoints import network_at

        return network_at(self.summary(id).config, self.folder_of(id), step)

    def standing(self, id: str) -> Standing | None:
        """From where a run goes on; None where that is its start."""
        from cnn.training.checkpoints import standing_in

        return standing_in(self.summary(id).config, self.folder_of(id))

    def bytes_used(self) -> int:
        """What all runs take on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    def folder_of(self, id: str) -> Path:
        """Where a run's checkpoints lie."""
        if not _ID.fullmatch(id):
            raise UnknownRun(id)
        return self.folder / "checkpoints" / id

    # ------------------------------------------------------------------------------------------------- writing

    def create(self, config: TrainingConfig) -> str:
        """A new run, queued and ours. -> its id, which cannot be guessed"""
        id = secrets.token_urlsafe(16)
        row = (id, json.dumps(asdict(config)), QUEUED, config.steps, self._now(), self.owner, self._now())
        with self._tables.writing() as connection:
            connection.execute(
                "INSERT INTO runs (id, config, state, steps, created, owner, seen) VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )
        return id

    def report(self, id: str, progress: Progress) -> bool:
        """Write down what is new, as one transaction; False where the run is no longer ours, or deleted."""
        values = (
            *(progress.state, progress.message, progress.step, progress.samples, progress.seconds),
            *(_finite(progress.loss), progress.validation, progress.test, self._now(), id, self.owner),
        )
        with self._tables.writing() as connection:
            found = connection.execute(
                "UPDATE runs SET state = ?, message = ?, step = ?, samples = ?, seconds = ?, loss = ?, validation = ?,"
                " test = ?, seen = ? WHERE id = ? AND owner = ? RETURNING number",
                values,
            ).fetchall()
            if not found:
                return False
            number = found[0]["number"]
            connection.executemany(
                "INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?)",
                [(number, step, _finite(loss), accuracy) for step, loss, accuracy in progress.points],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO validations VALUES (?, ?, ?)",
                [(number, *pair) for pair in progress.validations],
            )
        return True

    def show_life(self) -> None:
        """Say that this process still looks after its runs, those included that wait."""
        with self._tables.writing() as connection:
            connection.execute(
                "UPDATE runs SET seen = ? WHERE owner = ? AND state IN (?, ?, ?)", (self._now(), self.owner, *ALIVE)
            )

    def claim(self, id: str) -> bool:
        """Make a run that nobody trains ours, queued; False where somebody else was quicker, or trains it."""
        with self._tables.writing() as connection:
            row = self._row(connection, id)
            if self._state(row) not in CONTINUABLE:
                return False
            connection.execute(
                "UPDATE runs SET owner = ?, seen = ?, state = ?, message = '' WHERE number = ?",
                (self.owner, self._now(), QUEUED, row["number"]),
            )
        return True

    def rewind(self, id: str, step: int) -> None:
        """Drop the points of the curve behind a step: the run goes on from there."""
        with self._tables.writing() as connection:
            number = self._row(connection, id)["number"]
            for table in ("points", "validations"):
                connection.execute(f"DELETE FROM {table} WHERE run = ? AND step > ?", (number, step))

    def delete(self, id: str) -> None:
        """Forget a run and its checkpoints; a job that still trains it stops at its next report."""
        with self._tables.writing() as connection:
            self._row(connection, id)
            connection.execute("DELETE FROM runs WHERE id = ?", (id,))
        self.sweep(id)

    def sweep(self, id: str) -> None:
        """Remove the files of a run that is forgotten; those of any other stay."""
        with self._tables.reading() as connection:
            if connection.execute("SELECT 1 FROM runs WHERE id = ?", (id,)).fetchone():
                return
        shutil.rmtree(self.folder_of(id), ignore_errors=True)

    def set_aside(self) -> Path | None:
        """Move a damaged file out of the way, so that the store can begin anew. -> where it lies now"""
        with self._tables.lock:
            self.close()
            if not self.file.exists():
                return None
            aside = self.file.with_name(f"runs.damaged-{int(self._now())}.sqlite3")
            for ending in ("-wal", "-shm"):
                self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
            return self.file.replace(aside)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        self._tables.close()

    # ----------------------------------------------------------------------------------------------- in between

    def _row(self, connection: sqlite3.Connection, id: str) -> sqlite3.Row:
        row = connection.execute("SELECT * FROM runs WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise UnknownRun(id)
        return row

    def _summary(self, row: sqlite3.Row) -> RunSummary | None:
        """None where the settings cannot be read: those of another version, say."""
        config = _config(row["config"])
        if config is None:
            return None
        return RunSummary(
            id=row["id"],
            config=config,
            state=self._state(row),
            message=row["message"],
            step=row["step"],
            steps=row["steps"],
            samples=row["samples"],
            seconds=row["seconds"],
            validation_accuracy=row["validation"],
            test_accuracy=row["test"],
            loss=row["loss"],
            created=row["created"],
        )

    def _state(self, row: sqlite3.Row) -> str:
        if row["state"] in ALIVE and not self._lives(row["owner"], row["seen"]):
            return INTERRUPTED
        return row["state"] if row["state"] in STATES else INTERRUPTED

    def _lives(self, owner: str, seen: float) -> bool:
        """Whether the owner of a run still trains it, as far as can be known from here."""
        if owner == self.owner:
            return True
        process, ours = owner.partition(":")[0], self.owner.partition(":")[0]
        if process == ours or not _may_run(process):
            return False
        return abs(self._now() - seen) < SILENCE


def _may_run(process: str) -> bool:
    """False where no process has this number; only asked where asking does no harm."""
    if os.name != "posix" or not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _config(text: str) -> TrainingConfig | None:
    try:
        stored: dict[str, Any] = json.loads(text)
        return TrainingConfig(**{field.name: stored[field.name] for field in fields(TrainingConfig)})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None


def _columns(rows: list[sqlite3.Row], count: int) -> list[NDArray[np.float64]]:
    """The columns behind the run's number; NULL is not a number."""
    table = np.array([tuple(row)[1:] for row in rows], np.float64).reshape(len(rows), count)
    return list(table.T.copy())
