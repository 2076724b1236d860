"""What a small change of the image does to the convolution, and what of it is left after pooling.

`perturb` changes one pixel and says how far the pixel may go before the pooled map notices; `compare` takes any two
images (shifted, noisy, a row changed); `absorption_map` asks for every pixel whether pooling hides its change.

Equal means `numpy.isclose` with its defaults, the original on the right: |after - before| <= 1e-8 + 1e-5 * |before|.
Everything is computed in float64; the convolution has stride 1 and no padding.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from cnn.arithmetic import LARGEST, IntOrPair, output_size, truth, whole_number, whole_pair
from cnn.operations import avg_pool2d, conv2d, max_pool2d, real_array

Plane = NDArray[np.float64]  # one channel, (h, w)
Pooling = Literal["max", "average", "subsample", "strided convolution", "none"]
POOLINGS: tuple[Pooling, ...] = get_args(Pooling)

ROUNDING = 1e-12  # a sum this small beside its terms is zero but for rounding, as 0.1 + 0.2 - 0.3 is


class Interval(NamedTuple):
    low: float
    high: float


class ShiftDistance(NamedTuple):
    """How much the feature map differs from that of the unshifted image: |after - before| / |before|."""

    shift: int  # pixels to the right
    convolution: float
    pooled: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two images on their way through convolution, ReLU where asked for, and pooling."""

    image: Plane
    image_after: Plane
    convolution: Plane  # before ReLU
    convolution_after: Plane
    pooled: Plane
    pooled_after: Plane
    relu: bool  # whether pooling sees max(0, convolution)

    @property
    def changed_convolution(self) -> NDArray[np.bool_]:
        return ~np.isclose(self.convolution_after, self.convolution)

    @property
    def changed_pooled(self) -> NDArray[np.bool_]:
        return ~np.isclose(self.pooled_after, self.pooled)

    @property
    def absorbed(self) -> bool:
        """Whether the pooled map is as before."""
        return not self.changed_pooled.any()


@dataclass(frozen=True, eq=False)
class Perturbation(Comparison):
    """One changed pixel."""

    interval: Interval  # around the pixel's original value: the pooled map stays the same within it


# --------------------------------------------------------------------------------------------------------------- checks


def _plane(name: str, value: ArrayLike) -> Plane:
    return real_array(name, value, "h, w", finite=True).astype(np.float64)


def _real(name: str, value: Any) -> float:
    number = np.asarray(value)
    if number.shape or number.dtype.kind not in "biuf" or not np.isfinite(number):
        raise ValueError(f"{name} is {value!r}; it must be one finite number")
    return float(number)


# -------------------------------------------------------------------------------------------------------------- pooling


