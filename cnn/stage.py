"""One state of the stage, as data: the grids, which window each output cell looks through, and the products.

The component `sliding_window` draws it and computes nothing. Windows and products come from the same step records
(`cnn.operations`) that define the operations, outputs from the vectorised operations; a test ties the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from cnn import operations
from cnn.arithmetic import Tap, dropped, transposed_taps, window_taps

Image = NDArray[np.floating[Any]]
T = TypeVar("T")
Combine = Literal["sum", "max", "average", "distance"]  # distance: the sum of squared differences from the kernel
Taps = tuple[tuple[Tap, ...], ...]  # per output position: the input and kernel positions that it multiplies


@dataclass(frozen=True)
class Sides:
    """How many cells of padding stand on each side."""

    top: int = 0
    right: int = 0
    bottom: int = 0
    left: int = 0


@dataclass(frozen=True)
class Stage:
    """What the stage shows. Lists are indexed [output channel][output cell, row by row][input channel]."""

    combine: tuple[Combine, ...]  # per output channel, how a window becomes one number
    inputs: Image  # (c_in, h + padding, w + padding)
    outputs: Image  # (c_out, h_out, w_out)
    rows: Taps
    columns: Taps
    padding: Sides = Sides()
    dropped: tuple[int, int] = (0, 0)  # trailing rows and columns of the input that no window reaches
    kernels: tuple[tuple[Image | None, ...], ...] | None = None  # [c_out][c_in]; None where groups keep them apart
    products: tuple[tuple[tuple[tuple[float, ...], ...], ...], ...] = ()  # ..., then in the order of the taps
    sums: tuple[tuple[tuple[float, ...], ...], ...] = ()
    bias: tuple[float, ...] = ()
    winners: tuple[tuple[int, int], ...] = ()  # max: the winner's place in the padded input, per output cell
    divisors: tuple[int, ...] = ()  # average: how many pixels count, per output cell


@dataclass(frozen=True)
class Window:
    """The settings of a convolution along both axes, (rows, columns)."""

    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    padding_mode: operations.PaddingMode = "zeros"


def convolution(
    images: Image, kernels: Image, bias: Sequence[float] | None = None, window: Window = Window(), groups: int = 1
) -> Stage:
    """The stage of a convolution.

    Shapes: images (c_in, h, w), kernels (c_out, c_in // groups, k_h, k_w), bias (c_out,)
    """
    settings: dict[str, Any] = {
        "bias": bias,
        "stride": window.stride,
        "padding": window.padding,
        "dilation": window.dilation,
        "groups": groups,
        "padding_mode": window.padding_mode,
    }
    out_channels, in_channels, group_channels = len(kernels), len(images), kernels.shape[1]
    seen = [_group(o, out_channels, in_channels, group_channels) for o in range(out_channels)]
    steps = [list(operations.conv2d_steps(images, kernels, **settings, out_channel=o)) for o in range(out_channels)]
    axes = list(zip(images.shape[1:], kernels.shape[2:], window.stride, window.padding, window.dilation, strict=True))
    rows, columns = (window_taps(*axis) for axis in axes)
    vertical, horizontal = window.padding
    return Stage(
        combine=("sum",) * out_channels,
        inputs=operations.pad(images, window.padding, window.padding_mode),
        outputs=operations.conv2d(images, kernels, **settings),
        rows=rows,
        columns=columns,
        padding=Sides(vertical, horizontal, vertical, horizontal),
        dropped=(dropped(*axes[0]), dropped(*axes[1])),
        kernels=tuple(_spread(list(kernels[o]), seen[o], in_channels, None) for o in range(out_channels)),
        products=tuple(
            tuple(_spread(_flat(step.products), seen[o], in_channels, ()) for step in steps[o])
            for o in range(out_channels)
        ),
        sums=tuple(
            tuple(_spread(step.products.sum(axis=(1, 2)).tolist(), seen[o], in_channels, 0.0) for step in steps[o])
            for o in range(out_channels)
        ),
        bias=tuple(step[0].bias for step in steps),
    )


def transposed_convolution(
    image: Image, kernel: Image, window: Window = Window(), output_padding: tuple[int, int] = (0, 0)
) -> Stage:
    """The stage of a single-channel transposed convolution: each output cell and what reaches it.

    Shapes: image (h, w), kernel (k_h, k_w)
    """
    settings: dict[str, Any] = {
        "stride": window.stride,
        "padding": window.padding,
        "output_padding": output_padding,
        "dilation": window.dilation,
    }
    arguments = (image[None], kernel[None, None])
    steps = list(operations.conv_transpose2d_steps(*arguments, **settings))
    axes = zip(image.shape, kernel.shape, window.stride, window.padding, window.dilation, output_padding, strict=True)
    rows, columns = (transposed_taps(*axis) for axis in axes)
    return Stage(
        combine=("sum",),
        inputs=image[None],
        outputs=operations.conv_transpose2d(*arguments, **settings),
        rows=rows,
        columns=columns,
        kernels=((kernel,),),
        products=(tuple((tuple(step.products.ravel().tolist()),) for step in steps),),
        sums=(tuple((float(step.products.sum()),) for step in steps),),
        bias=(0.0,),
    )


def pooling(image: Image, window: int, stride: int, padding: int = 0, ceil_mode: bool = False) -> Stage:
    """The stage of pooling: max and average of the same windows, as two output channels.

    There is no kernel, and each output has an input of its own: max pooling pads with -infinity, average with zeros.

    Shapes: image (h, w)
    """
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    largest = list(operations.max_pool2d_steps(image[None], window, **settings))
    average = list(operations.avg_pool2d_steps(image[None], window, **settings))
    outputs = [pool(image[None], window, **settings)[0] for pool in (operations.max_pool2d, operations.avg_pool2d)]
    rows, columns = (window_taps(size, window, stride, padding, 1, ceil_mode) for size in image.shape)
    return Stage(
        combine=("max", "average"),
        inputs=np.stack([np.pad(image, padding, constant_values=fill) for fill in (-np.inf, 0)]),
        outputs=np.stack(outputs),
        rows=rows,
        columns=columns,
        padding=Sides(padding, padding, padding, padding),
        dropped=(_unreached(image.shape[0], padding, rows), _unreached(image.shape[1], padding, columns)),
        winners=tuple((step.winner.row, step.winner.column) for step in largest if step.winner),
        divisors=tuple(step.divisor for step in average if step.divisor),
    )


def distance(image: Image, code: Image) -> Stage:
    """The stage of a unit that measures how far its input is from a code: sum((x - w)^2), one output.

    Shapes: image and code (h, w)
    """
    squares = np.square(image - code)
    rows, columns = (window_taps(size, size) for size in image.shape)
    return Stage(
        combine=("distance",),
        inputs=image[None],
        outputs=squares.sum(keepdims=True)[None],
        rows=rows,
        columns=columns,
        kernels=((code,),),
        products=(((tuple(squares.ravel().tolist()),),),),
        sums=(((float(squares.sum()),),),),
        bias=(0.0,),
    )


def _unreached(size: int, padding: int, taps: Taps) -> int:
    """How many trailing positions of the padded input no window reaches."""
    return size + 2 * padding - 1 - taps[-1][-1].source


def _group(out_channel: int, out_channels: int, in_channels: int, group_channels: int) -> slice:
    """The input channels that an output channel sees."""
    group = out_channel // (out_channels * group_channels // in_channels)
    return slice(group * group_channels, (group + 1) * group_channels)


def _spread(values: Sequence[T], seen: slice, in_channels: int, empty: Any) -> tuple[T, ...]:
    """A value for each input channel: those of the channels seen, and `empty` for the rest."""
    places = [empty] * in_channels
    places[seen] = values
    return tuple(places)


def _flat(products: Image) -> list[tuple[float, ...]]:
    """Each channel's products in the order of the taps. (c, k_h, k_w) -> c tuples of k_h * k_w"""
    return [tuple(channel) for channel in products.reshape(len(products), -1).tolist()]
