"""Layers as data: frozen specs that know their output shape, parameters, MACs, window and torch module.

A spec holds what the paper says and nothing that follows from it; what follows is a method of the input's shape.
`Conv("C1", 6, kernel_size=5)` on a (1, 32, 32) image: shape (6, 28, 28), 156 parameters, 117,600 MACs.
Shapes are those of one image: (channels, height, width), or (features,) after Flatten.

MACs are counted as the papers do: convolutions and fully connected layers only, no biases.
Connections are counted as LeCun et al. 1998 do: every link that ends in a unit of the layer, its bias included.

One file, and long, because a reader looks for a layer here; the torch modules that torch itself lacks are in
`cnn/architectures/modules.py`. torch is imported only inside `module()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from cnn.arithmetic import SlidingWindow, convolution_macs, convolution_parameters, output_size

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]  # (channels, height, width) or (features,)

# How a child of a composite layer hangs together with its siblings:
#   chain     it takes what the child before it gives
#   parallel  it takes what the whole composite takes, and the outputs are joined
#   gate      as parallel, but its output only rescales the others (a squeeze path: outside receptive field and depth)
Role = Literal["chain", "parallel", "gate"]


@dataclass(frozen=True)
class Child:
    """A layer inside a composite layer; `name` is its attribute in the torch module too."""

    name: str
    layer: Layer
    input_shape: Shape
    role: Role = "chain"


class Layer:
    """What every layer answers. A layer that changes nothing and costs nothing need not override anything."""

    label: str  # as in the paper; empty for what the paper's table does not list
    kind: ClassVar[str]  # a stable word for labels and colours
    has_weights: ClassVar[bool] = False  # counts as one layer in "a network of 50 layers"
    sees_everything: ClassVar[bool] = False  # one unit depends on the whole image

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def parameters(self, shape: Shape) -> int:
        """Trainable numbers."""
        return 0

    def macs(self, shape: Shape) -> int:
        """Multiply-accumulate operations for one image."""
        return 0

    def connections(self, shape: Shape) -> int:
        """Links that end in a unit of this layer, biases included."""
        return 0

    def windows(self) -> tuple[SlidingWindow, ...]:
        """Its own contribution to the receptive field."""
        return ()

    def children(self, shape: Shape) -> tuple[Child, ...]:
        """The layers inside; none for a plain layer."""
        return ()

    def module(self, shape: Shape) -> nn.Module:
        """The same layer in torch, for an input of this shape, its weights not yet initialised."""
        raise NotImplementedError(f"{type(self).__name__} has no torch module")


def _planes(layer: Layer, shape: Shape) -> tuple[int, int, int]:
    """The three sizes of an image shape, or a sentence that says what came instead."""
    if len(shape) != 3:
        raise ValueError(f"shape is {shape}; {layer.label or layer.kind} needs three sizes: (channels, height, width)")
    channels, height, width = shape
    return channels, height, width


def _slide(layer: Layer, shape: Shape, window: SlidingWindow, ceil_mode: bool = False) -> tuple[int, int]:
    """Height and width of what a window gives that slides over `shape`."""
    _, height, width = _planes(layer, shape)
    return output_size(height, *window, ceil_mode), output_size(width, *window, ceil_mode)


def choose(name: str, value: str, legal: Iterable[str]) -> str:
    """Return `value` if it is one of the legal words; raise ValueError with a sentence otherwise."""
    words = tuple(legal)
    if value not in words:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(map(repr, words))}")
    return value


# ---------------------------------------------------------------------------------------------------- convolution


@dataclass(frozen=True)
class Conv(Layer):
    """Convolution (cross-correlation: the kernel is not flipped) with square kernels.

    Shapes: (c, h, w) -> (out_channels, h', w')
    """

    label: str
    out_channels: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    groups: int = 1
    dilation: int = 1
    bias: bool = True
    kind: ClassVar[str] = "convolution"
    has_weights: ClassVar[bool] = True

    def windows(self) -> tuple[SlidingWindow, ...]:
        return (SlidingWindow(self.kernel_size, self.stride, self.padding, self.dilation),)

    def output_shape(self, shape: Shape) -> Shape:
        return (self.out_channels, *_slide(self, shape, self.windows()[0]))

    def parameters(self, shape: Shape) -> int:
        return convolution_parameters(shape[0], self.out_channels, self.kernel_size, self.groups, self.bias)

    def macs(self, shape: Shape) -> int:
        _, *size = self.output_shape(shape)
        return convolution_macs(shape[0], self.out_channels, self.kernel_size, size, self.groups)

    def connections(self, shape: Shape) -> int:
        return self.macs(shape) + self.bias * prod(self.output_shape(shape))

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Conv2d(
            shape[0],
            self.out_channels,
            self.kernel_size,
            self.stride,
            self.padding,
            dilation=self.dilation,
            groups=self.groups,
            bias=self.bias,
        )


@dataclass(frozen=True)
class SparseConv(Layer):
    """Convolution in which each output map reads only some input maps: `table[output]` lists them.

    Shapes: (c, h, w) -> (len(table), h', w')
    Paper: LeCun et al. 1998, section II-B, Table I.
    """

    label: str
    table: tuple[tuple[int, ...], ...]
    kernel_size: int
    kind: ClassVar[str] = "sparse_convolution"
    has_weights: ClassVar[bool] = True

    def windows(self) -> tuple[SlidingWindow, ...]:
        return (SlidingWindow(self.kernel_size),)

    def output_shape(self, shape: Shape) -> Shape:
        return (len(self.table), *_slide(self, shape, self.windows()[0]))

    def parameters(self, shape: Shape) -> int:
        return sum(convolution_parameters(len(sources), 1, self.kernel_size) for sources in self.table)

    def macs(self, shape: Shape) -> int:
        _, *size = self.output_shape(shape)
        return sum(convolution_macs(len(sources), 1, self.kernel_size, size) for sources in self.table)

    def connections(self, shape: Shape) -> int:
        return self.macs(shape) + prod(self.output_shape(shape))

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import SparseConv2d

        return SparseConv2d(shape[0], self.table, self.kernel_size)


# -------------------------------------------------------------------------------------------------------- pooling


@dataclass(frozen=True)
class Pool(Layer):
    """Pooling without parameters: the largest value of a window, its mean, or ("subsample") its first value.

    Shapes: (c, h, w) -> (c, h', w')
    """

    label: str
    method: Literal["max", "average", "subsample"]
    kernel_size: int
    stride: int
    padding: int = 0
    ceil_mode: bool = False

    @property
    def kind(self) -> str:  # type: ignore[override]
        return f"{self.method}_pooling"

    def windows(self) -> tuple[SlidingWindow, ...]:
        return (SlidingWindow(1 if self.method == "subsample" else self.kernel_size, self.stride, self.padding),)

    def output_shape(self, shape: Shape) -> Shape:
        window = SlidingWindow(self.kernel_size, self.stride, self.padding)
        return (shape[0], *_slide(self, shape, window, self.ceil_mode))

    def connections(self, shape: Shape) -> int:
        return prod(self.output_shape(shape)) * self.windows()[0].kernel_size ** 2

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        from cnn.architectures.modules import Subsample

        if self.method == "subsample":
            return Subsample(self.kernel_size, self.stride)
        pool = nn.MaxPool2d if self.method == "max" else nn.AvgPool2d
        return pool(self.kernel_size, self.stride, self.padding, ceil_mode=self.ceil_mode)


@dataclass(frozen=True)
class SubSampling(Layer):
    """Pooling as in 1998: coefficient * (sum of the window) + bias, both trainable, one pair a map; squashed after it.

    Shapes: (c, h, w) -> (c, h / size, w / size)
    Paper: LeCun et al. 1998, section II-B, layer S2.
    """

    label: str
    size: int = 2
    kind: ClassVar[str] = "sub_sampling"

    def windows(self) -> tuple[SlidingWindow, ...]:
        return (SlidingWindow(self.size, self.size),)

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], *_slide(self, shape, self.windows()[0]))

    def parameters(self, shape: Shape) -> int:
        return 2 * shape[0]

    def connections(self, shape: Shape) -> int:
        return prod(self.output_shape(shape)) * (self.size**2 + 1)

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import SubSampling2d

        return SubSampling2d(shape[0], self.size)


@dataclass(frozen=True)
class GlobalAveragePool(Layer):
    """The mean of each map.

    Shapes: (c, h, w) -> (c, 1, 1)
    """

    label: str = ""
    kind: ClassVar[str] = "global_average_pooling"
    sees_everything: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        return (_planes(self, shape)[0], 1, 1)

    def connections(self, shape: Shape) -> int:
        return prod(shape)

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.AdaptiveAvgPool2d(1)


# ------------------------------------------------------------------------------- fully connected layers and outputs


@dataclass(frozen=True)
class Flatten(Layer):
    """A stack of maps as one row of numbers, map by map.

    Shapes: (c, h, w) -> (c * h * w,)
    """

    label: str = ""
    kind: ClassVar[str] = "flatten"

    def output_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Flatten()


@dataclass(frozen=True)
class Dense(Layer):
    """Fully connected layer.

    Shapes: (features,) -> (out_features,)
    """

    label: str
    out_features: int
    kind: ClassVar[str] = "dense"
    has_weights: ClassVar[bool] = True
    sees_everything: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise ValueError(f"shape is {shape}; {self.label} needs one size, (features,): put a Flatten before it")
        return (self.out_features,)

    def parameters(self, shape: Shape) -> int:
        return self.out_features * (shape[0] + 1)

    def macs(self, shape: Shape) -> int:
        return self.out_features * shape[0]

    def connections(self, shape: Shape) -> int:
        return self.parameters(shape)

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Linear(shape[0], self.out_features)


@dataclass(frozen=True)
class RadialBasis(Layer):
    """Output of 1998: the squared distance to a fixed code per class, y_i = sum_j (x_j - w_ij)^2; the smallest wins.

    Shapes: (features,) -> (len(codes),)
    Paper: LeCun et al. 1998, section II-B, equation 7.
    """

    label: str
    codes: tuple[tuple[int, ...], ...] = field(repr=False)
    kind: ClassVar[str] = "radial_basis"
    has_weights: ClassVar[bool] = True
    sees_everything: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        if shape != (len(self.codes[0]),):
            raise ValueError(f"shape is {shape}; {self.label} needs ({len(self.codes[0])},), the length of its codes")
        return (len(self.codes),)

    def connections(self, shape: Shape) -> int:
        return len(self.codes) * shape[0]

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import RadialBasisOutput

        return RadialBasisOutput(self.codes)


@dataclass(frozen=True)
class Negate(Layer):
    """-y, which turns distances (the smallest wins) into logits (the largest wins)."""

    label: str = ""
    kind: ClassVar[str] = "negate"

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import Negative

        return Negative()


# ----------------------------------------------------------------- activation, normalisation, regularisation


class Activation(Layer):
    """A function of each value on its own. All of them are monotone, so they may change places with max pooling."""


@dataclass(frozen=True)
class ReLU(Activation):
    """max(0, a)."""

    label: str = ""
    kind: ClassVar[str] = "relu"

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.ReLU()


@dataclass(frozen=True)
class Tanh(Activation):
    """tanh(a)."""

    label: str = ""
    kind: ClassVar[str] = "tanh"

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Tanh()


@dataclass(frozen=True)
class Sigmoid(Activation):
    """1 / (1 + exp(-a))."""

    label: str = ""
    kind: ClassVar[str] = "sigmoid"

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Sigmoid()


@dataclass(frozen=True)
class ScaledTanh(Activation):
    """1.7159 * tanh(2/3 * a), so that f(1) = 1 and f(-1) = -1.

    Paper: LeCun et al. 1998, appendix A.
    """

    label: str = ""
    kind: ClassVar[str] = "scaled_tanh"

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import ScaledTanh1998

        return ScaledTanh1998()


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Batch normalisation: per map to mean 0 and variance 1, then times a trainable scale plus a trainable shift."""

    label: str = ""
    epsilon: float = 1e-5
    kind: ClassVar[str] = "batch_norm"

    def parameters(self, shape: Shape) -> int:
        return 2 * shape[0]

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.BatchNorm2d(shape[0], eps=self.epsilon)