@dataclass(frozen=True, eq=False)
class _PoolingLayer:
    """The checked settings of what follows the convolution.

    All but max are weighted sums over a window: average has equal weights, subsampling one weight, "none" one weight at
    every place, and the strided convolution random ones.
    """

    kind: Pooling
    weights: Plane  # (window rows, window columns); for max only its shape matters
    stride: tuple[int, int]
    padding: tuple[int, int]
    ceil_mode: bool

    @classmethod
    def of(
        cls, pooling: Pooling, window: IntOrPair, stride: IntOrPair, padding: IntOrPair, ceil_mode: bool, seed: int
    ) -> "_PoolingLayer":
        if not isinstance(pooling, str) or pooling not in POOLINGS:
            raise ValueError(f"pooling is {pooling!r}; it must be one of {', '.join(POOLINGS)}")
        shape, strides = whole_pair("window", window, 1), whole_pair("stride", stride, 1)
        paddings = whole_pair("padding", padding, 0)
        if truth("ceil_mode", ceil_mode) and pooling not in ("max", "average"):
            raise ValueError(f"ceil_mode is {ceil_mode}; with {pooling} it must be False")
        if any(paddings) and pooling in ("subsample", "none"):
            raise ValueError(f"padding is {padding}; with {pooling} it must be 0")
        if pooling == "strided convolution":
            weights = np.random.default_rng(whole_number("seed", seed, 0)).normal(size=shape)
        else:
            weights = np.ones((1, 1) if pooling in ("subsample", "none") else shape)
        return cls(pooling, weights, (1, 1) if pooling == "none" else strides, paddings, ceil_mode)

    def apply(self, outputs: Plane) -> Plane:
        """Pool one channel. Shapes: (h, w) -> (h_out, w_out)"""
        images, shape = outputs[None], self.weights.shape
        try:
            if self.kind == "max":
                return max_pool2d(images, shape, self.stride, self.padding, self.ceil_mode)[0]
            if self.kind == "average":
                return avg_pool2d(images, shape, self.stride, self.padding, self.ceil_mode)[0]
            return conv2d(images, self.weights[None, None], stride=self.stride, padding=self.padding)[0]
        except ValueError as error:
            raise ValueError(f"window is {shape} on a {outputs.shape} feature map: {error}") from error

    def windows(self, plane: Plane, padding: float) -> Plane:
        """What each pooled unit reads of the plane, with `padding` where its window reaches beyond.

        Shapes: (h, w) -> (window rows, window columns, h_out, w_out)
        """
        (k_h, k_w), (s_h, s_w), (p_h, p_w) = self.weights.shape, self.stride, self.padding
        axes = zip(plane.shape, self.weights.shape, self.stride, self.padding, strict=True)
        h_out, w_out = (output_size(size, window, step, edge, 1, self.ceil_mode) for size, window, step, edge in axes)
        missing_h = max(0, (h_out - 1) * s_h + k_h - p_h - plane.shape[0])
        missing_w = max(0, (w_out - 1) * s_w + k_w - p_w - plane.shape[1])
        padded = np.pad(plane, ((p_h, missing_h), (p_w, missing_w)), constant_values=padding)
        windows = sliding_window_view(padded, (k_h, k_w))[::s_h, ::s_w][:h_out, :w_out]
        return windows.transpose(2, 3, 0, 1)

    def unit_weights(self, shape: tuple[int, ...]) -> Plane:
        """How much each output that a unit reads counts in its sum; padding counts nothing (but average divides by it).

        Shapes: (window rows, window columns, h_out, w_out)
        """
        real = self.windows(np.ones(shape), padding=0.0)
        weights = self.weights[:, :, None, None] * real
        return weights * self.apply(np.ones(shape)) / real.sum((0, 1)) if self.kind == "average" else weights


def _rectified(outputs: Plane, relu: bool) -> Plane:
    return np.maximum(outputs, 0.0) if relu else outputs


def response(image: ArrayLike, kernel: ArrayLike, relu: bool = False) -> Plane:
    """The feature map of one kernel: convolution without padding, and ReLU where asked for.

    Shapes: image (h, w), kernel (k_h, k_w) -> (h - k_h + 1, w - k_w + 1)
    """
    image, kernel = _plane("image", image), _plane("kernel", kernel)
    return _rectified(conv2d(image[None], kernel[None, None])[0], truth("relu", relu))


# ----------------------------------------------------------------------------------------------------------- two images


def _compared(image: Plane, other: Plane, kernel: Plane, layer: _PoolingLayer, relu: bool) -> Comparison:
    if image.shape != other.shape:
        raise ValueError(f"other has shape {other.shape}; it must have the shape {image.shape} of image")
    before, after = response(image, kernel), response(other, kernel)
    pooled, pooled_after = (layer.apply(_rectified(outputs, relu)) for outputs in (before, after))
    return Comparison(image, other, before, after, pooled, pooled_after, truth("relu", relu))


def compare(
    image: ArrayLike,
    other: ArrayLike,
    kernel: ArrayLike,
    pooling: Pooling = "max",
    window: IntOrPair = 2,
    stride: IntOrPair = 1,
    *,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    relu: bool = False,
    seed: int = 0,
) -> Comparison:
    """What the difference between two images does to the convolution and to the pooled map.

    `seed` draws the weights of the strided convolution, one normal number per place of the window.

    Shapes: images (h, w), kernel (k_h, k_w) -> maps as `response` and the pooling give them
    """
    layer = _PoolingLayer.of(pooling, window, stride, padding, ceil_mode, seed)
    return _compared(_plane("image", image), _plane("other", other), _plane("kernel", kernel), layer, relu)


