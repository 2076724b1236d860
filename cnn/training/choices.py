"""What a learner may set, and what else must change with it so that the settings stay a legal run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from cnn.architectures.lenet import ACTIVATIONS, Pooling
from cnn.training.config import LOSSES, OPTIMISERS, SCHEDULES, STARTS, TrainingConfig
from cnn.training.recipes import LENET5_1998

# What the sliders stop at; a link may hold any other legal value.
STOPS: dict[str, tuple[float, ...]] = {
    "epochs": (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20),
    "learning_rate": (1e-5, 5e-5, 2e-4, 1e-3, 3e-3, 6e-3, 0.01, 0.03, 0.1, 0.3, 1, 3),
    "batch_size": (1, 4, 16, 32, 64, 128, 256, 1024),
    "share": (0.01, 0.03, 0.1, 0.25, 0.5, 1),
    "dropout": (0, 0.1, 0.25, 0.5, 0.75),
    "shift": (0, 1, 2, 4),
}
NETWORKS = ("lenet5_modern", "lenet5")
_OF_1998 = ("network", "loss", "optimiser", "schedule", "learning_rate", "batch_size")


def stops(config: TrainingConfig, field: str) -> list[float]:
    """The slider's stops, the present value among them."""
    return sorted({*STOPS[field], getattr(config, field)})


def options(config: TrainingConfig, field: str) -> tuple[str, ...]:
    """What can be chosen now: 1998's optimiser and losses belong to 1998's network."""
    today = config.network == "lenet5_modern"
    return {
        "network": NETWORKS,
        "pooling": get_args(Pooling),
        "activation": tuple(ACTIVATIONS),
        "initialisation": STARTS,
        "schedule": SCHEDULES,
        "loss": LOSSES[:1] if today else LOSSES,
        "optimiser": tuple(name for name in OPTIMISERS if name != "sdlm" or not today),
    }[field]


def changed(config: TrainingConfig, field: str, value: Any) -> TrainingConfig:
    """The settings with one changed, and with it whatever it rules out.

    1998's network brings its own loss, optimiser, schedule and rate, and leaves pooling, activation and dropout as they
    are in the paper; going back restores today's. 1998's optimiser needs one of 1998's losses.
    """
    default = TrainingConfig()
    if field == "network" and value != config.network:
        source = LENET5_1998 if value == "lenet5" else default
        own = {name: getattr(default, name) for name in ("pooling", "activation", "dropout", "initialisation")}
        return replace(config, **own, **{name: getattr(source, name) for name in _OF_1998})
    if field == "optimiser" and value == "sdlm":
        return replace(config, **{name: getattr(LENET5_1998, name) for name in _OF_1998})
    if field == "optimiser" and config.optimiser == "sdlm":
        return replace(config, optimiser=value, learning_rate=default.learning_rate, schedule=default.schedule)
    if field == "loss" and value == "cross-entropy" and config.optimiser == "sdlm":
        return changed(replace(config, optimiser=default.optimiser, loss=value), "learning_rate", default.learning_rate)
    if field == "shift" and value:
        return replace(config, shift=int(value), distortions=False)
    whole = field in ("batch_size", "shift", "seed")
    return replace(config, **{field: int(value) if whole else value})
