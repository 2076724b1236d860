"""The torch side: the built network, its initialisation, and the layers that torch lacks.

Imported only when a network is built, so that everything computed from specs works without torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import sqrt
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnn.layers import CCells, SCells, Shape, centred_padding, choose

if TYPE_CHECKING:
    from cnn.architecture import Preparation

AnyModule = TypeVar("AnyModule", bound=nn.Module)

# -------------------------------------------------------------------------------------------------- the network


class Network(nn.Module):
    """A network in two halves: `features` makes maps of the image, `classifier` makes logits of the maps.

    Shapes: (n, *input_shape) -> (n, classes); the largest logit wins, in every network.
    """

    def __init__(
        self, features: nn.Sequential, classifier: nn.Sequential, preparation: Preparation, input_shape: Shape
    ):
        super().__init__()
        self.features = features
        self.classifier = classifier
        self.preparation = preparation
        self.input_shape = input_shape

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.features(images))

    @torch.no_grad()
    def prepare(self, images: Tensor | np.ndarray) -> Tensor:
        """Pictures as this network reads them: its channels, its size, its normalisation.

        Grey pictures are repeated over three channels, coloured ones weighed into one. A picture of another size is
        scaled until its shorter side fits, and its middle is taken.
        Shapes: uint8 (n, h, w) or (n, h, w, 3) -> float (n, *input_shape)
        """
        pixels = images if isinstance(images, Tensor) else torch.from_numpy(np.array(images))  # may be read-only
        if pixels.dtype != torch.uint8 or pixels.ndim not in (3, 4) or (pixels.ndim == 4 and pixels.shape[3] != 3):
            raise ValueError(
                f"images is {pixels.dtype} {tuple(pixels.shape)}; it must be uint8 of shape (n, h, w) or (n, h, w, 3)"
            )
        channels, size, _ = self.input_shape
        device = next(self.parameters()).device
        planes = pixels[:, None] if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)  # (n, 1 or 3, h, w)
        planes = _with_channels(planes.to(device, torch.float32), channels)
        if tuple(planes.shape[2:]) != (size, size):
            planes = _fitted(planes, self.preparation.size)
            planes = F.pad(planes, [(size - self.preparation.size) // 2] * 4)  # black, which is paper in MNIST
        mean, deviation = (
            torch.tensor(values, device=device).view(-1, 1, 1) * 255
            for values in (self.preparation.mean, self.preparation.deviation)
        )
        return (planes - mean).div_(deviation)


def _with_channels(planes: Tensor, channels: int) -> Tensor:
    """(n, 1 or 3, h, w) -> (n, channels, h, w); grey is the luma of ITU-R 601, as in Pillow."""
    if planes.shape[1] == channels:
        return planes
    if channels == 1:
        return torch.einsum("nchw,c->nhw", planes, planes.new_tensor([0.299, 0.587, 0.114]))[:, None]
    return planes.expand(-1, channels, -1, -1)


def _fitted(planes: Tensor, size: int) -> Tensor:
    """(n, c, h, w) -> (n, c, size, size): the shorter side scaled to `size`, then the middle."""
    height, width = planes.shape[2:]
    if height == width == size:
        return planes
    scale = size / min(height, width)
    scaled = [max(size, round(side * scale)) for side in (height, width)]
    planes = F.interpolate(planes, scaled, mode="bilinear", antialias=True, align_corners=False)
    top, left = ((side - size) // 2 for side in scaled)
    return planes[:, :, top : top + size, left : left + size]


# ---------------------------------------------------------------------------------------------------- initialisation

# Half the width of the uniform start, from the numbers of inputs and outputs of a unit.
INITIALISATIONS = {
    "he": lambda inputs, outputs: sqrt(6 / inputs),  # He et al. 2015: keeps the variance through ReLU
    "xavier": lambda inputs, outputs: sqrt(6 / (inputs + outputs)),  # Glorot & Bengio 2010: for tanh
    "fan_in": lambda inputs, outputs: 1 / sqrt(inputs),  # torch's default; ours for the 1998 network
    "1998": lambda inputs, outputs: 2.4 / inputs,  # LeCun et al. 1998, literally
}
RANDOM_BIASES = ("fan_in", "1998")


def initialise(network: nn.Module, initialisation: str = "he") -> None:
    """Give every weight its random start, by torch's global seed; biases are zero for "he" and "xavier".

    Uniform, because normal numbers take twice the time: 144 million for VGG-19.
    """
    choose("initialisation", initialisation, INITIALISATIONS)
    for module in network.modules():
        reset = getattr(module, "reset_parameters", None)
        if isinstance(module, nn.Conv2d | nn.Linear | SparseConv2d | SubSampling2d):
            _start_uniformly(module, initialisation)
        elif callable(reset):
            reset()


@torch.no_grad()
def _start_uniformly(module: Any, initialisation: str) -> None:
    if isinstance(module, SubSampling2d) and initialisation not in RANDOM_BIASES:
        module.start_as_mean()
        return
    for weight, bias, inputs, outputs in _groups(module):
        bound = INITIALISATIONS[initialisation](inputs, outputs)
        weight.uniform_(-bound, bound)
        if bias is not None:
            bias.uniform_(-bound, bound) if initialisation in RANDOM_BIASES else bias.zero_()


def _groups(module: Any) -> Iterator[tuple[Tensor, Tensor | None, int, int]]:
    """Weights, biases, inputs and outputs of a unit; several groups where the maps of a layer differ in these."""
    if isinstance(module, SparseConv2d):
        taps = module.kernels[0].numel()
        biases = module.bias.split(1)
        for kernels, bias, sources in zip(module.kernels_by_map(), biases, module.table, strict=True):
            yield kernels, bias, len(sources) * taps, taps
    elif isinstance(module, SubSampling2d):
        yield module.coefficient, module.bias, module.size**2, 1
    else:
        taps = module.weight[0, 0].numel()
        groups = getattr(module, "groups", 1)
        yield module.weight, module.bias, module.weight.shape[1] * taps, module.weight.shape[0] * taps // groups


@contextmanager
def without_numbers() -> Iterator[None]:
    """Build modules on the meta device, so that torch's own random start costs no time."""
    with torch.device("meta"):
        yield


