"""A court in the rain: an image as a relief, each window's water in its lowest place, and the pooled map beside it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn.puddles import Court, Puddle
from cnn.ui.components import colours, register

_mount = register("puddles")


def puddles(court: Court, labels: Mapping[str, str], key: str) -> None:
    """Show the court with its puddles full; the learner lets it rain again, window by window or all at once.

    labels: the table [puddles].
    """
    data = {
        "colours": colours(),
        "labels": labels,
        "values": court.values.tolist(),
        "heights": court.heights.tolist(),
        "levels": _finite(court.levels),
        "regions": None if court.overlapping else _regions(court),
        "puddles": [_puddle(puddle) for puddle in court.puddles],
        "pooled": court.pooled.tolist(),
        "pooled_regions": None if court.overlapping else _turn(*np.indices(court.pooled.shape)).tolist(),
    }
    _mount(data=data, key=key)


def _puddle(puddle: Puddle) -> dict[str, Any]:
    return {name: getattr(puddle, name) for name in ("row", "column", "cells", "lowest", "runs", "depth")}


def _finite(levels: NDArray[np.floating]) -> list[list[float | None]]:
    """JSON has no NaN: bare ground travels as null."""
    return [[None if np.isnan(level) else level for level in row] for row in levels.tolist()]


def _regions(court: Court) -> list[list[int]]:
    """Windows that do not overlap have a colour each, in turn, as on the stage; -1 is none."""
    regions = np.full(court.values.shape, -1)
    for puddle in court.puddles:
        for place in puddle.cells:
            regions[place] = _turn(puddle.row, puddle.column)
    return regions.tolist()


def _turn(row: Any, column: Any) -> Any:
    return 2 * (row % 2) + column % 2
