"""LeNet-5: the network of 1998, and the one that most people build under that name today.

Paper: LeCun, Bottou, Bengio & Haffner 1998, Proc. IEEE 86(11):2278-2324, section II-B and figure 2.
"""

from typing import Literal, get_args

from cnn.architecture import Architecture, Preparation
from cnn.arithmetic import whole_number
from cnn.layers import (
    Activation,
    Conv,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Negate,
    Pool,
    RadialBasis,
    ReLU,
    ScaledTanh,
    SparseConv,
    SubSampling,
    Tanh,
    choose,
)

PAPER = (
    "LeCun, Bottou, Bengio & Haffner 1998, Gradient-based learning applied to document recognition, Proc. IEEE 86(11)"
)

# Table I: the S2 maps that each C3 map reads. Every S2 map feeds ten C3 maps.
C3_TABLE = (
    (0, 1, 2),
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
    (4, 5, 0),
    (5, 0, 1),
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (2, 3, 4, 5),
    (3, 4, 5, 0),
    (4, 5, 0, 1),
    (5, 0, 1, 2),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)

# The ten 7x12 pictures whose 84 pixels are the codes of the classes: # is +1, . is -1. The paper shows its own
# (figure 3) but does not print them as numbers; these are ours.
DIGITS = """
..###..  ...##..  .#####.  .#####.  ....##.  #######  ..####.  #######  .#####.  .#####.
.##.##.  ..###..  ##...##  ##...##  ...###.  #######  .##...#  #######  ##...##  ##...##
##...##  .####..  ##...##  .....##  ..####.  ##.....  ##.....  .....##  ##...##  ##...##
##...##  ...##..  .....##  .....##  .##.##.  ##.....  ##.....  .....##  ##...##  ##...##
##...##  ...##..  ....##.  ....##.  ##..##.  ######.  ##.....  ....##.  .##.##.  ##...##
##...##  ...##..  ...##..  ..###..  ##..##.  ##...##  ######.  ....##.  ..###..  .######
##...##  ...##..  ..##...  ....##.  #######  .....##  ##...##  ...##..  .##.##.  .....##
##...##  ...##..  .##....  .....##  #######  .....##  ##...##  ...##..  ##...##  .....##
##...##  ...##..  ##.....  .....##  ....##.  .....##  ##...##  ..##...  ##...##  .....##
##...##  ...##..  ##.....  .....##  ....##.  .....##  ##...##  ..##...  ##...##  ....##.
.##.##.  .######  #######  ##...##  ....##.  ##...##  ##...##  .##....  ##...##  #..##..
..###..  .######  #######  .#####.  ....##.  .#####.  .#####.  .##....  .#####.  .###...
"""


def _codes(picture: str) -> tuple[tuple[int, ...], ...]:
    """Ten columns of 12 lines of 7 characters -> ten codes of 84 numbers, +1 and -1, row by row."""
    lines = [line.split() for line in picture.split("\n") if line]
    return tuple(tuple(1 if pixel == "#" else -1 for pixel in "".join(digit)) for digit in zip(*lines, strict=True))


CODES = _codes(DIGITS)

# White paper is -0.1 and full ink 1.175, so that the mean input is about 0 and its variance about 1 (section II-B).
INK_1998 = Preparation(size=28, mean=(0.1 / 1.275,), deviation=(1 / 1.275,))
MNIST_MEAN, MNIST_DEVIATION = 0.1307, 0.3081

LENET5 = Architecture(
    key="lenet5",
    name="LeNet-5 (1998)",
    year=1998,
    paper=PAPER,
    differs=(
        "The paper does not print the ten 7x12 pictures behind its output codes as numbers: ours are redrawn. "
        "Weights start between -1/sqrt(F) and 1/sqrt(F) for F inputs; the paper says 2.4/F. "
        "The output is -y, so that the largest wins as in every other network; the paper's y is the output layer's own."
    ),
    input_shape=(1, 32, 32),
    features=(
        Conv("C1", 6, kernel_size=5),  # (1, 32, 32) -> (6, 28, 28)
        ScaledTanh(),
        SubSampling("S2"),  # (6, 14, 14)
        ScaledTanh(),
        SparseConv("C3", C3_TABLE, kernel_size=5),  # (16, 10, 10)
        ScaledTanh(),
        SubSampling("S4"),  # (16, 5, 5)
        ScaledTanh(),
    ),
    classifier=(
        Conv("C5", 120, kernel_size=5),  # (120, 1, 1): the kernel is as large as its input, so this is fully connected
        ScaledTanh(),
        Flatten(),  # (120,)
        Dense("F6", 84),
        ScaledTanh(),
        RadialBasis("OUTPUT", CODES),  # (10,) squared distances
        Negate(),
    ),
    preparation=INK_1998,
    initialisation="fan_in",
)