def materialise(network: AnyModule, device: str) -> AnyModule:
    """Give a network built without numbers its memory and its constants; the weights are still arbitrary."""
    network.to_empty(device=device)
    for module in network.modules():
        if callable(set_constants := getattr(module, "set_constants", None)):
            set_constants()
    return network


# ------------------------------------------------------------------------------------------- layers made of layers


class Concatenated(nn.Module):
    """Branches on the same input, their maps one after the other. (n, c, h, w) -> (n, sum of channels, h', w')"""

    def __init__(self, branches: dict[str, nn.Module]):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([branch(maps) for branch in self.children()], dim=1)


class Added(nn.Module):
    """activation(body(x) + shortcut(x)). (n, c, h, w) -> (n, c', h', w')"""

    def __init__(self, body: nn.Module, shortcut: nn.Module, activation: nn.Module):
        super().__init__()
        self.body = body
        self.shortcut = shortcut
        self.activation = activation

    def forward(self, maps: Tensor) -> Tensor:
        return self.activation(self.body(maps) + self.shortcut(maps))


class DenselyConnected(nn.Module):
    """Each layer reads all maps before it. (n, c, h, w) -> (n, c + layers * growth, h, w)"""

    def __init__(self, layers: dict[str, nn.Module]):
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, maps: Tensor) -> Tensor:
        for layer in self.children():
            maps = torch.cat([maps, layer(maps)], dim=1)
        return maps


class Rescaled(nn.Module):
    """Each map times its gate, a number between 0 and 1. (n, c, h, w) -> (n, c, h, w)"""

    def __init__(self, gate: nn.Module):
        super().__init__()
        self.gate = gate

    def forward(self, maps: Tensor) -> Tensor:
        return maps * self.gate(maps)[:, :, None, None]


