"""Grids of numbers as compact plain text, for the address bar: `1,1,0;1,-1,0.5` is two rows of three."""

import re

import numpy as np
from numpy.typing import ArrayLike, NDArray

DECIMALS = 17  # kept of each number; enough for every digit of a weight like 1/9
LARGEST = 10**12  # exclusive; so that no number is longer than LONGEST characters
LONGEST = len("-999999999999.") + DECIMALS

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})")


def to_text(grid: ArrayLike) -> str:
    """Write a grid as text: cells apart by commas, rows by semicolons, each number as short as it can be.

    [[1.0, -1.0], [0.5, 0.0]] -> "1,-1;0.5,0"

    Shapes: grid (rows, columns)
    """
    values = np.asarray(grid, np.float64)
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"grid has shape {values.shape}; it must have rows and columns")
    if not (np.abs(values) < LARGEST).all():  # NaN included
        raise ValueError(f"grid holds a number that is not finite or not below {LARGEST} in size")
    return ";".join(",".join(map(_number_text, row)) for row in values)


def _number_text(value: float) -> str:
    text = np.format_float_positional(value, precision=DECIMALS, unique=True, trim="-")
    return "0" if text == "-0" else text


def from_text(text: str, max_rows: int, max_columns: int, low: float, high: float) -> NDArray[np.float64]:
    """Read a grid written by `to_text`, or by anybody: the text may come from a hostile address.

    Only digits, sign, dot, comma and semicolon; at most `max_rows` by `max_columns`, all rows equally long; each number
    in [low, high]. Anything else raises ValueError, and its length is judged before anything is parsed.

    Shapes: -> (rows, columns)
    """
    longest = max_rows * max_columns * (LONGEST + 1)
    if len(text) > longest:
        raise ValueError(f"text has {len(text)} characters; {max_rows} x {max_columns} numbers have at most {longest}")
    rows = [row.split(",") for row in text.split(";")]
    if len(rows) > max_rows or len(rows[0]) > max_columns:
        raise ValueError(f"text has {len(rows)} rows of {len(rows[0])}; at most {max_rows} of {max_columns} may be")
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("text has rows of unequal length")
    if not all(_NUMBER.fullmatch(cell) for row in rows for cell in row):
        raise ValueError("text holds a cell that is not a plain decimal number")
    values = np.array([[float(cell) for cell in row] for row in rows]) + 0.0  # no -0.0
    if not ((values >= low) & (values <= high)).all():
        raise ValueError(f"text holds a number outside [{low}, {high}]")
    return values
