"""A network as text: its tree of layers as torchinfo prints one, and its table as CSV.

Differs: torchinfo counts biases and normalisation among the "mult-adds"; here they are multiply-accumulates as the
papers count them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from math import prod
from typing import Literal

from cnn.architecture import Architecture, Node, Row
from cnn.layers import Shape, Stack

Detail = Literal["rows", "leaves"]

NAME, SHAPE, COUNT = 41, 22, 12  # widths of the columns; the first is wider where a name is longer
BYTES = 4  # of a 32-bit float
TYPES = {  # what torch calls these layers
    "convolution": "Conv2d",
    "dense": "Linear",
    "max_pooling": "MaxPool2d",
    "average_pooling": "AvgPool2d",
    "global_average_pooling": "AdaptiveAvgPool2d",
    "batch_norm": "BatchNorm2d",
    "local_response_norm": "LocalResponseNorm",
    "relu": "ReLU",
}


@dataclass(frozen=True)
class _Line:
    name: str
    shape: Shape
    parameters: int  # its own, not those of the layers in it

    @property
    def count(self) -> str:
        return f"{self.parameters:,}" if self.parameters else "--"


def summary(network: Architecture) -> str:
    """The tree of layers with output shapes and parameters, then the sums."""
    rows = [_Line(network.name.split(" (")[0], network.tree[-1].shape, 0), *_tree(network)]
    wide = max(NAME, *(len(row.name) + 2 for row in rows))
    ruler = "=" * (wide + SHAPE + COUNT)
    sizes = [prod(network.input_shape), sum(prod(row.shape) for row in network.leaves()), network.parameters]
    megabytes = [size * BYTES / 1e6 for size in sizes]
    scale, unit = (1e9, "G") if network.macs >= 1e9 else (1e6, "M")
    return "\n".join(
        [
            ruler,
            f"{'Layer (type:depth-idx)':<{wide}}{'Output Shape':<{SHAPE}}{'Param #':>{COUNT}}",
            ruler,
            *(f"{row.name:<{wide}}{_size(row.shape):<{SHAPE}}{row.count:>{COUNT}}" for row in rows),
            ruler,
            f"Total params: {network.parameters:,}",
            f"Trainable params: {network.parameters:,}",
            "Non-trainable params: 0",
            f"Total mult-adds ({unit}): {network.macs / scale:.2f}",
            ruler,
            f"Input size (MB): {megabytes[0]:.2f}",
            f"Forward pass size (MB): {megabytes[1]:.2f}",
            f"Params size (MB): {megabytes[2]:.2f}",
            f"Estimated Total Size (MB): {sum(megabytes):.2f}",
            ruler,
        ]
    )


def _tree(network: Architecture) -> Iterator[_Line]:
    """Every layer below the network, numbered within its depth: "├─Conv2d: 1-1"."""
    counts: dict[int, int] = {}

    def walk(nodes: tuple[Node, ...], depth: int, before: str) -> Iterator[_Line]:
        for index, node in enumerate(nodes):
            counts[depth] = counts.get(depth, 0) + 1
            last = index == len(nodes) - 1
            parameters = 0 if node.children else node.parameters
            name = f"{before}{'└─' if last else '├─'}{_type(node)}: {depth}-{counts[depth]}"
            yield _Line(name, node.shape, parameters)
            yield from walk(node.children, depth + 1, before + ("   " if last else "│  "))

    yield from walk(tuple(half for half in network.halves if half.children), 1, "")


def _type(node: Node) -> str:
    """torch's name of a layer, or ours; what has a name in the paper has it in brackets."""
    plain = "Sequential" if isinstance(node.layer, Stack) else type(node.layer).__name__
    name = TYPES.get(node.kind, plain)
    return f"{name} ({node.label})" if node.label else name


def _size(shape: Shape) -> str:
    return f"[1, {', '.join(map(str, shape))}]"


# ---------------------------------------------------------------------------------------------------------- the table


def rows(network: Architecture, detail: Detail) -> tuple[Row, ...]:
    """The paper's table, or every layer down to the activations."""
    return network.rows() if detail == "rows" else network.leaves()


def table(network: Architecture, detail: Detail) -> str:
    """The rows as CSV with a head: layer, kind, part, stage, shapes, parameters, MACs, connections, receptive field."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = (
        "layer",
        "path",
        "kind",
        "part",
        "stage",
        "input",
        "output",
        "parameters",
        "macs",
        "receptive_field",
        "depth",
    )
    writer.writerow(head)
    for row in rows(network, detail):
        shapes = ("x".join(map(str, shape)) for shape in (row.input_shape, row.shape))
        field = "" if row.receptive_field is None else row.receptive_field
        writer.writerow(
            (row.label, row.path, row.kind, row.part, row.stage, *shapes, row.parameters, row.macs, field, row.depth)
        )
    return text.getvalue()
