"""The ONNX file, read back by a decoder of its own and computed operator by operator, gives the network's logits.

onnx's checker and onnxruntime 1.32 took these files, and gave the same logits; neither is needed to run the tests.
Format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

import struct
from collections.abc import Callable, Iterator
from typing import Any, get_args

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from cnn.architectures.lenet import Pooling
from cnn.architectures.modules import Network
from cnn.datasets import mnist
from cnn.training import TrainingConfig, export
from cnn.training.loop import plain_network
from cnn.training.onnx_file import Graph, varint
from cnn.training.recipes import LENET5_1998, LENET5_MODERN, PERCEPTRON

DIGITS = 16

# ---------------------------------------------------------------------------------------------------------- the decoder


def number(data: bytes, at: int) -> tuple[int, int]:
    """A varint -> its value and where the next thing begins."""
    value = shift = 0
    while True:
        value, shift, byte, at = value | (data[at] & 127) << shift, shift + 7, data[at], at + 1
        if byte < 128:
            return value, at


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Each field of a message: its number; an int, a float, or bytes."""
    at = 0
    while at < len(data):
        key, at = number(data, at)
        kind = key & 7
        if kind == 0:
            value, at = number(data, at)
        elif kind == 5:
            value, at = struct.unpack_from("<f", data, at)[0], at + 4
        else:
            assert kind == 2
            size, at = number(data, at)
            value, at = data[at : at + size], at + size
            assert len(value) == size
        yield key >> 3, value


def all_of(data: bytes, wanted: int) -> list[Any]:
    return [value for found, value in fields(data) if found == wanted]


def one(data: bytes, wanted: int) -> Any:
    [value] = all_of(data, wanted)
    return value


def tensor(data: bytes) -> tuple[str, Tensor]:
    """TensorProto: 1 dims, 2 data_type (1 float, 7 int64), 8 name, 9 raw_data."""
    kind = {1: "<f4", 7: "<i8"}[one(data, 2)]
    return one(data, 8).decode(), torch.from_numpy(np.frombuffer(one(data, 9), kind).copy().reshape(all_of(data, 1)))


def attribute(data: bytes) -> tuple[str, Any]:
    """AttributeProto: 1 name, 2 f, 3 i, 8 ints, 20 type (1 FLOAT, 2 INT, 7 INTS)."""
    kind = one(data, 20)
    return one(data, 1).decode(), all_of(data, 8) if kind == 7 else one(data, {1: 2, 2: 3}[kind])


# ------------------------------------------------------------------------------------------------------- the operators


def convolution(x: Tensor, weight: Tensor, bias: Tensor, strides: list[int], pads: list[int]) -> Tensor:
    top, left, bottom, right = pads
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, tuple(strides))


def cut(x: Tensor, starts: Tensor, ends: Tensor, axes: Tensor, steps: Tensor) -> Tensor:
    for start, end, axis, step in zip(*(part.tolist() for part in (starts, ends, axes, steps)), strict=True):
        index = np.arange(x.shape[axis])[start:end:step].copy()
        x = x.index_select(axis, torch.from_numpy(index))
    return x


def gemm(x: Tensor, weight: Tensor, bias: Tensor, transB: int = 0) -> Tensor:
    return x @ (weight.T if transB else weight) + bias


OPERATORS: dict[str, Callable[..., Tensor]] = {
    "Conv": convolution,
    "Gemm": gemm,
    "MaxPool": lambda x, kernel_shape, strides: F.max_pool2d(x, kernel_shape, strides),
    "AveragePool": lambda x, kernel_shape, strides: F.avg_pool2d(x, kernel_shape, strides),
    "Slice": cut,
    "Relu": torch.relu,
    "Tanh": torch.tanh,
    "Neg": torch.neg,
    "Mul": torch.mul,
    "Add": torch.add,
    "Sub": torch.sub,
    "Flatten": lambda x: x.flatten(1),
    "Identity": lambda x: x,
    "Unsqueeze": lambda x, axes: x.unsqueeze(axes.item()),
    "ReduceSum": lambda x, axes, keepdims: x.sum(axes.tolist(), keepdim=bool(keepdims)),
}


def computed(file: bytes, images: Tensor) -> Tensor:
    """ModelProto: 7 graph. GraphProto: 1 node, 5 initializer, 11 input, 12 output. NodeProto: 1 2 3 4 5 as below."""
    graph = one(file, 7)
    values = dict(tensor(each) for each in all_of(graph, 5)) | {one(one(graph, 11), 1).decode(): images}
    for node in all_of(graph, 1):
        inputs = [values[name.decode()] for name in all_of(node, 1)]
        given = dict(attribute(each) for each in all_of(node, 5))
        values[one(node, 2).decode()] = OPERATORS[one(node, 4).decode()](*inputs, **given)
    return values[one(one(graph, 12), 1).decode()]


# ------------------------------------------------------------------------------------------------------------ the tests

SHIPPED = {config.network: config for config in (LENET5_MODERN, LENET5_1998, PERCEPTRON)}
VARIANTS = {
    f"{pooling}, {activation}": TrainingConfig(pooling=pooling, activation=activation, dropout=0.2)
    for pooling, activation in zip(get_args(Pooling), ("relu", "tanh", "scaled tanh") * 2, strict=True)
}


def same_logits(config: TrainingConfig, network: Network) -> None:
    channels, height, width = config.architecture.input_shape
    images = network.prepare(mnist("test")[0][:DIGITS])
    with torch.no_grad():
        expected = network(images)
    found = computed(export.onnx(network, (channels, height, width)), images)
    assert found.shape == (DIGITS, 10)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("config", SHIPPED.values(), ids=SHIPPED)
def test_shipped_weights(config):
    same_logits(config, config.architecture.trained())


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
def test_every_pooling_and_activation(config):
    same_logits(config, plain_network(config))


def test_the_frame_says_what_onnx_asks_for():
    """ModelProto: 1 ir_version, 8 opset_import (2 version). A port: 1 name, 2 type, in it 1 tensor, 2 shape."""
    config = TrainingConfig()
    file = export.onnx(plain_network(config), (1, 32, 32))
    assert one(file, 1) == 8 and list(fields(one(file, 8))) == [(1, b""), (2, 13)]
    graph = one(file, 7)
    for port, name, sizes in ((11, b"images", [b"n", 1, 32, 32]), (12, b"logits", [b"n", 10])):
        told = one(graph, port)
        kind = one(one(told, 2), 1)
        assert one(told, 1) == name and one(kind, 1) == 1
        assert [value for each in all_of(one(kind, 2), 1) for _, value in fields(each)] == sizes


def test_varint_by_hand():
    assert (varint(0), varint(127), varint(300)) == (b"\x00", b"\x7f", b"\xac\x02")
    assert all(number(varint(value), 0)[0] == value for value in (1, 128, 2**31, 2**62, 2**64 - 1))


def test_an_unknown_layer_is_refused():
    with pytest.raises(ValueError, match="layer features.X is a Sigmoid; no ONNX operator is known for it"):
        Graph().add_layer("features.X", torch.nn.Sigmoid(), "images")
