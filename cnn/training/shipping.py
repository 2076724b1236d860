"""Makes the files of assets/weights, and measures them on the test set once they are written."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

from cnn.architectures.modules import Network
from cnn.datasets import mnist
from cnn.training.config import TrainingConfig
from cnn.training.evaluation import evaluate
from cnn.training.loop import train
from cnn.training.recipes import (
    DEFAULT,
    LENET5_1998,
    LENET5_1998_DISTORTED,
    LENET5_MODERN,
    PERCEPTRON,
    POOLINGS,
    QUICK,
    pooling_recipe,
)
from cnn.training.shift_tolerance import SHIFTS, accuracy_under_shift
from cnn.training.specimens import make_specimens
from cnn.training.weights import load, pooling_path, save

SHIPPED_SEED_1998 = 1  # named before the runs, as 2 and 3 were


def make_poolings(folder: Path, seed: int | None) -> None:
    """The five poolings, each with its accuracy under shift on all 10,000 test images."""
    for pooling in POOLINGS:
        config = pooling_recipe(pooling, seed or 0)
        network, seconds = run(config)
        path = folder / pooling_path(pooling).name
        save(network, path)
        network = load(config.architecture, path)
        accuracies = accuracy_under_shift(network, *mnist("test"), SHIFTS)
        record(
            path,
            config,
            seconds,
            accuracies[0],
            accuracy_under_shift=dict(zip(map(str, SHIFTS), accuracies, strict=True)),
        )


def make_one(config: TrainingConfig, folder: Path, seed: int | None) -> None:
    """One network under its own name."""
    config = config if seed is None else replace(config, seed=seed)
    network, seconds = run(config)
    keep(network, folder / f"{config.network}.safetensors", config, seconds)


def make_1998(config: TrainingConfig, name: str, folder: Path, seed: int | None) -> None:
    """The network of 1998: its curve for any seed, its weights for the shipped one.

    The curve holds the errors after each pass: on the test set, and on the digits of the pass as they were learned.
    The result is that after the last pass, never the best.
    """
    config = replace(config, seed=SHIPPED_SEED_1998 if seed is None else seed)
    curve: list[dict[str, float]] = []
    network, seconds = run(config, partial(note_pass, curve))
    path = folder / "curves_1998.json"
    curves = json.loads(path.read_text()) if path.exists() else {}
    columns = {column: [point[column] for point in curve] for column in curve[0]}
    runs = curves.setdefault(name, {})
    runs[str(config.seed)] = {**columns, "cpu_seconds": round(seconds, 1)}
    write(path, curves)
    if config.seed == SHIPPED_SEED_1998:
        keep(network, folder / f"{name}.safetensors", config, seconds)


def note_pass(curve: list[dict[str, float]], network: Network, training_accuracy: float) -> None:
    accuracy = evaluate(network, *mnist("test"))
    curve.append({"test_error": round(1 - accuracy, 4), "training_error": round(1 - training_accuracy, 5)})


def run(config: TrainingConfig, after_pass: Callable[[Network, float], None] | None = None) -> tuple[Network, float]:
    """Train to the end; -> the network and the CPU seconds of training, evaluation between the passes not counted."""
    seconds, start, right, seen = 0.0, process_time(), 0.0, 0
    for step in train(config):
        size = step.samples - seen
        right, seen = right + size * step.accuracy, step.samples
        if step.step % config.steps_per_epoch == 0 or step.step == step.steps:
            seconds += process_time() - start
            size = config.images if step.step % config.steps_per_epoch == 0 else seen % config.images
            if after_pass:
                after_pass(step.network, right / size)
            print(f"pass {step.epoch:.2f}: {right / size:.4f} right while learning, {seconds:.1f} CPU-s", flush=True)
            right, start = 0.0, process_time()
    return step.network, seconds


def keep(network: Network, path: Path, config: TrainingConfig, seconds: float) -> None:
    """Write the weights, read them back, and measure what was read."""
    save(network, path)
    record(path, config, seconds, evaluate(load(config.architecture, path), *mnist("test")))


def record(path: Path, config: TrainingConfig, seconds: float, accuracy: float, **more: Any) -> None:
    """Note in measured.json how a file was made and what it reaches."""
    figures = path.parent / "measured.json"
    known = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    known[path.name] = {"test_accuracy": accuracy, **more, "cpu_seconds": round(seconds, 1), "config": asdict(config)}
    write(figures, dict(sorted(known.items())))
    print(f"{path.name}: {accuracy:.2%} of the test set, {path.stat().st_size:,} bytes")


def write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def measure_defaults(folder: Path, seed: int | None) -> None:
    """The accuracy on the test set and the CPU seconds of the default recipe and of the quick one, five seeds each."""
    figures = {}
    for name, config in {"default": DEFAULT, "quick": QUICK}.items():
        runs = [run(replace(config, seed=number)) for number in (range(5) if seed is None else [seed])]
        figures[name] = {
            "test_accuracy": [evaluate(network, *mnist("test")) for network, _ in runs],
            "cpu_seconds": [round(seconds, 1) for _, seconds in runs],
            "config": asdict(config),
        }
        print(name, figures[name]["test_accuracy"], figures[name]["cpu_seconds"])
    write(folder / "defaults.json", figures)


MAKERS: dict[str, Callable[[Path, int | None], None]] = {
    "pooling": make_poolings,
    "lenet5_modern": partial(make_one, LENET5_MODERN),
    "perceptron": partial(make_one, PERCEPTRON),
    "defaults": measure_defaults,
    "lenet5": partial(make_1998, LENET5_1998_DISTORTED, "lenet5"),
    "lenet5_plain": partial(make_1998, LENET5_1998, "lenet5_plain"),
    "specimens": make_specimens,
}
