"""Convolution and pooling, twice: step by step as the lesson plays them, and all at once as arrays.

Deep learning's "convolution" is cross-correlation: the kernel is not flipped. The word is used that way from here on.

`conv2d_steps` and its siblings yield one record per output pixel: the window, the products, their sum. `conv2d` and its
siblings give the whole result by a faster way to the same numbers; tests hold the two together and against torch, whose
argument meanings these functions have. float32 stays float32; everything else is computed in float64.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn.arithmetic import (
    IntOrPair,
    Tap,
    effective_kernel_size,
    output_size,
    transposed_output_size,
    transposed_taps,
    truth,
    whole_number,
    whole_pair,
)

Images = NDArray[np.floating]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

NUMPY_PADDING = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
BAND_COLUMNS = 24  # output values that one matrix product gives per image row; fastest of 8 to 64 on old and new CPUs
MOST_VALUES = 2**28  # in one array: 2 GiB of float64


class Position(NamedTuple):
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Step:
    """One output pixel of a convolution: value = sum of products + bias."""

    row: int
    column: int
    window: Images  # (c, k_h, k_w), what the kernel covers, padding included
    products: Images  # (c, k_h, k_w), window * kernel
    bias: float
    value: float


@dataclass(frozen=True, eq=False)
class PoolStep:
    """One output pixel of a pooling layer: the largest of the window, or its sum / divisor."""

    row: int
    column: int
    window: Images  # (k_h, k_w), smaller where `ceil_mode` lets the window hang over the edge
    value: float
    winner: Position | None = None  # max: the (first) largest value's place in the padded image
    divisor: int | None = None  # average: how many pixels count


@dataclass(frozen=True, eq=False)
class TransposedStep:
    """One output pixel of a transposed convolution: every input that reaches it, times the weight it comes through."""

    row: int
    column: int
    row_taps: tuple[Tap, ...]  # (input row, kernel row) pairs
    column_taps: tuple[Tap, ...]  # (input column, kernel column) pairs
    inputs: Images  # (c_in, row taps, column taps), possibly empty
    weights: Images  # the same shape
    products: Images  # the same shape
    bias: float
    value: float


# --------------------------------------------------------------------------------------------------------------- arrays


def real_array(name: str, value: ArrayLike, dimensions: str, finite: bool = False) -> Images:
    """Return `value` as a float array, or raise ValueError unless it has the named dimensions, none of them empty."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} has dtype {array.dtype}; it must hold real numbers")
    if array.ndim != dimensions.count(",") + 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; it must be ({dimensions}), none of them 0")
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{name} holds {array[~np.isfinite(array)][0]}; every value must be finite")
    return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)


def _alike(*arrays: Images) -> list[Images]:
    """All float32 stays so; one float64 among them makes all float64."""
    dtype = np.result_type(*arrays)
    return [array.astype(dtype, copy=False) for array in arrays]


def _bias(bias: ArrayLike | None, out_channels: int) -> Images:
    """One number per output channel; None is all zeros, in float32 so that it does not widen the rest."""
    if bias is None:
        return np.zeros(out_channels, np.float32)
    array = real_array("bias", bias, "out_channels", finite=True)
    if len(array) != out_channels:
        raise ValueError(f"bias has {len(array)} values; it must have {out_channels}, one per output channel")
    return array


def pad(images: ArrayLike, padding: IntOrPair, mode: PaddingMode = "zeros") -> Images:
    """Widen the images by `padding` on every side, or by (rows, columns).

    By 2, 1234 becomes: zeros 00123400, replicate 11123444, reflect 32123432 (at most size - 1: the edge is not
    repeated), circular 34123412 (at most size).

    Shapes: (c, h, w) -> (c, h + 2 * rows, w + 2 * columns)
    """
    images = real_array("images", images, "c, h, w")
    if not isinstance(mode, str) or mode not in NUMPY_PADDING:
        raise ValueError(f"padding_mode is {mode!r}; it must be one of {', '.join(NUMPY_PADDING)}")
    rows, columns = whole_pair("padding", padding, 0)
    for name, amount, size in (("rows", rows, images.shape[1]), ("columns", columns, images.shape[2])):
        limit = {"reflect": size - 1, "circular": size}.get(mode, amount)
        if amount > limit:
            raise ValueError(f"padding is {amount} in {name}; with {mode} it must be at most {limit} for size {size}")
    padded = _widened(images, (rows, columns), mode=NUMPY_PADDING[mode])
    return padded.copy() if padded is images else padded


