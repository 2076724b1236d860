"""What a run may be, and what it may not."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest

from cnn.training import TrainingConfig
from cnn.training.config import TRAINABLE

ROOT = Path(__file__).parents[3]

BAD: list[tuple[dict[str, Any], str]] = [
    ({"network": "vgg16"}, "network is 'vgg16'"),
    ({"network": None}, "network is None"),
    ({"pooling": "median"}, "pooling is 'median'"),
    ({"activation": "gelu"}, "activation is 'gelu'"),
    ({"initialisation": "ones"}, "initialisation is 'ones'"),
    ({"dropout": 1.0}, "dropout is 1.0; it must be a number from 0 up to, not including, 1"),
    ({"dropout": -0.1}, "dropout is -0.1"),
    ({"network": "lenet5", "pooling": "average"}, "with network 'lenet5' it must stay 'max'"),
    ({"network": "lenet5", "activation": "tanh"}, "activation is 'tanh'"),
    ({"network": "lenet5", "dropout": 0.5}, "dropout is 0.5"),
    ({"validation": 60_000}, "validation is 60000; it must be a whole number from 0 to 59999"),
    ({"validation": -1}, "validation is -1"),
    ({"share": 0}, "share is 0; it must be a number above 0 to 1"),
    ({"share": 1.5}, "share is 1.5"),
    ({"share": float("nan")}, "share is nan"),
    ({"share": "half"}, "share is 'half'"),
    ({"shift": 1.0}, "shift is 1.0"),
    ({"shift": 9}, "shift is 9"),
    ({"shift": True}, "shift is True"),
    ({"distortions": 1}, "distortions is 1"),
    ({"shuffle": "no"}, "shuffle is 'no'"),
    ({"shift": 1, "distortions": True}, "shift is 1; with distortions it must be 0"),
    ({"epochs": 0}, "epochs is 0"),
    ({"epochs": float("inf")}, "epochs is inf"),
    ({"epochs": True}, "epochs is True"),
    ({"batch_size": 0}, "batch_size is 0"),
    ({"batch_size": 64.0}, "batch_size is 64.0"),
    ({"optimiser": "lion"}, "optimiser is 'lion'"),
    ({"learning_rate": 0}, "learning_rate is 0"),
    ({"learning_rate": -1e-3}, "learning_rate is -0.001"),
    ({"schedule": "warm"}, "schedule is 'warm'"),
    ({"loss": "hinge"}, "loss is 'hinge'"),
    ({"loss": "map"}, "loss is 'map'; with network 'lenet5_modern', whose output is no distance"),
    ({"network": "lenet5", "optimiser": "sdlm"}, "optimiser is 'sdlm'"),
    ({"rubbish": -1}, "rubbish is -1"),
    ({"seed": -1}, "seed is -1"),
    ({"seed": 2**32}, "seed is 4294967296"),
    ({"seed": 0.5}, "seed is 0.5"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_arguments(arguments, sentence):
    with pytest.raises(ValueError) as error:
        TrainingConfig(**arguments)
    assert sentence in str(error.value)


def test_every_argument_is_checked():
    assert {field.name for field in fields(TrainingConfig)} == {name for arguments, _ in BAD for name in arguments}


def test_defaults_are_the_contracts():
    config = TrainingConfig()
    assert (config.network, config.share, config.epochs, config.batch_size) == ("lenet5_modern", 1.0, 2, 64)
    assert (config.optimiser, config.learning_rate, config.schedule) == ("adamw", 6e-3, "one-cycle")
    assert (config.shift, config.seed) == (1, 0)
    assert config.images == 55_000 and config.steps_per_epoch == 860 and config.steps == 1720
    with pytest.raises(FrozenInstanceError):
        config.seed = 1  # type: ignore[misc]


def test_trainable_networks():
    assert TRAINABLE == ("lenet5", "lenet5_modern")


@pytest.mark.parametrize(
    ("arguments", "images", "steps"),
    [
        ({"share": 12_000 / 55_000}, 12_000, 376),
        ({"share": 12_000 / 55_000, "epochs": 375 / 188}, 12_000, 375),
        ({"validation": 0}, 60_000, 1876),
        ({"share": 1e-9, "epochs": 1e-9}, 1, 1),
        ({"epochs": 0.4}, 55_000, 344),
    ],
)
def test_sizes(arguments, images, steps):
    config = TrainingConfig(**arguments)
    assert (config.images, config.steps) == (images, steps)


def test_architecture_follows():
    assert TrainingConfig(pooling="none").architecture.parameters == 1_119_626
    assert TrainingConfig(network="lenet5").architecture.parameters == 60_000
    assert TrainingConfig(network="lenet5").architecture.initialisation == "fan_in"
    assert TrainingConfig(network="lenet5", initialisation="1998").architecture.initialisation == "1998"
    assert "dropout 0.5" in TrainingConfig(dropout=0.5).architecture.name


def test_config_needs_no_torch():
    program = (
        "import sys; from cnn.training import TrainingConfig; import cnn.training.batches, cnn.training.recipes;"
        "TrainingConfig(); print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