class Subsample(nn.Module):
    """The first value of each window: keeps every second row and column for stride 2. (n, c, h, w) -> (n, c, h', w')"""

    def __init__(self, kernel_size: int, stride: int):
        super().__init__()
        self.rest = kernel_size - 1  # rows at the end in which no window starts
        self.stride = stride

    def forward(self, maps: Tensor) -> Tensor:
        height, width = maps.shape[2:]
        return maps[:, :, : height - self.rest : self.stride, : width - self.rest : self.stride]


# ----------------------------------------------------------------------------------------------------- LeNet-5


class ScaledTanh1998(nn.Module):
    """f(a) = 1.7159 tanh(2a/3)."""

    def forward(self, values: Tensor) -> Tensor:
        return 1.7159 * torch.tanh(values * (2 / 3))


class SubSampling2d(nn.Module):
    """coefficient * (sum of the window) + bias, one pair a map. (n, c, h, w) -> (n, c, h / size, w / size)"""

    def __init__(self, channels: int, size: int):
        super().__init__()
        self.size = size
        self.coefficient = nn.Parameter(torch.empty(channels))
        self.bias = nn.Parameter(torch.empty(channels))

    @torch.no_grad()
    def start_as_mean(self) -> None:
        """Average pooling: a random negative coefficient between two ReLUs would leave its map dead from the start."""
        self.coefficient.fill_(1 / self.size**2)
        self.bias.zero_()

    def forward(self, maps: Tensor) -> Tensor:
        sums = F.avg_pool2d(maps, self.size, divisor_override=1)
        return sums * self.coefficient[:, None, None] + self.bias[:, None, None]