def _widened(images: Images, padding: tuple[int, int], **how: Any) -> Images:
    (rows, columns), (channels, height, width) = padding, images.shape
    if not rows and not columns:
        return images
    _within_memory(channels, height + 2 * rows, width + 2 * columns)
    return np.pad(images, ((0, 0), (rows, rows), (columns, columns)), **how)


def _within_memory(channels: int, height: int, width: int) -> None:
    """Refuse a typing mistake in the padding or stride before it takes the machine's memory."""
    if channels * height * width > MOST_VALUES:
        raise ValueError(f"the array is {channels} x {height} x {width}; it must have at most {MOST_VALUES} values")


# ---------------------------------------------------------------------------------------------------------- convolution


@dataclass(frozen=True, eq=False)
class _Convolution:
    """The checked arguments of a convolution."""

    padded: Images  # (c_in, h + 2p, w + 2p)
    kernels: Images  # (c_out, c_in / groups, k_h, k_w)
    bias: Images  # (c_out,)
    stride: tuple[int, int]
    dilation: tuple[int, int]
    groups: int
    output_shape: tuple[int, int]

    @classmethod
    def of(
        cls,
        images: ArrayLike,
        kernels: ArrayLike,
        bias: ArrayLike | None,
        stride: IntOrPair,
        padding: IntOrPair,
        dilation: IntOrPair,
        groups: int,
        padding_mode: PaddingMode,
    ) -> "_Convolution":
        # NaN and infinity are refused because the matrices of `conv2d` multiply every pixel by zeros too
        images = real_array("images", images, "c_in, h, w", finite=True)
        kernels = real_array("kernels", kernels, "c_out, c_in // groups, k_h, k_w", finite=True)
        images, kernels, bias = _alike(images, kernels, _bias(bias, len(kernels)))
        groups = whole_number("groups", groups, 1)
        in_channels, (out_channels, group_channels) = len(images), kernels.shape[:2]
        if in_channels != groups * group_channels or out_channels % groups:
            raise ValueError(
                f"groups is {groups}; it must divide {out_channels} kernels, and images have {in_channels} channels, "
                f"which must be groups times the kernels' {group_channels}"
            )
        strides, paddings = whole_pair("stride", stride, 1), whole_pair("padding", padding, 0)
        dilations = whole_pair("dilation", dilation, 1)
        h_out, w_out = map(output_size, images.shape[1:], kernels.shape[2:], strides, paddings, dilations)
        padded = pad(images, paddings, padding_mode)
        return cls(padded, kernels, bias, strides, dilations, groups, (h_out, w_out))


