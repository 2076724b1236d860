"""VGG: only 3x3 convolutions, in five stages that each halve the picture: 224 / 2^5 = 7.

Paper: Simonyan & Zisserman 2015, ICLR, tables 1 and 2.
"""

from cnn.architecture import Architecture
from cnn.architectures.photographs import CLASSES, photograph
from cnn.layers import Conv, Dense, Dropout, Flatten, Layer, Pool, ReLU, Stage

WIDTHS = (64, 128, 256, 512, 512)  # maps in each stage

# Convolutions in each stage, and the letter of the configuration in table 1. C, with 1x1 kernels, has 16 layers too.
CONFIGURATIONS = {
    11: ("A", (1, 1, 2, 2, 2)),
    13: ("B", (2, 2, 2, 2, 2)),
    16: ("D", (2, 2, 3, 3, 3)),
    19: ("E", (2, 2, 4, 4, 4)),
}


def _stage(number: int, width: int, convolutions: int) -> Stage:
    layers: list[Layer] = []
    for index in range(1, convolutions + 1):
        layers += [Conv(f"conv{number}_{index}", width, kernel_size=3, padding=1), ReLU()]
    return Stage(f"stage{number}", (*layers, Pool(f"pool{number}", "max", kernel_size=2, stride=2)))


def vgg(depth: int) -> Architecture:
    """VGG with 11, 13, 16 or 19 layers with weights."""
    letter, convolutions = CONFIGURATIONS[depth]
    stages = zip(range(1, 6), WIDTHS, convolutions, strict=True)
    return Architecture(
        key=f"vgg{depth}",
        name=f"VGG-{depth}",
        year=2014,
        paper="Simonyan & Zisserman 2015, Very deep convolutional networks for large-scale image recognition, ICLR, "
        f"configuration {letter}",
        differs="",
        input_shape=(3, 224, 224),
        features=tuple(_stage(*stage) for stage in stages),  # (3, 224, 224) -> (512, 7, 7)
        classifier=(
            Flatten(),  # (25088,)
            Dense("fc6", 4096),
            ReLU(),
            Dropout(0.5),
            Dense("fc7", 4096),
            ReLU(),
            Dropout(0.5),
            Dense("fc8", CLASSES),
        ),
        preparation=photograph(224),
    )


VGG = tuple(vgg(depth) for depth in CONFIGURATIONS)
