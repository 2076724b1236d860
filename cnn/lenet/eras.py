"""LeNet-5 of 1998 beside today's: what each layer costs, what the paper says it costs, and how 1998's learned.

Paper: LeCun, Bottou, Bengio & Haffner 1998, Proc. IEEE 86(11):2278-2324, sections II-B and III.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn.architecture import Architecture
from cnn.architectures.lenet import LENET5, LENET5_MODERN
from cnn.layers import Shape
from cnn.training import recipes
from cnn.training.config import TrainingConfig
from cnn.training.results import curves_1998
from cnn.training.schedules import factor

Era = Literal["1998", "today"]

ERAS: Mapping[Era, Architecture] = {"1998": LENET5, "today": LENET5_MODERN}
RECIPES: Mapping[Era, TrainingConfig] = {"1998": recipes.LENET5_1998_DISTORTED, "today": recipes.LENET5_MODERN}

# What changed, in the order in which a digit meets it, and then the learning; with the layers that it touches.
CHANGES: Mapping[str, tuple[str, ...]] = {
    "activation": ("C1", "C3", "C5", "F6"),
    "sub_sampling": ("S2", "S4"),
    "connections": ("C3",),
    "output": ("OUTPUT",),
    "optimiser": (),
    "distortions": (),
}


# -------------------------------------------------------------------------------------------------------------- counts


@dataclass(frozen=True)
class Printed:
    """What the paper prints about a layer; None where it prints nothing."""

    parameters: int | None
    connections: int | None


# Section II-B, sentence by sentence. Of F6 it gives the parameters alone; of the output layer, whose weights are not
# trained, neither. C5 has "48,120 trainable connections".
PAPER: Mapping[str, Printed] = {
    "C1": Printed(156, 122_304),
    "S2": Printed(12, 5_880),
    "C3": Printed(1_516, 151_600),
    "S4": Printed(32, 2_000),
    "C5": Printed(48_120, 48_120),
    "F6": Printed(10_164, None),
    "OUTPUT": Printed(None, None),
}
PAPER_TOTAL = Printed(60_000, 340_908)


@dataclass(frozen=True)
class Count:
    """One layer of one era, computed, with what the paper prints of it."""

    label: str
    shape: Shape
    parameters: int
    connections: int
    printed: Printed


def counts(era: Era) -> tuple[Count, ...]:
    """Every layer of the paper's table. Only 1998's network is the paper's: today's stands beside it."""
    return tuple(
        Count(row.label, row.shape, row.parameters, row.connections, PAPER[row.label]) for row in ERAS[era].rows()
    )


def total(era: Era) -> Count:
    """The whole network."""
    network = ERAS[era]
    return Count("", network.input_shape, network.parameters, network.connections, PAPER_TOTAL)


# -------------------------------------------------------------------------------------------------------------- curves

PAPER_ERROR: Mapping[str, float] = {"lenet5_plain": 0.0095, "lenet5": 0.008}  # section III-B and figure 9


@dataclass(frozen=True)
class Runs:
    """Several runs of one recipe that differ in their seed alone."""

    seeds: tuple[int, ...]
    test: tuple[tuple[float, ...], ...]  # one row a seed: the error on the test set after each pass
    training: tuple[tuple[float, ...], ...]  # the error on the digits of each pass, as they were learned
    paper: float  # the paper's error on the test set

    @property
    def last(self) -> float:
        """The mean test error after the last pass."""
        return float(np.mean([errors[-1] for errors in self.test]))


def runs(recipe: str) -> Runs:
    """All runs of a recipe whose curves are kept: "lenet5", with distortions, or "lenet5_plain", without."""
    kept = curves_1998()[recipe]
    seeds = sorted(kept, key=int)
    test, training = (tuple(tuple(kept[seed][f"{which}_error"]) for seed in seeds) for which in ("test", "training"))
    return Runs(tuple(map(int, seeds)), test, training, PAPER_ERROR[recipe])


# ------------------------------------------------------------------------------------------------------ learning rate

POINTS = 400  # of a rate's curve


def rates(era: Era) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Passes done, and the learning rate of the recipe at that moment. -> two arrays (POINTS,)"""
    recipe = RECIPES[era]
    done = (np.arange(POINTS) + 0.5) / POINTS
    return done * recipe.epochs, np.array([recipe.learning_rate * factor(recipe.schedule, part) for part in done])
