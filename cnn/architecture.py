"""A network as data: its layers in the paper's order; tables, counts and the torch module are derived from them.

`Architecture.tree` is the one derivation: stages, blocks and layers with shapes, costs and receptive fields.
`rows()` is the paper's table, `leaves()` every layer, both read off the tree. torch is imported by `build` only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cnn.arithmetic import receptive_field
from cnn.layers import Child, Layer, Role, Shape, Stack, Stage, activation_after_max_pooling

if TYPE_CHECKING:
    from cnn.architectures.modules import Network

WEIGHTS = Path(__file__).parents[1] / "assets" / "weights"

Part = Literal["features", "classifier"]


@dataclass(frozen=True)
class Preparation:
    """How a picture becomes the input: scaled to `size`, set in a black border if the input is larger, normalised.

    (pixel / 255 - mean) / deviation, per channel.
    """

    size: int
    mean: tuple[float, ...]
    deviation: tuple[float, ...]


@dataclass(frozen=True)
class Reach:
    """How far back one unit sees along the longest path, and how many layers with weights lie on it."""

    size: int = 1  # pixels
    jump: int = 1  # pixels between neighbouring units
    depth: int = 0
    everything: bool = False  # the whole image: behind a global mean or a fully connected layer

    def through(self, layer: Layer) -> Reach:
        own = receptive_field(layer.windows())
        return Reach(
            size=self.size + (own.size - 1) * self.jump,
            jump=self.jump * own.jump,
            depth=self.depth + layer.has_weights,
            everything=self.everything or layer.sees_everything,
        )

    def joined_with(self, other: Reach) -> Reach:
        return Reach(
            max(self.size, other.size),
            max(self.jump, other.jump),
            max(self.depth, other.depth),
            self.everything or other.everything,
        )


@dataclass(frozen=True)
class Node:
    """A layer in its place. `path` leads to the same layer in the built module: features, conv2_x, block1, ..."""

    layer: Layer
    path: tuple[str, ...]
    role: Role
    input_shape: Shape
    shape: Shape
    parameters: int
    macs: int
    connections: int
    reach: Reach
    children: tuple[Node, ...]

    @property
    def label(self) -> str:
        return self.layer.label

    @property
    def kind(self) -> str:
        return self.layer.kind

    @property
    def receptive_field(self) -> int | None:
        """Pixels along one axis; None where a unit depends on the whole image."""
        return None if self.reach.everything else self.reach.size

    def leaves(self) -> Iterator[Node]:
        """The layers at the ends of the tree, in order of execution; an identity shortcut has none."""
        if not self.children and not isinstance(self.layer, Stack):
            yield self
        for child in self.children:
            yield from child.leaves()


def _node(child: Child, path: tuple[str, ...], before: Reach) -> Node:
    """Derive a layer and all that is inside it."""
    layer, shape = child.layer, child.input_shape
    path = (*path, child.name)
    inside, reach = _inside(layer, shape, path, before)
    if inside:
        parameters, macs, connections = (
            sum(getattr(node, cost) for node in inside) for cost in ("parameters", "macs", "connections")
        )
    else:
        reach = reach.through(layer)
        parameters, macs, connections = layer.parameters(shape), layer.macs(shape), layer.connections(shape)
    return Node(layer, path, child.role, shape, layer.output_shape(shape), parameters, macs, connections, reach, inside)


def _inside(layer: Layer, shape: Shape, path: tuple[str, ...], before: Reach) -> tuple[tuple[Node, ...], Reach]:
    """The children of a layer and the reach of what they give together."""
    nodes, reach = [], before
    for child in layer.children(shape):
        node = _node(child, path, reach if child.role == "chain" else before)
        nodes.append(node)
        if child.role != "gate":
            reach = reach.joined_with(node.reach)
    return tuple(nodes), reach


@dataclass(frozen=True)
class Row:
    """One line of a table: a layer of the paper with what belongs to it, or one leaf of the tree."""

    label: str
    kind: str
    part: Part
    stage: str
    path: str  # of the same layer in the built network, for `get_submodule`
    input_shape: Shape
    shape: Shape
    parameters: int
    macs: int
    connections: int
    receptive_field: int | None  # pixels along one axis; None for the whole image
    depth: int  # layers with weights from the input to here
    nodes: tuple[Node, ...]  # the layer itself, and its activation, normalisation, dropout


def _row(node: Node, nodes: tuple[Node, ...], stage: str) -> Row:
    return Row(
        label=node.label or node.path[-1],
        kind=node.kind,
        part="classifier" if node.path[0] == "classifier" else "features",
        stage=stage,
        path=".".join(node.path),
        input_shape=node.input_shape,
        shape=node.shape,
        parameters=sum(each.parameters for each in nodes),
        macs=sum(each.macs for each in nodes),
        connections=sum(each.connections for each in nodes),
        receptive_field=node.receptive_field,
        depth=node.reach.depth,
        nodes=nodes,
    )


def _grouped(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Each labelled node with the unlabelled ones that follow it; unlabelled ones at the start go to the first."""
    labelled = [index for index, node in enumerate(nodes) if node.label]
    starts = [0, *labelled[1:], len(nodes)]
    for number, index in enumerate(labelled):
        yield nodes[index], nodes[starts[number] : starts[number + 1]]