Pooling = Literal["max", "average", "strided convolution", "subsample", "trainable", "none"]
ActivationName = Literal["relu", "tanh", "scaled tanh"]
ACTIVATIONS: dict[str, type[Activation]] = {"relu": ReLU, "tanh": Tanh, "scaled tanh": ScaledTanh}


def _pooled(label: str, channels: int, pooling: str, activation: type[Activation]) -> tuple[Layer, ...]:
    """What halves the maps. Only the trainable one is squashed afterwards, as in 1998."""
    if pooling == "none":
        return ()
    if pooling == "strided convolution":
        return (Conv(label, channels, kernel_size=2, stride=2),)
    if pooling == "trainable":
        return (SubSampling(label), activation())
    return (Pool(label, pooling, kernel_size=2, stride=2),)  # type: ignore[arg-type]


def lenet5_variant(
    pooling: Pooling = "max",
    activation: ActivationName = "relu",
    dropout: float = 0.0,
    input_size: Literal[28, 32] = 32,
    initialisation: str = "fan_in",
) -> Architecture:
    """Today's LeNet-5 with another pooling, activation or dropout; without arguments, `lenet5_modern`.

    `input_size` 28 reads MNIST as it is and pads inside C1, which gives the same maps as 32. Dropout stands before
    F6 and OUTPUT. The default initialisation is torch's, with which the recipe in cnn.training was measured.
    Parameters: 61,706; with a strided convolution 62,896; without pooling 1,119,626.
    """
    choose("pooling", pooling, get_args(Pooling))
    squash = ACTIVATIONS[choose("activation", activation, ACTIVATIONS)]
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout is {dropout}; it must be from 0 up to, not including, 1")
    if whole_number("input_size", input_size, 28, 32) not in (28, 32):
        raise ValueError(f"input_size is {input_size}; it must be 28 or 32")
    drop = (Dropout(dropout),) if dropout else ()
    settings = {"pooling": (pooling, "max"), "activation": (activation, "relu"), "dropout": (dropout, 0.0)}
    changed = [f"{name} {value}" for name, (value, default) in settings.items() if value != default]
    changed += ["input 28"] if input_size == 28 else []
    return Architecture(
        key="_".join(["lenet5_modern", *changed]).replace(" ", "_"),
        name=" · ".join(["LeNet-5 (today)", *changed]),
        year=1998,
        paper=PAPER,
        differs=(
            f"Not the network of 1998, which has {LENET5.parameters:,} parameters: ReLU for the scaled tanh, pooling "
            "without parameters, a C3 that reads all six maps, a linear output for the distances to fixed codes."
        ),
        input_shape=(1, input_size, input_size),
        features=(
            Conv("C1", 6, kernel_size=5, padding=(32 - input_size) // 2),  # (1, 32, 32) -> (6, 28, 28)
            squash(),
            *_pooled("S2", 6, pooling, squash),  # (6, 14, 14)
            Conv("C3", 16, kernel_size=5),  # (16, 10, 10)
            squash(),
            *_pooled("S4", 16, pooling, squash),  # (16, 5, 5)
        ),
        classifier=(
            Flatten(),  # (400,)
            Dense("C5", 120),  # in 1998 a convolution whose kernel is as large as its input: the same thing
            squash(),
            *drop,
            Dense("F6", 84),
            squash(),
            *drop,
            Dense("OUTPUT", 10),
        ),
        preparation=Preparation(size=28, mean=(MNIST_MEAN,), deviation=(MNIST_DEVIATION,)),
        initialisation=initialisation,
    )


LENET5_MODERN = lenet5_variant()
