"""The Neocognitron on one board: a retina whose shape is dragged and pulled, all planes, the answers, a player."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn.figures.grey import encoded, grey
from cnn.neocognitron.retina import FARTHEST, FRAME, PULL, Image, Warp
from cnn.ui.components import colours, register, reported

_mount = register("neocognitron")


@dataclass(frozen=True)
class Mark:
    """A cell that is ringed: a seed, or the largest answer."""

    plane: int
    row: int
    column: int


@dataclass(frozen=True)
class Layer:
    """The planes of one layer, side by side; the brightest cell of them all is the layer's largest."""

    name: str  # "S1"
    kind: str  # "s" or "c"
    planes: NDArray[np.float64]  # (planes, h, w)
    marks: Sequence[Mark]
    described: str

    def data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "count": len(self.planes),
            "size": self.planes.shape[1],
            "pixels": encoded(grey(self.planes, signed=False)),
            "tops": [float(f"{value:.3g}") for value in self.planes.max((1, 2))],
            "marks": [asdict(mark) for mark in self.marks],
            "described": self.described,
        }


@dataclass(frozen=True)
class Answer:
    """What the last cell that stands for a shape says; `share` is its response, from 0 to 1."""

    shape: Image
    name: str
    cell: str
    share: float
    largest: bool


@dataclass(frozen=True)
class Board:
    """What the board shows: a picture, how the shape was moved and pulled to get there, and all that follows."""

    picture: Image
    warp: Warp
    layers: Sequence[Layer]
    answers: Sequence[Answer]
    verdict: str
    step: int  # presentations; 0 where nothing was learned
    steps: int  # how many there are to play; 0: nothing was learned yet, so nothing to play
    counted: str


def neocognitron(
    board: Board,
    labels: dict[str, str],
    key: str,
    on_drag: Callable[[Warp], None],
    on_warp: Callable[[Warp], None],
    on_step: Callable[[int], None],
) -> None:
    """Show the board.

    While the pointer holds the shape, `on_drag` is called with where it is; `on_warp` once it is let go, and when a key
    moves it; the player calls `on_step`.

    labels: the table [neocognitron].
    """

    def dragged() -> None:
        warp = _warp(reported(key, "drag"))
        if warp:
            on_drag(warp)

    def warped() -> None:
        warp = _warp(reported(key, "warp"))
        if warp:
            on_warp(warp)

    def stepped() -> None:
        step = reported(key, "step")
        if type(step) is int and 0 <= step <= board.steps:
            on_step(step)

    data = {
        "colours": colours(),
        "labels": labels,
        "picture": encoded(np.rint(255 * board.picture).astype(np.uint8)),
        "size": len(board.picture),
        "warp": board.warp.numbers,
        "frame": FRAME.tolist(),
        "farthest": FARTHEST,
        "pull": PULL,
        "layers": [layer.data() for layer in board.layers],
        "answers": [
            {**asdict(answer), "shape": encoded(np.rint(255 * answer.shape).astype(np.uint8))}
            for answer in board.answers
        ],
        "verdict": board.verdict,
        "step": board.step,
        "steps": board.steps,
        "counted": board.counted,
    }
    _mount(data=data, key=key, on_drag_change=dragged, on_warp_change=warped, on_step_change=stepped)


def _warp(sent: Any) -> Warp | None:
    """What the browser sent, checked: anything else than a warp in its range is none."""
    if not isinstance(sent, list) or len(sent) != 10 or any(type(at) not in (int, float) for at in sent):
        return None
    try:
        return Warp.of(sent)
    except ValueError:
        return None