def _rows(nodes: tuple[Node, ...], stage: str = "") -> Iterator[Row]:
    for node, group in _grouped(nodes):
        if isinstance(node.layer, Stage):
            if len(group) > 1:
                raise ValueError(f"{group[1].path[-1]} stands beside stage {node.label!r}; put it into the stage")
            yield from _rows(node.children, node.label)
        else:
            yield _row(node, group, stage or node.label)


@dataclass(frozen=True)
class Share:
    """What a stage, or a half, of the network costs."""

    label: str
    part: Part
    shape: Shape
    parameters: int
    macs: int
    parameters_share: float  # of the whole network
    macs_share: float


@dataclass(frozen=True)
class Architecture:
    """A network as its paper describes it. Everything that can be computed is a method or a property."""

    key: str
    name: str
    year: int
    paper: str
    differs: str  # from the paper, or from the implementation that most people run; empty where it does not
    input_shape: Shape
    features: tuple[Layer, ...]
    classifier: tuple[Layer, ...]
    preparation: Preparation
    initialisation: str = "he"  # a key of cnn.architectures.modules.INITIALISATIONS

    @property
    def layers(self) -> tuple[Layer, ...]:
        return self.features + self.classifier

    @cached_property
    def halves(self) -> tuple[Node, Node]:
        """`features` and `classifier` as the two roots of the tree."""
        features, reach = _half("features", self.features, self.input_shape, Reach())
        classifier, _ = _half("classifier", self.classifier, features.shape, reach)
        return features, classifier

    @cached_property
    def tree(self) -> tuple[Node, ...]:
        """The layers as listed, each with what is inside it: stages, then blocks, then layers."""
        features, classifier = self.halves
        return features.children + classifier.children

    @property
    def parameters(self) -> int:
        """Trainable numbers."""
        return sum(half.parameters for half in self.halves)

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations for one image: convolutions and fully connected layers, without biases."""
        return sum(half.macs for half in self.halves)

    @property
    def connections(self) -> int:
        """Links into units, biases and pooling windows included, as LeCun et al. 1998 count them."""
        return sum(half.connections for half in self.halves)

    @property
    def receptive_field(self) -> int:
        """Pixels that a unit of the last maps sees along one axis; what exceeds the image is padding."""
        return self.halves[0].reach.size

    @property
    def stride(self) -> int:
        """Pixels between neighbouring units of the last maps: 32 after five halvings."""
        return self.halves[0].reach.jump

    @property
    def depth(self) -> int:
        """Layers with weights on the longest path; projections and normalisation do not count."""
        return self.halves[1].reach.depth

    @cached_property
    def _rows(self) -> tuple[Row, ...]:
        return tuple(row for half in self.halves for row in _rows(half.children))

    def rows(self) -> tuple[Row, ...]:
        """One row a layer of the paper's table."""
        return self._rows

    @cached_property
    def _leaves(self) -> tuple[Row, ...]:
        return tuple(
            _row(leaf, (leaf,), row.stage) for row in self._rows for node in row.nodes for leaf in node.leaves()
        )

    def leaves(self) -> tuple[Row, ...]:
        """One row for every layer, down to activations and normalisation, in order of execution."""
        return self._leaves

    def shapes(self) -> list[tuple[str, Shape]]:
        """(label, shape) for each layer of the paper's table."""
        return [(row.label, row.shape) for row in self.rows()]

    def shares(self, by: Literal["stage", "part"] = "stage") -> tuple[Share, ...]:
        """Parameters and MACs of each stage, or of each half, and which part of the whole that is."""
        groups: dict[tuple[Part, str], list[Row]] = {}
        for row in self.rows():
            groups.setdefault((row.part, row.stage if by == "stage" else row.part), []).append(row)
        return tuple(self._share(part, label, rows) for (part, label), rows in groups.items())

    def _share(self, part: Part, label: str, rows: list[Row]) -> Share:
        parameters, macs = sum(row.parameters for row in rows), sum(row.macs for row in rows)
        return Share(
            label, part, rows[-1].shape, parameters, macs, parameters / self.parameters, macs / max(1, self.macs)
        )

    def build(self, *, device: str = "cpu", fast: bool = False) -> Network:
        """The network in torch, with random weights by torch's global seed.

        `fast` puts each activation behind the max pooling that follows it: the same function on a quarter of the
        values, and the same parameters under the same names. On device "meta" the network holds no numbers.
        """
        from cnn.architectures import modules

        network = self._uninitialised(device, fast)
        if device != "meta":
            modules.initialise(network, self.initialisation)
        return network

    def trained(self) -> Network:
        """The network with the weights shipped in assets/weights; ValueError where none are."""
        path = WEIGHTS / f"{self.key}.safetensors"
        if not path.is_file():
            raise ValueError(f"no trained weights are shipped for {self.key!r}: assets/weights/{path.name} is missing")
        from safetensors.torch import load_file

        network = self.build()
        network.load_state_dict(load_file(path))
        return network.eval()

    def _uninitialised(self, device: str, fast: bool) -> Network:
        """The network with its memory, but no numbers in it."""
        from cnn.architectures import modules

        features = activation_after_max_pooling(self.features) if fast else self.features
        with modules.without_numbers():
            network = modules.Network(
                Stack("features", features).module(self.input_shape),
                Stack("classifier", self.classifier).module(self.halves[0].shape),
                self.preparation,
                self.input_shape,
            )
        return network if device == "meta" else modules.materialise(network, device)

    def summary(self) -> str:
        """The table of rows as text: label, shape, parameters, MACs, receptive field."""
        title = self.name if f"({self.year})" in self.name else f"{self.name} ({self.year})"
        lines = [f"{title}, input {_size(self.input_shape)}"]
        lines.append(f"{'layer':<24}{'shape':>16}{'parameters':>14}{'MACs':>16}{'field':>7}")
        for row in self.rows():
            seen = "all" if row.receptive_field is None else row.receptive_field
            lines.append(f"{row.label:<24}{_size(row.shape):>16}{row.parameters:>14,}{row.macs:>16,}{seen:>7}")
        lines.append(f"{'total':<40}{self.parameters:>14,}{self.macs:>16,}{self.receptive_field:>7}")
        return "\n".join(lines) + "\n"


def _half(name: Part, layers: tuple[Layer, ...], shape: Shape, before: Reach) -> tuple[Node, Reach]:
    node = _node(Child(name, Stack(name, layers), shape), (), before)
    return node, node.reach


def _size(shape: Shape) -> str:
    """(6, 28, 28) -> "6 x 28 x 28"."""
    return " x ".join(map(str, shape))
