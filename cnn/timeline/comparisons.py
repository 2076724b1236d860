"""Networks as points: a number for each axis, and where that number comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.timeline import history
from cnn.timeline.history import Record


@dataclass(frozen=True)
class Number:
    """A value, and the record that it stands in; without a record it is computed from the layers."""

    value: float
    record: Record | None = None

    @property
    def other_version(self) -> bool:
        """Whether it was measured on another version of the network than the one here."""
        return self.record is not None and self.record.variant


@dataclass(frozen=True)
class Axis:
    """What can be set against what."""

    key: str
    logarithmic: bool
    number: Callable[[Architecture], Number | None]


def _computed(name: str) -> Callable[[Architecture], Number]:
    return lambda network: Number(getattr(network, name))


def _year(network: Architecture) -> Number:
    record = history.stop_of(network.key).records["year"]
    return Number(int(str(record.value)), record)


def _error(find: Callable[[str], Record | None]) -> Callable[[Architecture], Number | None]:
    def number(network: Architecture) -> Number | None:
        record = find(network.key)
        return Number(record.error, record) if record else None

    return number


AXES: Mapping[str, Axis] = {
    axis.key: axis
    for axis in (
        Axis("year", False, _year),
        Axis("parameters", True, _computed("parameters")),
        Axis("macs", True, _computed("macs")),
        Axis("depth", True, _computed("depth")),
        Axis("receptive_field", True, _computed("receptive_field")),
        Axis("published_error", False, _error(history.single_network_error)),
        Axis("torchvision_error", False, _error(history.torchvision_error)),
    )
}


@dataclass(frozen=True)
class Point:
    """A network that has a number on both axes."""

    key: str
    stop: str
    x: Number
    y: Number


def points(x: str, y: str) -> tuple[Point, ...]:
    """The networks that have both numbers. KeyError for an axis that is not in AXES."""
    found = []
    for key, network in ARCHITECTURES.items():
        across, upwards = AXES[x].number(network), AXES[y].number(network)
        if across and upwards:
            found.append(Point(key, history.stop_of(key).key, across, upwards))
    return tuple(found)
