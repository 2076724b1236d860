"""The ablation sheet: every pooling with every activation, several seeds each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cnn.training.config import TrainingConfig
from cnn.training.records import RunSummary


@dataclass(frozen=True)
class Cell:
    """One pooling with one activation, over the seeds that have finished."""

    pooling: str
    activation: str
    runs: int  # finished
    mean: float | None  # of the test accuracies
    lowest: float | None
    highest: float | None


def sheet(
    base: TrainingConfig, poolings: Sequence[str], activations: Sequence[str], seeds: Sequence[int]
) -> list[TrainingConfig]:
    """The runs of a sheet, seed by seed, so that every cell has its first run early."""
    return [
        replace(base, pooling=pooling, activation=activation, seed=seed)
        for seed in seeds
        for pooling in poolings
        for activation in activations
    ]


def cells(runs: Sequence[RunSummary], poolings: Sequence[str], activations: Sequence[str]) -> list[Cell]:
    """Mean and range of the test accuracy for each pooling and activation, of the runs that have finished."""
    return [_cell(runs, pooling, activation) for pooling in poolings for activation in activations]


def _cell(runs: Sequence[RunSummary], pooling: str, activation: str) -> Cell:
    found = [
        run.test_accuracy
        for run in runs
        if (run.config.pooling, run.config.activation) == (pooling, activation) and run.test_accuracy is not None
    ]
    if not found:
        return Cell(pooling, activation, 0, None, None, None)
    return Cell(pooling, activation, len(found), sum(found) / len(found), min(found), max(found))