@dataclass(frozen=True)
class LocalResponseNorm(Layer):
    """Divides each value by (k + alpha * sum of squares over `size` neighbouring maps)^beta.

    Paper: Krizhevsky et al. 2012, section 3.3. torch divides alpha by size, the paper does not: see `module`.
    """

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 2.0
    label: str = ""
    kind: ClassVar[str] = "local_response_norm"

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.LocalResponseNorm(self.size, self.alpha * self.size, self.beta, self.k)


@dataclass(frozen=True)
class Dropout(Layer):
    """Sets each value to zero with this probability, while training only."""

    probability: float = 0.5
    label: str = ""
    kind: ClassVar[str] = "dropout"

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Dropout(self.probability)


@dataclass(frozen=True)
class ChannelPadding(Layer):
    """Maps of zeros after the given ones: a shortcut without weights to a body with more maps.

    Shapes: (c, h, w) -> (channels, h, w)
    Paper: He et al. 2016, section 3.3, option A.
    """

    label: str
    channels: int
    kind: ClassVar[str] = "channel_padding"

    def output_shape(self, shape: Shape) -> Shape:
        given, *size = _planes(self, shape)
        if given > self.channels:
            raise ValueError(f"channels is {self.channels}; it must be at least {given}, the number of maps given")
        return (self.channels, *size)

    def module(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.ZeroPad3d((0, 0, 0, 0, 0, self.channels - shape[0]))


# ---------------------------------------------------------------------------------------- layers made of layers


class Composite(Layer):
    """A layer made of layers: its costs are the sums over its children."""

    def parameters(self, shape: Shape) -> int:
        return sum(child.layer.parameters(child.input_shape) for child in self.children(shape))

    def macs(self, shape: Shape) -> int:
        return sum(child.layer.macs(child.input_shape) for child in self.children(shape))

    def connections(self, shape: Shape) -> int:
        return sum(child.layer.connections(child.input_shape) for child in self.children(shape))

    def modules(self, shape: Shape) -> dict[str, nn.Module]:
        return {child.name: child.layer.module(child.input_shape) for child in self.children(shape)}


@dataclass(frozen=True)
class Stack(Composite):
    """Layers one after the other, one row of the paper's table. Without layers it is the identity."""

    label: str
    layers: tuple[Layer, ...]
    kind: ClassVar[str] = "stack"

    def children(self, shape: Shape) -> tuple[Child, ...]:
        chain = []
        for name, layer in zip(names_of(self.layers), self.layers, strict=True):
            chain.append(Child(name, layer, shape))
            shape = layer.output_shape(shape)
        return tuple(chain)

    def output_shape(self, shape: Shape) -> Shape:
        for layer in self.layers:
            shape = layer.output_shape(shape)
        return shape

    def module(self, shape: Shape) -> nn.Sequential:
        from torch import nn

        chain = nn.Sequential()
        for name, module in self.modules(shape).items():
            chain.add_module(name, module)
        return chain


class Stage(Stack):
    """As a Stack, but each labelled layer in it is a row of the paper's table: maps of one size, say."""

    kind: ClassVar[str] = "stage"


@dataclass(frozen=True)
class Branches(Composite):
    """Branches side by side on the same input, their maps concatenated: the Inception module.

    Shapes: (c, h, w) -> (sum of the branches' channels, h', w')
    Paper: Szegedy et al. 2015, figure 2.
    """

    label: str
    branches: tuple[Stack, ...]
    kind: ClassVar[str] = "branches"

    def children(self, shape: Shape) -> tuple[Child, ...]:
        names = names_of(self.branches)
        return tuple(Child(name, stack, shape, "parallel") for name, stack in zip(names, self.branches, strict=True))

    def output_shape(self, shape: Shape) -> Shape:
        shapes = [branch.output_shape(shape) for branch in self.branches]
        if len({shape[1:] for shape in shapes}) != 1:
            raise ValueError(f"the branches of {self.label} give {shapes}; heights and widths must agree")
        return (sum(channels for channels, *_ in shapes), *shapes[0][1:])

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import Concatenated

        return Concatenated(self.modules(shape))


@dataclass(frozen=True)
class Residual(Composite):
    """activation(body(x) + shortcut(x)); the shortcut is the identity where no projection is given.

    Paper: He et al. 2016, section 3.2, equations 1 and 2.
    """

    label: str
    body: tuple[Layer, ...]
    projection: tuple[Layer, ...] = ()
    activation: Layer = ReLU()
    kind: ClassVar[str] = "residual"

    def children(self, shape: Shape) -> tuple[Child, ...]:
        return (
            Child("body", Stack("body", self.body), shape, "parallel"),
            Child("shortcut", Stack("shortcut", self.projection), shape, "parallel"),
            Child("activation", self.activation, self.output_shape(shape)),
        )

    def output_shape(self, shape: Shape) -> Shape:
        body, shortcut = (Stack("", layers).output_shape(shape) for layers in (self.body, self.projection))
        if body != shortcut:
            raise ValueError(f"the body of {self.label} gives {body} and its shortcut {shortcut}; they must be equal")
        return body

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import Added

        return Added(**self.modules(shape))


@dataclass(frozen=True)
class DenseBlock(Composite):
    """Layers that each read the maps of all layers before them in the block, and add `growth` maps of their own.

    Shapes: (c, h, w) -> (c + layers * growth, h, w)
    Paper: Huang et al. 2017, section 3: BN-ReLU-conv 1x1 to 4 * growth maps, BN-ReLU-conv 3x3.
    """

    label: str
    layers: int
    growth: int
    bottleneck: int = 4
    kind: ClassVar[str] = "dense_block"

    def children(self, shape: Shape) -> tuple[Child, ...]:
        channels, height, width = _planes(self, shape)
        layer = (
            BatchNorm("norm1"),
            ReLU("relu1"),
            Conv("conv1", self.bottleneck * self.growth, kernel_size=1, bias=False),
            BatchNorm("norm2"),
            ReLU("relu2"),
            Conv("conv2", self.growth, kernel_size=3, padding=1, bias=False),
        )
        return tuple(
            Child(
                f"layer{index + 1}", Stack(f"layer{index + 1}", layer), (channels + index * self.growth, height, width)
            )
            for index in range(self.layers)
        )

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = _planes(self, shape)
        return (channels + self.layers * self.growth, height, width)

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import DenselyConnected

        return DenselyConnected(self.modules(shape))


@dataclass(frozen=True)
class SqueezeExcite(Composite):
    """Rescales each map by a number between 0 and 1 computed from the means of all maps.

    squeeze (global average) -> dense to c / reduction -> ReLU -> dense to c -> sigmoid -> times the maps.
    Paper: Hu et al. 2018, section 3.
    """

    label: str
    reduction: int = 16
    kind: ClassVar[str] = "squeeze_excite"

    def children(self, shape: Shape) -> tuple[Child, ...]:
        channels, *_ = _planes(self, shape)
        gate = (
            GlobalAveragePool("squeeze"),
            Flatten("flatten"),
            Dense("reduce", channels // self.reduction),
            ReLU("relu"),
            Dense("expand", channels),
            Sigmoid("sigmoid"),
        )
        return (Child("gate", Stack("gate", gate), shape, "gate"),)

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import Rescaled

        return Rescaled(**self.modules(shape))


# --------------------------------------------------------------------------------------------------- Neocognitron


def centred_padding(size: int, kernel_size: int, out_size: int) -> int:
    """Zeros on each side so that windows at stride 1 give `out_size` places; negative where the input is cropped.

    16 -> 10 with 5x5 windows: 16 + 2 * (-1) - 5 + 1 = 10.
    """
    twice = out_size - size + kernel_size - 1
    if twice % 2:
        raise ValueError(
            f"out_size is {out_size}; it must be {out_size - 1} or {out_size + 1}, "
            f"so that windows of {kernel_size} stand in the middle of {size} places"
        )
    return twice // 2


@dataclass(frozen=True)
class SCells(Layer):
    """Neocognitron S-cells: plastic feature detectors with shunting inhibition; all cells of a plane share weights.

    u_S(k, n) = r * relu((1 + sum a(k', v, k) u_C(k', n + v)) / (1 + 2r/(1 + r) * b(k) * v_C(n)) - 1)
    v_C(n) = sqrt(sum c(v) u_C(k', n + v)^2), c falling as decay^|v| and summing to 1
    Shapes: (c, h, w) -> (planes, out_size, out_size)
    Paper: Fukushima 1980, equations 1 to 3.
    """

    label: str
    planes: int
    out_size: int
    kernel_size: int
    selectivity: float  # r
    plasticity: float  # q, for the learning rule
    decay: float = 0.7
    oriented: bool = False  # starts with a weak preferred orientation per plane, as the first layer does
    kind: ClassVar[str] = "s_cells"
    has_weights: ClassVar[bool] = True

    def windows(self) -> tuple[SlidingWindow, ...]:
        return (SlidingWindow(self.kernel_size),)

    def output_shape(self, shape: Shape) -> Shape:
        centred_padding(_planes(self, shape)[1], self.kernel_size, self.out_size)
        return (self.planes, self.out_size, self.out_size)

    def parameters(self, shape: Shape) -> int:
        return convolution_parameters(shape[0], self.planes, self.kernel_size)  # b(k) in place of the bias

    def macs(self, shape: Shape) -> int:
        return convolution_macs(shape[0], self.planes, self.kernel_size, self.out_size)

    def connections(self, shape: Shape) -> int:
        return self.macs(shape) + prod(self.output_shape(shape))  # the inhibitory one too

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import SCellLayer

        return SCellLayer(self, shape)


@dataclass(frozen=True)
class CCells(Layer):
    """Neocognitron C-cells: a fixed, saturating weighted mean of one S plane, held down by the mean of all planes.

    u_C(k, n) = psi((1 + sum d(v) u_S(k, n + v)) / (1 + v_S(n)) - 1), psi(x) = relu(x) / (alpha + relu(x))
    v_S(n) = mean over k of sum d(v) u_S(k, n + v), d falling as decay^|v| and summing to `total`
    Shapes: (planes, h, w) -> (planes, out_size, out_size)
    Paper: Fukushima 1980, equations 4 to 6.
    """

    label: str
    out_size: int
    kernel_size: int
    total: float
    decay: float = 0.7
    alpha: float = 0.5
    kind: ClassVar[str] = "c_cells"

    def windows(self) -> tuple[SlidingWindow, ...]:
        return (SlidingWindow(self.kernel_size),)

    def output_shape(self, shape: Shape) -> Shape:
        centred_padding(_planes(self, shape)[1], self.kernel_size, self.out_size)
        return (shape[0], self.out_size, self.out_size)

    def connections(self, shape: Shape) -> int:
        return prod(self.output_shape(shape)) * (self.kernel_size**2 + 1)

    def module(self, shape: Shape) -> nn.Module:
        from cnn.architectures.modules import CCellLayer

        return CCellLayer(self, shape)


# ---------------------------------------------------------------------------------------------- lists of layers


def names_of(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Names under which layers stand in a torch module: their labels; C1, then "C1_relu" for what has no label."""
    names: list[str] = []
    owner = ""
    for layer in layers:
        if layer.label:
            owner = name = re.sub(r"\W+", "_", layer.label).strip("_")
        else:
            name = f"{owner}_{layer.kind}" if owner else layer.kind
        if name in names:
            raise ValueError(f"two layers are called {name!r}; give each a label of its own")
        names.append(name)
    return tuple(names)


def activation_after_max_pooling(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The same function, computed faster: max(relu(a), relu(b)) = relu(max(a, b)), on a quarter of the values."""
    ordered = list(layers)
    for index, (first, second) in enumerate(zip(ordered, ordered[1:], strict=False)):
        if isinstance(first, Activation) and isinstance(second, Pool) and second.method == "max":
            ordered[index : index + 2] = [second, first]
    return tuple(ordered)
