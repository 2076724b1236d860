"""Layers of several channels worth knowing by name: their 4-D weights and groups."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn.kernels import LENET_C1, kernel

Weight = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NamedLayer:
    """A convolution layer; `weight` has the shape (out_channels, in_channels // groups, k_h, k_w)."""

    key: str
    weight: Weight
    groups: int = 1

    @property
    def in_channels(self) -> int:
        return self.weight.shape[1] * self.groups


def _stack(*kernels: list[Weight]) -> Weight:
    return np.stack([np.stack(kernel) for kernel in kernels])


_BLUR, _NOTHING = kernel("box_blur"), np.zeros((3, 3))
_LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue look: ITU-R BT.601

LAYERS = (
    NamedLayer("grey", np.array(_LUMA).reshape(1, 3, 1, 1)),
    NamedLayer("red_minus_green", _stack([_BLUR, -_BLUR, _NOTHING])),
    NamedLayer(
        "three_kernels",
        _stack(
            [kernel("sobel_x")] * 3,
            [kernel("sobel_y")] * 3,
            [_BLUR, _BLUR, -2 * _BLUR],
        ),
    ),
    NamedLayer("depthwise", _stack(*[[kernel("sobel_x")]] * 3), groups=3),
    NamedLayer("lenet_c1", LENET_C1),
)


def named_layer(key: str) -> NamedLayer:
    """The layer of that name; KeyError where there is none."""
    return {layer.key: layer for layer in LAYERS}[key]


def fitted(weight: Weight, out_channels: int, in_channels: int, kernel_size: int) -> Weight:
    """The weight in another shape: kernels repeat, and are cut or framed with zeros around their middle.

    Shapes: weight (o, i, k, k) -> (out_channels, in_channels, kernel_size, kernel_size)
    """
    repeated = weight[np.arange(out_channels) % len(weight)][:, np.arange(in_channels) % weight.shape[1]]
    frame = max(0, -(-(kernel_size - weight.shape[2]) // 2))
    framed = np.pad(repeated, ((0, 0), (0, 0), (frame, frame), (frame, frame)))
    start = (framed.shape[2] - kernel_size) // 2
    return framed[:, :, start : start + kernel_size, start : start + kernel_size]
