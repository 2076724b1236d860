"""Forward and backward through the network of 1998 up to F6, by hand: for first derivatives and for second ones.

e_z stands for dE/dz (power p = 1) or for the Gauss-Newton d2E/dz^2 (p = 2); from the top down:
    squashing     x = f(a):                  e_a = f'(a)^p e_x
    weighted sum  a = sum w x + b:           e_w = sum e_a x^p;  e_b = sum e_a;  e_x = sum w^p e_a
    sub-sampling  a = c s + b, s = sum x:    e_c = sum e_a s^p;  e_b = sum e_a;  e_x = c^p e_a
Each sum goes over all places and samples that share the number. That e_c takes (sum x)^2 is our reading of the paper.
Paper: LeCun et al. 1998, appendix C.

Inside, maps come first and samples second, (c, n, h, w): a convolution is then one matrix product over all its windows,
and with batches of 16 this is three times as fast as torch's automatic differentiation.
"""

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnn.architectures.modules import Network, RadialBasisOutput, ScaledTanh1998, SparseConv2d, SubSampling2d

Derivatives = dict[Tensor, Tensor]  # by each parameter, in its shape

HEIGHT = 1.7159  # f(a) = A tanh(2a/3), f'(a) = 2/(3A) (A^2 - f(a)^2)
SLOPE = 2 / 3 / HEIGHT


class Rule(Protocol):
    """A layer on the way forward, which keeps what it needs for the way back."""

    def forward(self, given: Tensor) -> Tensor: ...

    def backward(self, top: Tensor, power: int, found: Derivatives) -> Tensor:
        """Note e of the layer's own parameters in `found` and return e of its input."""
        ...


class Propagation:
    """The layers of a network up to F6."""

    def __init__(self, network: Network):
        self.rules: list[Rule] = []
        for layer in (*network.features, *network.classifier):
            if isinstance(layer, RadialBasisOutput):
                break
            if not isinstance(layer, nn.Flatten):  # C5's maps are single values already
                self.rules.append(rule_for(layer))

    def forward(self, images: Tensor) -> Tensor:
        """(n, 1, 32, 32) -> (n, 84)"""
        values = images.transpose(0, 1)  # (1, n, 32, 32)
        for rule in self.rules:
            values = rule.forward(values)
        return values.flatten(1).T

    def backward(self, top: Tensor, power: int) -> Derivatives:
        """The derivative by each parameter, summed over the samples; `top` (n, 84) is that by F6's output."""
        found: Derivatives = {}
        values = top.T[:, :, None, None]  # (84, n, 1, 1)
        for rule in reversed(self.rules):
            values = rule.backward(values, power, found)
        return found


def rule_for(layer: nn.Module) -> Rule:
    if isinstance(layer, ScaledTanh1998):
        return Squashing()
    if isinstance(layer, SubSampling2d):
        return SubSampling(layer)
    if isinstance(layer, nn.Conv2d | nn.Linear | SparseConv2d):
        return WeightedSum(layer)
    raise ValueError(f"layer is a {type(layer).__name__}; no rule is known for its second derivatives")


def raised(values: Tensor, power: int) -> Tensor:
    return values if power == 1 else values.square()


class Squashing:
    def forward(self, given: Tensor) -> Tensor:
        # A tanh(2a/3) = 2A sigmoid(4a/3) - A; torch's sigmoid is six times as fast as its tanh
        self.made = (given * (4 / 3)).sigmoid_().mul_(2 * HEIGHT).sub_(HEIGHT)
        return self.made

    def backward(self, top: Tensor, power: int, found: Derivatives) -> Tensor:
        slope = self.made.square().mul_(-SLOPE).add_(SLOPE * HEIGHT**2)
        return top * raised(slope, power)


class SubSampling:
    def __init__(self, layer: SubSampling2d):
        self.layer = layer

    def forward(self, given: Tensor) -> Tensor:
        """(c, n, h, w) -> (c, n, h / 2, w / 2)"""
        rows = given[:, :, ::2] + given[:, :, 1::2]
        self.sums = rows[..., ::2] + rows[..., 1::2]
        return self.sums * as_maps(self.layer.coefficient) + as_maps(self.layer.bias)

    def backward(self, top: Tensor, power: int, found: Derivatives) -> Tensor:
        found[self.layer.coefficient] = (top * raised(self.sums, power)).sum((1, 2, 3))
        found[self.layer.bias] = top.sum((1, 2, 3))
        spread = top * as_maps(raised(self.layer.coefficient, power))
        maps, samples, height, width = spread.shape
        windows = spread[:, :, :, None, :, None].expand(-1, -1, -1, 2, -1, 2)
        return windows.reshape(maps, samples, 2 * height, 2 * width)


class WeightedSum:
    """Convolution of stride 1, full or by a table; a fully connected layer is one with windows of a single value."""

    def __init__(self, layer: nn.Conv2d | nn.Linear | SparseConv2d):
        self.layer = layer
        assert layer.bias is not None
        self.bias: Tensor = layer.bias

    def kernels(self) -> Tensor:
        """(out, c, k, k)"""
        weight = self.layer.weight
        return weight[:, :, None, None] if weight.ndim == 2 else weight

    def forward(self, given: Tensor) -> Tensor:
        """(c, n, h, w) -> (out, n, h - k + 1, w - k + 1)"""
        kernels = self.kernels()
        self.windows = windows_of(given, kernels.shape[3])
        _, samples, height, width = given.shape
        made = torch.addmm(self.bias[:, None], kernels.flatten(1), self.windows)
        return made.view(len(kernels), samples, height - kernels.shape[2] + 1, width - kernels.shape[3] + 1)

    def backward(self, top: Tensor, power: int, found: Derivatives) -> Tensor:
        kernels, flat = self.kernels(), top.reshape(len(top), -1)  # (out, n * h * w)
        by_kernels = flat @ raised(self.windows, power).T  # (out, c * k * k)
        if isinstance(self.layer, SparseConv2d):  # a connection that does not exist has no derivative
            found[self.layer.kernels] = by_kernels.view(-1, *kernels.shape[2:])[self.layer.places]
        else:
            found[self.layer.weight] = by_kernels.view_as(self.layer.weight)
        found[self.bias] = flat.sum(1)
        if kernels.shape[1] == 1:
            return top  # C1: nothing below asks for the derivative by the image
        kernels = raised(kernels, power)
        if top.shape[2:] == (1, 1):  # C5 and F6: one window, so one matrix product, three times as fast
            maps = kernels.flatten(1).T @ flat  # (c * k * k, n)
            return maps.view(*kernels.shape[1:], -1).permute(0, 3, 1, 2)
        return F.conv_transpose2d(top.transpose(0, 1), kernels).transpose(0, 1)


def windows_of(maps: Tensor, size: int) -> Tensor:
    """Every window as a column. (c, n, h, w) -> (c * size * size, n * h' * w')"""
    windows = maps.unfold(2, size, 1).unfold(3, size, 1)  # (c, n, h', w', size, size)
    channels = len(maps)
    return windows.permute(0, 4, 5, 1, 2, 3).reshape(channels * size * size, -1)


def as_maps(numbers: Tensor) -> Tensor:
    """One number a map. (c,) -> (c, 1, 1, 1)"""
    return numbers[:, None, None, None]
