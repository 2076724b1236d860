"""The integers of a convolutional network: output sizes, windows, parameters, operations, receptive fields.

Everything here is exact and along one axis; an image has two such axes, each computed on its own.
The functions that check arguments live here too, because sizes are what most arguments are.
"""

import operator
import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

LARGEST = 10**9  # beyond this a size is a typing mistake, and sums of sizes would no longer fit every integer type
MOST_TAPS = 4_000_000  # `window_taps` lists them one by one; a list longer than this is no picture

IntOrPair = int | Sequence[int]


def whole_number(name: str, value: Any, low: int, high: int = LARGEST) -> int:
    """Return `value` as an int, or raise ValueError unless it is a whole number from `low` to `high`.

    True and 3.0 are refused: where a size is meant, they are mistakes.
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or not low <= number <= high:
        raise ValueError(f"{name} is {reprlib.repr(value)}; it must be a whole number from {low} to {high}")
    return number


def whole_pair(name: str, value: Any, low: int, high: int = LARGEST) -> tuple[int, int]:
    """Return `value` as (rows, columns): 3 -> (3, 3), and (3, 5) stays (3, 5)."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        number = whole_number(name, value, low, high)
        return number, number
    if len(value) != 2:
        raise ValueError(f"{name} is {reprlib.repr(value)}; it must be one whole number or two: rows and columns")
    return whole_number(f"{name}[0]", value[0], low, high), whole_number(f"{name}[1]", value[1], low, high)


def truth(name: str, value: Any) -> bool:
    """Return `value` as a bool, or raise ValueError unless it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {reprlib.repr(value)}; it must be True or False")
    return bool(value)


def effective_kernel_size(kernel_size: int, dilation: int = 1) -> int:
    """How far a dilated kernel reaches: dilation * (kernel_size - 1) + 1; 3 weights at dilation 2 span 5 pixels."""
    kernel_size = whole_number("kernel_size", kernel_size, 1)
    return whole_number("dilation", dilation, 1) * (kernel_size - 1) + 1


def output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, ceil_mode: bool = False
) -> int:
    """Number of places where a window can stand, for convolution and pooling alike.

    floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1, so (6 + 2*0 - 2) / 1 + 1 = 5.
    With `ceil_mode` the division rounds up, so that a last window may hang over the edge, unless that window would
    start beyond the image and its left padding.

    Paper: Dumoulin & Visin 2016, relationship 6 and 15, https://arxiv.org/abs/1603.07285
    """
    size = whole_number("size", size, 1)
    reach = effective_kernel_size(kernel_size, dilation)
    stride = whole_number("stride", stride, 1)
    padding = whole_number("padding", padding, 0)
    room = size + 2 * padding - reach
    if not truth("ceil_mode", ceil_mode):
        windows = room // stride + 1
    else:
        windows = -(-room // stride) + 1
        windows -= (windows - 1) * stride >= size + padding
    if windows < 1:
        limit = size + 2 * padding + (stride - 1 if ceil_mode else 0)
        raise ValueError(
            f"kernel_size is {kernel_size} with dilation {dilation}, so it spans {reach}; "
            f"the span must be at most {limit} to fit size {size} with padding {padding}"
        )
    return windows


def dropped(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many positions at the end of the padded input no window reaches, because the floor rounds them away.

    size 5, kernel_size 2, stride 2: windows 0-1 and 2-3, so position 4 is dropped -> 1.
    """
    windows = output_size(size, kernel_size, stride, padding, dilation)
    return size + 2 * padding - (windows - 1) * stride - effective_kernel_size(kernel_size, dilation)


def transposed_output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, output_padding: int = 0
) -> int:
    """Size of a transposed convolution's output: the input size of the convolution that it undoes.

    (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1

    Several input sizes share one output size when the stride is above 1; `output_padding` picks among them.
    Paper: Dumoulin & Visin 2016, relationship 14, https://arxiv.org/abs/1603.07285
    """
    size = whole_number("size", size, 1)
    reach = effective_kernel_size(kernel_size, dilation)
    stride = whole_number("stride", stride, 1)
    padding = whole_number("padding", padding, 0)
    output_padding = whole_number("output_padding", output_padding, 0, max(stride, dilation) - 1)
    result = (size - 1) * stride + reach - 2 * padding + output_padding
    if result < 1:
        largest = ((size - 1) * stride + reach + output_padding - 1) // 2
        raise ValueError(f"padding is {padding}; it must be at most {largest}, or it cuts the whole output away")
    return result


class Tap(NamedTuple):
    """One weight of a window at work: which input position it reads, and which kernel position it is."""

    source: int
    weight: int


def _within_taps(count: int, kernel_size: int) -> None:
    if count * kernel_size > MOST_TAPS:
        raise ValueError(
            f"kernel_size is {kernel_size} at {count} positions; their product must be at most {MOST_TAPS} to be listed"
        )


