"""Four ways to halve an image, and what an image loses and saves on the way down."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn.arithmetic import convolution_macs, convolution_parameters
from cnn.operations import avg_pool2d, conv2d, max_pool2d

Images = NDArray[np.floating]
Pooling = Literal["max", "average"]
Way = Literal["max", "average", "convolution", "subsample"]

WAYS: tuple[Way, ...] = ("max", "average", "convolution", "subsample")
WINDOW = 2  # pixels a side, and the stride
BYTES = 4  # of a float32


def halved(images: Images, way: Way, weights: Images) -> Images:
    """Halve every channel; where a side is odd, its last row or column is dropped.

    "convolution" is depthwise: the same four `weights` on each channel. "subsample" keeps the first pixel of
    each window.

    Shapes: images (c, h, w), weights (2, 2) -> (c, h // 2, w // 2)
    """
    if way == "max":
        return max_pool2d(images, WINDOW)
    if way == "average":
        return avg_pool2d(images, WINDOW)
    if way == "convolution":
        channels = len(images)
        kernels = np.repeat(weights[None, None].astype(images.dtype), channels, axis=0)  # (c, 1, 2, 2)
        return conv2d(images, kernels, stride=WINDOW, groups=channels)
    height, width = (size // WINDOW for size in images.shape[1:])
    return np.ascontiguousarray(images[:, ::WINDOW, ::WINDOW][:, :height, :width])


@dataclass(frozen=True)
class Cost:
    """What one way costs for one image."""

    reads: int  # input values looked at
    parameters: int
    macs: int  # multiply-accumulates with a weight, as papers count them: pooling has none


def cost(way: Way, channels: int, output_shape: tuple[int, int]) -> Cost:
    """The cost of halving `channels` channels; the convolution is depthwise and has no bias."""
    layer = {"in_channels": channels, "out_channels": channels, "kernel_size": WINDOW, "groups": channels}
    outputs = channels * output_shape[0] * output_shape[1]
    return Cost(
        reads=outputs if way == "subsample" else outputs * WINDOW**2,
        parameters=convolution_parameters(**layer, bias=False) if way == "convolution" else 0,
        macs=convolution_macs(**layer, output_shape=output_shape) if way == "convolution" else 0,
    )


def four_weights(name: str, seed: int = 0) -> NDArray[np.float64]:
    """Weights for the stride-2 convolution: "average", "edge" (left minus right), "random" as PyTorch starts them.

    Shapes: -> (2, 2)
    """
    if name == "random":
        return np.random.default_rng(seed).uniform(-0.5, 0.5, (WINDOW, WINDOW))
    rows = {"average": (0.25, 0.25), "edge": (0.5, -0.5)}
    if name not in rows:
        raise ValueError(f"name is {name!r}; it must be average, edge or random")
    return np.array([rows[name]] * WINDOW)


# -------------------------------------------------------------------------------------------------------- the way down


@dataclass(frozen=True, eq=False)
class Level:
    """An image reduced by `factor` along both sides."""

    factor: int
    images: Images  # (c, h, w)
    correlation: float  # of neighbouring pixels' brightness; NaN where the image is all one tone or a single pixel

    @property
    def memory(self) -> int:
        """Bytes that its values take in float32."""
        return self.images.size * BYTES

    def dense_parameters(self, units: int) -> int:
        """Parameters of a fully connected layer that reads it: units * (values + 1)."""
        return convolution_parameters(self.images.size, units, 1)  # a 1 x 1 image of that many channels


def levels(images: Images, pooling: Pooling, smallest_side: int = 2, most: int = 6) -> list[Level]:
    """The image at 1, 1/2, 1/4 ... of its sides: pooled by 2, and what comes out again.

    That is pooling by 4, 8 ... at once: a maximum of maxima is the maximum, and a mean of means of four is the mean.

    Shapes: images (c, h, w)
    """
    pool = max_pool2d if pooling == "max" else avg_pool2d
    found = [images]
    while len(found) < most and min(found[-1].shape[1:]) // WINDOW >= smallest_side:
        found.append(pool(found[-1], WINDOW))
    return [Level(WINDOW**power, small, correlation(small.mean(axis=0))) for power, small in enumerate(found)]


def correlation(image: Images, distance: int = 1) -> float:
    """Pearson's correlation between pixels `distance` apart, across and down together; NaN where nothing varies.

    1 means that a pixel says all about its neighbour, 0 that it says nothing.

    Shapes: image (h, w)
    """
    centred = image - image.mean(dtype=np.float64)  # around zero no digits are lost in the sums of products
    pairs = [(centred[:, :-distance], centred[:, distance:]), (centred[:-distance], centred[distance:])]
    count = sum(one.size for one, _ in pairs)
    if count == 0 or np.ptp(image) == 0:
        return float("nan")
    mean, other_mean = (sum(float(side.sum()) for side in sides) / count for sides in zip(*pairs, strict=True))
    covariance = sum(_product(one, other) for one, other in pairs) / count - mean * other_mean
    variance = sum(_product(one, one) for one, _ in pairs) / count - mean**2
    other_variance = sum(_product(other, other) for _, other in pairs) / count - other_mean**2
    if min(variance, other_variance) <= 1e-12 * float(np.square(centred).mean()):
        return float("nan")
    return covariance / math.sqrt(variance * other_variance)


def _product(one: Images, other: Images) -> float:
    """The sum of products, row by row."""
    return float(np.einsum("ij,ij->", one, other))


def shuffled(image: Images, seed: int = 0) -> Images:
    """The same pixels in random order: what is left of a correlation when neighbours are strangers.

    Shapes: (h, w) -> (h, w)
    """
    return np.random.default_rng(seed).permutation(image.ravel()).reshape(image.shape)
