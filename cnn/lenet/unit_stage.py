"""One unit of a trained network on the stage: its window in the maps below, the products, the sum.

The convolution stage serves for every layer: sub-sampling is a convolution whose weights are one coefficient, and a
fully connected unit one whose kernel is as large as its input. Only the surroundings of the unit are shown, so that the
window can be moved a little.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cnn import stage
from cnn.architecture import Architecture
from cnn.layers import Conv, Dense, Layer, Pool, RadialBasis, SparseConv, SubSampling
from cnn.lenet.dissection import Activity, Unit, Values, layer_of, layer_row, maps_read, weight, weights
from cnn.stage import Stage

ALONE, AMONG = 2, 1  # neighbours shown on each side: where one map is read step by step, and elsewhere
GRIDS = {120: (10, 12), 84: (12, 7)}  # how a row of units is laid out; 84 as the paper's pictures, 7 wide and 12 high


@dataclass(frozen=True)
class UnitStage:
    """The stage, and where it lies in the network."""

    stage: Stage
    start: tuple[int, int]  # the unit, among the stage's outputs
    maps: tuple[int, ...]  # of the layer below, one per input channel of the stage; none: a row of units
    origin: tuple[int, int] = (0, 0)  # the stage's first input cell, in the maps below
    first: tuple[int, int] = (0, 0)  # the stage's first output cell, in the unit's map


def unit_stage(architecture: Architecture, found: Sequence[Activity], unit: Unit) -> UnitStage:
    """The stage of one unit; `found` are the activities of its network. Its output is the sum before squashing."""
    at = next(index for index, activity in enumerate(found) if activity.label == unit.layer)
    below, layer = found[at - 1].values.astype(np.float64), layer_of(layer_row(architecture, unit.layer))
    if isinstance(layer, Dense | RadialBasis):
        return _of_everything(architecture, layer, below, unit)
    return _of_a_window(architecture, layer, below, found[at].sums.shape[1:], unit)


def as_grid(values: Values) -> Values:
    """A row of units as a grid. (units,) -> (rows, columns)"""
    return values.reshape(GRIDS[len(values)])


def _of_everything(architecture: Architecture, layer: Layer, below: Values, unit: Unit) -> UnitStage:
    """A fully connected unit: a kernel as large as what it reads."""
    images = below if below.ndim == 3 else as_grid(below)[None]
    maps = tuple(range(len(below))) if below.ndim == 3 else ()
    if isinstance(layer, RadialBasis):
        return UnitStage(stage.distance(images[0], as_grid(np.array(layer.codes[unit.map], np.float64))), (0, 0), maps)
    held = weights(architecture.key)[unit.layer]
    kernel = held["weight"][unit.map].astype(np.float64).reshape(images.shape)
    return UnitStage(stage.convolution(images, kernel[None], [float(held["bias"][unit.map])]), (0, 0), maps)


def _of_a_window(
    architecture: Architecture, layer: Layer, below: Values, size: tuple[int, ...], unit: Unit
) -> UnitStage:
    """A unit with a place: the outputs around it, and the pixels that they read."""
    (window,) = layer.windows()
    maps = maps_read(architecture, unit.layer, unit.map)
    margin = ALONE if len(maps) == 1 and window.stride == 1 else AMONG
    place = (unit.row, unit.column)
    first = tuple(max(0, at - margin) for at in place)
    last = tuple(min(end, at + margin + 1) for at, end in zip(place, size, strict=True))
    reads = [
        slice(start * window.stride, (stop - 1) * window.stride + window.kernel_size)
        for start, stop in zip(first, last, strict=True)
    ]
    patch = below[(list(maps), *reads)]
    shown = _slide(architecture, layer, patch, maps, unit)
    return UnitStage(
        shown,
        (place[0] - first[0], place[1] - first[1]),
        maps,
        (reads[0].start, reads[1].start),
        (first[0], first[1]),
    )


def _slide(architecture: Architecture, layer: Layer, patch: Values, maps: tuple[int, ...], unit: Unit) -> Stage:
    """(maps read, h, w) -> the stage of one output map"""
    held = weights(architecture.key).get(unit.layer, {})
    match layer:
        case Conv() | SparseConv():
            kernel = weight(architecture, unit.layer)[[unit.map]][:, list(maps)].astype(np.float64)
            return stage.convolution(patch, kernel, [float(held["bias"][unit.map])])
        case SubSampling(size=size):
            kernel = np.full((1, 1, size, size), held["coefficient"][unit.map], np.float64)
            window = stage.Window((size, size))
            return stage.convolution(patch, kernel, [float(held["bias"][unit.map])], window)
        case Pool(method="max", kernel_size=size, stride=stride):
            return _only_max(stage.pooling(patch[0], size, stride))
        case _:
            raise ValueError(f"layer {layer.kind!r} has no stage")


def _only_max(pooled: Stage) -> Stage:
    """The stage of pooling without its second channel, the average."""
    return replace(pooled, combine=("max",), inputs=pooled.inputs[:1], outputs=pooled.outputs[:1], divisors=())


def share_of(shown: UnitStage, channel: int) -> UnitStage:
    """What one map of several gives to the unit: the same windows on that map alone, without the bias."""
    whole = shown.stage
    outputs = np.array([[sums[channel] for sums in whole.sums[0]]]).reshape(1, len(whole.rows), len(whole.columns))
    alone = replace(
        whole,
        inputs=whole.inputs[[channel]],
        outputs=outputs,
        kernels=whole.kernels and ((whole.kernels[0][channel],),),
        products=(tuple((cell[channel],) for cell in whole.products[0]),),
        sums=(tuple((cell[channel],) for cell in whole.sums[0]),),
        bias=(0.0,),
    )
    return replace(shown, stage=alone, maps=(shown.maps[channel],))
