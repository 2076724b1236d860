"""AlexNet: eight layers on two GPUs.

Paper: Krizhevsky, Sutskever & Hinton 2012, NIPS, section 3 and figure 2.
"""

from cnn.architecture import Architecture
from cnn.architectures.photographs import CLASSES, photograph
from cnn.layers import Conv, Dense, Dropout, Flatten, LocalResponseNorm, Pool, ReLU

# torchvision's AlexNet, for its weights.
ALEXNET_2014 = Architecture(
    key="alexnet_2014",
    name="AlexNet (one column)",
    year=2014,
    paper="Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks, arXiv:1404.5997",
    differs="As torchvision builds it.",
    input_shape=(3, 224, 224),
    features=(
        Conv("C1", 64, kernel_size=11, stride=4, padding=2),  # (3, 224, 224) -> (64, 55, 55)
        ReLU(),
        Pool("P1", "max", kernel_size=3, stride=2),  # (64, 27, 27)
        Conv("C2", 192, kernel_size=5, padding=2),
        ReLU(),
        Pool("P2", "max", kernel_size=3, stride=2),  # (192, 13, 13)
        Conv("C3", 384, kernel_size=3, padding=1),
        ReLU(),
        Conv("C4", 256, kernel_size=3, padding=1),
        ReLU(),
        Conv("C5", 256, kernel_size=3, padding=1),
        ReLU(),
        Pool("P5", "max", kernel_size=3, stride=2),  # (256, 6, 6)
    ),
    classifier=(
        Flatten(),
        Dropout(0.5),
        Dense("F6", 4096),
        ReLU(),
        Dropout(0.5),
        Dense("F7", 4096),
        ReLU(),
        Dense("F8", CLASSES),
    ),
    preparation=photograph(224),
)

ALEXNET = Architecture(
    key="alexnet",
    name="AlexNet",
    year=2012,
    paper="Krizhevsky, Sutskever & Hinton 2012, ImageNet classification with deep convolutional neural networks, NIPS",
    differs=(
        "The paper says 224 x 224; its 55 x 55 maps need 227. "
        "torchvision's AlexNet is the one of 2014 (64-192-384-256-256 maps, no groups, no response normalisation; "
        f"{ALEXNET_2014.parameters:,} parameters); this is the paper's."
    ),
    input_shape=(3, 227, 227),
    features=(
        Conv("C1", 96, kernel_size=11, stride=4),  # (3, 227, 227) -> (96, 55, 55)
        ReLU(),
        LocalResponseNorm(),
        Pool("P1", "max", kernel_size=3, stride=2),  # (96, 27, 27), windows overlap
        Conv("C2", 256, kernel_size=5, padding=2, groups=2),  # (256, 27, 27), two GPUs: each reads its own 48 maps
        ReLU(),
        LocalResponseNorm(),
        Pool("P2", "max", kernel_size=3, stride=2),  # (256, 13, 13)
        Conv("C3", 384, kernel_size=3, padding=1),  # (384, 13, 13), the one layer in which the GPUs talk
        ReLU(),
        Conv("C4", 384, kernel_size=3, padding=1, groups=2),
        ReLU(),
        Conv("C5", 256, kernel_size=3, padding=1, groups=2),  # (256, 13, 13)
        ReLU(),
        Pool("P5", "max", kernel_size=3, stride=2),  # (256, 6, 6)
    ),
    classifier=(
        Flatten(),  # (9216,)
        Dense("F6", 4096),
        ReLU(),
        Dropout(0.5),
        Dense("F7", 4096),
        ReLU(),
        Dropout(0.5),
        Dense("F8", CLASSES),
    ),
    preparation=photograph(227),
)
