"""What a training run is: every setting, its default and the reason for it."""

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, get_args

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.architectures.lenet import ACTIVATIONS, Pooling, lenet5_variant
from cnn.architectures.perceptron import PERCEPTRON
from cnn.arithmetic import truth, whole_number
from cnn.layers import RadialBasis, choose

TRAINING_IMAGES = 60_000
CLASSES = 10

# A network that reads one grey channel and ends in ten logits. (The Neocognitron learns without labels.)
TRAINABLE = tuple(
    key
    for key, architecture in ARCHITECTURES.items()
    if architecture.input_shape[0] == 1 and architecture.halves[1].shape == (CLASSES,)
)
COMPARED = {PERCEPTRON.key: PERCEPTRON}  # trained only to be compared with
OPTIMISERS = ("sgd", "momentum", "adamw", "sdlm")
SCHEDULES = ("one-cycle", "constant", "step", "1998")
LOSSES = ("cross-entropy", "mse", "map")
STARTS = ("own", "fan_in", "he", "xavier", "1998", "zero")


@dataclass(frozen=True)
class TrainingConfig:
    """One run: the same config gives the same curve. Its defaults reach 99 % on the test set in about ten seconds."""

    network: str = "lenet5_modern"
    pooling: str = "max"  # of lenet5_modern, as the next two; "lenet5" has its own
    activation: str = "relu"
    dropout: float = 0.0  # two passes over 55,000 images do not overfit
    initialisation: str = "own"  # the network's; "zero" shows why a random start is needed

    share: float = 1.0  # of the images left after the split
    validation: int = 5_000  # the last ones of the 60,000; 0 trains on all, as in 1998
    shift: int = 1  # pixels up, down, left, right, drawn anew each time: costs nothing, gains accuracy after two passes
    distortions: bool = False  # affine, as in 1998, in place of shifts
    shuffle: bool = True  # a new order each pass; False shows the images sorted by class

    epochs: float = 2.0  # passes; a part of a pass is allowed
    batch_size: int = 64  # the largest that loses no accuracy per image seen
    optimiser: str = "adamw"  # without weight decay; SGD was slower and diverged more
    learning_rate: float = 6e-3  # the largest of the schedule
    schedule: str = "one-cycle"
    loss: str = "cross-entropy"  # "mse" and "map" are equations 8 and 9 of 1998, for "lenet5"
    rubbish: float = 10.0  # j of equation 9, on the scale of squared distances; the paper does not give it
    seed: int = 0  # of the start, the subset, the order, the shifts, the dropout: each from a stream of its own

    def __post_init__(self) -> None:
        self._check_network()
        self._check_data()
        self._check_optimisation()

    def _check_network(self) -> None:
        choose("network", self.network, (*TRAINABLE, *COMPARED))
        choose("pooling", self.pooling, get_args(Pooling))
        choose("activation", self.activation, ACTIVATIONS)
        choose("initialisation", self.initialisation, STARTS)
        _number("dropout", self.dropout, 0, 1, include_high=False)
        if self.network != "lenet5_modern":
            for name, only in {"pooling": "max", "activation": "relu", "dropout": 0.0}.items():
                if (value := getattr(self, name)) != only:
                    raise ValueError(f"{name} is {value!r}; with network {self.network!r} it must stay {only!r}")

    def _check_data(self) -> None:
        whole_number("validation", self.validation, 0, TRAINING_IMAGES - 1)
        _number("share", self.share, 0, 1, include_low=False)
        whole_number("shift", self.shift, 0, 8)
        truth("distortions", self.distortions)
        truth("shuffle", self.shuffle)
        if self.distortions and self.shift:
            raise ValueError(f"shift is {self.shift}; with distortions it must be 0: they move the image already")

    def _check_optimisation(self) -> None:
        _number("epochs", self.epochs, 0, 1_000, include_low=False)
        whole_number("batch_size", self.batch_size, 1, 4_096)
        choose("optimiser", self.optimiser, OPTIMISERS)
        _number("learning_rate", self.learning_rate, 0, 1_000, include_low=False)
        choose("schedule", self.schedule, SCHEDULES)
        choose("loss", self.loss, LOSSES)
        _number("rubbish", self.rubbish, 0, 1_000)
        whole_number("seed", self.seed, 0, 2**32 - 1)
        measures_distances = any(isinstance(layer, RadialBasis) for layer in self.architecture.classifier)
        if self.loss != "cross-entropy" and not measures_distances:
            raise ValueError(
                f"loss is {self.loss!r}; with network {self.network!r}, whose output is no distance, it must be "
                "'cross-entropy'"
            )
        if self.optimiser == "sdlm" and self.loss == "cross-entropy":
            raise ValueError("optimiser is 'sdlm'; it needs network 'lenet5' and loss 'mse' or 'map'")

    @property
    def architecture(self) -> Architecture:
        """The network as data, with this run's pooling, activation, dropout and start."""
        architecture = COMPARED.get(self.network) or ARCHITECTURES[self.network]
        if self.network == "lenet5_modern":
            architecture = lenet5_variant(self.pooling, self.activation, self.dropout)  # type: ignore[arg-type]
        if self.initialisation in ("own", "zero"):
            return architecture
        return replace(architecture, initialisation=self.initialisation)

    @property
    def images(self) -> int:
        """How many different images are trained on."""
        return max(1, round(self.share * (TRAINING_IMAGES - self.validation)))

    @property
    def steps_per_epoch(self) -> int:
        return -(-self.images // self.batch_size)

    @property
    def steps(self) -> int:
        """Batches in the whole run."""
        return max(1, round(self.epochs * self.steps_per_epoch))

    def samples_after(self, step: int) -> int:
        """Images seen in the first `step` batches, each as often as it was seen."""
        passes, rest = divmod(step, self.steps_per_epoch)
        return passes * self.images + rest * self.batch_size


def _number(
    name: str, value: Any, low: float, high: float, include_low: bool = True, include_high: bool = True
) -> float:
    """Return `value` if it is a finite number in the range; raise ValueError with a sentence otherwise."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    above = is_number and (value >= low if include_low else value > low)
    below = is_number and (value <= high if include_high else value < high)
    if not (above and below):
        ends = f"{'from' if include_low else 'above'} {low} {'to' if include_high else 'up to, not including,'} {high}"
        raise ValueError(f"{name} is {value!r}; it must be a number {ends}")
    return value
