"""Both LeNet-5s as programs that read the shipped weights, in the two halves that the lesson shows."""

import numpy as np
from numpy.typing import NDArray

from cnn.architectures import ARCHITECTURES
from cnn.architectures.lenet import C3_TABLE, CODES, LENET5
from cnn.lenet.dissection import Unit, layer_row

HEAD = """\
from collections import OrderedDict

import torch
from safetensors.torch import load_file
from torch import nn
"""

LAYERS_1998 = """
class Squash(nn.Module):
    def forward(self, x):
        return 1.7159 * torch.tanh(x * 2 / 3)


class SubSampling(nn.Module):  # the sum of 2 x 2, times a coefficient, plus a bias
    def __init__(self, channels):
        super().__init__()
        self.coefficient = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        sums = nn.functional.avg_pool2d(x, 2) * 4
        return sums * self.coefficient.view(-1, 1, 1) + self.bias.view(-1, 1, 1)


TABLE = {table}


class SparseConv(nn.Module):  # Table I: each map reads some of the six
    def __init__(self):
        super().__init__()
        self.kernels = nn.Parameter(torch.zeros(sum(map(len, TABLE)), 5, 5))
        self.bias = nn.Parameter(torch.zeros(len(TABLE)))

    def forward(self, x):
        weight, pair = x.new_zeros(len(TABLE), 6, 5, 5), 0
        for out, sources in enumerate(TABLE):
            for source in sources:
                weight[out, source], pair = self.kernels[pair], pair + 1
        return nn.functional.conv2d(x, weight, self.bias)


CODES = torch.tensor([[1.0 if bit == "#" else -1.0 for bit in code] for code in {codes}])


class Distances(nn.Module):  # to ten fixed pictures of 7 x 12: the nearest one wins
    def forward(self, x):
        return -(x[:, None] - CODES).square().sum(2)

"""

HALVES = {
    "lenet5": (
        (
            ("C1", "nn.Conv2d(1, 6, 5)", "(6, 28, 28)"),
            ("squash1", "Squash()", ""),
            ("S2", "SubSampling(6)", "(6, 14, 14)"),
            ("squash2", "Squash()", ""),
            ("C3", "SparseConv()", "(16, 10, 10)"),
            ("squash3", "Squash()", ""),
            ("S4", "SubSampling(16)", "(16, 5, 5)"),
            ("squash4", "Squash()", ""),
        ),
        (
            ("C5", "nn.Conv2d(16, 120, 5)", "(120, 1, 1): fully connected"),
            ("squash5", "Squash()", ""),
            ("flatten", "nn.Flatten()", "(120,)"),
            ("F6", "nn.Linear(120, 84)", "(84,)"),
            ("squash6", "Squash()", ""),
            ("OUTPUT", "Distances()", "(10,)"),
        ),
    ),
    "lenet5_modern": (
        (
            ("C1", "nn.Conv2d(1, 6, 5)", "(6, 28, 28)"),
            ("relu1", "nn.ReLU()", ""),
            ("S2", "nn.MaxPool2d(2)", "(6, 14, 14)"),
            ("C3", "nn.Conv2d(6, 16, 5)", "(16, 10, 10)"),
            ("relu3", "nn.ReLU()", ""),
            ("S4", "nn.MaxPool2d(2)", "(16, 5, 5)"),
        ),
        (
            ("flatten", "nn.Flatten()", "(400,)"),
            ("C5", "nn.Linear(400, 120)", "(120,)"),
            ("relu5", "nn.ReLU()", ""),
            ("F6", "nn.Linear(120, 84)", "(84,)"),
            ("relu6", "nn.ReLU()", ""),
            ("OUTPUT", "nn.Linear(84, 10)", "(10,)"),
        ),
    ),
}


