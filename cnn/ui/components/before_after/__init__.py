"""Two columns of grids, before and after a change: image, convolution, pooled map. What changed is marked."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from cnn.stage import Image
from cnn.ui.components import colours, register, reported

_mount = register("before_after")

Sources = list[list[int]]  # for each cell along an axis, the cells of the grid above that it looks at


@dataclass(frozen=True)
class Level:
    """One row: the same grid before and after, and where its cells look in the grid above."""

    name: str
    shape: str
    note: str
    role: str  # "input" or "output"
    before: Image
    after: Image
    changed: np.ndarray  # boolean, the grid's shape
    rows: Sources
    columns: Sources

    def data(self) -> dict[str, Any]:
        arrays = {name: getattr(self, name).tolist() for name in ("before", "after", "changed")}
        return {**asdict(self), **arrays}


def before_after(
    levels: Sequence[Level],
    labels: dict[str, str],
    key: str,
    *,
    pixel: tuple[int, int] | None = None,
    on_pick: Callable[[int, int], None] | None = None,
    on_edit: Callable[[int, int, float], None] | None = None,
) -> None:
    """Show the levels from top to bottom; the first one's right grid can be picked from, dragged and typed into.

    `pixel` is the one that is being changed: pressing another calls `on_pick`, a new value calls `on_edit`.
    """

    def picked() -> None:
        place = _place(reported(key, "pick"), 2)
        if place and on_pick:
            on_pick(int(place[0]), int(place[1]))

    def edited() -> None:
        place = _place(reported(key, "edit"), 3)
        if place and on_edit:
            on_edit(int(place[0]), int(place[1]), float(place[2]))

    data = {
        "colours": colours(),
        "labels": labels,
        "levels": [level.data() for level in levels],
        "pixel": pixel,
        "editable": on_edit is not None,
    }
    _mount(data=data, key=key, on_pick_change=picked, on_edit_change=edited)


def _place(sent: Any, length: int) -> list[float] | None:
    """What the browser sent, checked: that many finite numbers, or nothing."""
    numbers = isinstance(sent, list) and len(sent) == length and all(type(at) in (int, float) for at in sent)
    return sent if numbers and np.isfinite(sent).all() else None
