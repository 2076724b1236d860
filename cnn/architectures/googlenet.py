"""GoogLeNet: Inception modules, four branches side by side, with 1x1 convolutions that make them affordable.

Paper: Szegedy et al. 2015, CVPR, section 5 and table 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn.architecture import Architecture
from cnn.architectures.photographs import CLASSES, photograph
from cnn.layers import (
    BatchNorm,
    Branches,
    Conv,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    Layer,
    LocalResponseNorm,
    Pool,
    ReLU,
    Shape,
    Stack,
    Stage,
)

if TYPE_CHECKING:
    from cnn.architectures.googlenet_auxiliary import GoogLeNetWithAuxiliaryHeads


@dataclass(frozen=True)
class Inception:
    """One line of table 1: the number of maps of each convolution in a module."""

    label: str
    one: int  # 1x1
    three_reduce: int  # 1x1 before 3x3
    three: int
    five_reduce: int  # 1x1 before 5x5
    five: int
    pool: int  # 1x1 after the pooling


TABLE_1 = {
    "inception_3": (
        Inception("inception_3a", 64, 96, 128, 16, 32, 32),  # (256, 28, 28)
        Inception("inception_3b", 128, 128, 192, 32, 96, 64),  # (480, 28, 28)
    ),
    "inception_4": (
        Inception("inception_4a", 192, 96, 208, 16, 48, 64),  # (512, 14, 14)
        Inception("inception_4b", 160, 112, 224, 24, 64, 64),
        Inception("inception_4c", 128, 128, 256, 24, 64, 64),
        Inception("inception_4d", 112, 144, 288, 32, 64, 64),  # (528, 14, 14)
        Inception("inception_4e", 256, 160, 320, 32, 128, 128),  # (832, 14, 14)
    ),
    "inception_5": (
        Inception("inception_5a", 256, 160, 320, 32, 128, 128),  # (832, 7, 7)
        Inception("inception_5b", 384, 192, 384, 48, 128, 128),  # (1024, 7, 7)
    ),
}


@dataclass(frozen=True)
class Version:
    """What tells the paper's network from torchvision's."""

    batch_norm: bool = False
    five: int = 5  # kernel of the "5x5" branch
    pool4: int = 3

    def conv(self, label: str, maps: int, kernel_size: int, stride: int = 1, padding: int = 0) -> tuple[Layer, ...]:
        conv = Conv(label, maps, kernel_size, stride, padding, bias=not self.batch_norm)
        return (conv, BatchNorm(epsilon=1e-3), ReLU()) if self.batch_norm else (conv, ReLU())

    def normalisation(self) -> tuple[Layer, ...]:
        return () if self.batch_norm else (LocalResponseNorm(),)

    def inception(self, maps: Inception) -> Branches:
        """(c, h, w) -> (one + three + five + pool, h, w)"""
        return Branches(
            maps.label,
            (
                Stack("branch1", self.conv("one", maps.one, 1)),
                Stack(
                    "branch2", self.conv("reduce", maps.three_reduce, 1) + self.conv("three", maps.three, 3, padding=1)
                ),
                Stack(
                    "branch3",
                    self.conv("reduce", maps.five_reduce, 1)
                    + self.conv("five", maps.five, self.five, padding=self.five // 2),
                ),
                Stack(
                    "branch4",
                    (
                        Pool("pool", "max", kernel_size=3, stride=1, padding=1, ceil_mode=True),
                        *self.conv("project", maps.pool, 1),
                    ),
                ),
            ),
        )


PAPER_VERSION = Version()
BATCH_NORM_VERSION = Version(batch_norm=True, five=3, pool4=2)


def _halving(label: str, kernel_size: int = 3) -> Pool:
    """112 -> 56 -> 28 -> 14 -> 7 needs windows that hang over the edge."""
    return Pool(label, "max", kernel_size, stride=2, ceil_mode=True)


def _features(version: Version) -> tuple[Layer, ...]:
    """(3, 224, 224) -> (1024, 7, 7)"""
    three, four, five = (tuple(map(version.inception, modules)) for modules in TABLE_1.values())
    return (
        Stage(
            "stage1", (*version.conv("conv1", 64, 7, 2, 3), _halving("pool1"), *version.normalisation())
        ),  # (64, 56, 56)
        Stage(
            "stage2",
            (
                Stack("conv2", version.conv("reduce", 64, 1) + version.conv("three", 192, 3, padding=1)),
                *version.normalisation(),
                _halving("pool2"),  # (192, 28, 28)
            ),
        ),
        Stage("inception_3", (*three, _halving("pool3"))),  # (480, 14, 14)
        Stage("inception_4", (*four, _halving("pool4", version.pool4))),  # (832, 7, 7)
        Stage("inception_5", five),  # (1024, 7, 7)
    )


def _googlenet(key: str, name: str, differs: str, version: Version, dropout: float) -> Architecture:
    return Architecture(
        key=key,
        name=name,
        year=2014,
        paper="Szegedy et al. 2015, Going deeper with convolutions, CVPR",
        differs=differs,
        input_shape=(3, 224, 224),
        features=_features(version),
        classifier=(
            GlobalAveragePool("average_pool"),  # (1024, 1, 1)
            Flatten(),
            Dropout(dropout),
            Dense("linear", CLASSES),
        ),
        preparation=photograph(224),
    )


# torchvision's GoogLeNet, for its weights.
GOOGLENET_BATCH_NORM = _googlenet(
    "googlenet_batch_norm",
    "GoogLeNet (torchvision)",
    "Batch normalisation, 3x3 kernels in the 5x5 branch, a 2x2 window in the fourth pooling.",
    BATCH_NORM_VERSION,
    dropout=0.2,
)


GOOGLENET = _googlenet(
    "googlenet",
    "GoogLeNet",
    "The paper's table 1 sums to 6.80 M parameters and 1.50 G operations; its own numbers of maps give what is shown. "
    "The constants of the response normalisation are AlexNet's, as the paper gives none. "
    "torchvision's GoogLeNet has 3x3 kernels in the 5x5 branch, batch normalisation in place of biases and response "
    "normalisation, and a 2x2 window in the fourth pooling "
    f"({GOOGLENET_BATCH_NORM.parameters:,} parameters); this is the paper's.",
    PAPER_VERSION,
    dropout=0.4,
)


@dataclass(frozen=True)
class AuxiliaryHead:
    """A second output half way, which sends gradients to the early layers; thrown away after training."""

    after: str  # the module whose maps it reads
    layers: tuple[Layer, ...]

    def input_shape(self, network: Architecture) -> Shape:
        return dict(network.shapes())[self.after]

    def parameters(self, network: Architecture) -> int:
        return Stack(self.after, self.layers).parameters(self.input_shape(network))


def auxiliary_heads(version: Version = PAPER_VERSION) -> tuple[AuxiliaryHead, AuxiliaryHead]:
    """Section 5: 5x5 average pooling with stride 3, 128 1x1 convolutions, 1024 units, 70 % dropout."""
    layers = (
        Pool("pool", "average", kernel_size=5, stride=3),  # (512, 14, 14) -> (512, 4, 4)
        *version.conv("conv", 128, 1),  # (128, 4, 4)
        Flatten(),
        Dense("fc", 1024),
        ReLU(),
        Dropout(0.7),
        Dense("linear", CLASSES),
    )
    return AuxiliaryHead("inception_4a", layers), AuxiliaryHead("inception_4d", layers)


def build_with_auxiliary_heads() -> GoogLeNetWithAuxiliaryHeads:
    """The paper's network for training: three outputs, by name."""
    from cnn.architectures.googlenet_auxiliary import GoogLeNetWithAuxiliaryHeads

    return GoogLeNetWithAuxiliaryHeads()