def perturb(
    image: ArrayLike,
    kernel: ArrayLike,
    pixel: tuple[int, int],
    value: float,
    pooling: Pooling = "max",
    window: IntOrPair = 2,
    stride: IntOrPair = 1,
    *,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    relu: bool = False,
    seed: int = 0,
) -> Perturbation:
    """Set one pixel to `value`: what changes, and how far the pixel may go before the pooled map changes.

    Every output is affine in the pixel, so each pooled unit leaves the pixel some room up and down, and `interval` is
    the smallest room of all. Its ends are exact, neither sampled nor searched: where the pooled map would first differ
    as real numbers. isclose decides only which outputs tie, so that rounding splits no tie. Hence every value within
    the interval is absorbed; the values that isclose forgives beyond an end (a pooled unit may be off by 1e-5 of its
    value) are absorbed too, although the interval does not count them.

    Shapes: image (h, w), kernel (k_h, k_w)
    """
    layer = _PoolingLayer.of(pooling, window, stride, padding, ceil_mode, seed)
    image, kernel = _plane("image", image), _plane("kernel", kernel)
    if not isinstance(pixel, tuple | list) or len(pixel) != 2:
        raise ValueError(f"pixel is {pixel!r}; it must be (row, column)")
    row = whole_number("pixel[0]", pixel[0], 0, image.shape[0] - 1)
    column = whole_number("pixel[1]", pixel[1], 0, image.shape[1] - 1)
    other = image.copy()
    other[row, column] = _real("value", value)
    result = _compared(image, other, kernel, layer, relu)
    one_pixel = np.zeros(image.shape)
    one_pixel[row, column] = 1.0
    slopes = response(one_pixel, kernel)  # how much each output rises with the pixel
    up, down = _room(result.convolution, slopes, layer, relu), _room(result.convolution, -slopes, layer, relu)
    interval = Interval(float(image[row, column] - down), float(image[row, column] + up))
    return Perturbation(**vars(result), interval=interval)


# ----------------------------------------------------------------------------------------------------- room for a pixel


def _room(outputs: Plane, slopes: Plane, layer: _PoolingLayer, relu: bool) -> float:
    """How far the pixel may rise before some pooled unit changes."""
    is_max = layer.kind == "max"
    slopes_of = layer.windows(slopes, padding=0.0)  # (window rows, window columns, h_out, w_out)
    touched = slopes_of.any((0, 1))
    slopes_of = slopes_of[:, :, touched].reshape(layer.weights.size, -1)  # -> (window, units)
    outputs_of = layer.windows(outputs, padding=-np.inf if is_max else 0.0)[:, :, touched].reshape(slopes_of.shape)
    if is_max:
        return _room_below_maximum(outputs_of, slopes_of, floor=0.0 if relu else -np.inf)
    return _room_on_plateau(outputs_of, slopes_of, layer.weights.reshape(-1, 1), relu)


def _room_below_maximum(outputs: Plane, slopes: Plane, floor: float) -> float:
    """How far the pixel may rise before the maximum of some window changes; `floor` is 0 after ReLU.

    The maximum must be held by an output that the pixel does not touch (or by the floor): if it is not, the one that
    holds it moves at once. Then it changes when the first rising output passes it.

    Shapes: outputs and slopes (window, units)
    """
    peaks = np.maximum(outputs.max(0), floor)
    held = np.maximum(np.where(slopes == 0, outputs, -np.inf).max(0), floor)
    with np.errstate(over="ignore"):
        rooms = np.divide(peaks - outputs, slopes, out=np.full(outputs.shape, np.inf), where=slopes > 0)
    return float(np.where(np.isclose(held, peaks), rooms.min(0), 0.0).min(initial=np.inf))


