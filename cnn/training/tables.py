"""The SQLite file behind the runs: its tables, one connection for all threads, transactions, and what goes wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from cnn.training.records import StoreError

BUSY = 5.0  # seconds to wait for another process that writes
VERSION = 1  # of the tables

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, config TEXT NOT NULL, state TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '', step INTEGER NOT NULL DEFAULT 0, steps INTEGER NOT NULL,
    samples INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0, loss REAL, validation REAL, test REAL,
    created REAL NOT NULL, owner TEXT NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS points (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, step INTEGER NOT NULL, loss REAL, accuracy REAL,
    PRIMARY KEY (run, step)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS validations (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, step INTEGER NOT NULL, accuracy REAL,
    PRIMARY KEY (run, step)) WITHOUT ROWID;
"""


class Tables:
    """One file, opened at its first use. Safe to share between threads; other processes may use it too."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lock = RLock()
        self._open: sqlite3.Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time. What goes wrong with the file becomes a StoreError."""
        with self.lock:
            try:
                if self._open is None:
                    self._open = self._connect()
                yield self._open
            except sqlite3.OperationalError as error:
                self.close()
                raise StoreError(self.file, "damaged" if "malformed" in str(error) else "unwritable") from error
            except sqlite3.DatabaseError as error:
                self.close()
                raise StoreError(self.file, "damaged") from error
            except OSError as error:
                raise StoreError(self.file, "unwritable") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is written, or nothing."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self.lock:
            if self._open:
                self._open.close()
            self._open = None

    def _connect(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.file, timeout=BUSY, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            if connection.execute("PRAGMA user_version").fetchone()[0] not in (0, VERSION):
                raise StoreError(self.file, "damaged")
            connection.executescript(_TABLES)
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("SELECT id, config, owner, seen, test FROM runs LIMIT 1").fetchall()
        except BaseException:
            connection.close()
            raise
        return connection
