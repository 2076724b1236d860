"""A trained network opened up for one digit: every layer's values, what each unit read, and what it made of that.

NumPy from the shipped weights, so that a lesson opens without torch; tests hold it to the built network in torch.
Layers are named as in the paper (C1, S2, ...); "INPUT" is the prepared digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from cnn import operations
from cnn.architecture import WEIGHTS, Architecture, Row
from cnn.layers import Conv, Dense, Flatten, Layer, Negate, Pool, RadialBasis, ReLU, ScaledTanh, SparseConv, SubSampling

Values = NDArray[np.floating[Any]]
Span = tuple[int, int]  # from the first up to, not including, the last

INPUT = "INPUT"


@dataclass(frozen=True)
class Activity:
    """What one layer of the paper makes of the digit."""

    label: str
    sums: Values  # before squashing, (c, h, w) or (units,); distances where the output layer measures them
    values: Values  # as the next layer reads them

    @property
    def maps(self) -> Values:
        """The values as maps: a unit of a fully connected layer is a map of one pixel. (c, h, w)"""
        return as_maps(self.values)


def as_maps(values: Values) -> Values:
    """(c, h, w) as it is, (units,) -> (units, 1, 1)"""
    return values.reshape(values.shape if values.ndim == 3 else (-1, 1, 1))


@dataclass(frozen=True)
class Unit:
    """One unit of a layer: a pixel of a map, or one of a row of units, which has no place."""

    layer: str
    map: int
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Seen:
    """The part of a layer that a unit further up depends on."""

    layer: str
    maps: tuple[int, ...]
    rows: Span
    columns: Span


# ----------------------------------------------------------------------------------------------------------- weights


@cache
def weights(key: str) -> Mapping[str, Mapping[str, Values]]:
    """The shipped weights of a network: layer -> "weight", "bias", ... -> numbers.

    A sparse convolution has its usual 4-D "weight", zero where its table has no connection.
    """
    found: dict[str, dict[str, Values]] = {}
    for name, values in load_file(WEIGHTS / f"{key}.safetensors").items():
        _, layer, kind = name.split(".")
        found.setdefault(layer, {})[kind] = values.astype(np.float32)
    return found


def weight(architecture: Architecture, label: str) -> Values:
    """The kernels or weights of a layer; those of a sparse convolution in the usual form, (out, in, k, k)."""
    row, held = layer_row(architecture, label), weights(architecture.key)[label]
    layer = layer_of(row)
    return dense_weight(layer, held["kernels"], row.input_shape[0]) if isinstance(layer, SparseConv) else held["weight"]


def dense_weight(layer: SparseConv, kernels: Values, in_channels: int) -> Values:
    """The kernels that exist, one after the other, in their places. (pairs, k, k) -> (out, in, k, k)"""
    dense = np.zeros((len(layer.table), in_channels, *kernels.shape[1:]), kernels.dtype)
    places = [(out, source) for out, sources in enumerate(layer.table) for source in sources]
    dense[tuple(np.transpose(places))] = kernels
    return dense


def layer_row(architecture: Architecture, label: str) -> Row:
    """The row of a network's table with that label."""
    return next(row for row in architecture.rows() if row.label == label)


def layer_of(row: Row) -> Layer:
    """The layer that a row is named after, without its activation."""
    return next(node.layer for node in row.nodes if node.label == row.label)


# --------------------------------------------------------------------------------------------------------- activities


