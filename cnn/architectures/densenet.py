"""DenseNet: inside a block, each layer reads the maps of all layers before it.

Paper: Huang, Liu, van der Maaten & Weinberger 2017, CVPR, table 1.
"""

from cnn.architecture import Architecture
from cnn.architectures.photographs import CLASSES, photograph
from cnn.layers import BatchNorm, Conv, Dense, DenseBlock, Flatten, GlobalAveragePool, Layer, Pool, ReLU, Stack

# Layers in each block, and the maps that each layer adds.
BLOCKS = {
    121: ((6, 12, 24, 16), 32),
    161: ((6, 12, 36, 24), 48),
    169: ((6, 12, 32, 32), 32),
    201: ((6, 12, 48, 32), 32),
}


def _transition(number: int, maps: int) -> Stack:
    """Half the maps at half the size. (c, h, w) -> (c / 2, h / 2, w / 2)"""
    return Stack(
        f"Transition Layer ({number})",
        (
            BatchNorm(),
            ReLU(),
            Conv("conv", maps // 2, kernel_size=1, bias=False),
            Pool("pool", "average", kernel_size=2, stride=2),
        ),
    )


def densenet(depth: int) -> Architecture:
    """DenseNet with 121, 161, 169 or 201 layers with weights."""
    counts, growth = BLOCKS[depth]
    maps = 2 * growth
    blocks: list[Layer] = []
    for number, count in enumerate(counts, start=1):
        blocks.append(DenseBlock(f"Dense Block ({number})", count, growth))
        maps += count * growth
        if number < len(counts):
            blocks.append(_transition(number, maps))
            maps //= 2
    return Architecture(
        key=f"densenet{depth}",
        name=f"DenseNet-{depth}",
        year=2017,
        paper="Huang, Liu, van der Maaten & Weinberger 2017, Densely connected convolutional networks, CVPR",
        differs="",
        input_shape=(3, 224, 224),
        features=(
            Conv("Convolution", 2 * growth, kernel_size=7, stride=2, padding=3, bias=False),  # (2 * growth, 112, 112)
            BatchNorm(),
            ReLU(),
            Pool("Pooling", "max", kernel_size=3, stride=2, padding=1),  # (2 * growth, 56, 56)
            *blocks,  # 56, 28, 14, 7
            BatchNorm(),
            ReLU(),
        ),
        classifier=(GlobalAveragePool("average_pool"), Flatten(), Dense("linear", CLASSES)),
        preparation=photograph(224),
    )


DENSENETS = tuple(map(densenet, BLOCKS))
