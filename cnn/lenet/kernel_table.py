"""A layer's kernels as a table: a column for each map, a row for each map below; empty where there is no connection."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn.architecture import Architecture
from cnn.layers import Conv, Dense, RadialBasis, SparseConv, SubSampling
from cnn.lenet.dissection import Values, layer_of, layer_row, maps_read, weight, weights
from cnn.lenet.unit_stage import as_grid

ALL_AT_ONCE = 16  # columns that a table shows whole
AT_ONCE = 12  # columns of a layer that has more


@dataclass(frozen=True)
class KernelTable:
    """Some columns of a layer's table."""

    columns: tuple[int, ...]  # maps or units of the layer
    rows: tuple[int, ...]  # maps below; none where the units below stand in a row
    kernels: Values  # (columns, rows, k_h, k_w)
    reads: NDArray[np.bool_]  # (columns, rows)
    biases: Values  # (columns,); zero where there is none
    shape: tuple[int, ...]  # of the whole tensor, as torch has it; of a sparse C3 in its dense form


def layers(architecture: Architecture) -> tuple[str, ...]:
    """The layers that have weights, and the output's codes."""
    legal = Conv | SparseConv | SubSampling | Dense | RadialBasis
    return tuple(row.label for row in architecture.rows() if isinstance(layer_of(row), legal))


def units(architecture: Architecture, label: str) -> int:
    """How many columns the whole table has."""
    return layer_row(architecture, label).shape[0]


def kernel_table(architecture: Architecture, label: str, first: int = 0) -> KernelTable:
    """The table of a layer from column `first` on: all of up to `ALL_AT_ONCE` maps, `AT_ONCE` of more."""
    count = units(architecture, label)
    if not 0 <= first < count:
        raise ValueError(f"first is {first}; {label} has the columns 0 to {count - 1}")
    columns = tuple(range(count)) if count <= ALL_AT_ONCE else tuple(range(first, min(first + AT_ONCE, count)))
    kernels, whole = _kernels(architecture, label, columns)
    below = kernels.shape[1]
    in_a_row = whole[1:] == (below,) or len(whole) == 2 and below == 1
    reads = np.array(
        [[source in maps_read(architecture, label, column) for source in range(below)] for column in columns]
    )
    biases = weights(architecture.key).get(label, {}).get("bias", np.zeros(count, np.float32))
    return KernelTable(
        columns, () if in_a_row else tuple(range(below)), kernels, reads | in_a_row, biases[list(columns)], whole
    )


def _kernels(architecture: Architecture, label: str, columns: tuple[int, ...]) -> tuple[Values, tuple[int, ...]]:
    """(columns, rows, k_h, k_w), and the shape of the tensor that they are from."""
    row, chosen = layer_row(architecture, label), list(columns)
    match layer_of(row):
        case SubSampling(size=size):
            coefficients = weights(architecture.key)[label]["coefficient"]
            kernels = np.eye(len(coefficients), dtype=np.float32)[..., None, None] * np.ones((size, size), np.float32)
            return kernels * coefficients[:, None, None, None], coefficients.shape
        case RadialBasis(codes=codes):
            table = np.array(codes, np.float32)
            return np.stack([as_grid(table[at])[None] for at in chosen]), table.shape
        case Dense():
            table = weight(architecture, label)
            if label == "C5":  # it reads S4's maps, flattened
                maps, height, width = architecture.halves[0].shape
                return table[chosen].reshape(-1, maps, height, width), table.shape
            return np.stack([as_grid(table[at])[None] for at in chosen]), table.shape
        case _:
            table = weight(architecture, label)
            return table[chosen], table.shape
