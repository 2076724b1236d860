"""The five kinds of block on the same photograph: what runs along each edge, in NumPy.

A block is an `Architecture` of one layer, so that its shapes, costs and torch module are derived as a network's are.
The weights are random: none of these blocks has been trained. Plain, residual and squeeze-and-excitation draw the same
two convolutions from the same seed, so that what differs between them is what the block adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn.architecture import Architecture, Node, Preparation
from cnn.kernels import kernel
from cnn.layers import BatchNorm, Branches, Conv, Dense, DenseBlock, Layer, Pool, ReLU, Residual, SqueezeExcite, Stack
from cnn.operations import conv2d, max_pool2d
from cnn.photographs import Photograph, luminance, square_patch

Maps = NDArray[np.float32]  # (c, h, w), or (features,)
Weights = Mapping[str, NDArray[np.float32]]  # by name, as in the torch module's state_dict

SIDE = 56  # pixels, as large as the maps in ResNet's first blocks
INPUTS = ("red", "green", "blue", "vertical_edges", "horizontal_edges", "spots")
CHANNELS = len(INPUTS)


def _convolutions() -> tuple[Layer, Layer, Layer]:
    """Two 3x3 convolutions with a ReLU between them. (6, h, w) -> (6, h, w)"""
    first, second = (Conv(f"conv{n}", CHANNELS, kernel_size=3, padding=1, bias=False) for n in (1, 2))
    return first, ReLU(), second


def _branch(label: str, *layers: Layer) -> Stack:
    """Each convolution of an Inception module has its ReLU."""
    return Stack(
        label, tuple(each for layer in layers for each in ((layer, ReLU()) if isinstance(layer, Conv) else (layer,)))
    )


def _conv(label: str, maps: int, kernel_size: int) -> Conv:
    return Conv(label, maps, kernel_size, padding=kernel_size // 2, bias=False)


def _block(key: str, name: str, year: int, paper: str, layer: Layer) -> Architecture:
    return Architecture(
        key=key,
        name=name,
        year=year,
        paper=paper,
        differs="Six maps, so that each can be drawn; batch normalisation in the dense block only.",
        input_shape=(CHANNELS, SIDE, SIDE),
        features=(layer,),
        classifier=(),
        preparation=Preparation(SIDE, (0.0,) * CHANNELS, (1.0,) * CHANNELS),
    )


BLOCKS: Mapping[str, Architecture] = MappingProxyType(
    {
        block.key: block
        for block in (
            _block(
                "plain",
                "Plain",
                2014,
                "Simonyan & Zisserman 2015, ICLR, section 2.1",
                Stack("plain", (*_convolutions(), ReLU())),
            ),
            _block(
                "inception",
                "Inception",
                2014,
                "Szegedy et al. 2015, CVPR, figure 2b",
                Branches(
                    "inception",
                    (
                        _branch("branch1", _conv("one", 2, 1)),
                        _branch("branch2", _conv("reduce", 2, 1), _conv("three", 2, 3)),
                        _branch("branch3", _conv("reduce", 1, 1), _conv("five", 1, 5)),
                        _branch("branch4", Pool("pool", "max", 3, stride=1, padding=1), _conv("project", 1, 1)),
                    ),
                ),
            ),
            _block(
                "residual",
                "Residual",
                2015,
                "He et al. 2016, CVPR, figure 2",
                Residual("residual", body=_convolutions()),
            ),
            _block(
                "dense",
                "Dense",
                2017,
                "Huang et al. 2017, CVPR, section 3",
                DenseBlock("dense", layers=3, growth=2),
            ),
            _block(
                "squeeze_excite",
                "SE",
                2017,
                "Hu et al. 2018, CVPR, figure 3",
                Residual("squeeze_excite", body=(*_convolutions(), SqueezeExcite("rescale", reduction=2))),
            ),
        )
    }
)


def input_maps(picture: Photograph) -> Maps:
    """What every block is given: the colours of the picture's middle, and three kinds of edges in its brightness.

    Colours from 0 to 1; edges are ReLU(kernel / 2), with the outermost pixels repeated past the rim.
    Shapes: (h, w, 3) -> (6, 56, 56)
    """
    side = min(picture.shape[:2])
    top, left = ((size - side) // 2 for size in picture.shape[:2])
    square = Image.fromarray(np.ascontiguousarray(square_patch(picture, top, left, side)))
    small = np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BOX))
    edges = np.stack([kernel("sobel_x"), kernel("sobel_y"), kernel("laplacian")])[:, None] / 2  # (3, 1, 3, 3)
    rimmed = np.pad(luminance(small) / 255, 1, mode="edge")[None]
    found = np.maximum(conv2d(rimmed, edges.astype(np.float32)), 0)  # (1, 58, 58) -> (3, 56, 56)
    return np.concatenate([small.transpose(2, 0, 1) / 255, found]).astype(np.float32)


def random_weights(block: Architecture, seed: int) -> Weights:
    """Weights as `build()` would start them: uniform within sqrt(6 / inputs of a unit), biases zero.

    Paper: He et al. 2015, https://arxiv.org/abs/1502.01852
    """
    dice, found = np.random.default_rng(seed), {}
    for node in (leaf for root in block.tree for leaf in root.leaves()):
        if isinstance(node.layer, Conv | Dense):
            shape = weight_shape(node)
            bound = sqrt(6 / np.prod(shape[1:]))
            found[f"{'.'.join(node.path)}.weight"] = dice.uniform(-bound, bound, shape).astype(np.float32)
    return found


def weight_shape(node: Node) -> tuple[int, ...]:
    """(out, in, k, k) of a convolution, (out, in) of a fully connected layer; ValueError for any other layer."""
    if isinstance(node.layer, Conv):
        return (node.shape[0], node.input_shape[0], node.layer.kernel_size, node.layer.kernel_size)
    if isinstance(node.layer, Dense):
        return (node.shape[0], node.input_shape[0])
    raise ValueError(f"node is a {node.kind}; it must be a convolution or a fully connected layer")


# ------------------------------------------------------------------------------------------------------------ running


@dataclass(frozen=True, eq=False)
class Trace:
    """A layer at work: what it was given, what it gives, and the same for the layers in it."""

    node: Node
    given: Maps
    output: Maps
    inside: tuple[Trace, ...] = ()

    def child(self, name: str) -> Trace:
        """The layer of that name inside; KeyError where there is none."""
        return {trace.node.path[-1]: trace for trace in self.inside}[name]


def run(block: Architecture, maps: Maps, weights: Weights) -> Trace:
    """A block on its input. Batch normalisation is as it starts: mean 0, variance 1.

    Shapes: maps (6, 56, 56)
    """
    return _run(block.tree[0], maps, weights)


def _run(node: Node, given: Maps, weights: Weights) -> Trace:
    match node.layer:
        case Residual():
            return _residual(node, given, weights)
        case Branches():
            inside = tuple(_run(child, given, weights) for child in node.children)
            return Trace(node, given, np.concatenate([branch.output for branch in inside]), inside)
        case DenseBlock():
            return _dense_block(node, given, weights)
        case SqueezeExcite():
            (gate,) = (_run(child, given, weights) for child in node.children)
            return Trace(node, given, given * gate.output[:, None, None], (gate,))
        case Stack():
            return _stack(node, given, weights)
    return Trace(node, given, _leaf(node, given, weights))


def _stack(node: Node, given: Maps, weights: Weights) -> Trace:
    inside, output = [], given
    for child in node.children:
        inside.append(_run(child, output, weights))
        output = inside[-1].output
    return Trace(node, given, output, tuple(inside))


def _residual(node: Node, given: Maps, weights: Weights) -> Trace:
    body, shortcut = (_run(child, given, weights) for child in node.children[:2])
    activation = _run(node.children[2], body.output + shortcut.output, weights)
    return Trace(node, given, activation.output, (body, shortcut, activation))


def _dense_block(node: Node, given: Maps, weights: Weights) -> Trace:
    inside, maps = [], given
    for child in node.children:
        inside.append(_run(child, maps, weights))
        maps = np.concatenate([maps, inside[-1].output])
    return Trace(node, given, maps, tuple(inside))


def _leaf(node: Node, given: Maps, weights: Weights) -> Maps:
    layer, weight = node.layer, weights.get(f"{'.'.join(node.path)}.weight")
    match layer:
        case Conv():
            return conv2d(given, weight, stride=layer.stride, padding=layer.padding)  # type: ignore[arg-type]
        case Pool():
            return max_pool2d(given, layer.kernel_size, layer.stride, layer.padding)
        case Dense():
            return weight @ given  # type: ignore[operator]
        case ReLU():
            return np.maximum(given, 0)
        case BatchNorm():
            return given / np.float32(sqrt(1 + layer.epsilon))
    return {
        "global_average_pooling": lambda: given.mean(axis=(1, 2), keepdims=True),
        "flatten": lambda: given.reshape(-1),
        "sigmoid": lambda: 1 / (1 + np.exp(-given)),
    }[node.kind]()


# --------------------------------------------------------------------------------------------------------- one number


@dataclass(frozen=True)
class Worked:
    """How one number of the output comes about. What a block does not have is None."""

    output: float
    convolved: float | None = None  # what the last convolution gives, before anything else
    mean: float | None = None  # squeeze: of the map
    gate: float | None = None  # excitation: between 0 and 1
    shortcut: float | None = None  # x
    source: str = ""  # the branch or the layer that the map comes from; "input" for a copied one
    number: int = 0  # of the map within its source, from 1


def worked(trace: Trace, index: int, row: int, column: int) -> Worked:
    """The output's number at map `index`, `row`, `column`, taken apart."""
    if not 0 <= index < len(trace.output):
        raise ValueError(f"index is {index}; it must be from 0 to {len(trace.output) - 1}, one of the maps")
    output = float(trace.output[index, row, column])
    kind = trace.node.kind
    if kind == "residual":
        return _worked_residual(trace, index, row, column, output)
    if kind == "stack":
        return Worked(output, convolved=float(trace.inside[-1].given[index, row, column]))
    for name, count in sources(trace):
        if index < count:
            return Worked(output, source=name, number=index + 1)
        index -= count
    raise ValueError(f"trace is of a {kind}; its maps have no sources")


