"""Real runs for the questions: what one changed setting does to a small training, measured once and shipped.

`python -m cnn.training specimens` makes assets/weights/specimens.json (about five minutes).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from cnn.architecture import WEIGHTS
from cnn.training.config import TrainingConfig

FILE = "specimens.json"
SEEDS = (1, 2, 3)
POINTS = 10  # of a curve, evenly over the run
BASE = TrainingConfig(share=0.1, epochs=4, shift=0)  # 5,500 digits, 344 steps
# What is changed, by the name that the questions' words use. "few_digits" takes as many steps as BASE, or nearly.
CHANGES: dict[str, dict[str, Any]] = {
    "base": {},
    "rate_too_large": {"learning_rate": 0.3},
    "rate_too_small": {"learning_rate": 1e-5},
    "zero_start": {"initialisation": "zero"},
    "unshuffled": {"shuffle": False},
    "few_digits": {"share": 0.01, "epochs": 40},
    "batch_1024": {"batch_size": 1024},
    "batch_16": {"batch_size": 16},
    "sgd": {"optimiser": "sgd"},
    "sgd_larger": {"optimiser": "sgd", "learning_rate": 0.1},
    "momentum": {"optimiser": "momentum", "learning_rate": 0.03},
    "dropout": {"dropout": 0.5},
    "tanh": {"activation": "tanh"},
    "average": {"pooling": "average"},
    "more_digits": {"share": 1, "epochs": 0.4},
    "twice_as_long": {"epochs": 8},
}


@dataclass(frozen=True)
class Specimen:
    """One run. The curves have POINTS points each."""

    change: str
    seed: int
    training: tuple[float, ...]  # accuracy on the digits of each stretch, as they were learned
    validation: tuple[float, ...]  # on the 5,000 digits held out
    losses: tuple[float, ...]


def config_of(change: str, seed: int) -> TrainingConfig:
    """The settings behind a specimen."""
    return replace(BASE, **CHANGES[change], seed=seed)


@cache
def specimens() -> tuple[Specimen, ...]:
    """All of them, as they were measured."""
    stored = json.loads((WEIGHTS / FILE).read_text(encoding="utf-8"))["runs"]
    return tuple(
        Specimen(run["change"], run["seed"], *(tuple(run[name]) for name in ("training", "validation", "losses")))
        for run in stored
    )


def measure(change: str, seed: int) -> Specimen:
    """Train, and look at POINTS moments."""
    from cnn.training.batches import validation_split
    from cnn.training.evaluation import evaluate
    from cnn.training.loop import train

    config = config_of(change, seed)
    images, labels = validation_split(config)
    ends = {round(config.steps * point / POINTS) for point in range(1, POINTS + 1)}
    training, validation, losses, stretch = [], [], [], []
    for step in train(config):
        stretch.append((step.accuracy, step.loss))
        if step.step in ends:
            accuracies, means = zip(*stretch, strict=True)
            training.append(round(sum(accuracies) / len(stretch), 4))
            losses.append(round(sum(means) / len(stretch), 4))
            validation.append(round(evaluate(step.network, images, labels), 4))
            stretch = []
    return Specimen(change, seed, tuple(training), tuple(validation), tuple(losses))


def make_specimens(folder: Path, seed: int | None) -> None:
    """Measure every change with every seed, or with one."""
    runs = []
    for change in CHANGES:
        for number in SEEDS if seed is None else (seed,):
            specimen = measure(change, number)
            runs.append(asdict(specimen))
            print(f"{change}, seed {number}: validation {specimen.validation[-1]:.2%}", flush=True)
    content = {"base": asdict(BASE), "changes": CHANGES, "runs": runs}
    (folder / FILE).write_text(json.dumps(content) + "\n", encoding="utf-8")
