"""SENet: each block weighs its maps by what all maps see on average.

Paper: Hu, Shen & Sun 2018, CVPR, section 3; SENet-154 is the network of table 8.
"""

from dataclasses import replace

from cnn.architecture import Architecture
from cnn.architectures.photographs import CLASSES, photograph
from cnn.architectures.resnet import norm_conv, projection, resnet, stages
from cnn.layers import Dense, Dropout, Flatten, GlobalAveragePool, Pool, Residual, SqueezeExcite

PAPER = "Hu, Shen & Sun 2018, Squeeze-and-excitation networks, CVPR"
REDUCTION = 16
GROUPS = 64

SE_RESNET50 = replace(resnet(50, reduction=REDUCTION), key="se_resnet50", name="SE-ResNet-50", year=2017, paper=PAPER)


def grouped_bottleneck(label: str, in_channels: int, width: int, stride: int) -> Residual:
    """1x1, 3x3 in 64 groups, 1x1, squeeze-and-excitation. (c, h, w) -> (4 * width, h / stride, w / stride)"""
    out_channels = 4 * width
    return Residual(
        label,
        body=(
            *norm_conv("conv1", 2 * width, 1),
            *norm_conv("conv2", out_channels, 3, stride, GROUPS),
            *norm_conv("conv3", out_channels, 1, relu=False),
            SqueezeExcite("squeeze_excite", REDUCTION),
        ),
        projection=projection(in_channels, out_channels, stride, kernel_size=3 if stride > 1 else 1),
    )


SENET154 = Architecture(
    key="senet154",
    name="SENet-154",
    year=2017,
    paper=PAPER,
    differs="",
    input_shape=(3, 224, 224),
    features=(
        *norm_conv("conv1_1", 64, 3, stride=2),  # (3, 224, 224) -> (64, 112, 112), three 3x3 in place of one 7x7
        *norm_conv("conv1_2", 64, 3),
        *norm_conv("conv1_3", 128, 3),  # (128, 112, 112)
        *stages(
            (3, 8, 36, 3),
            grouped_bottleneck,
            channels=128,
            expansion=4,
            pool=Pool("pool", "max", kernel_size=3, stride=2, ceil_mode=True),
        ),  # (256, 56, 56) -> (512, 28, 28) -> (1024, 14, 14) -> (2048, 7, 7)
    ),
    classifier=(GlobalAveragePool("average_pool"), Flatten(), Dropout(0.2), Dense("fc", CLASSES)),
    preparation=photograph(224),
)