def _room_on_plateau(outputs: Plane, slopes: Plane, weights: Plane, relu: bool) -> float:
    """How far the pixel may rise before a weighted sum over some window changes.

    Without ReLU the sum is a straight line: it changes at once, or never. With ReLU it bends where an output crosses 0
    (a rising one joins, a falling one leaves), so a flat stretch lasts until the first bend. (Bends at one place could
    cancel only under weights of equal size and opposite sign, which no pooling here has.)

    Shapes: outputs and slopes (window, units), weights (window, 1)
    """
    terms = weights * slopes
    outputs = np.where(np.isclose(outputs, 0.0), 0.0, outputs)
    counting = ((outputs > 0) | ((outputs == 0) & (slopes > 0))) if relu else np.full(terms.shape, True)
    steep = np.abs((terms * counting).sum(0)) > ROUNDING * np.abs(terms).sum(0)
    with np.errstate(over="ignore"):
        crossings = np.divide(-outputs, slopes, out=np.full(terms.shape, np.inf), where=(terms != 0) & relu)
    bends = np.where(crossings > 0, crossings, np.inf).min(0)
    return float(np.where(steep, 0.0, bends).min(initial=np.inf))


# ----------------------------------------------------------------------------------------------------------- all pixels


def absorption_map(
    image: ArrayLike,
    kernel: ArrayLike,
    pooling: Pooling = "max",
    window: IntOrPair = 2,
    stride: IntOrPair = 1,
    change: float | Literal["flip"] | Callable[[Plane], ArrayLike] = "flip",
    *,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    relu: bool = False,
    seed: int = 0,
) -> NDArray[np.bool_]:
    """For every pixel, whether the pooled map stays equal when that pixel alone is changed.

    `change` is a number to add, "flip" for 1 - value, or a function from the image to its changed values.

    All pixels at once: seen from the top left corner of what a pooled unit sees of the image, there are only
    (window + kernel - 1)^2 places where the changed pixel can be. For each place, all units are recomputed together.

    Shapes: image (h, w), kernel (k_h, k_w) -> (h, w)
    """
    layer = _PoolingLayer.of(pooling, window, stride, padding, ceil_mode, seed)
    image, kernel = _plane("image", image), _plane("kernel", kernel)
    outputs = response(image, kernel)
    pooled = layer.apply(_rectified(outputs, truth("relu", relu)))
    units = _Units.of(layer, outputs, pooled, relu)
    (s_h, s_w), (p_h, p_w), (h_out, w_out) = layer.stride, layer.padding, pooled.shape
    patch_h, patch_w = (sum(sizes) - 1 for sizes in zip(layer.weights.shape, kernel.shape, strict=True))
    reach_h, reach_w = (h_out - 1) * s_h + 1, (w_out - 1) * s_w + 1  # from the first unit's place to the last one's
    change_of = np.pad(_changes(image, change), ((p_h, reach_h + patch_h), (p_w, reach_w + patch_w)))
    changed = np.zeros(change_of.shape, np.bool_)
    for row, column in product(range(patch_h), range(patch_w)):
        pixels = np.s_[row : row + reach_h : s_h, column : column + reach_w : s_w]  # one for each unit
        changed[pixels] |= units.changed(kernel, row, column, change_of[pixels])
    return ~changed[p_h : p_h + image.shape[0], p_w : p_w + image.shape[1]]


def _changes(image: Plane, change: float | Literal["flip"] | Callable[[Plane], ArrayLike]) -> Plane:
    """How much each pixel is changed."""
    if callable(change):
        after = _plane("change(image)", change(image.copy()))
        if after.shape != image.shape:
            raise ValueError(f"change(image) has shape {after.shape}; it must have the image's, {image.shape}")
        return after - image
    if isinstance(change, str):
        if change != "flip":
            raise ValueError(f'change is {change!r}; it must be a number, "flip" or a function of the image')
        return 1.0 - 2.0 * image
    return np.full(image.shape, _real("change", change))


