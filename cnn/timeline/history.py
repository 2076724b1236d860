"""What was published about the networks: errors, years, people, hardware, each with its source and its grade.

The records are in assets/timeline. What can be computed is not among them: see `cnn.architectures`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from cnn.architectures import ARCHITECTURES

FOLDER = Path(__file__).parents[2] / "assets" / "timeline"

Grade = Literal["verified", "secondary", "unverified"]
Quantity = Literal[
    "year",
    "people",
    "institution",
    "paper",
    "top1_error",
    "top5_error",
    "error",
    "top1_accuracy",
    "top5_accuracy",
    "parameters",
    "connections",
    "units",
    "macs",
    "hardware",
    "training_days",
    "training_weeks",
    "epochs",
    "iterations",
    "batch_size",
    "classes",
    "presentations",
]
On = Literal["", "validation", "test", "test_2010", "mnist", "mnist_distorted", "zip", "cifar"]
Views = Literal["", "crops_1", "crops_10", "crops_144", "scales", "size_224", "size_320", "ensemble"]  # fewest first
Other = Literal["", "zip", "plain_50"]
Value = float | int | str | tuple[int, int]

# The stops on the line, in the order in which they came.
STOPS = ("hubel_wiesel", "neocognitron", "lenet", "alexnet", "vgg", "googlenet", "resnet", "densenet", "senet")
ABOUT = ("year", "people", "institution", "paper")  # who, where and when
PERCENT = ("top1_error", "top5_error", "error", "top1_accuracy", "top5_accuracy")


@dataclass(frozen=True)
class Record:
    """One published fact."""

    name: str  # unique in its file
    quantity: Quantity
    value: Value  # errors in percent; two numbers are a range
    citation: str
    grade: Grade
    network: str = ""  # the architecture it was measured on; empty where the source does not say, or means them all
    of: Other = ""  # another network, which is not on the line
    members: int = 0  # networks of the ensemble
    on: On = ""  # the data that were classified
    views: Views = ""  # how each picture was cut
    layers: int = 0  # of a network that is not on the line
    year: int = 0  # of the challenge
    team: str = ""
    variant: bool = False  # measured on another version of the network than the one here

    def __post_init__(self) -> None:
        if not self.citation.strip():
            raise ValueError(f"record {self.name!r} has no citation; every record needs one")
        if self.grade not in get_args(Grade):
            raise ValueError(f"grade of {self.name!r} is {self.grade!r}; it must be one of {get_args(Grade)}")
        if self.quantity not in get_args(Quantity):
            raise ValueError(f"quantity of {self.name!r} is {self.quantity!r}; it must be one of {get_args(Quantity)}")
        for field, legal in (("on", On), ("views", Views), ("of", Other)):
            if getattr(self, field) not in get_args(legal):
                raise ValueError(
                    f"{field} of {self.name!r} is {getattr(self, field)!r}; it must be one of {get_args(legal)}"
                )
        if self.network and self.network not in ARCHITECTURES:
            raise ValueError(f"network of {self.name!r} is {self.network!r}; it must be one of {tuple(ARCHITECTURES)}")
        if self.quantity in PERCENT and not (isinstance(self.value, float | int) and 0 <= self.value <= 100):
            raise ValueError(f"value of {self.name!r} is {self.value!r}; it must be a number from 0 to 100")

    @property
    def written(self) -> str:
        """As it is read: 7.93 %, 60,000, 5–6, 1998."""
        if isinstance(self.value, tuple):
            return f"{self.value[0]}–{self.value[1]}"
        if self.quantity in PERCENT:
            return f"{self.value:g} %"
        return str(self.value) if self.quantity in ("year", "hardware", *ABOUT) else f"{self.value:,}"

    @property
    def error(self) -> float:
        """An error in percent; an accuracy is turned into one."""
        if self.quantity not in PERCENT:
            raise ValueError(f"{self.name!r} is no error: its quantity is {self.quantity!r}")
        return round(100 - float(self.value), 3) if self.quantity.endswith("accuracy") else float(self.value)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Stop:
    """A stop on the line: a network with its siblings, or what came before all of them."""

    key: str
    networks: tuple[str, ...]  # keys of ARCHITECTURES; none for an observation
    records: Mapping[str, Record]

    @property
    def year(self) -> int:
        return int(self.records["year"].value)  # type: ignore[arg-type]

    @property
    def published(self) -> tuple[Record, ...]:
        """Every record but those that say who, where and when."""
        return tuple(record for record in self.records.values() if record.name not in ABOUT)

    @property
    def facts(self) -> Mapping[str, str]:
        """The records as a text takes them: `submission` is "3.57 %", `submission_members` is "6"."""
        members = {f"{name}_members": str(record.members) for name, record in self.records.items()}
        return {**members, **{name: record.written for name, record in self.records.items()}}


def read(file: Path) -> tuple[tuple[str, ...], Mapping[str, Record]]:
    """The networks that a file is about, and its records by name. ValueError, with a sentence, for a wrong one."""
    content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    networks = tuple(content.pop("networks", ()))
    if unknown := [key for key in networks if key not in ARCHITECTURES]:
        raise ValueError(f"networks of {file.name} has {unknown}; they must be among {tuple(ARCHITECTURES)}")
    return networks, MappingProxyType({name: _record(name, entry) for name, entry in content.items()})


def _record(name: str, entry: dict[str, Any]) -> Record:
    known = {field.name for field in fields(Record)}
    if unknown := entry.keys() - known:
        raise ValueError(f"record {name!r} has {sorted(unknown)}; it may have {sorted(known)}")
    if isinstance(entry.get("value"), list):
        entry["value"] = tuple(entry["value"])
    try:
        return Record(name, **entry)
    except TypeError as missing:
        raise ValueError(f"record {name!r} is not whole: {missing}") from missing


@cache
def stops() -> Mapping[str, Stop]:
    """The stops by key, in order."""
    return MappingProxyType({key: Stop(key, *read(FOLDER / f"{key}.toml")) for key in STOPS})


def stop_of(network: str) -> Stop:
    """The stop that a network belongs to; KeyError where there is none."""
    return {key: stop for stop in stops().values() for key in stop.networks}[network]


@cache
def challenge() -> Mapping[str, Record]:
    """ILSVRC: `winner_2012`, `runner_up_2012`, ... and the two people who tried it themselves."""
    return read(FOLDER / "ilsvrc.toml")[1]


@cache
def documented() -> Mapping[str, Record]:
    """What torchvision documents about its weights: `top1_resnet50`, `top5_resnet50`, ..."""
    return read(FOLDER / "torchvision.toml")[1]


def winners() -> tuple[tuple[int, Record, Record], ...]:
    """(year, winner, second) of each challenge."""
    records = challenge()
    years = sorted({record.year for name, record in records.items() if name.startswith("winner_")})
    return tuple((year, records[f"winner_{year}"], records[f"runner_up_{year}"]) for year in years)


def torchvision_error(network: str) -> Record | None:
    """The top-5 accuracy that torchvision documents for its weights, or None where it has no such network."""
    return documented().get(f"top5_{network}")


def single_network_error(network: str) -> Record | None:
    """The top-5 validation error that was published for one such network alone, with the fewest crops; or None."""
    found = [
        record
        for record in stop_of(network).records.values()
        if (record.quantity, record.network, record.members, record.on) == ("top5_error", network, 1, "validation")
    ]
    return min(found, key=lambda record: get_args(Views).index(record.views), default=None)
