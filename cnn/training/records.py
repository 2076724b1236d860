"""What is known of a run: its state, its curve, one line of the table of runs, a report of what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn.training.config import TrainingConfig

QUEUED, RUNNING, PAUSED, FINISHED, STOPPED, INTERRUPTED, FAILED = STATES = (
    "queued",
    "running",
    "paused",
    "finished",
    "stopped",
    "interrupted",
    "failed",
)
ALIVE = (QUEUED, RUNNING, PAUSED)
CONTINUABLE = (STOPPED, INTERRUPTED)
# Why a run is in its state: its loss is no number any more; nobody has looked for two minutes; it cannot be written to
# disk; as many runs as may train at once do so already.
DIVERGED, UNATTENDED, UNSAVED, FULL = REASONS = ("diverged", "unattended", "unsaved", "full")


class StoreError(ValueError):
    """A file of the store cannot be used: `.file` says which, `.reason` is "damaged", "missing" or "unwritable"."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"{file} is {reason}")


class UnknownRun(ValueError):
    """No run has this id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"no run is called {id!r}")


@dataclass(frozen=True, eq=False)
class Curve:
    """A run so far. A training point is the mean since the point before; runs of up to 2,000 steps have one a step."""

    steps: NDArray[np.int64]  # of the training points
    losses: NDArray[np.float64]
    accuracies: NDArray[np.float64]
    validation_steps: NDArray[np.int64]
    validation_accuracies: NDArray[np.float64]  # on the same 1,000 images; behind a long pass and at the end on all


@dataclass(frozen=True)
class RunSummary:
    """One line of the table of runs."""

    id: str
    config: TrainingConfig
    state: str  # one of STATES
    message: str  # why, where the state needs a reason: a key of REASONS, or an exception's own sentence
    step: int
    steps: int
    samples: int
    seconds: float  # spent in training
    validation_accuracy: float | None
    test_accuracy: float | None  # once, at the end
    loss: float | None
    created: float  # time.time()


@dataclass(frozen=True)
class Progress:
    """What a job reports of its run, and what is new since its last report."""

    state: str
    message: str
    step: int
    samples: int
    seconds: float
    loss: float | None
    validation: float | None
    test: float | None
    points: Sequence[tuple[int, float, float]] = ()  # step, loss, accuracy
    validations: Sequence[tuple[int, float]] = ()  # step, accuracy
