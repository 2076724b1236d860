"""What is replayed of a Neocognitron's learning is what was learned, and the program on the page computes the same."""

import contextlib
import io

import numpy as np
import pytest
import torch

from cnn.neocognitron import retina
from cnn.neocognitron.model import S_LAYERS, Neocognitron, learn
from cnn.neocognitron.program import program
from cnn.neocognitron.record import Record, gain, worked

PICTURE = np.round(retina.Warp(0.4, -1.2, ((1, 1), (0, -2), (0, 0), (0.5, 0))).apply(retina.SHAPES[1]), 2)


@pytest.fixture(scope="module")
def record() -> Record:
    return Record(retina.SHAPES, 0)


def test_going_back_is_what_was_learned(record):
    network = Neocognitron(0)
    for presentation in learn(network, retina.SHAPES, 0):
        if presentation.number in (1, 9, 10, 37, 100):
            _, stages, seeds = record.presentation(presentation.number)
            assert seeds == presentation.seeds
            np.testing.assert_array_equal(stages[-1].c, presentation.stages[-1].c)
            np.testing.assert_array_equal(record.after(presentation.number).answer(PICTURE), network.answer(PICTURE))
    assert record.steps == 100
    assert record.cells(100)[0] > record.cells(0)[0]


def test_worked_numbers_satisfy_the_equations(record):
    network = record.after(100)
    cell = worked(network, network.run(PICTURE))
    assert cell
    r = S_LAYERS[-1].selectivity
    held = 1 + 2 * r / (1 + r) * cell.weight * cell.inhibition
    assert cell.s == pytest.approx(r * max(0, (1 + cell.excitation) / held - 1))
    excess = max(0, (1 + cell.gathered) / (1 + cell.held) - 1)
    assert cell.c == pytest.approx(excess / (0.5 + excess))
    assert cell.c == network.answer(PICTURE).max()


def test_a_gain_is_what_the_weights_gained(record):
    _, stages, seeds = record.presentation(37)
    found = gain(stages, seeds)
    assert found
    before, after = (record.after(step).synapses[-1] for step in (36, 37))
    plane = found.seed.plane
    assert found.excitatory == pytest.approx((after.excitatory - before.excitatory)[plane].sum())
    assert found.inhibitory == pytest.approx((after.inhibitory - before.inhibitory)[plane])
    assert found.inhibitory == pytest.approx(8 * found.inhibition)


@pytest.mark.parametrize(("seed", "step"), [(0, 0), (1, 37), (11, 100)])
def test_the_program_computes_what_the_board_shows(seed, step):
    namespace: dict = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(program(retina.SHAPES, seed, step, PICTURE), namespace)
    finally:
        torch.set_default_dtype(torch.float32)
    expected = Record(retina.SHAPES, seed).after(step).answer(PICTURE)
    np.testing.assert_allclose(namespace["output"].numpy(), expected, rtol=1e-9, atol=1e-12)
