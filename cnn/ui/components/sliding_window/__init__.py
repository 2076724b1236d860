"""The stage: a window slides over the input, and each output cell shows what it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any

import numpy as np

from cnn.stage import Image, Stage
from cnn.ui.components import colours, register, reported

_mount = register("sliding_window")


@dataclass(frozen=True)
class Captions:
    """What stands above the grids."""

    inputs: Sequence[str]  # a name per input channel
    outputs: Sequence[str]
    input_shape: str = ""
    kernel_shape: str = ""
    output_shape: str = ""
    input_note: str = ""
    output_note: str = ""


@dataclass(frozen=True)
class Edit:
    """A cell that the learner changed."""

    grid: str  # "input" or "kernel"
    channel: int
    out: int
    row: int
    column: int
    value: float
    gesture: str  # the same throughout one drag; empty for a typed number


@dataclass(frozen=True)
class Action:
    """A button below the grids."""

    key: str  # "undo" or "reset": which picture it has
    label: str
    enabled: bool
    press: Callable[[], None]


@dataclass(frozen=True)
class Regions:
    """Which of four colours each cell has; -1 is none."""

    input: list[list[int]]  # padding included
    output: list[list[int]]


def sliding_window(
    stage: Stage,
    captions: Captions,
    labels: dict[str, str],
    key: str,
    *,
    on_edit: Callable[[Edit], None] | None = None,
    editable: Sequence[str] = (),
    original: Sequence[Sequence[Image]] | None = None,
    steps: tuple[float, float] = (1, 0.25),
    start: tuple[int, int] | None = None,
    origin: tuple[int, int] = (0, 0),
    group: str = "",
    regions: Regions | None = None,
    actions: Sequence[Action] = (),
) -> None:
    """Show a stage.

    editable: which of "input", "kernel" can be changed. original: kernels before they were flipped, shown beside.
    steps: what one notch of a drag adds, in the input and in the kernel. start: the output cell looked at first.
    origin: where the first output cell lies, for a stage that is part of a larger map.
    group: components of one group learn where the window stands. regions: cells that belong together, in one colour.
    """

    def edited() -> None:
        edit = _edit(reported(key, "edit"))
        if edit and on_edit:
            on_edit(edit)

    def acted() -> None:
        for action in actions:
            if action.key == reported(key, "action"):
                action.press()

    rows, columns = len(stage.rows), len(stage.columns)
    first = start or _interesting(stage.outputs[0])
    data = {
        "colours": colours(),
        "labels": labels,
        "combine": stage.combine,
        "inputs": _named(captions.inputs, stage.inputs),
        "outputs": _named(captions.outputs, stage.outputs),
        "shapes": {"input": captions.input_shape, "kernel": captions.kernel_shape, "output": captions.output_shape},
        "notes": {"input": captions.input_note, "output": captions.output_note},
        "pad": astuple(stage.padding),
        "dropped": stage.dropped,
        "rows": stage.rows,
        "columns": stage.columns,
        "kernels": _nested(stage.kernels),
        "original": _nested(original),
        "blank": np.zeros_like(next(kernel for kernel in stage.kernels[0] if kernel is not None)).tolist()
        if stage.kernels
        else None,
        "products": stage.products,
        "sums": stage.sums,
        "bias": stage.bias,
        "winners": stage.winners,
        "divisors": stage.divisors,
        "editable": list(editable),
        "steps": {"input": steps[0], "kernel": steps[1]},
        "start": (min(first[0], rows - 1), min(first[1], columns - 1)),
        "origin": origin,
        "opened": key,
        "group": group,
        "regions": asdict(regions) if regions else None,
        "actions": [{"key": action.key, "label": action.label, "enabled": action.enabled} for action in actions],
    }
    _mount(data=data, key=key, on_edit_change=edited, on_action_change=acted)


def _interesting(output: Image) -> tuple[int, int]:
    """The first cell that is not zero: the one worth looking at when the stage opens."""
    places = np.argwhere(output != 0)
    return (int(places[0][0]), int(places[0][1])) if len(places) else (0, 0)


def _named(names: Sequence[str], images: Image) -> list[dict[str, Any]]:
    return [{"label": name, "values": _finite(image)} for name, image in zip(names, images, strict=True)]


def _finite(image: Image) -> list[list[float | None]]:
    """JSON has no infinity: max pooling's padding travels as null."""
    return [[value if np.isfinite(value) else None for value in row] for row in image.tolist()]


def _nested(kernels: Sequence[Sequence[Image | None]] | None) -> list[list[list[list[float]] | None]] | None:
    if kernels is None:
        return None
    return [[None if kernel is None else kernel.tolist() for kernel in channels] for channels in kernels]


def _edit(sent: Any) -> Edit | None:
    """What the browser sent, checked: anything else than an edit is none."""
    kinds = {"grid": str, "channel": int, "out": int, "row": int, "column": int, "gesture": str}
    if not isinstance(sent, dict) or any(not isinstance(sent.get(name), kind) for name, kind in kinds.items()):
        return None
    value = sent.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        return None
    return Edit(**{name: sent[name] for name in kinds}, value=float(value))
