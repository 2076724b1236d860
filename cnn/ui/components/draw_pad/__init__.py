"""Paper to draw on: with mouse, finger, pen or the keyboard. What is drawn arrives while it is drawn; no button."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn.ui.components import colours, register, reported

_mount = register("draw_pad")

Ink = NDArray[np.uint8]  # (h, w), 255 on paper 0


@dataclass(frozen=True)
class Sheet:
    """What the paper is part of: a picture of `columns` x `rows`, the paper at (left, top); in pixels of ink."""

    url: str
    columns: float
    rows: float
    left: float
    top: float


@dataclass(frozen=True)
class Box:
    """A frame over the ink, with a word; a doubtful one is dashed. In pixels of ink."""

    left: float
    top: float
    width: float
    height: float
    word: str
    doubtful: bool = False


def draw_pad(
    ink: Ink,
    seed: str,
    labels: dict[str, str],
    key: str,
    on_draw: Callable[[Ink], None],
    brush: float = 0.045,
    sheet: Sheet | None = None,
    boxes: Sequence[Box] = (),
) -> None:
    """Show paper in the shape of `ink`; each few strokes' worth calls `on_draw` with the ink as it is then.

    seed: names what `ink` shows. Another seed puts `ink` on the paper (the learner can undo that); the same seed leaves
    the paper to the learner, so that nothing is sent back while somebody draws.
    brush: radius of the pen, as a share of the paper's height. labels: the table "draw_pad". boxes: drawn over the ink,
    anew with each call, whatever the seed.

    Shapes: ink (h, w)
    """

    def drawn() -> None:
        received = _ink(reported(key, "draw"), ink.shape)
        if received is not None:
            on_draw(received)

    data = {
        "colours": colours(),
        "labels": labels,
        "ink": base64.b64encode(np.ascontiguousarray(ink).tobytes()).decode(),
        "rows": ink.shape[0],
        "columns": ink.shape[1],
        "seed": seed,
        "name": key,
        "brush": brush * ink.shape[0],
        "sheet": sheet and asdict(sheet),
        "boxes": [asdict(box) for box in boxes],
    }
    _mount(data=data, key=key, on_draw_change=drawn)


def _ink(sent: Any, shape: tuple[int, ...]) -> Ink | None:
    """What the browser sent, checked: anything else than the whole paper is nothing."""
    size = int(np.prod(shape))
    if not isinstance(sent, str) or len(sent) != 4 * -(-size // 3) or not sent.isascii():
        return None
    try:
        data = base64.b64decode(sent, validate=True)
    except binascii.Error:
        return None
    return np.frombuffer(data, np.uint8).reshape(shape) if len(data) == size else None
