"""The code card prints what stands on the screen."""

import contextlib
import io

import numpy as np
import pytest
import torch

from cnn.architectures import ARCHITECTURES
from cnn.envelope.program import program
from cnn.envelope.reading import read
from cnn.envelope.writing import write

NETWORKS = {"lenet_today": ("lenet5_modern", None), "lenet_1998": ("lenet5", 10.0)}


@pytest.mark.parametrize("form", ["zip", "amount"])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_program_prints_the_readings(name, form):
    key, rubbish = NETWORKS[name]
    found = read(ARCHITECTURES[key].trained(), write(form, 39).ink, form, rubbish)
    printed, space = run(program(name, found.line.images, rubbish))
    *digits, together = printed.splitlines()
    assert digits == [f"{each.label} {each.confidence:.4f}" for each in found.readings]
    assert together == f"all right: {found.confidence:.4f}"
    np.testing.assert_allclose(space["output"][1], [each.confidence for each in found.readings], atol=1e-5)


def test_an_empty_line_runs_too():
    printed, _ = run(program("lenet_today", np.zeros((0, 28, 28), np.uint8), None))
    assert printed.splitlines() == ["all right: 1.0000"]


def run(source: str) -> tuple[str, dict]:
    torch.set_num_threads(1)
    printed, space = io.StringIO(), {}
    with contextlib.redirect_stdout(printed):
        exec(source, space)
    return printed.getvalue(), space
