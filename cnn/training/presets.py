"""Settings of one press, known to be good or known to be bad; a test verifies what each shows at its beginning."""

from dataclasses import dataclass, replace

from cnn.training.config import TrainingConfig
from cnn.training.recipes import DEFAULT, LENET5_1998, QUICK, RATE_1998


@dataclass(frozen=True)
class Preset:
    """Its key is a label; `good` says on which side it stands."""

    key: str
    config: TrainingConfig
    good: bool


# As in 1998, three passes of the twenty, with 5,000 digits held out: the error after each pass is on the curve.
AS_1998 = replace(LENET5_1998, epochs=3, validation=DEFAULT.validation)

GOOD = {
    "default": DEFAULT,  # 99 % of the test set
    "quick": QUICK,  # 98 % in a quarter of the time
    "momentum": TrainingConfig(optimiser="momentum", learning_rate=0.03, epochs=1),
    "as_1998": AS_1998,
}
BAD = {
    # Each step overshoots by more than it corrects, and the loss is no number after a few of them.
    "rate_too_large": TrainingConfig(optimiser="sgd", learning_rate=30, schedule="constant", shift=0, epochs=0.5),
    # The first steps throw the units of F6 so far that they give 0 for every digit: no gradient passes them again.
    "dead_relu": TrainingConfig(learning_rate=0.1, schedule="constant", epochs=0.5),
    # Every product with a weight is 0, and so is every gradient but that of the last bias.
    "zero_start": TrainingConfig(initialisation="zero", epochs=0.5),
    # 5,000 times 0, then 5,000 times 1: it knows the class that it sees, and has forgotten the others.
    "unshuffled": TrainingConfig(shuffle=False, shift=0, epochs=1),
    # 550 digits, each a hundred times: by heart, and not understood.
    "too_few_digits": TrainingConfig(share=0.01, shift=0, epochs=100),
    # F6 is saturated within 200 digits, all 84 units of it, at one end or the other.
    "literal_1998": replace(
        AS_1998,
        initialisation="1998",
        loss="mse",
        batch_size=1,
        learning_rate=RATE_1998,
        schedule="constant",
        epochs=0.04,
    ),
}
PRESETS = tuple(
    Preset(key, config, good) for group, good in ((GOOD, True), (BAD, False)) for key, config in group.items()
)
