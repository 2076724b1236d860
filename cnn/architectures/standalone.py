"""Layers that torch lacks: `cnn.timeline.network_code` copies each, as text, into programs that run by themselves.

They compute what `cnn.architectures.modules` computes, and know nothing of specs; a test holds the two together.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Residual(nn.Module):
    """relu(body(x) + shortcut(x))."""

    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body = body
        self.shortcut = shortcut or nn.Identity()

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class Inception(nn.Module):
    """Branches on the same input, their maps concatenated."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)


class DenseBlock(nn.Module):
    """Each layer reads all maps before it and adds `growth` of its own."""

    def __init__(self, channels, layers, growth, bottleneck=4):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm2d(channels + index * growth),
                nn.ReLU(),
                nn.Conv2d(channels + index * growth, bottleneck * growth, 1, bias=False),
                nn.BatchNorm2d(bottleneck * growth),
                nn.ReLU(),
                nn.Conv2d(bottleneck * growth, growth, 3, padding=1, bias=False),
            )
            for index in range(layers)
        )

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], dim=1)
        return x


class SqueezeExcite(nn.Module):
    """Each map times a number between 0 and 1 that is computed from the means of all maps."""

    def __init__(self, channels, reduction=16):
        super().__init__()
        self.reduce = nn.Linear(channels, channels // reduction)
        self.expand = nn.Linear(channels // reduction, channels)

    def forward(self, x):
        means = x.mean(dim=(2, 3))  # (n, c, h, w) -> (n, c)
        gate = torch.sigmoid(self.expand(F.relu(self.reduce(means))))
        return x * gate[:, :, None, None]


class ScaledTanh(nn.Module):
    """1.7159 tanh(2a / 3), so that f(1) = 1."""

    def forward(self, a):
        return 1.7159 * torch.tanh(2 / 3 * a)


class SubSampling(nn.Module):
    """Sum of a window, times a trainable coefficient, plus a trainable bias: one pair a map."""

    def __init__(self, channels, size=2):
        super().__init__()
        self.size = size
        self.coefficient = nn.Parameter(torch.full((channels,), 1 / size**2))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        sums = F.avg_pool2d(x, self.size, divisor_override=1)
        return sums * self.coefficient[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    """A convolution in which each output map reads only the input maps that its line of the table names."""

    def __init__(self, table, kernel_size):
        super().__init__()
        self.table = table
        self.kernels = nn.Parameter(torch.empty(sum(map(len, table)), kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.zeros(len(table)))
        nn.init.uniform_(self.kernels, -0.1, 0.1)

    def forward(self, x):
        kernels = self.kernels.split([len(sources) for sources in self.table])
        maps = [F.conv2d(x[:, list(sources)], each[None]) for sources, each in zip(self.table, kernels, strict=True)]
        return torch.cat(maps, dim=1) + self.bias[:, None, None]


class DistanceToCodes(nn.Module):
    """Minus the squared distance to each class's fixed code, 7 x 12 pixels of +1 and -1: the largest wins."""

    def __init__(self, codes):
        super().__init__()
        self.codes = torch.tensor([[1.0 if pixel == "#" else -1.0 for pixel in code] for code in codes])

    def forward(self, units):
        return -(units[:, None] - self.codes.to(units)).square().sum(dim=2)  # (n, 84) -> (n, 10)


def falling(kernel_size, decay):
    """decay^|v| over a window, v measured from its middle. -> (k, k)"""
    offsets = torch.arange(kernel_size, dtype=torch.float32) - (kernel_size - 1) / 2
    return decay ** torch.hypot(offsets[:, None], offsets[None, :])


class SCells(nn.Module):
    """Feature detectors with shunting inhibition, untrained; a negative padding crops."""

    def __init__(self, channels, planes, kernel_size, padding, selectivity, decay=0.7):
        super().__init__()
        self.padding, self.selectivity = padding, selectivity
        falloff = falling(kernel_size, decay).expand(channels, -1, -1)
        self.falloff = falloff / falloff.sum()
        self.excitatory = nn.Parameter(0.1 * self.falloff * torch.rand(planes, channels, kernel_size, kernel_size))
        self.inhibitory = nn.Parameter(torch.zeros(planes))

    def forward(self, cells):
        r, windows = self.selectivity, F.pad(cells, [self.padding] * 4)
        excitation = F.conv2d(windows, self.excitatory)
        inhibition = self.inhibitory[:, None, None] * F.conv2d(windows.square(), self.falloff[None]).sqrt()
        return r * F.relu((1 + excitation) / (1 + 2 * r / (1 + r) * inhibition) - 1)


class CCells(nn.Module):
    """A fixed, saturating weighted mean of one plane, held down by the mean of all."""

    def __init__(self, planes, kernel_size, padding, total, decay=0.7, alpha=0.5):
        super().__init__()
        self.planes, self.padding, self.alpha = planes, padding, alpha
        falloff = falling(kernel_size, decay)
        self.kernels = (total * falloff / falloff.sum()).expand(planes, 1, -1, -1)

    def forward(self, cells):
        sums = F.conv2d(F.pad(cells, [self.padding] * 4), self.kernels, groups=self.planes)
        excess = F.relu((1 + sums) / (1 + sums.mean(dim=1, keepdim=True)) - 1)
        return excess / (self.alpha + excess)
