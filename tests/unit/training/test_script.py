"""The script of a run stands alone and gives the same curve: each is run in a process of its own."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from cnn.datasets import ASSETS
from cnn.training import TrainingConfig, train
from cnn.training.recipes import LENET5_1998
from cnn.training.script import script, source

SHORT = TrainingConfig(share=0.004, epochs=2)  # 220 digits, 8 steps
OLD = replace(LENET5_1998, share=0.002, epochs=1.5)  # 120 digits, 12 steps

CONFIGS = {
    "default": SHORT,
    "other settings": replace(
        SHORT, activation="tanh", pooling="average", dropout=0.3, optimiser="momentum", schedule="step", seed=7
    ),
    "large batch, unshuffled": replace(SHORT, batch_size=300, share=0.02, shuffle=False, optimiser="sgd", shift=0),
    "strided": replace(SHORT, pooling="strided convolution", initialisation="xavier", schedule="constant"),
    "subsample": replace(SHORT, pooling="subsample", initialisation="he", shift=2),
    "none": replace(SHORT, pooling="none", activation="scaled tanh", initialisation="1998"),
    "trainable, distorted": replace(SHORT, pooling="trainable", distortions=True, shift=0),
    "zero": replace(SHORT, initialisation="zero"),
    "1998": OLD,
    "1998, distorted, equation 8, large batch": replace(
        OLD, distortions=True, loss="mse", initialisation="1998", batch_size=300, share=0.01
    ),
    "1998's network, today's optimiser": replace(OLD, optimiser="adamw", learning_rate=1e-3, schedule="one-cycle"),
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_the_same_curve(config, tmp_path):
    file = tmp_path / "lenet5.py"
    file.write_text(script(config), encoding="utf-8")
    command = [sys.executable, "-I", str(file), str(ASSETS / "mnist")]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    head, *lines, last = run.stdout.splitlines()
    assert head == "step,loss,accuracy" and last.startswith("test set: ")
    printed = np.array([[float(number) for number in line.split(",")] for line in lines])
    expected = np.array([[step.step, step.loss, step.accuracy] for step in train(config)])
    np.testing.assert_allclose(printed, expected, rtol=2e-4, atol=2e-4)


def test_source_of_what_is_not_there():
    from cnn.training.script import MODULES

    with pytest.raises(ValueError, match="name is 'Nothing'; modules.py defines no such thing"):
        source(MODULES, "Nothing")
