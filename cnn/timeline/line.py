"""Where things stand on the line: a year is a band, and the years before the deep ones are drawn narrower.

Positions are in bands: 2012.5 years -> 2.5 bands after 2010 -> `place(2012.5)` = 5.15.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cnn.architectures import ARCHITECTURES
from cnn.timeline import history

FIRST, LAST = 1957, 2018
WIDE_FROM = 2010  # from here on a year is one band wide
NARROW = 0.05  # bands to a year before
SHARED = (0.2, 0.8)  # where two stops of one year stand in its band
LARGEST, SMALLEST = 17.0, 3.5  # radius of a dot in pixels: the area is the number of parameters, down to the smallest
LARGEST_ERROR = 35.0  # percent, the height of the curve's field


def place(year: float) -> float:
    """Years to bands, 0 at FIRST."""
    early = min(year, WIDE_FROM) - FIRST
    return NARROW * early + max(0.0, year - WIDE_FROM)


@dataclass(frozen=True)
class Dot:
    """A network on the line."""

    key: str
    radius: float  # pixels
    number: str  # what tells it from its siblings: 50, or 154


@dataclass(frozen=True)
class Column:
    """A stop: the dots of its networks hang below its place."""

    key: str
    year: int
    place: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Result:
    """A year of the challenge: heights are shares of the field, 1 at its top."""

    year: int
    place: float
    winner: float
    second: float
    height: float
    second_height: float


def radius(parameters: int) -> float:
    """Pixels: 144 M -> 17, 25.6 M -> 7.2; what would be smaller than a dot is a dot."""
    most = max(network.parameters for network in ARCHITECTURES.values())
    return max(SMALLEST, LARGEST * (parameters / most) ** 0.5)


@cache
def columns() -> tuple[Column, ...]:
    """The stops in order; those of one year share its band."""
    stops = list(history.stops().values())
    found = []
    for stop in stops:
        same = [other.key for other in stops if other.year == stop.year]
        where = stop.year + ((0.5,) if len(same) == 1 else SHARED)[same.index(stop.key)]
        dots = tuple(Dot(key, radius(ARCHITECTURES[key].parameters), number(key)) for key in stop.networks)
        found.append(Column(stop.key, stop.year, place(where), dots or (Dot(stop.key, 5.0, ""),)))
    return tuple(found)


def number(key: str) -> str:
    """What tells a network from its siblings, resnet50 -> 50; nothing where no number does."""
    digits = "".join(letter for letter in key if letter.isdigit())
    return digits if len(digits) > 1 else ""


@cache
def results() -> tuple[Result, ...]:
    """ILSVRC, year by year."""
    return tuple(
        Result(
            year,
            place(year + 0.5),
            winner.error,
            second.error,
            winner.error / LARGEST_ERROR,
            second.error / LARGEST_ERROR,
        )
        for year, winner, second in history.winners()
    )


def ticks() -> tuple[tuple[str, float, float], ...]:
    """(year, where its name stands, where its band begins), the most telling first: what does not fit is left out."""
    stops = [column.year for column in columns()]
    years = dict.fromkeys([*stops, *range(WIDE_FROM, LAST), *range(1960, WIDE_FROM, 10)])
    return tuple((str(year), place(year + 0.5), place(year)) for year in years)
