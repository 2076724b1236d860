"""A run's settings as short plain text, for an address: `learning_rate=0.05,pooling=average`."""

from dataclasses import fields, replace
from typing import Any

from cnn.training.config import TrainingConfig

LONGEST = 1_000  # characters that are read
_WORDS = {"true": True, "false": False}


def to_text(config: TrainingConfig) -> str:
    """Only what differs from the default; the default itself is ""."""
    default = TrainingConfig()
    return ",".join(
        f"{field.name}={_written(value)}"
        for field in fields(config)
        if (value := getattr(config, field.name)) != getattr(default, field.name)
    )


def from_text(text: str) -> TrainingConfig:
    """The settings of an address; what makes no sense is dropped, and the default stands in its place.

    A setting may only be legal once another is taken, so they are tried until none can be added.
    """
    config, left = TrainingConfig(), _parsed(text)
    while left:
        refused: dict[str, Any] = {}
        for name, value in left.items():
            try:
                config = replace(config, **{name: value})
            except ValueError:
                refused[name] = value
        if refused.keys() == left.keys():
            break
        left = refused
    return config


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else repr(value).removesuffix(".0")


def _parsed(text: str) -> dict[str, Any]:
    """The fields that exist, each as a value of its kind."""
    kinds = {field.name: type(getattr(TrainingConfig(), field.name)) for field in fields(TrainingConfig)}
    found: dict[str, Any] = {}
    for part in text[:LONGEST].split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        try:
            found[name] = _WORDS[value] if kinds[name] is bool else kinds[name](value)
        except (KeyError, ValueError):
            continue
    return found
