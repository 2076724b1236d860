"""Kernels that slide along one, two or three axes, side by side: what the number in Conv1d, Conv2d, Conv3d counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from cnn.dimensions import AXES, SlidingCase
from cnn.ui.components import colours, register

_mount = register("moving_kernel")


def moving_kernel(cases: Sequence[SlidingCase], labels: Mapping[str, str], key: str) -> None:
    """Show each case as a card: a kernel in its input, the output, torch's name for it; one player moves them all.

    labels: the tables [stage] and [moving_kernel] in one. An axis is called `labels["<case>_<axis>"]` where there is
    such a label ("time"), and `labels["<axis>"]` otherwise; along `labels["slices_<case>"]` the slices have names.
    """
    words = {name: labels[name] for name in (*_CONTROLS, "input", "output", "kernel")}
    _mount(data={"colours": colours(), "labels": words, "cards": [_card(case, labels) for case in cases]}, key=key)


_CONTROLS = ("back", "play", "pause", "forward", "scrub", "speed", "step")


def _card(case: SlidingCase, labels: Mapping[str, str]) -> dict[str, Any]:
    dimension = len(case.axes)
    slides = {axis: _axis(case, axis, labels) for axis in case.axes}
    array = labels["array"].format(count=len(case.kernel_sizes))
    return {
        "key": case.key,
        "title": labels[f"title_{case.key}"],
        "verdict": labels["verdict"].format(count=dimension),
        "facts": [
            {"role": "kernel", "name": labels["kernel"], "value": _shape(case.kernel_sizes), "note": array},
            {
                "role": "slides",
                "name": labels["slides"],
                "value": " · ".join(slides.values()),
                "note": labels[f"axes_{dimension}"],
            },
            {
                "role": "layer",
                "name": "PyTorch",
                "value": case.layer,
                "note": labels["weight"].format(shape=case.weight_shape),
            },
        ],
        "input": case.input_shape,
        "kernel": case.kernel_shape,
        "output": case.output_shape,
        "shapes": {
            "input": _shape([size for size in case.input_shape if size > 1]),
            "output": _shape([getattr(case.output_shape, axis) for axis in case.axes]),
        },
        "positions": case.positions,
        "names": [[cell[AXES.index(axis)] for axis in case.axes] for _, cell in case.positions],
        "slides": slides,
        "channels": dict.fromkeys(case.channel_axes, labels["channels"]),
        "slices": labels.get(f"slices_{case.key}", "").split(),
    }


def _axis(case: SlidingCase, axis: str, labels: Mapping[str, str]) -> str:
    return labels.get(f"{case.key}_{axis}", labels[axis])


def _shape(sizes: Sequence[int]) -> str:
    """(3, 5, 5) -> "3 × 5 × 5"."""
    return " × ".join(map(str, sizes))
