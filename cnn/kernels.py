"""Kernels worth knowing by name, a first layer like LeNet's, and settings that break a convolution."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn.arithmetic import output_size


@dataclass(frozen=True)
class NamedKernel:
    """A kernel and its name; slid over the image as it stands, not flipped."""

    key: str
    values: tuple[tuple[float, ...], ...]  # (k_h, k_w)


def _scaled(scale: Fraction, *rows: tuple[int, ...]) -> tuple[tuple[float, ...], ...]:
    """Exact weights from whole numbers: a ninth is the float nearest to 1/9."""
    return tuple(tuple(float(weight * scale) for weight in row) for row in rows)


_ONE = Fraction(1)

KERNELS = (
    NamedKernel("lecture", _scaled(_ONE, (1, -1))),
    NamedKernel("identity", _scaled(_ONE, (0, 0, 0), (0, 1, 0), (0, 0, 0))),
    NamedKernel("box_blur", _scaled(Fraction(1, 9), (1, 1, 1), (1, 1, 1), (1, 1, 1))),
    NamedKernel("gaussian", _scaled(Fraction(1, 16), (1, 2, 1), (2, 4, 2), (1, 2, 1))),
    NamedKernel("sharpen", _scaled(_ONE, (0, -1, 0), (-1, 5, -1), (0, -1, 0))),
    NamedKernel(
        "sobel_x", _scaled(_ONE, (-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
    ),  # positive where it brightens to the right
    NamedKernel("sobel_y", _scaled(_ONE, (-1, -2, -1), (0, 0, 0), (1, 2, 1))),  # positive where it brightens downwards
    NamedKernel("laplacian", _scaled(_ONE, (0, 1, 0), (1, -4, 1), (0, 1, 0))),
    NamedKernel("emboss", _scaled(_ONE, (-2, -1, 0), (-1, 1, 1), (0, 1, 2))),
)
_BY_KEY = {named.key: named for named in KERNELS}


def kernel(key: str) -> NDArray[np.float64]:
    """Return the weights of the kernel named `key`, a fresh array.

    Shapes: -> (k_h, k_w)
    """
    if key not in _BY_KEY:
        raise ValueError(f"key is {key!r}; it must be one of {tuple(_BY_KEY)}")
    return np.array(_BY_KEY[key].values)


def flip(kernel: ArrayLike) -> NDArray[np.float64]:
    """Turn the kernel by half a turn, both axes reversed: what a mathematician's convolution slides.

    [[1, 2], [3, 4]] -> [[4, 3], [2, 1]]. Sliding the flipped kernel is convolution; as it is, cross-correlation.
    Shapes: (..., k_h, k_w) -> the same
    """
    return np.flip(np.asarray(kernel, np.float64), axis=(-2, -1)).copy()


def _oriented(degrees: float, wave: Literal["edge", "bar"]) -> NDArray[np.float64]:
    """A 5 x 5 edge or bar that answers most where brightness changes along the direction `degrees`.

    w(x, y) = exp(-(x^2 + y^2) / 4) * sin(1.1 u) for an edge, cos(1.78 u) for a bar, with u = x cos(a) + y sin(a);
    rounded to hundredths, and the middle weight adjusted so that they sum to zero: an even surface gives no answer.

    Shapes: -> (5, 5)
    """
    y, x = np.mgrid[-2:3, -2:3]
    angle = np.radians(degrees)
    across = x * np.cos(angle) + y * np.sin(angle)
    ripple = np.sin(1.1 * across) if wave == "edge" else np.cos(1.78 * across)
    weights = np.round(np.exp(-(x**2 + y**2) / 4) * ripple, 2)
    weights[2, 2] -= weights.sum()
    return np.round(weights, 2) + 0.0  # no -0.0


def _lenet_c1() -> NDArray[np.float64]:
    """Four edges and two bars.

    Shapes: -> (6, 1, 5, 5)
    """
    oriented = [_oriented(degrees, "edge") for degrees in (0, 45, 90, 135)]
    oriented += [_oriented(degrees, "bar") for degrees in (0, 90)]
    weights = np.stack(oriented)[:, None]  # (6, 5, 5) -> (6, 1, 5, 5)
    weights.flags.writeable = False
    return weights


LENET_C1 = _lenet_c1()  # weights of the shape of LeNet-5's first layer; made by a formula, where LeNet's are learned


@dataclass(frozen=True)
class BreakIt:
    """Settings that go wrong in a way worth seeing."""

    key: str
    size: int  # height and width of the input
    kernel_size: int
    stride: int = 1
    padding: int = 0
    layers: int = 1  # the same layer again and again

    @property
    def sizes(self) -> tuple[int, ...]:
        """Height and width of the input and after each layer; it stops early where the kernel no longer fits."""
        sizes = [self.size]
        while len(sizes) <= self.layers and sizes[-1] + 2 * self.padding >= self.kernel_size:
            sizes.append(output_size(sizes[-1], self.kernel_size, self.stride, self.padding))
        return tuple(sizes)


BREAK_IT = (
    BreakIt("stride_above_kernel", size=8, kernel_size=2, stride=3),  # columns and rows that no window ever sees
    BreakIt("padding_as_large_as_kernel", size=5, kernel_size=3, padding=3),  # a rim of outputs that see only padding
    BreakIt("ten_layers_without_padding", size=16, kernel_size=3, layers=10),  # 16, 14, ... 2: the eighth does not fit
)
