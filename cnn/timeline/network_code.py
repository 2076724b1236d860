"""A network as a PyTorch program that runs by itself, written from its layers.

The layers that torch lacks are copied from `cnn/architectures/standalone.py`, as text: nothing here needs torch.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

from cnn.architecture import Architecture
from cnn.layers import (
    BatchNorm,
    Branches,
    CCells,
    Conv,
    Dense,
    DenseBlock,
    Dropout,
    Layer,
    LocalResponseNorm,
    Negate,
    Pool,
    RadialBasis,
    Residual,
    SCells,
    Shape,
    SparseConv,
    SqueezeExcite,
    Stack,
    SubSampling,
    centred_padding,
)

STANDALONE = Path(__file__).parents[1] / "architectures" / "standalone.py"
NEEDS = {"SCells": ("falling",), "CCells": ("falling",)}  # what a copied layer calls
TAB = "    "
PLAIN = {  # layers without settings
    "relu": "nn.ReLU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "scaled_tanh": "ScaledTanh()",
    "flatten": "nn.Flatten()",
    "global_average_pooling": "nn.AdaptiveAvgPool2d(1)",
}


def program(network: Architecture) -> str:
    """The whole text: imports, the layers that torch lacks, the network, and what it prints."""
    name = re.sub(r"\W+", "", network.name.split(" (")[0])
    body = [
        f"class {name}(nn.Module):",
        f'{TAB}"""{network.paper}."""',
        "",
        f"{TAB}def __init__(self):",
        f"{TAB * 2}super().__init__()",
        *_half("features", network.features, network.input_shape),
        *_half("classifier", network.classifier, network.halves[0].shape),
        "",
        f"{TAB}def forward(self, x):",
        f"{TAB * 2}return self.classifier(self.features(x))",
    ]
    written = "\n".join(body)
    parts = _copied(written)
    imports = ["import torch"]
    if any("F." in part for part in parts):
        imports.append("import torch.nn.functional as F")
    shape = ", ".join(map(str, (1, *network.input_shape)))
    run = [
        f"network = {name}().eval()",
        f"output = network(torch.zeros({shape}))",
        f"print(sum(each.numel() for each in network.parameters()))  # {network.parameters}",
        "print(tuple(output.shape))",
    ]
    return "\n\n\n".join(["\n".join([*imports, "from torch import nn"]), *parts, written, "\n".join(run)]) + "\n"


def _half(name: str, layers: Sequence[Layer], shape: Shape) -> list[str]:
    """`self.features = nn.Sequential(...)`; without layers it is the identity."""
    if not layers:
        return [f"{TAB * 2}self.{name} = nn.Identity()"]
    lines = _chain(layers, shape, 3)
    return [f"{TAB * 2}self.{name} = nn.Sequential(", *lines, f"{TAB * 2})"]


# ---------------------------------------------------------------------------------------------------- layer by layer


def _chain(layers: Sequence[Layer], shape: Shape, depth: int) -> list[str]:
    """Layers in a row, a comma behind each. The same block several times is written once."""
    lines: list[str] = []
    for layer, count in _runs(layers, shape):
        written = _layer(layer, shape, depth)
        if count > 1:
            written = [
                f"{TAB * depth}*(",
                *(f"{TAB}{line}" for line in written),
                f"{TAB * (depth + 1)}for _ in range({count})",
            ]
            written[-2] = written[-2].rstrip(",")
            written.append(f"{TAB * depth}),")
        lines += written
        for _ in range(count):
            shape = layer.output_shape(shape)
    return lines


def _runs(layers: Sequence[Layer], shape: Shape) -> Iterator[tuple[Layer, int]]:
    """(layer, how often it stands there in a row), for residual blocks that differ in their label only."""
    index = 0
    while index < len(layers):
        layer, count = layers[index], 1
        while index + count < len(layers) and _repeats(layer, layers[index + count], shape):
            count += 1
        yield layer, count
        for _ in range(count):
            shape = layer.output_shape(shape)
        index += count


def _repeats(layer: Layer, following: Layer, shape: Shape) -> bool:
    if not (isinstance(layer, Residual) and isinstance(following, Residual)) or layer.output_shape(shape) != shape:
        return False
    return replace(following, label=layer.label) == layer


def _layer(layer: Layer, shape: Shape, depth: int) -> list[str]:
    """One layer as lines, the last of them with a comma."""
    pad, inside = TAB * depth, TAB * (depth + 1)
    if isinstance(layer, Stack):  # a row of the paper's table: its layers follow, under its name
        return [f"{pad}# {layer.label}: {_size(layer.output_shape(shape))}", *_chain(layer.layers, shape, depth)]
    if isinstance(layer, Residual):
        shortcut = _sequential(layer.projection, shape, depth + 1) if layer.projection else []
        return [f"{pad}Residual(", *_sequential(layer.body, shape, depth + 1), *shortcut, f"{pad}),"]
    if isinstance(layer, Branches):
        branches = (line for branch in layer.branches for line in _sequential(branch.layers, shape, depth + 1))
        return [f"{pad}Inception(  # {layer.label}: {_size(layer.output_shape(shape))}", *branches, f"{pad}),"]
    if isinstance(layer, SparseConv):
        rows = [f"{inside}{TAB}{sources}," for sources in layer.table]
        return [
            f"{pad}SparseConv(  # {_note(layer, shape)}",
            f"{inside}[",
            *rows,
            f"{inside}],",
            f"{inside}{layer.kernel_size},",
            f"{pad}),",
        ]
    if isinstance(layer, RadialBasis):
        codes = ["".join("#" if pixel > 0 else "." for pixel in code) for code in layer.codes]
        return [f"{pad}DistanceToCodes([", *(f'{inside}"{code}",' for code in codes), f"{pad}]),"]
    if isinstance(layer, Negate):  # part of DistanceToCodes
        return []
    note = f"  # {_note(layer, shape)}" if layer.label else ""
    return [f"{pad}{_call(layer, shape)},{note}"]


def _sequential(layers: Sequence[Layer], shape: Shape, depth: int) -> list[str]:
    if len(layers) == 1 and not isinstance(layers[0], Stack):
        return _layer(layers[0], shape, depth)
    return [f"{TAB * depth}nn.Sequential(", *_chain(layers, shape, depth + 1), f"{TAB * depth}),"]


def _call(layer: Layer, shape: Shape) -> str:
    """One layer as a call."""
    match layer:
        case Conv():
            settings = _settings(layer, "stride", "padding", "groups", "dilation", "bias")
            return f"nn.Conv2d({shape[0]}, {layer.out_channels}, {layer.kernel_size}{settings})"
        case Pool(method=("max" | "average") as method):
            name = {"max": "nn.MaxPool2d", "average": "nn.AvgPool2d"}[method]
            return f"{name}({layer.kernel_size}, {layer.stride}{_settings(layer, 'padding', 'ceil_mode')})"
        case Dense():
            return f"nn.Linear({shape[0]}, {layer.out_features})"
        case BatchNorm():
            return f"nn.BatchNorm2d({shape[0]}{f', eps={layer.epsilon}' if layer.epsilon != 1e-5 else ''})"
        case LocalResponseNorm():
            settings = f"alpha={layer.alpha * layer.size:g}, beta={layer.beta}, k={layer.k}"
            return f"nn.LocalResponseNorm({layer.size}, {settings})"
        case Dropout():
            return f"nn.Dropout({layer.probability})"
        case SubSampling():
            return f"SubSampling({shape[0]}, {layer.size})"
        case DenseBlock():
            return f"DenseBlock({shape[0]}, layers={layer.layers}, growth={layer.growth})"
        case SqueezeExcite():
            return f"SqueezeExcite({shape[0]}, reduction={layer.reduction})"
        case SCells():
            padding = centred_padding(shape[1], layer.kernel_size, layer.out_size)
            settings = f"{layer.kernel_size}, {padding}, {layer.selectivity}, {layer.decay}"
            return f"SCells({shape[0]}, {layer.planes}, {settings})"
        case CCells():
            padding = centred_padding(shape[1], layer.kernel_size, layer.out_size)
            return f"CCells({shape[0]}, {layer.kernel_size}, {padding}, {layer.total}, {layer.decay}, {layer.alpha})"
    if layer.kind not in PLAIN:
        raise ValueError(f"layer is {layer!r}; no program can be written for its kind {layer.kind!r}")
    return PLAIN[layer.kind]


def _settings(layer: Layer, *names: str) -> str:
    """What is not the default, as ", stride=2, bias=False"."""
    defaults = {each.name: each.default for each in fields(layer)} | {"padding": 0, "groups": 1}  # type: ignore[arg-type]
    given = {name: getattr(layer, name) for name in names}
    return "".join(f", {name}={value}" for name, value in given.items() if value != defaults[name])


def _note(layer: Layer, shape: Shape) -> str:
    return f"{layer.label}: {_size(layer.output_shape(shape))}"


def _size(shape: Shape) -> str:
    return " x ".join(map(str, shape))


# ------------------------------------------------------------------------------------------------------- what is copied


@cache
def _sources() -> dict[str, str]:
    """Name -> text of each class and function in standalone.py."""
    text = STANDALONE.read_text(encoding="utf-8")
    found = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef | ast.FunctionDef))
    return {node.name: ast.get_source_segment(text, node) or "" for node in found}


def _copied(program: str) -> list[str]:
    """The texts that a program needs, in the order of their file."""
    used = {name for name in _sources() if re.search(rf"(?<![.\w]){name}\(", program)}
    used |= {name for each in used for name in NEEDS.get(each, ())}
    return [text for name, text in _sources().items() if name in used]