@dataclass(frozen=True, eq=False)
class _Units:
    """All pooled units and what each of them reads."""

    outputs: Plane  # (window rows, window columns, h_out, w_out), before ReLU
    weights: Plane | None  # the same shape; None for max
    holds: NDArray[np.bool_]  # the same shape: for max, whether this output alone keeps the unit's value
    holders: NDArray[np.int_]  # (h_out, w_out), how many such outputs a unit has
    pooled: Plane  # (h_out, w_out)
    relu: bool

    @classmethod
    def of(cls, layer: _PoolingLayer, outputs: Plane, pooled: Plane, relu: bool) -> "_Units":
        is_max = layer.kind == "max"
        windows = np.ascontiguousarray(layer.windows(outputs, padding=-np.inf if is_max else 0.0))
        holds = np.isclose(_rectified(windows, relu), pooled)
        weights = None if is_max else layer.unit_weights(outputs.shape)
        return cls(windows, weights, holds, holds.sum((0, 1)), pooled, relu)

    def changed(self, kernel: Plane, row: int, column: int, change: Plane) -> NDArray[np.bool_]:
        """Which units change when the pixel at (row, column) of what each unit sees is changed by its `change`.

        Only the outputs under which the kernel reaches the pixel move: window row m by kernel row `row - m`.

        Shapes: change (h_out, w_out) -> (h_out, w_out)
        """
        rows, columns = (
            np.arange(max(0, place - size + 1), min(place + 1, window))
            for place, size, window in zip((row, column), kernel.shape, self.outputs.shape, strict=False)
        )
        touched = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        before = self.outputs[touched]
        moved = before + kernel[np.ix_(row - rows, column - columns)][:, :, None, None] * change
        after = _rectified(moved, self.relu)
        if self.weights is not None:
            difference = (self.weights[touched] * (after - _rectified(before, self.relu))).sum((0, 1))
            return ~np.isclose(self.pooled + difference, self.pooled)
        held = self.holders > self.holds[touched].sum((0, 1))  # by an output that the pixel does not touch
        return ~np.isclose(np.maximum(after.max((0, 1)), np.where(held, self.pooled, -np.inf)), self.pooled)


# --------------------------------------------------------------------------------------------------------------- shifts


def shift(image: ArrayLike, rows: int, columns: int, fill: float = 0.0) -> Plane:
    """Move the picture down by `rows` and right by `columns`; negative moves up and left. `fill` comes in behind it.

    Shapes: (h, w) -> (h, w)
    """
    image = _plane("image", image)
    moved = np.full(image.shape, _real("fill", fill))
    moves = whole_number("rows", rows, -LARGEST), whole_number("columns", columns, -LARGEST)
    targets = tuple(slice(max(0, move), max(0, size + move)) for move, size in zip(moves, image.shape, strict=True))
    sources = tuple(slice(max(0, -move), max(0, size - move)) for move, size in zip(moves, image.shape, strict=True))
    moved[targets] = image[sources]
    return moved


def shift_curve(
    image: ArrayLike,
    kernel: ArrayLike,
    pooling: Pooling = "max",
    window: IntOrPair = 2,
    stride: IntOrPair = 1,
    shifts: Iterable[int] = range(5),
    *,
    fill: float = 0.0,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    relu: bool = False,
    seed: int = 0,
) -> list[ShiftDistance]:
    """How far the feature map moves when the image moves right by some pixels, before pooling and after it.

    The relative distance |after - before| / |before|, in the Euclidean norm; the convolution's map is taken after ReLU
    where there is one. 0 is no change; two unrelated maps of equal norm are sqrt(2) apart.
    """
    curve = []
    for amount in shifts:
        settings: dict[str, Any] = {"padding": padding, "ceil_mode": ceil_mode, "relu": relu, "seed": seed}
        pair = compare(image, shift(image, 0, amount, fill), kernel, pooling, window, stride, **settings)
        seen, seen_after = (_rectified(outputs, relu) for outputs in (pair.convolution, pair.convolution_after))
        distances = _relative_distance(seen, seen_after), _relative_distance(pair.pooled, pair.pooled_after)
        curve.append(ShiftDistance(amount, *distances))
    return curve


def _relative_distance(before: Plane, after: Plane) -> float:
    distance, norm = np.linalg.norm(after - before), np.linalg.norm(before)
    if norm == 0:
        return 0.0 if distance == 0 else float("inf")
    return float(distance / norm)