class SparseConv2d(nn.Module):
    """Convolution by a connection table. Only the kernels that exist are parameters: (pairs, k, k).

    `weight` is the usual 4-D tensor (out, in, k, k) made of them, zero where the table has no connection.
    """

    def __init__(self, in_channels: int, table: tuple[tuple[int, ...], ...], kernel_size: int):
        super().__init__()
        self.in_channels = in_channels
        self.table = table
        self.kernels = nn.Parameter(torch.empty(sum(map(len, table)), kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.empty(len(table)))
        self.register_buffer("places", torch.empty(len(self.kernels), dtype=torch.int64), persistent=False)

    def set_constants(self) -> None:
        places = [out * self.in_channels + source for out, sources in enumerate(self.table) for source in sources]
        self.places = torch.tensor(places, device=self.kernels.device)

    def kernels_by_map(self) -> tuple[Tensor, ...]:
        """The kernels of each output map, (its inputs, k, k)."""
        return self.kernels.split([len(sources) for sources in self.table])

    @property
    def weight(self) -> Tensor:
        size = self.kernels.shape[1:]
        dense = self.kernels.new_zeros(len(self.table) * self.in_channels, *size)
        return dense.index_copy(0, self.places, self.kernels).view(len(self.table), self.in_channels, *size)

    def forward(self, maps: Tensor) -> Tensor:
        return F.conv2d(maps, self.weight, self.bias)


class RadialBasisOutput(nn.Module):
    """Squared distance to each class's fixed code; the smallest wins. (n, features) -> (n, classes)"""

    codes: Tensor

    def __init__(self, codes: tuple[tuple[int, ...], ...]):
        super().__init__()
        self.values = codes
        self.register_buffer("codes", torch.empty(len(codes), len(codes[0])), persistent=False)

    def set_constants(self) -> None:
        self.codes = torch.tensor(self.values, dtype=torch.float32, device=self.codes.device)

    def forward(self, units: Tensor) -> Tensor:
        return (units[:, None, :] - self.codes).square().sum(dim=2)  # (n, 1, 84) - (10, 84) -> (n, 10)


class Negative(nn.Module):
    """-y: distances as logits."""

    def forward(self, values: Tensor) -> Tensor:
        return -values


# -------------------------------------------------------------------------------------------------- Neocognitron


def _falling(kernel_size: int, decay: float) -> Tensor:
    """decay^|v| over a window, v measured from its middle. -> (k, k)"""
    offsets = torch.arange(kernel_size, dtype=torch.float32, device="cpu") - (kernel_size - 1) / 2
    return decay ** torch.hypot(offsets[:, None], offsets[None, :])


def _bars(planes: int, kernel_size: int) -> Tensor:
    """A bar through the middle of the window for each plane, each turned a little further. -> (planes, 1, k, k)"""
    offsets = torch.arange(kernel_size, dtype=torch.float32, device="cpu") - (kernel_size - 1) / 2
    angles = torch.pi * torch.arange(planes, device="cpu")[:, None, None] / planes
    distance = offsets * angles.sin() - offsets[:, None] * angles.cos()
    return torch.exp(-(distance**2))[:, None]


class SCellLayer(nn.Module):
    """S-cells: see `cnn.layers.SCells`. `excitatory` is a, `inhibitory` is b, `falloff` is c.

    Shapes: (n, c, h, w) -> (n, planes, out_size, out_size)
    """

    falloff: Tensor

    def __init__(self, spec: SCells, shape: Shape):
        super().__init__()
        self.spec = spec
        self.padding = centred_padding(shape[1], spec.kernel_size, spec.out_size)
        window = (shape[0], spec.kernel_size, spec.kernel_size)
        self.excitatory = nn.Parameter(torch.empty(spec.planes, *window))
        self.inhibitory = nn.Parameter(torch.empty(spec.planes))
        self.register_buffer("falloff", torch.empty(window), persistent=False)

    def set_constants(self) -> None:
        falloff = _falling(self.spec.kernel_size, self.spec.decay).expand(self.falloff.shape)
        self.falloff = (falloff / falloff.sum()).to(self.falloff.device)

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Small positive a, b = 0. The sizes of the small numbers are ours."""
        if self.spec.oriented:
            start = _bars(self.spec.planes, self.spec.kernel_size).to(self.inhibitory.device)
        else:
            start = torch.rand_like(self.excitatory)
        self.excitatory.copy_(0.1 * self.falloff * start)
        self.inhibitory.zero_()

    def windows_of(self, cells: Tensor) -> Tensor:
        """The input with a border of zeros, or cropped, so that window n is centred on cell n."""
        return F.pad(cells, [self.padding] * 4)

    def mean_activity(self, cells: Tensor) -> Tensor:
        """v_C, what the inhibitory V-cells give. (n, c, h, w) -> (n, 1, out_size, out_size)"""
        return F.conv2d(self.windows_of(cells).square(), self.falloff[None]).sqrt()

    def forward(self, cells: Tensor) -> Tensor:
        r = self.spec.selectivity
        excitation = F.conv2d(self.windows_of(cells), self.excitatory)
        inhibition = self.inhibitory[:, None, None] * self.mean_activity(cells)
        return r * F.relu((1 + excitation) / (1 + 2 * r / (1 + r) * inhibition) - 1)


class CCellLayer(nn.Module):
    """C-cells: see `cnn.layers.CCells`. `falloff` is d; nothing is trained.

    Shapes: (n, planes, h, w) -> (n, planes, out_size, out_size)
    """

    falloff: Tensor

    def __init__(self, spec: CCells, shape: Shape):
        super().__init__()
        self.spec = spec
        self.padding = centred_padding(shape[1], spec.kernel_size, spec.out_size)
        self.register_buffer("falloff", torch.empty(spec.kernel_size, spec.kernel_size), persistent=False)

    def set_constants(self) -> None:
        falloff = _falling(self.spec.kernel_size, self.spec.decay)
        self.falloff = (falloff * self.spec.total / falloff.sum()).to(self.falloff.device)

    def forward(self, cells: Tensor) -> Tensor:
        planes = cells.shape[1]
        kernels = self.falloff.expand(planes, 1, -1, -1)
        sums = F.conv2d(F.pad(cells, [self.padding] * 4), kernels, groups=planes)
        excess = F.relu((1 + sums) / (1 + sums.mean(dim=1, keepdim=True)) - 1)
        return excess / (self.spec.alpha + excess)
