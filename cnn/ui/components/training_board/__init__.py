"""A network in training at a glance: progress, curves, kernels and gradients, maps of a digit, layers, mistakes.

Every part keeps its place and size from the first look on. Canvases are painted over and drawings redrawn in place, so
that an update twice a second neither flickers nor moves anything.
"""

from collections.abc import Mapping
from typing import Any

from cnn.ui.components import colours, register

_mount = register("training_board")


def training_board(parts: Mapping[str, Any], key: str) -> None:
    """Show the parts that are given, of "progress", "loss", "accuracy", "kernels", "digit", "maps", "layers",
    "judgement", in that order; what each holds is made by cnn.ui.lessons.training.board."""
    _mount(data={"colours": colours(), **parts}, key=key)
