"""The named runs behind the weights in assets/weights: `python -m cnn.training NAME`."""

from dataclasses import replace
from typing import get_args

from cnn.architectures.lenet import Pooling
from cnn.training.config import TrainingConfig

# What pooling buys a whole network: few images, so that the difference shows; no shifts in training.
POOLINGS: tuple[Pooling, ...] = tuple(pooling for pooling in get_args(Pooling) if pooling != "trainable")
POOLING = TrainingConfig(share=12_000 / 55_000, epochs=375 / 188, learning_rate=4e-3, shift=0)

# The defaults, for 99 % on the test set; and a quarter of them, for 98 %. Chosen on the validation images.
DEFAULT = TrainingConfig()
QUICK = TrainingConfig(epochs=0.5)

# Today's network as the app ships it: the default recipe for longer, with 1998's distortions in place of shifts.
LENET5_MODERN = TrainingConfig(validation=0, epochs=15, shift=0, distortions=True)

# A multilayer perceptron with as many parameters learns from the same digits by the same recipe.
PERCEPTRON = replace(LENET5_MODERN, network="perceptron")

# As in 1998: all 60,000 images, twenty passes. Ours: batches of 16 and, for them, a tenth of the paper's rates.
RATE_1998 = 5e-4  # of the first two passes
LENET5_1998 = TrainingConfig(
    network="lenet5",
    validation=0,
    shift=0,
    epochs=20,
    batch_size=16,
    optimiser="sdlm",
    learning_rate=RATE_1998 / 10,
    schedule="1998",
    loss="map",
    seed=1,
)
LENET5_1998_DISTORTED = replace(LENET5_1998, distortions=True)


def pooling_recipe(pooling: Pooling, seed: int = 0) -> TrainingConfig:
    return replace(POOLING, pooling=pooling, seed=seed)
