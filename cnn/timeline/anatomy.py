"""Looking into a network: a layer by its path, what repeats, and the block that the network is known for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnn.architecture import Architecture, Node
from cnn.layers import Layer

# What is drawn in the same box as the layer before it.
ATTACHED = (
    "relu",
    "tanh",
    "scaled_tanh",
    "sigmoid",
    "batch_norm",
    "local_response_norm",
    "dropout",
    "flatten",
    "negate",
    "channel_padding",
)
BLOCKS = ("residual", "branches", "dense_block")  # what has a name of its own in the papers
POOLING = ("max_pooling", "average_pooling", "sub_sampling", "c_cells")


@dataclass(frozen=True)
class Step:
    """What one box of a diagram stands for: layers that follow one another, or the same block several times."""

    nodes: tuple[Node, ...]  # a layer with its normalisation and activation; or blocks that are alike
    repeated: bool = False

    @property
    def main(self) -> Node:
        """The layer that the others belong to."""
        return next((node for node in self.nodes if node.kind not in ATTACHED), self.nodes[0])

    @property
    def parameters(self) -> int:
        return sum(node.parameters for node in self.nodes)

    @property
    def macs(self) -> int:
        return sum(node.macs for node in self.nodes)


def steps(nodes: Sequence[Node]) -> tuple[Step, ...]:
    """Layers in a row as the boxes of a diagram.

    conv, BN, ReLU, conv, BN -> (conv, BN, ReLU), (conv, BN); block2, block3, block4, if alike -> (block2 three times)
    """
    found: list[Step] = []
    for node in nodes:
        last = found[-1] if found else None
        if last and node.kind in ATTACHED and not last.main.children:
            found[-1] = Step((*last.nodes, node))
        elif last and last.main.children and _alike(last.main, node):
            found[-1] = Step((*last.nodes, node), repeated=True)
        else:
            found.append(Step((node,)))
    return tuple(found)


def _alike(one: Node, other: Node) -> bool:
    """Whether two composite layers differ in their names only. The costs are compared first: it is quicker."""
    costs = [(node.parameters, node.macs, node.input_shape, node.shape, node.kind) for node in (one, other)]
    return costs[0] == costs[1] and one.kind in BLOCKS and _unnamed(one.layer) == _unnamed(other.layer)


def _unnamed(layer: Layer) -> tuple:
    return tuple(value for name, value in vars(layer).items() if name != "label")


def find(architecture: Architecture, path: str) -> Node | None:
    """The layer under a dotted path, "features.conv2_x.block1"; None where there is none."""
    names = path.split(".")
    level: Sequence[Node] = architecture.halves
    found = None
    for depth in range(1, len(names) + 1):
        found = next((node for node in level if list(node.path) == names[:depth]), None)
        if found is None:
            return None
        level = found.children
    return found


def descendants(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes and everything inside them, from the outside in."""
    for node in nodes:
        yield node
        yield from descendants(node.children)


def signature_block(architecture: Architecture) -> tuple[Node, ...]:
    """The block that the network is known for, as nodes in a row.

    A residual block with an identity shortcut, an Inception module, a dense block; in a plain network what stands
    between two poolings: the stage with the most convolutions, or the first layers up to a pooling.
    """
    inside = list(descendants(architecture.halves[0].children))
    blocks = [node for node in inside if node.kind in BLOCKS]
    if blocks:
        plain = (node for node in blocks if node.kind != "residual" or not node.children[1].children)
        return (next(plain, blocks[0]),)
    stages = [node for node in architecture.halves[0].children if node.kind == "stage"]
    if stages:
        return max(stages, key=lambda node: len(node.children)).children
    return _up_to_pooling(architecture.halves[0].children)


def _up_to_pooling(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The first layers up to the first pooling and what squashes it."""
    last = next((index for index, node in enumerate(nodes) if node.kind in POOLING), len(nodes) - 1)
    while last + 1 < len(nodes) and nodes[last + 1].kind in ATTACHED:
        last += 1
    return tuple(nodes[: last + 1])


@dataclass(frozen=True)
class Size:
    """A size that the maps have, and the layer that first gives it."""

    pixels: int
    layer: str  # its label; empty for the picture itself


def sizes(architecture: Architecture) -> tuple[Size, ...]:
    """The sizes of the maps from the picture to the last of the features: 224, 112, 56, 28, 14, 7."""
    found = [Size(architecture.input_shape[1], "")]
    for row in architecture.leaves():
        pixels = row.shape[1] if len(row.shape) == 3 else 0
        if row.part == "features" and 1 < pixels < found[-1].pixels:
            found.append(Size(pixels, _owner(architecture, row.path)))
    return tuple(found)


def _owner(architecture: Architecture, path: str) -> str:
    """The row of the paper's table that a leaf belongs to."""
    rows = [row.label for row in architecture.rows() if path == row.path or path.startswith(f"{row.path}.")]
    return rows[0] if rows else path.rpartition(".")[2]
