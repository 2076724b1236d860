"""ResNet: blocks that learn what to add to their input.

Paper: He, Zhang, Ren & Sun 2016, CVPR, table 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from cnn.architecture import Architecture
from cnn.architectures.photographs import CLASSES, photograph
from cnn.arithmetic import whole_number
from cnn.layers import (
    BatchNorm,
    ChannelPadding,
    Conv,
    Dense,
    Flatten,
    GlobalAveragePool,
    Layer,
    Pool,
    ReLU,
    Residual,
    SqueezeExcite,
    Stack,
)

PAPER = "He, Zhang, Ren & Sun 2016, Deep residual learning for image recognition, CVPR"
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
WIDTHS = (64, 128, 256, 512)  # maps inside the blocks of conv2_x to conv5_x
EXPANSION = 4  # a bottleneck gives four times as many

StrideOn = Literal["3x3", "1x1"]
Block = Callable[[str, int, int, int], Residual]  # label, channels of the input, width, stride


def norm_conv(
    label: str, maps: int, kernel_size: int, stride: int = 1, groups: int = 1, relu: bool = True
) -> tuple[Layer, ...]:
    """Convolution without bias, batch normalisation, ReLU; the size stays unless there is a stride."""
    conv = Conv(label, maps, kernel_size, stride, kernel_size // 2, groups, bias=False)
    return (conv, BatchNorm(), ReLU()) if relu else (conv, BatchNorm())


def projection(in_channels: int, out_channels: int, stride: int, kernel_size: int = 1) -> tuple[Layer, ...]:
    """What the shortcut needs where body and input differ in shape (option B); elsewhere it is the identity."""
    if in_channels == out_channels and stride == 1:
        return ()
    return norm_conv("projection", out_channels, kernel_size, stride, relu=False)


def basic(label: str, in_channels: int, width: int, stride: int) -> Residual:
    """Two 3x3 convolutions. (c, h, w) -> (width, h / stride, w / stride)"""
    body = norm_conv("conv1", width, 3, stride) + norm_conv("conv2", width, 3, relu=False)
    return Residual(label, body, projection(in_channels, width, stride))


def bottleneck(
    label: str, in_channels: int, width: int, stride: int, stride_on: StrideOn = "3x3", reduction: int = 0
) -> Residual:
    """1x1 down, 3x3, 1x1 up; with a reduction, squeeze-and-excitation. (c, h, w) -> (4 * width, h / stride, ...)"""
    early, late = (stride, 1) if stride_on == "1x1" else (1, stride)
    body = (
        *norm_conv("conv1", width, 1, early),
        *norm_conv("conv2", width, 3, late),
        *norm_conv("conv3", EXPANSION * width, 1, relu=False),
        *((SqueezeExcite("squeeze_excite", reduction),) if reduction else ()),
    )
    return Residual(label, body, projection(in_channels, EXPANSION * width, stride))


def stages(blocks: Sequence[int], block: Block, channels: int, expansion: int, pool: Pool) -> tuple[Stack, ...]:
    """conv2_x to conv5_x; the first block of each stage but conv2_x halves the maps."""
    rows = []
    for number, (width, count) in enumerate(zip(WIDTHS, blocks, strict=True), start=2):
        layers: list[Layer] = [pool] if number == 2 else []  # table 1 lists it with conv2_x
        for index in range(count):
            stride = 2 if index == 0 and number > 2 else 1
            layers.append(block(f"block{index + 1}", channels, width, stride))
            channels = expansion * width
        rows.append(Stack(f"conv{number}_x", tuple(layers)))
    return tuple(rows)


CLASSIFIER = (GlobalAveragePool("average_pool"), Flatten(), Dense("fc", CLASSES))  # (c, 7, 7) -> (1000,)


def resnet(depth: int, stride_on: StrideOn = "3x3", reduction: int = 0) -> Architecture:
    """ResNet with 18, 34, 50, 101 or 152 layers; `reduction` adds squeeze-and-excitation to the bottlenecks."""
    has_bottlenecks = depth >= 50
    block = partial(bottleneck, stride_on=stride_on, reduction=reduction) if has_bottlenecks else basic
    pool = Pool("pool", "max", kernel_size=3, stride=2, padding=1)
    network = Architecture(
        key=f"resnet{depth}",
        name=f"ResNet-{depth}",
        year=2015,
        paper=PAPER,
        differs="",
        input_shape=(3, 224, 224),
        features=(
            *norm_conv("conv1", 64, 7, stride=2),  # (3, 224, 224) -> (64, 112, 112)
            *stages(BLOCKS[depth], block, 64, EXPANSION if has_bottlenecks else 1, pool),  # 56, 28, 14, 7
        ),
        classifier=CLASSIFIER,
        preparation=photograph(224),
    )
    if has_bottlenecks and stride_on == "3x3":
        return replace(network, differs=stride_differs(resnet(depth, "1x1", reduction)))
    return network


def stride_differs(original: Architecture) -> str:
    """The sentence about the stride, with the numbers of the network as the paper has it."""
    return (
        "The stride of 2 is on the 3x3 convolution of a block, as torchvision runs it; the paper has it on the first "
        f"1x1: {original.macs / 1e9:.2f} G multiply-accumulates, receptive field {original.receptive_field}."
    )


RESNETS = tuple(map(resnet, BLOCKS))


def resnet_cifar(depth: int) -> Architecture:
    """The networks of section 4.2 for 32x32 pictures: 6n + 2 layers, shortcuts without weights (option A).

    20, 32, 44, 56, 110 and 1202 in the paper; the last has 19.4 M parameters and does worse than 110.
    """
    count, rest = divmod(whole_number("depth", depth, 8, 1202) - 2, 6)
    if rest:
        raise ValueError(f"depth is {depth}; it must be 6n + 2, as 20, 56 and 110 are")
    rows = []
    for number, width in enumerate((16, 32, 64), start=2):
        blocks = [basic(f"block{index + 1}", width, width, 1) for index in range(count)]
        if number > 2:
            halving = (Pool("subsample", "subsample", kernel_size=1, stride=2), ChannelPadding("pad", width))
            blocks[0] = replace(basic("block1", width, width, 2), projection=halving)
        rows.append(Stack(f"conv{number}_x", tuple(blocks)))
    return Architecture(
        key=f"resnet{depth}_cifar",
        name=f"ResNet-{depth} for CIFAR-10",
        year=2015,
        paper=f"{PAPER}, section 4.2",
        differs="",
        input_shape=(3, 32, 32),
        features=(*norm_conv("conv1", 16, 3), *rows),  # (3, 32, 32) -> 32, 16, 8
        classifier=(GlobalAveragePool("average_pool"), Flatten(), Dense("fc", 10)),
        preparation=photograph(32),
    )