def program(key: str, digit: NDArray[np.uint8], unit: Unit) -> str:
    """The whole text of a program: the network `key`, the digit, its class probabilities, and one unit's sum.

    It leaves the probabilities in `output` and the sum before squashing in `unit`, and prints both.
    Shapes: digit uint8 (28, 28)
    """
    if key not in HALVES:
        raise ValueError(f"key is {key!r}; it must be one of {tuple(HALVES)}")
    features, classifier = HALVES[key]
    own = _layers_1998() if key == LENET5.key else ""
    paper, full = ("0.1 / 1.275", "1 / 1.275") if key == LENET5.key else ("0.1307", "0.3081")
    rows = "\n".join(digit[row].tobytes().hex() for row in range(len(digit)))
    names = [name for name, *_ in (*features, *classifier)]
    return (
        f"{HEAD}{own}\n"
        "class LeNet5(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        f"{_half('features', features)}{_half('classifier', classifier)}\n"
        "    def forward(self, x):\n"
        "        return self.classifier(self.features(x))\n\n\n"
        "network = LeNet5()\n"
        f'network.load_state_dict(load_file("assets/weights/{key}.safetensors"))\n\n'
        "# 28 x 28 bytes: paper 00, full ink ff\n"
        f'ink = bytearray.fromhex("""\n{rows}\n""")\n'
        "digit = torch.frombuffer(ink, dtype=torch.uint8).reshape(1, 1, 28, 28) / 255\n"
        f"x = (nn.functional.pad(digit, (2, 2, 2, 2)) - {paper}) / ({full})  # (1, 1, 32, 32)\n\n"
        "with torch.no_grad():\n"
        "    output = network(x)[0].softmax(0)\n"
        f"    layers = [*network.features, *network.classifier][: {names.index(unit.layer) + 1}]\n"
        f"    unit = nn.Sequential(*layers)(x)[0]{_indexed(key, unit)}\n"
        "print(output)\n"
        f'print("{unit.layer}, before squashing:", unit.item())\n'
    )


def _half(name: str, layers: tuple[tuple[str, str, str], ...]) -> str:
    inside = "".join(
        f'            ("{layer}", {call}),{f"  # {shape}" if shape else ""}\n' for layer, call, shape in layers
    )
    return f"        self.{name} = nn.Sequential(OrderedDict([\n{inside}        ]))\n"


def _layers_1998() -> str:
    table = "[\n" + "".join(f"    {sources},\n" for sources in C3_TABLE) + "]"
    codes = ["".join("#" if bit > 0 else "." for bit in code) for code in CODES]
    return LAYERS_1998.format(table=table, codes="[\n" + "".join(f'    "{code}",\n' for code in codes) + "]")


def _indexed(key: str, unit: Unit) -> str:
    """A layer of maps keeps its three axes; units stand in a row."""
    row = layer_row(ARCHITECTURES[key], unit.layer)
    if row.part == "classifier":
        return f".reshape(-1)[{unit.map}]"
    return f".reshape({', '.join(map(str, row.shape))})[{unit.map}, {unit.row}, {unit.column}]"


def weights(key: str, layer: str, unit: int) -> str:
    """A program that reads the shipped file, lists its tensors, and prints one unit's weights.

    It leaves them in `output`.
    """
    if key not in HALVES:
        raise ValueError(f"key is {key!r}; it must be one of {tuple(HALVES)}")
    if key == LENET5.key and layer == "C3":
        start = sum(map(len, C3_TABLE[:unit]))
        stop = start + len(C3_TABLE[unit])
        chosen = f'weights["features.C3.kernels"][{start}:{stop}]  # the kernels that C3[{unit}] has'
    elif key == LENET5.key and layer == "OUTPUT":
        code = "".join("#" if bit > 0 else "." for bit in CODES[unit])
        chosen = f'torch.tensor([1.0 if bit == "#" else -1.0 for bit in (\n    "{code}"\n)]).reshape(12, 7)  # fixed'
    else:
        row = layer_row(ARCHITECTURES[key], layer)
        name = "coefficient" if row.kind == "sub_sampling" else "weight"
        chosen = f'weights["{row.path}.{name}"][{unit}]'
    return (
        "import torch\n"
        "from safetensors.torch import load_file\n\n"
        f'weights = load_file("assets/weights/{key}.safetensors")\n'
        "for name, values in weights.items():\n"
        "    print(name, tuple(values.shape), values.numel())\n"
        'print("together", sum(values.numel() for values in weights.values()))\n\n'
        f"output = {chosen}\n"
        "print(output.float().squeeze())\n"
    )