def sources(trace: Trace) -> tuple[tuple[str, int], ...]:
    """(name, maps) of what is concatenated to a block's output: its branches; the input and what each layer adds.

    Nothing in the other kinds of blocks: they concatenate nothing.
    """
    if trace.node.kind not in ("branches", "dense_block"):
        return ()
    given = (("input", len(trace.given)),) if trace.node.kind == "dense_block" else ()
    return (*given, *((child.node.path[-1], len(child.output)) for child in trace.inside))


def _worked_residual(trace: Trace, index: int, row: int, column: int, output: float) -> Worked:
    body = trace.child("body").inside
    rescale = body[-1] if isinstance(body[-1].node.layer, SqueezeExcite) else None
    return Worked(
        output,
        convolved=float((rescale.given if rescale else body[-1].output)[index, row, column]),
        mean=float(rescale.given[index].mean()) if rescale else None,
        gate=float(gates(trace)[index]) if rescale else None,
        shortcut=float(trace.given[index, row, column]),
    )


def gates(trace: Trace) -> Maps:
    """The weight of each map in a squeeze-and-excitation block. -> (6,)"""
    return trace.child("body").child("rescale").inside[0].output


def largest(trace: Trace) -> float:
    """The scale of a block's picture: 99.5 % of all numbers on its edges are smaller in absolute value."""
    edges = [np.abs(each.output).ravel() for each in _edges(trace) if each.output.ndim == 3]
    return float(np.quantile(np.concatenate([np.abs(trace.given).ravel(), *edges]), 0.995)) or 1.0


def _edges(trace: Trace) -> Iterator[Trace]:
    yield trace
    for child in trace.inside:
        yield from _edges(child)