def prepared(architecture: Architecture, digit: NDArray[np.uint8]) -> Values:
    """The digit as the network reads it: set in paper, normalised.

    Shapes: (28, 28) -> input_shape
    """
    preparation, (_, size, _) = architecture.preparation, architecture.input_shape
    framed = np.pad(digit, (size - len(digit)) // 2).astype(np.float32)
    return ((framed - 255 * preparation.mean[0]) / (255 * preparation.deviation[0])).astype(np.float32)[None]


def activities(architecture: Architecture, digit: NDArray[np.uint8]) -> tuple[Activity, ...]:
    """Every layer's values for one digit, the input first.

    Shapes: digit (28, 28)
    """
    values = prepared(architecture, digit)
    found = [Activity(INPUT, values, values)]
    for row in architecture.rows():
        sums = values
        for node in row.nodes:
            values = _through(architecture, node.layer, values)
            sums = values if node.label == row.label else sums
        found.append(Activity(row.label, sums, values))
    return tuple(found)


def _through(architecture: Architecture, layer: Layer, values: Values) -> Values:
    held = weights(architecture.key).get(layer.label, {})
    match layer:
        case Conv() | SparseConv():
            return operations.conv2d(values, weight(architecture, layer.label), held["bias"])
        case SubSampling(size=size):
            sums = operations.avg_pool2d(values, size, size) * size**2
            return sums * held["coefficient"][:, None, None] + held["bias"][:, None, None]
        case Pool(method="max", kernel_size=size, stride=stride):
            return operations.max_pool2d(values, size, stride)
        case Flatten():
            return values.reshape(-1)
        case Dense():
            return held["weight"] @ values + held["bias"]
        case RadialBasis(codes=codes):
            return np.square(values - np.array(codes, np.float32)).sum(axis=1)
        case Negate():
            return -values
        case ReLU():
            return np.maximum(values, 0)
        case ScaledTanh():
            return 1.7159 * np.tanh(values * (2 / 3))
        case _:
            raise ValueError(f"layer {layer.kind!r} has no form in NumPy here")


def probabilities(logits: Values, rubbish: float | None = None) -> Values:
    """How much of the belief each class gets; with `rubbish`, a last share for "none of them".

    exp(z_i) / sum_j exp(z_j). With the distances of 1998, z = -y, and a rubbish class at distance `rubbish` this is
    what equation 9 of the paper pushes up.
    Shapes: (classes,) -> (classes,) or (classes + 1,)
    """
    all_of_them = np.append(logits, [] if rubbish is None else -rubbish).astype(np.float64)
    shares = np.exp(all_of_them - all_of_them.max())
    return shares / shares.sum()


# -------------------------------------------------------------------------------------------------------------- tracing


def trace(architecture: Architecture, unit: Unit) -> tuple[Seen, ...]:
    """What a unit depends on in every layer below it, from its own layer back to the input.

    What lies in the padding is not counted: the spans end at the rims of the maps.
    """
    rows = architecture.rows()
    at = next(index for index, row in enumerate(rows) if row.label == unit.layer)
    seen = [Seen(unit.layer, (unit.map,), (unit.row, unit.row + 1), (unit.column, unit.column + 1))]
    for index in range(at, -1, -1):
        below = rows[index - 1].label if index else INPUT
        shape = rows[index - 1].shape if index else architecture.input_shape
        seen.append(_below(layer_of(rows[index]), seen[-1], below, shape))
    return tuple(seen)


def _below(layer: Layer, seen: Seen, label: str, shape: tuple[int, ...]) -> Seen:
    """One layer further down. `shape` is that layer's, (c, h, w) or (units,)."""
    channels, height, width = (*shape, 1, 1)[:3]
    if layer.sees_everything:
        return Seen(label, tuple(range(channels)), (0, height), (0, width))
    return Seen(label, _maps_read(layer, seen.maps, channels), *(
        _span(layer, span, size) for span, size in ((seen.rows, height), (seen.columns, width))
    ))  # fmt: skip


def maps_read(architecture: Architecture, label: str, map_: int) -> tuple[int, ...]:
    """The maps below that one map of a layer reads."""
    row = layer_row(architecture, label)
    return _maps_read(layer_of(row), (map_,), row.input_shape[0])


def _maps_read(layer: Layer, maps: tuple[int, ...], channels: int) -> tuple[int, ...]:
    if isinstance(layer, SparseConv):
        return tuple(sorted({source for map_ in maps for source in layer.table[map_]}))
    return maps if isinstance(layer, SubSampling | Pool) else tuple(range(channels))


def _span(layer: Layer, span: Span, size: int) -> Span:
    (window,) = layer.windows()
    first = span[0] * window.stride - window.padding
    last = (span[1] - 1) * window.stride - window.padding + (window.kernel_size - 1) * window.dilation + 1
    return max(first, 0), min(last, size)


def legal(architecture: Architecture, unit: Unit) -> bool:
    """Whether the network has such a unit."""
    for row in architecture.rows():
        if row.label == unit.layer:
            sizes = (*row.shape, 1, 1)[:3]
            return all(0 <= at < size for at, size in zip((unit.map, unit.row, unit.column), sizes, strict=True))
    return False
