"""Small images made by a rule, to slide a kernel over."""

import numpy as np
from numpy.typing import NDArray

PATTERNS = ("zero_column", "ramp", "checkerboard", "dot", "noise")


def pattern(key: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    """The image called `key`; ValueError for a name that is not in PATTERNS.

    zero_column is the lecture's: ones, with zeros in the 4th column (the last one where there are fewer).

    Shapes: shape (h, w) -> (h, w)
    """
    rows, columns = np.indices(shape)
    if key == "zero_column":
        return np.where(columns == min(3, shape[1] - 1), 0.0, 1.0)
    if key == "ramp":
        return columns.astype(np.float64)
    if key == "checkerboard":
        return ((rows + columns) % 2).astype(np.float64)
    if key == "dot":
        return ((rows == (shape[0] - 1) // 2) & (columns == (shape[1] - 1) // 2)).astype(np.float64)
    if key == "noise":
        return np.random.default_rng(0).integers(0, 10, (32, 32))[: shape[0], : shape[1]].astype(np.float64)
    raise ValueError(f"key is {key!r}; it must be one of {PATTERNS}")
