"""Four ways to halve an image, and what an image loses and saves on the way down."""

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
    """The image at 1, 1/2, 1/4 ... of its sides, by pooling with ever larger windows.

    Shapes: images (c, h, w)
    """
    pool = max_pool2d if pooling == "max" else avg_pool2d
    factors = [2**power for power in range(most) if min(images.shape[1:]) // 2**power >= smallest_side]
    shrunk = [images if factor == 1 else pool(images, factor) for factor in factors]
    return [
        Level(factor, small, correlation(small.mean(axis=0))) for factor, small in zip(factors, shrunk, strict=True)
    ]


def correlation(image: Images, distance: int = 1) -> float:
    """Pearson's correlation between pixels `distance` apart, across and down together; NaN where nothing varies.

    1 means that a pixel says all about its neighbour, 0 that it says nothing.

    Shapes: image (h, w)
    """
    across = (image[:, :-distance], image[:, distance:])
    down = (image[:-distance], image[distance:])
    ones, others = (
        np.concatenate([a.ravel(), b.ravel()]).astype(np.float64) for a, b in zip(across, down, strict=True)
    )
    if ones.size == 0 or np.ptp(ones) == 0 or np.ptp(others) == 0:
        return float("nan")
    ones, others = ones - ones.mean(), others - others.mean()
    return float((ones @ others) / np.sqrt((ones @ ones) * (others @ others)))


def shuffled(image: Images, seed: int = 0) -> Images:
    """The same pixels in random order: what is left of a correlation when neighbours are strangers.

    Shapes: (h, w) -> (h, w)
    """
    return np.random.default_rng(seed).permutation(image.ravel()).reshape(image.shape)
