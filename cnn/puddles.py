"""Why it is called pooling: the image upside down is a basketball court, and the rain on it gathers in puddles.

A value is a depth: a cell that holds 184 lies 184 below one that holds 0. Each window is a basin of its own, whose
water runs to its lowest place. The depth of that place is the window's largest value, so the puddles are the max-pooled
map: -min(-x) = max(x).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn.operations import PoolStep, Position, max_pool2d_steps, real_array

Plane = NDArray[np.floating]
Places = tuple[Position, ...]


@dataclass(frozen=True)
class Puddle:
    """One window after the rain."""

    row: int  # of the pooled map
    column: int
    cells: Places  # of the window, row by row
    lowest: Places  # where the water stands: several where the largest value occurs several times
    runs: tuple[Places, ...]  # per cell, the places that its drop passes on its way to the nearest lowest one
    depth: float  # of the lowest place: the pooled value


@dataclass(frozen=True, eq=False)
class Court:
    """The ground and its water. Heights run from 0, the smallest value, down to -1, the largest."""

    values: Plane  # (h, w)
    heights: Plane  # (h, w)
    levels: Plane  # (h, w), the water's surface after the rain; NaN where the ground stays bare
    puddles: tuple[Puddle, ...]  # one per window, row by row
    pooled: Plane  # (h_out, w_out)
    overlapping: bool  # whether a cell can lie in several windows


def court(image: ArrayLike, window: int, stride: int) -> Court:
    """Turn the image upside down and let it rain.

    Of 29 15 / 0 100 the drops run to 100, the lowest place. Its neighbours lie 0, 15 and, in other windows, 70 and 12
    deep: the puddle fills until it would run over at 70.

    Shapes: image (h, w)
    """
    values = real_array("image", image, "h, w", finite=True)
    steps = list(max_pool2d_steps(values[None], window, stride))
    puddles = tuple(_puddle(step, stride) for step in steps)
    heights = _heights(values)
    return Court(
        values=values.copy(),
        heights=heights,
        levels=_levels(heights, {place for puddle in puddles for place in puddle.lowest}),
        puddles=puddles,
        pooled=np.array([step.value for step in steps]).reshape(steps[-1].row + 1, steps[-1].column + 1),
        overlapping=stride < window,
    )


def _heights(values: Plane) -> Plane:
    """Minus the values, moved and scaled to -1 ... 0; an even court lies at 0."""
    reach = float(np.ptp(values))
    return (values.min() - values) / reach if reach else np.zeros_like(values)


def _puddle(step: PoolStep, stride: int) -> Puddle:
    corner = step.row * stride, step.column * stride
    places = {Position(corner[0] + y, corner[1] + x): value for (y, x), value in np.ndenumerate(step.window)}
    lowest = tuple(place for place, value in places.items() if value == step.value)
    runs = tuple(straight(place, min(lowest, key=lambda low: _distance(place, low))) for place in places)
    return Puddle(step.row, step.column, tuple(places), lowest, runs, step.value)


def _distance(start: Position, end: Position) -> int:
    """Steps from cell to cell, diagonal ones included."""
    return max(abs(end.row - start.row), abs(end.column - start.column))


def straight(start: Position, end: Position) -> Places:
    """The cells from `start` to `end`, both included: diagonally while that helps, then along the row or column."""
    places = [start]
    while (here := places[-1]) != end:
        down, across = (int(np.sign(to - at)) for at, to in zip(here, end, strict=True))
        places.append(Position(here.row + down, here.column + across))
    return tuple(places)


def _levels(heights: Plane, wet: set[Position]) -> Plane:
    """Fill each puddle to its rim, the lowest of the cells beside it; where that lies lower than it, it is a film."""
    levels = np.full_like(heights, np.nan)
    for puddle in _pieces(heights, wet):
        floor = heights[puddle[0]]
        rim = [heights[place] for at in puddle for place in _beside(at, heights.shape) if place not in puddle]
        for place in puddle:
            levels[place] = max(floor, min(rim, default=floor))
    return levels


def _pieces(heights: Plane, wet: set[Position]) -> Iterator[Places]:
    """Wet cells of one height that lie side by side are one puddle."""
    left = set(wet)
    while left:
        piece = [left.pop()]
        for at in piece:  # which grows as it is walked
            joined = {near for near in _beside(at, heights.shape) if near in left and heights[near] == heights[at]}
            left -= joined
            piece += joined
        yield tuple(piece)


def _beside(at: Position, shape: Sequence[int]) -> list[Position]:
    """The cells above, below, left and right, as far as there are any."""
    near = [Position(at.row + down, at.column + across) for down, across in ((-1, 0), (1, 0), (0, -1), (0, 1))]
    return [place for place in near if 0 <= place.row < shape[0] and 0 <= place.column < shape[1]]
