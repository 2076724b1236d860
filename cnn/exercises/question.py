"""One question: what is given, the answer, and what each typical slip would have answered instead."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

TOLERANCE = 0.005  # 0.33 and 0.333 are right for 1/3, and 0.3 is not

Number = int | float
Grid = tuple[tuple[Number, ...], ...]


@dataclass(frozen=True)
class Question:
    """A question with a computed answer.

    The answer and the slips are numbers, or keys out of `choices` where there are any. No two of them are alike, so a
    wrong answer that matches a slip is that slip.
    """

    kind: str
    given: Mapping[str, Any]  # numbers and keys for the text's placeholders; rows and columns are counted from 0
    answer: Number | str
    slips: Mapping[str, Number | str]  # name -> what that slip answers
    grids: Mapping[str, Grid] = field(default_factory=dict)  # to be shown
    choices: tuple[str, ...] = ()  # empty where a number is asked for
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # shares to be shown, evenly spaced

    def diagnose(self, answer: Number | str) -> str:
        """Return "right", the name of the slip that gives this answer, or "unknown"."""
        if alike(answer, self.answer):
            return "right"
        return next((name for name, wrong in self.slips.items() if alike(answer, wrong)), "unknown")


def alike(one: Number | str, other: Number | str) -> bool:
    """Whether two answers count as the same: equal keys, or numbers that differ by a rounding to hundredths at most."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return math.isclose(one, other, rel_tol=0, abs_tol=TOLERANCE + 1e-9)


def distinct(answer: Number, slips: Mapping[str, Number | None]) -> dict[str, Number]:
    """Keep the slips that give a number of their own: not None, not the answer, and not what another slip gives.

    Where two slips lead to one number, both go: the number would not tell which of them was made.
    """
    wrong = {name: number for name, number in slips.items() if number is not None and not _close(number, answer)}
    return {
        name: number
        for name, number in wrong.items()
        if not any(_close(number, other) for rival, other in wrong.items() if rival != name)
    }


def _close(one: Number, other: Number) -> bool:
    """Whether a typed number could be taken for both."""
    return abs(one - other) <= 2 * TOLERANCE + 1e-6


def plain(value: float) -> Number:
    """A Python number, whole where it can be: numpy's 3.0 -> 3."""
    value = float(value)
    return int(value) if value.is_integer() else value


def shown(grid: ArrayLike) -> Grid:
    """An array as a grid of plain numbers."""
    return tuple(tuple(map(plain, row)) for row in np.asarray(grid))


_ASCII = str.maketrans(
    "０１２３４５６７８９＋－−–．，／⁄", "0123456789+---.,//"
)  # what other keyboards and books write
_DIGITS = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)"  # 61706 or 61,706
_NUMBER = re.compile(rf"([+-]?)(?:({_DIGITS})(?:\.([0-9]*))?|([0-9]*)[.,]([0-9]+))")
_LONGEST = 40


def parse(text: str) -> float:
    """Read a typed number: "5", "-1", "−1" (the minus of books), "0.5", "0,5", "1/3", "61,706", with spaces anywhere.

    A comma before exactly three digits groups thousands (61,706); any other comma is a decimal comma (0,5 and 0,125).
    ValueError where it is not one finite number.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"text has {len(text)} characters; a number has at most {_LONGEST}")
    parts = "".join(text.split()).translate(_ASCII).split("/")
    if len(parts) > 2:
        raise ValueError(f"text is {text!r}; it has more than one fraction bar")
    numerator, denominator = _decimal(parts[0]), _decimal(parts[1]) if len(parts) == 2 else 1.0
    if denominator == 0:
        raise ValueError(f"text is {text!r}; it divides by zero")
    return numerator / denominator


def _decimal(text: str) -> float:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a decimal number")
    sign, whole, after_dot, before_comma, after_comma = match.groups(default="")
    return float(f"{sign}{whole.replace(',', '') or before_comma or 0}.{after_dot or after_comma or 0}")
