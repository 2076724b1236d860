"""A network drawn layer by layer: the maps of one digit, the cut between its halves, and what one unit depends on."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from cnn.architecture import Architecture
from cnn.figures.grey import encoded, grey
from cnn.lenet.dissection import INPUT, Activity, Unit, trace
from cnn.lenet.unit_stage import GRIDS
from cnn.ui.components import colours, register, reported

_mount = register("network_maps")

ACROSS = {6: 1, 16: 2}  # how many maps stand abreast in a layer of so many
WIDTHS = {INPUT: 76, "C1": 56, "S2": 56, "C3": 86, "S4": 86, "C5": 84, "F6": 49, "OUTPUT": 100}  # relative ones
NUMBERS = ("map", "row", "column")


def network_maps(
    architecture: Architecture,
    found: Sequence[Activity],
    shares: Sequence[float],
    unit: Unit,
    labels: dict[str, str],
    key: str,
    on_pick: Callable[[Unit], None],
) -> None:
    """Show a network's activities; a press on a pixel (or the arrow keys) calls `on_pick` with the unit there.

    found: from `dissection.activities`. shares: the probability of each class, and of none of them where there is such
    a class. unit: the one looked at; all that it depends on is framed. labels: the table "network_maps".
    """

    def picked() -> None:
        received = _unit(reported(key, "pick"))
        if received is not None:
            on_pick(received)

    parts = {row.label: row.part for row in architecture.rows()}
    data = {
        "colours": colours(),
        "halves": [
            {"part": part, "name": f"self.{part}", "said": labels[part], "note": labels[f"{part}_note"]}
            for part in ("features", "classifier")
        ],
        "layers": [_layer(activity, parts.get(activity.label, "features"), labels) for activity in found],
        "shares": list(shares),
        "written": [f"{share:.1%}" for share in shares],
        "unit": asdict(unit),
        "trace": [asdict(seen) for seen in trace(architecture, unit)],
    }
    _mount(data=data, key=key, on_pick_change=picked)


def _layer(activity: Activity, part: str, labels: dict[str, str]) -> dict[str, Any]:
    """A layer as tiles: a map each; a row of units is one tile whose pixels they are, the classes are bars."""
    values = activity.values
    units, bars = values.ndim == 1, activity.label == "OUTPUT"
    if bars:
        tiles, rows, columns = len(values), 1, 1
    elif units:
        tiles, (rows, columns) = 1, GRIDS[len(values)]
    else:
        tiles, rows, columns = values.shape
    size = f"{len(values)}" if units else f"{tiles}@{rows}×{columns}"
    return {
        "label": activity.label,
        "part": part,
        "shape": size,
        "tiles": tiles,
        "rows": rows,
        "columns": columns,
        "across": ACROSS.get(tiles, 1) if not bars else 1,
        "wide": WIDTHS[activity.label],
        "units": units,
        "bars": bars,
        "pixels": "" if bars else encoded(grey(np.asarray(values), signed=True)),
        "spoken": activity.label if units else f"{activity.label} [{{map}}]",
        "described": labels["described"].format(layer=activity.label, size=size),
    }


def _unit(sent: Any) -> Unit | None:
    """What the browser sent, checked; whether the network has such a unit is for the caller to see."""
    if not isinstance(sent, dict) or not isinstance(sent.get("layer"), str):
        return None
    numbers = [number for name in NUMBERS if type(number := sent.get(name)) is int]
    return Unit(sent["layer"], *numbers) if len(numbers) == len(NUMBERS) else None