def window_taps(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, ceil_mode: bool = False
) -> tuple[tuple[Tap, ...], ...]:
    """For each output position, what its window reads: (index into the PADDED input, kernel index) pairs.

    size 4, kernel_size 2, stride 2 -> ((0, 0), (1, 1)), ((2, 0), (3, 1)).
    With `ceil_mode` the last window is clipped to the padded input.
    """
    windows = output_size(size, kernel_size, stride, padding, dilation, ceil_mode)
    _within_taps(windows, kernel_size)
    end = size + 2 * padding
    return tuple(
        tuple(
            Tap(source, weight)
            for weight in range(kernel_size)
            if (source := window * stride + weight * dilation) < end
        )
        for window in range(windows)
    )


def transposed_taps(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, output_padding: int = 0
) -> tuple[tuple[Tap, ...], ...]:
    """For each output position of a transposed convolution, the (input index, kernel index) pairs that reach it.

    Input i lands through weight k on output `i * stride + k * dilation - padding`. Some positions may get nothing.
    """
    positions = transposed_output_size(size, kernel_size, stride, padding, dilation, output_padding)
    _within_taps(max(size, positions), kernel_size)
    taps: list[list[Tap]] = [[] for _ in range(positions)]
    for source in range(size):
        for weight in range(kernel_size):
            target = source * stride + weight * dilation - padding
            if 0 <= target < positions:
                taps[target].append(Tap(source, weight))
    return tuple(map(tuple, taps))


def _channels_per_group(in_channels: int, out_channels: int, groups: int) -> int:
    in_channels = whole_number("in_channels", in_channels, 1)
    out_channels = whole_number("out_channels", out_channels, 1)
    groups = whole_number("groups", groups, 1)
    if in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups is {groups}; it must divide in_channels {in_channels} and out_channels {out_channels}"
        )
    return in_channels // groups


def convolution_parameters(
    in_channels: int, out_channels: int, kernel_size: IntOrPair, groups: int = 1, bias: bool = True
) -> int:
    """Trainable numbers of a convolution layer: out_channels * (in_channels / groups * k_h * k_w + 1).

    LeNet's C1, 6 kernels of 1 x 5 x 5: 6 * (25 + 1) = 156. The image's size does not matter: weights are shared.
    """
    k_h, k_w = whole_pair("kernel_size", kernel_size, 1)
    weights = _channels_per_group(in_channels, out_channels, groups) * k_h * k_w
    return out_channels * (weights + truth("bias", bias))


def convolution_macs(
    in_channels: int, out_channels: int, kernel_size: IntOrPair, output_shape: IntOrPair, groups: int = 1
) -> int:
    """Multiply-accumulate operations for one image: every weight is used once per output position.

    h_out * w_out * out_channels * in_channels / groups * k_h * k_w; LeNet's C1: 28 * 28 * 6 * 25 = 117,600.
    """
    h_out, w_out = whole_pair("output_shape", output_shape, 1)
    return h_out * w_out * convolution_parameters(in_channels, out_channels, kernel_size, groups, bias=False)


class SlidingWindow(NamedTuple):
    """What a layer's window does along one axis; a plain (kernel_size, stride, padding, dilation) tuple will do."""

    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1


@dataclass(frozen=True)
class ReceptiveField:
    """The part of the input that one unit sees, along one axis."""

    size: int  # pixels
    jump: int  # pixels between the centres of neighbouring units
    start: float  # centre of the first unit in pixels; 0.5 is the middle of pixel 0


def receptive_field(layers: Iterable[Sequence[int]]) -> ReceptiveField:
    """Receptive field of a stack of layers, each (kernel_size, stride, padding, dilation), the first layer first.

    Layer by layer, from the size r, jump j and start c of the layer before (1, 1 and 0.5 for the input):
    r' = r + dilation * (kernel_size - 1) * j
    c' = c + (dilation * (kernel_size - 1) / 2 - padding) * j
    j' = stride * j
    Two 3 x 3 layers see 5 pixels, three see 7.

    Paper: Araujo, Norris & Sim 2019, https://distill.pub/2019/computing-receptive-fields/
    """
    size, jump, start = 1, 1, 0.5
    for number, layer in enumerate(layers):
        if isinstance(layer, str | bytes) or not isinstance(layer, Sequence) or not 1 <= len(layer) <= 4:
            raise ValueError(
                f"layers[{number}] is {reprlib.repr(layer)}; it must be (kernel_size, stride, padding, dilation)"
            )
        window = SlidingWindow(*layer)
        reach = effective_kernel_size(window.kernel_size, window.dilation) - 1
        size += reach * jump
        start += (reach / 2 - whole_number("padding", window.padding, 0)) * jump
        jump *= whole_number("stride", window.stride, 1)
    return ReceptiveField(size, jump, start)