def conv2d(
    images: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Images:
    """Slide every kernel over the image; each kernel gives one output channel.

    output[o, r, c] = bias[o] + sum over i, y, x of kernels[o, i, y, x] * padded[i, r * stride + y, c * stride + x]

    Convolving one image row is a matrix product: the row times a band of copies of the kernel's row, each moved on by
    the stride. With the kernel `a b` and three outputs at once, four pixels are multiplied by

        a 0 0
        b a 0
        0 b a
        0 0 b

    The same small band serves all image rows and all places in the row, so each kernel row costs one product per block
    of output columns, and the kernel rows are added up. (The zeros are wasted work, but BLAS is quick.)

    Shapes: images (c_in, h, w), kernels (c_out, c_in // groups, k_h, k_w), bias (c_out,) -> (c_out, h_out, w_out)
    Paper: Dumoulin & Visin 2016, section 4.1, https://arxiv.org/abs/1603.07285
    """
    layer = _Convolution.of(images, kernels, bias, stride, padding, dilation, groups, padding_mode)
    groups, (h_out, w_out) = layer.groups, layer.output_shape
    in_channels, out_channels = layer.kernels.shape[1], len(layer.kernels) // groups  # of one group
    pixels = _channels_last(layer.padded, groups)  # (groups, h, w * c_in)
    columns = min(w_out, max(1, BAND_COLUMNS // out_channels))
    result = np.zeros((groups, h_out, w_out * out_channels), layer.padded.dtype)
    for group, kernels_of_group in enumerate(np.split(layer.kernels, groups)):
        bands = _bands(kernels_of_group, columns, layer.stride[1], layer.dilation[1])
        for column in range(0, w_out, columns):
            left = column * layer.stride[1] * in_channels
            block = result[group, :, column * out_channels : (column + columns) * out_channels]
            for kernel_row, band in enumerate(bands):
                first_row = kernel_row * layer.dilation[0]
                window = pixels[group, first_row :: layer.stride[0], left : left + len(band)][:h_out]
                block += window @ band[: window.shape[1], : block.shape[1]]
    result = result.reshape(groups, h_out, w_out, out_channels).transpose(0, 3, 1, 2)  # -> (groups, c_out, h, w)
    return np.ascontiguousarray(result).reshape(-1, h_out, w_out) + layer.bias[:, None, None]


def _channels_last(images: Images, groups: int) -> Images:
    """Put the channels of a pixel side by side, so that what a kernel row covers is one run of numbers.

    Shapes: (groups * c, h, w) -> (groups, h, w * c)
    """
    channels, height, width = images.shape
    grouped = images.reshape(groups, channels // groups, height, width).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(grouped).reshape(groups, height, -1)


def _bands(kernels: Images, columns: int, stride: int, dilation: int) -> Images:
    """For each kernel row, the matrix that turns a run of pixels into `columns` outputs (picture: `conv2d`).

    Shapes: (c_out, c_in, k_h, k_w) -> (k_h, span * c_in, columns * c_out), span = the pixels under all these outputs
    """
    out_channels, in_channels, k_h, k_w = kernels.shape
    reach = effective_kernel_size(k_w, dilation)
    span = (columns - 1) * stride + reach
    bands = np.zeros((k_h, span, in_channels, columns, out_channels), kernels.dtype)
    for column in range(columns):
        left = column * stride
        bands[:, left : left + reach : dilation, :, column] = kernels.transpose(2, 3, 1, 0)
    return bands.reshape(k_h, span * in_channels, columns * out_channels)


def conv2d_steps(
    images: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    out_channel: int = 0,
) -> Iterator[Step]:
    """Slide one kernel over the image, yielding one step per output pixel, row by row.

    Shapes: as `conv2d` -> h_out * w_out steps
    """
    layer = _Convolution.of(images, kernels, bias, stride, padding, dilation, groups, padding_mode)
    out_channel = whole_number("out_channel", out_channel, 0, len(layer.kernels) - 1)
    return _slide(deepcopy(layer), out_channel)  # a copy, as the caller may edit his arrays while the steps play


def _slide(layer: _Convolution, out_channel: int) -> Iterator[Step]:
    kernel, bias = layer.kernels[out_channel], float(layer.bias[out_channel])
    in_channels, k_h, k_w = kernel.shape
    group = out_channel // (len(layer.kernels) // layer.groups)
    seen = layer.padded[group * in_channels : (group + 1) * in_channels]
    (s_h, s_w), (d_h, d_w) = layer.stride, layer.dilation
    for row, column in product(*map(range, layer.output_shape)):
        top, left = row * s_h, column * s_w
        window = seen[:, top : top + k_h * d_h : d_h, left : left + k_w * d_w : d_w]
        products = window * kernel
        yield Step(row, column, window, products, bias, value=float(products.sum()) + bias)


# -------------------------------------------------------------------------------------------------------------- pooling


@dataclass(frozen=True, eq=False)
class _Pooling:
    """The checked arguments of a pooling layer."""

    padded: Images  # (c, h + 2p, w + 2p)
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    output_shape: tuple[int, int]

    @classmethod
    def of(
        cls,
        images: ArrayLike,
        kernel_size: IntOrPair,
        stride: IntOrPair | None,
        padding: IntOrPair,
        ceil_mode: bool,
        fill: float,
    ) -> "_Pooling":
        images = real_array("images", images, "c, h, w")
        kernel_sizes, paddings = whole_pair("kernel_size", kernel_size, 1), whole_pair("padding", padding, 0)
        strides = kernel_sizes if stride is None else whole_pair("stride", stride, 1)
        for amount, size in zip(paddings, kernel_sizes, strict=True):
            if amount > size // 2:
                raise ValueError(f"padding is {amount}; it must be at most {size // 2}, half of kernel_size {size}")
        axes = zip(images.shape[1:], kernel_sizes, strides, paddings, strict=True)
        h_out, w_out = (output_size(size, window, step, edge, 1, ceil_mode) for size, window, step, edge in axes)
        padded = _widened(images, paddings, mode="constant", constant_values=fill)
        return cls(padded, kernel_sizes, strides, paddings, (h_out, w_out))

    def spans(self, axis: int, inside: bool = False) -> list[tuple[int, int]]:
        """Where each window starts and ends in the padded image, or in its unpadded `inside` only.

        `ceil_mode` lets the last window hang over the edge: its end is clipped.
        """
        size, edge = self.padded.shape[axis + 1], self.padding[axis] if inside else 0
        starts = range(0, self.output_shape[axis] * self.stride[axis], self.stride[axis])
        return [(max(start, edge), min(start + self.kernel_size[axis], size - edge)) for start in starts]

    def lengths(self, axis: int, inside: bool) -> NDArray[np.intp]:
        """How many positions each window covers along one axis."""
        return np.array([end - start for start, end in self.spans(axis, inside)])

    def reduced(self, combine: np.ufunc) -> Images:
        """Combine the values of each window, first down its rows, then across its columns.

        Shapes: padded (c, h, w) -> (c, h_out, w_out)
        """
        result = self.padded
        for axis, (kernel_size, stride) in enumerate(zip(self.kernel_size, self.stride, strict=True)):
            lines = np.moveaxis(result, axis + 1, 0)
            windows = self.output_shape[axis]
            combined = lines[::stride][:windows].copy()
            for offset in range(1, min(kernel_size, len(lines))):
                reached = lines[offset::stride][:windows]  # one fewer where the last window hangs over the edge
                combine(combined[: len(reached)], reached, out=combined[: len(reached)])
            result = np.moveaxis(combined, 0, axis + 1)
        return np.ascontiguousarray(result)


def max_pool2d(
    images: ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
) -> Images:
    """Keep the largest value of every window; the stride defaults to the window's size.

    Padding is -infinity, so that it never wins. The largest of a rectangle is the largest of its columns' largest.

    Shapes: (c, h, w) -> (c, h_out, w_out)
    """
    return _Pooling.of(images, kernel_size, stride, padding, ceil_mode, fill=-np.inf).reduced(np.maximum)


def max_pool2d_steps(
    images: ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    channel: int = 0,
) -> Iterator[PoolStep]:
    """Slide the window over one channel, yielding the largest value and its place, row by row.

    Shapes: as `max_pool2d` -> h_out * w_out steps
    """
    layer = _Pooling.of(images, kernel_size, stride, padding, ceil_mode, fill=-np.inf)
    return _slide_max(deepcopy(layer), whole_number("channel", channel, 0, len(layer.padded) - 1))


def _slide_max(layer: _Pooling, channel: int) -> Iterator[PoolStep]:
    padded = layer.padded[channel]
    for (row, (top, bottom)), (column, (left, right)) in product(*(enumerate(layer.spans(axis)) for axis in (0, 1))):
        window = padded[top:bottom, left:right]
        down, across = divmod(int(window.argmax()), window.shape[1])
        yield PoolStep(row, column, window, float(window[down, across]), winner=Position(top + down, left + across))


def avg_pool2d(
    images: ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Images:
    """Average every window; the stride defaults to the window's size.

    Padding is zeros and counts as pixels unless `count_include_pad` is False. What `ceil_mode` lets hang over the edge
    of the padding never counts.

    Shapes: (c, h, w) -> (c, h_out, w_out)
    """
    layer = _Pooling.of(images, kernel_size, stride, padding, ceil_mode, fill=0.0)
    inside = not truth("count_include_pad", count_include_pad)
    divisors = np.outer(layer.lengths(0, inside), layer.lengths(1, inside))  # (h_out, w_out)
    return layer.reduced(np.add) / divisors.astype(layer.padded.dtype)


def avg_pool2d_steps(
    images: ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    channel: int = 0,
) -> Iterator[PoolStep]:
    """Slide the window over one channel, yielding the average and what the sum was divided by, row by row.

    Shapes: as `avg_pool2d` -> h_out * w_out steps
    """
    layer = _Pooling.of(images, kernel_size, stride, padding, ceil_mode, fill=0.0)
    inside = not truth("count_include_pad", count_include_pad)
    return _slide_average(deepcopy(layer), whole_number("channel", channel, 0, len(layer.padded) - 1), inside)


def _slide_average(layer: _Pooling, channel: int, inside: bool) -> Iterator[PoolStep]:
    padded = layer.padded[channel]
    heights, widths = layer.lengths(0, inside), layer.lengths(1, inside)
    for (row, (top, bottom)), (column, (left, right)) in product(*(enumerate(layer.spans(axis)) for axis in (0, 1))):
        window, divisor = padded[top:bottom, left:right], int(heights[row] * widths[column])
        yield PoolStep(row, column, window, float(window.sum()) / divisor, divisor=divisor)


# ----------------------------------------------------------------------------------------------- transposed convolution


@dataclass(frozen=True, eq=False)
class _Transposed:
    """The checked arguments of a transposed convolution."""

    images: Images  # (c_in, h, w)
    kernels: Images  # (c_in, c_out, k_h, k_w)
    bias: Images  # (c_out,)
    axes: tuple[tuple[int, int, int, int, int, int], ...]  # per axis what `transposed_output_size` takes, in its order

    @classmethod
    def of(
        cls,
        images: ArrayLike,
        kernels: ArrayLike,
        bias: ArrayLike | None,
        stride: IntOrPair,
        padding: IntOrPair,
        output_padding: IntOrPair,
        dilation: IntOrPair,
    ) -> "_Transposed":
        images = real_array("images", images, "c_in, h, w", finite=True)
        kernels = real_array("kernels", kernels, "c_in, c_out, k_h, k_w", finite=True)
        images, kernels, bias = _alike(images, kernels, _bias(bias, kernels.shape[1]))
        if len(images) != len(kernels):
            raise ValueError(
                f"kernels are for {len(kernels)} channels; they must be for the {len(images)} of the images"
            )
        axes = zip(
            images.shape[1:],
            kernels.shape[2:],
            whole_pair("stride", stride, 1),
            whole_pair("padding", padding, 0),
            whole_pair("dilation", dilation, 1),
            whole_pair("output_padding", output_padding, 0),
            strict=True,
        )
        return cls(images, kernels, bias, tuple(axes))


def conv_transpose2d(
    images: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> Images:
    """Let every input pixel stamp its multiple of the kernel onto the output, `stride` apart; overlaps add up.

    output[o, r * stride + y - padding, c * stride + x - padding] += images[i, r, c] * kernels[i, o, y, x]

    It is the transpose of `conv2d` as a matrix, not its inverse. `padding` cuts the edge of the output away.

    Shapes: images (c_in, h, w), kernels (c_in, c_out, k_h, k_w), bias (c_out,) -> (c_out, h_out, w_out)
    Paper: Dumoulin & Visin 2016, section 4, https://arxiv.org/abs/1603.07285
    """
    layer = _Transposed.of(images, kernels, bias, stride, padding, output_padding, dilation)
    (h, k_h, s_h, p_h, d_h, _), (w, k_w, s_w, p_w, d_w, _) = layer.axes
    h_out, w_out = (transposed_output_size(*axis) for axis in layer.axes)
    _within_memory(layer.bias.size, h_out + 2 * p_h, w_out + 2 * p_w)
    stamped = np.zeros((layer.bias.size, h_out + 2 * p_h, w_out + 2 * p_w), layer.images.dtype)
    for y, x in product(range(k_h), range(k_w)):
        landing = stamped[:, y * d_h :: s_h, x * d_w :: s_w][:, :h, :w]
        landing += np.tensordot(layer.kernels[:, :, y, x], layer.images, axes=(0, 0))  # (c_out, h, w)
    return stamped[:, p_h : p_h + h_out, p_w : p_w + w_out] + layer.bias[:, None, None]


def conv_transpose2d_steps(
    images: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    out_channel: int = 0,
) -> Iterator[TransposedStep]:
    """For each output pixel of one channel, row by row, collect the inputs that reach it.

    Shapes: as `conv_transpose2d` -> h_out * w_out steps
    """
    layer = _Transposed.of(images, kernels, bias, stride, padding, output_padding, dilation)
    out_channel = whole_number("out_channel", out_channel, 0, layer.bias.size - 1)
    return _collect(deepcopy(layer), out_channel, *(transposed_taps(*axis) for axis in layer.axes))


def _collect(
    layer: _Transposed, out_channel: int, rows: tuple[tuple[Tap, ...], ...], columns: tuple[tuple[Tap, ...], ...]
) -> Iterator[TransposedStep]:
    images, kernel, bias = layer.images, layer.kernels[:, out_channel], float(layer.bias[out_channel])
    channels = range(len(images))
    for (row, row_taps), (column, column_taps) in product(enumerate(rows), enumerate(columns)):
        inputs = images[np.ix_(channels, [tap.source for tap in row_taps], [tap.source for tap in column_taps])]
        weights = kernel[np.ix_(channels, [tap.weight for tap in row_taps], [tap.weight for tap in column_taps])]
        products = inputs * weights
        value = float(products.sum()) + bias
        yield TransposedStep(row, column, row_taps, column_taps, inputs, weights, products, bias, value)
