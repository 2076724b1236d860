"""LeNet-5 as an ONNX file, written byte by byte: torch's exporter needs two more packages for the same file.

ONNX is a protocol buffer: each field is its number and kind, then the value. The numbers below are those of onnx.proto.
Format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

import struct
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn

from cnn.architectures.modules import (
    Negative,
    Network,
    RadialBasisOutput,
    ScaledTanh1998,
    SparseConv2d,
    Subsample,
    SubSampling2d,
)

OPERATORS = 13  # version of the operators
FORMAT = 8  # version of the file format
FLOAT, INTEGER, INTEGERS = 1, 2, 7  # kinds of attribute
FLOATS_32, INTEGERS_64 = 1, 7  # kinds of tensor


def onnx_file(network: Network, input_shape: tuple[int, int, int]) -> bytes:
    """The whole file. Raises ValueError for a layer that it does not know."""
    graph = Graph()
    values = "images"
    for half in ("features", "classifier"):
        for name, layer in network.get_submodule(half).named_children():
            values = graph.add_layer(f"{half}.{name}", layer, values)
    graph.add("Identity", [values], "logits")
    preparation = network.preparation
    described = (
        f"images: (pixel / 255 - {preparation.mean[0]:g}) / {preparation.deviation[0]:g}, a black border included"
    )
    body = b"".join(
        (
            *(field(1, node) for node in graph.nodes),
            field(2, "lenet5"),
            *(field(5, constant) for constant in graph.constants),
            field(10, described),
            field(11, port("images", ("n", *input_shape))),
            field(12, port("logits", ("n", 10))),
        )
    )
    version = field(1, "") + field(2, OPERATORS)
    return field(1, FORMAT) + field(2, "puddle") + field(6, described) + field(7, body) + field(8, version)


class Graph:
    """Nodes and constants so far."""

    def __init__(self) -> None:
        self.nodes: list[bytes] = []
        self.constants: list[bytes] = []

    def add(self, operator: str, inputs: Iterable[str], output: str, **attributes: float | list[int]) -> str:
        """One node; returns the name of its output."""
        node = b"".join(field(1, name) for name in inputs) + field(2, output) + field(3, output) + field(4, operator)
        self.nodes.append(node + b"".join(field(5, attribute(name, value)) for name, value in attributes.items()))
        return output

    def constant(self, name: str, value: Tensor | list[int]) -> str:
        """Numbers of the file; returns their name."""
        array = np.array(value, "<i8") if isinstance(value, list) else value.detach().contiguous().numpy().astype("<f4")
        kind = INTEGERS_64 if isinstance(value, list) else FLOATS_32
        sizes = b"".join(field(1, size) for size in array.shape)
        self.constants.append(sizes + field(2, kind) + field(8, name) + field(9, array.tobytes()))
        return name

    def add_layer(self, path: str, layer: nn.Module, given: str) -> str:
        """A layer of LeNet-5, in as many nodes as it needs; returns the name of what it gives."""

        def number(name: str, value: Tensor | list[int]) -> str:
            return self.constant(f"{path}.{name}", value)

        def part(operator: str, inputs: Iterable[str], name: str, **attributes: float | list[int]) -> str:
            return self.add(operator, inputs, f"{path}.{name}", **attributes)

        match layer:
            case nn.Conv2d() | SparseConv2d():
                strides, padding = getattr(layer, "stride", (1, 1)), getattr(layer, "padding", (0, 0))
                inputs = [given, number("weight", layer.weight), number("bias", layer.bias)]  # type: ignore[arg-type]
                return self.add("Conv", inputs, path, strides=list(strides), pads=[*padding, *padding])  # type: ignore[misc]
            case nn.Linear():
                inputs = [given, number("weight", layer.weight), number("bias", layer.bias)]
                return self.add("Gemm", inputs, path, transB=1)
            case nn.MaxPool2d() | nn.AvgPool2d():
                window = {"kernel_shape": [2, 2], "strides": [2, 2]}
                return self.add(
                    "MaxPool" if isinstance(layer, nn.MaxPool2d) else "AveragePool", [given], path, **window
                )
            case SubSampling2d(size=size):
                mean = part("AveragePool", [given], "mean", kernel_shape=[size, size], strides=[size, size])
                factors = number("coefficient", layer.coefficient[:, None, None] * size**2)
                scaled = part("Mul", [mean, factors], "scaled")
                return self.add("Add", [scaled, number("bias", layer.bias[:, None, None])], path)
            case Subsample(rest=rest, stride=stride):
                end = [-rest, -rest] if rest else [2**62, 2**62]
                window = (number("starts", [0, 0]), number("ends", end), number("axes", [2, 3]))
                return self.add("Slice", [given, *window, number("steps", [stride, stride])], path)
            case ScaledTanh1998():
                inner = part("Tanh", [part("Mul", [given, number("slope", torch.tensor(2 / 3))], "slope_of")], "tanh")
                return self.add("Mul", [inner, number("height", torch.tensor(1.7159))], path)
            case RadialBasisOutput():
                apart = part("Unsqueeze", [given, number("axis", [1])], "apart")
                offsets = part("Sub", [apart, number("codes", layer.codes)], "offsets")
                squares = part("Mul", [offsets, offsets], "squares")
                return self.add("ReduceSum", [squares, number("sum_axis", [2])], path, keepdims=0)
            case nn.Dropout():
                return given
            case nn.ReLU() | nn.Tanh() | nn.Flatten() | Negative():
                names = {nn.ReLU: "Relu", nn.Tanh: "Tanh", nn.Flatten: "Flatten", Negative: "Neg"}
                return self.add(names[type(layer)], [given], path)
        raise ValueError(f"layer {path} is a {type(layer).__name__}; no ONNX operator is known for it")


# ---------------------------------------------------------------------------------------------------- protocol buffers


def field(number: int, value: int | float | str | bytes) -> bytes:
    """One field: a whole number, a float of 32 bits, or a piece of known length."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    piece = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(piece)) + piece


def varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow. 300 -> ac 02"""
    if value < 128:
        return bytes([value])
    return bytes([value & 127 | 128]) + varint(value >> 7)


def attribute(name: str, value: float | list[int]) -> bytes:
    if isinstance(value, list):
        return field(1, name) + b"".join(field(8, each) for each in value) + field(20, INTEGERS)
    if isinstance(value, int):
        return field(1, name) + field(3, value) + field(20, INTEGER)
    return field(1, name) + field(2, value) + field(20, FLOAT)


def port(name: str, sizes: tuple[int | str, ...]) -> bytes:
    """An input or output of the whole: floats in this shape; a word stands for any number."""
    shape = b"".join(field(1, field(2 if isinstance(size, str) else 1, size)) for size in sizes)
    return field(1, name) + field(2, field(1, field(1, FLOATS_32) + field(2, shape)))
