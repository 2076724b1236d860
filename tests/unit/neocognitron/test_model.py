"""The Neocognitron: its equations against scalar loops and against torch, its learning against the rule in words."""

from itertools import permutations, product
from math import hypot, sqrt

import numpy as np
import pytest
import torch

from cnn.architectures import ARCHITECTURES
from cnn.datasets import mnist
from cnn.neocognitron import retina
from cnn.neocognitron.model import (
    C_LAYERS,
    COLUMN,
    S_LAYERS,
    Neocognitron,
    Seed,
    Synapses,
    c_cells,
    learn,
    reinforce,
    s_cells,
    seeds_of,
)
from cnn.neocognitron.score import handwriting, one_to_one, winners

CHANCE = np.random.default_rng(3)
FRESH_SEEDS = range(10, 20)  # the constants were chosen on others


def trained(seed: int, patterns=retina.SHAPES) -> Neocognitron:
    network = Neocognitron(seed)
    for _ in learn(network, patterns, seed):
        pass
    return network


# ------------------------------------------------------------------------------------------------------ the equations


def at(cells: np.ndarray, plane: int, row: int, column: int) -> float:
    """A cell's value; beyond the border there is nothing."""
    inside = 0 <= row < cells.shape[1] and 0 <= column < cells.shape[2]
    return float(cells[plane, row, column]) if inside else 0.0


def places(before: int, kernel: int, after: int, row: int, column: int):
    """The window of a cell: place in the window, place in the planes before, distance from the window's middle."""
    start = (before - after - kernel + 1) / 2  # windows stand in the middle
    assert start == int(start)
    for i, j in product(range(kernel), repeat=2):
        middle = (kernel - 1) / 2
        yield i, j, row + i + int(start), column + j + int(start), hypot(i - middle, j - middle)


@pytest.mark.parametrize("index", range(3))
def test_s_cells_are_equations_1_and_2(index):
    layer, size, planes = S_LAYERS[index], (16, 10, 6)[index], 3
    before = CHANCE.random((planes, size, size))
    window = (2, planes, layer.kernel_size, layer.kernel_size)
    synapses = Synapses(CHANCE.random(window), CHANCE.random(2) * 3)
    found, _, inhibition = s_cells(layer, synapses, before)
    r = layer.selectivity
    total = planes * sum(
        layer.decay**distance for *_, distance in places(size, layer.kernel_size, layer.out_size, 0, 0)
    )
    for plane, row, column in product(range(2), *[range(layer.out_size)] * 2):
        excitation = squares = 0.0
        for i, j, there, along, distance in places(size, layer.kernel_size, layer.out_size, row, column):
            for below in range(planes):
                value = at(before, below, there, along)
                excitation += synapses.excitatory[plane, below, i, j] * value
                squares += layer.decay**distance / total * value**2
        held = 1 + 2 * r / (1 + r) * synapses.inhibitory[plane] * sqrt(squares)
        assert inhibition[row, column] == pytest.approx(sqrt(squares))
        assert found[plane, row, column] == pytest.approx(r * max(0, (1 + excitation) / held - 1))


@pytest.mark.parametrize("index", range(3))
def test_c_cells_are_equations_4_and_5(index):
    layer, size, planes = C_LAYERS[index], S_LAYERS[index].out_size, 3
    before = CHANCE.random((planes, size, size)) * (CHANCE.random((planes, size, size)) > 0.5)
    found = c_cells(layer, before)
    total = sum(layer.decay**distance for *_, distance in places(size, layer.kernel_size, layer.out_size, 0, 0))
    for row, column in product(range(layer.out_size), repeat=2):
        sums = [
            sum(
                layer.total * layer.decay**distance / total * at(before, plane, there, along)
                for _, _, there, along, distance in places(size, layer.kernel_size, layer.out_size, row, column)
            )
            for plane in range(planes)
        ]
        for plane in range(planes):
            excess = max(0, (1 + sums[plane]) / (1 + sum(sums) / planes) - 1)
            assert found[plane, row, column] == pytest.approx(excess / (layer.alpha + excess))


def test_all_planes_are_the_architectures():
    """The same network in torch, on the same weights, after learning."""
    network = trained(0)
    built = ARCHITECTURES["neocognitron"].build()
    s_modules = [module for module in built.features if hasattr(module, "excitatory")]
    with torch.no_grad():
        for module, synapses in zip(s_modules, network.synapses, strict=True):
            module.get_parameter("excitatory").copy_(torch.from_numpy(synapses.excitatory))
            module.get_parameter("inhibitory").copy_(torch.from_numpy(synapses.inhibitory))
        for shape in retina.SHAPES:
            maps = torch.tensor(shape)[None, None].float()
            ours = [planes for stage in network.run(shape) for planes in (stage.s, stage.c)]
            for module, planes in zip(built.features, ours, strict=True):
                maps = module(maps)
                np.testing.assert_allclose(maps[0].numpy(), planes, rtol=1e-3, atol=1e-4)


def test_starts_as_the_architecture_does():
    network = Neocognitron(0)
    built = ARCHITECTURES["neocognitron"].build()
    np.testing.assert_allclose(
        network.synapses[0].excitatory, built.get_parameter("features.US1.excitatory").detach(), rtol=1e-5
    )
    assert all((synapses.excitatory >= 0).all() and not synapses.inhibitory.any() for synapses in network.synapses)


# ----------------------------------------------------------------------------------------------------------- learning


@pytest.mark.parametrize(("planes", "size", "column"), [(4, 8, 5), (5, 2, 2), (3, 16, 5)])
def test_seeds_are_the_largest_of_columns_and_planes(planes, size, column):
    cells = CHANCE.random((planes, size, size)) * (CHANCE.random((planes, size, size)) > 0.7)
    candidates: dict[int, set[tuple[float, int, int]]] = {}
    for top, left in product(range(size - column + 1), repeat=2):
        inside = [
            (cells[plane, row, along], plane, row, along)
            for plane in range(planes)
            for row in range(top, top + column)
            for along in range(left, left + column)
        ]
        value, plane, row, along = max(inside)
        if value > 0:
            candidates.setdefault(plane, set()).add((value, row, along))
    expected = [Seed(plane, row, along, value) for plane, ((value, row, along)) in
                ((plane, max(found)) for plane, found in sorted(candidates.items()))]  # fmt: skip
    assert expected and seeds_of(cells, column) == expected


def test_silent_planes_have_no_seed():
    assert seeds_of(np.zeros((3, 8, 8)), 5) == []


def test_seeds_learn_what_they_saw_and_the_others_nothing():
    network = Neocognitron(1)
    stages = network.run(retina.SHAPES[2])
    layer, stage, synapses = S_LAYERS[1], stages[1], network.synapses[1]
    before = stages[0].c
    excitatory, inhibitory = synapses.excitatory.copy(), synapses.inhibitory.copy()
    reinforce(layer, synapses, stage, [Seed(4, 3, 6, 1.0)])
    total = 24 * sum(layer.decay**distance for *_, distance in places(10, 5, 8, 0, 0))
    squares = 0.0
    for i, j, there, along, distance in places(10, 5, 8, 3, 6):
        for below in range(24):
            fixed, value = layer.decay**distance / total, at(before, below, there, along)
            squares += fixed * value**2
            excitatory[4, below, i, j] += layer.plasticity * fixed * value
    inhibitory[4] += layer.plasticity / 2 * sqrt(squares)
    np.testing.assert_allclose(synapses.excitatory, excitatory)
    np.testing.assert_allclose(synapses.inhibitory, inhibitory)


def test_presentations_say_what_was_shown_and_chosen():
    network = Neocognitron(0)
    shown = list(learn(network, retina.SHAPES, 0, times=2))
    assert [presentation.number for presentation in shown] == list(range(1, 11))
    assert sorted(presentation.pattern for presentation in shown[:5]) == [0, 1, 2, 3, 4]
    for presentation in shown:
        np.testing.assert_array_equal(
            presentation.image, retina.moved(retina.SHAPES[presentation.pattern], *presentation.shift)
        )
        assert max(map(abs, presentation.shift)) <= 1
        for stage, seeds, column in zip(presentation.stages, presentation.seeds, COLUMN, strict=True):
            assert seeds == seeds_of(stage.s, column)
    assert any(seed for presentation in shown for seed in presentation.seeds[2])


# -------------------------------------------------------------------------------------------------------------- score


def test_ten_fresh_seeds():
    """Nine shifts of five shapes, each shape with a cell of its own: 0.9 and more, against 0.5 and less untrained."""
    before = [one_to_one(winners(Neocognitron(seed), retina.SHAPES))[0] for seed in FRESH_SEEDS]
    after = [one_to_one(winners(trained(seed), retina.SHAPES))[0] for seed in FRESH_SEEDS]
    assert np.mean(after) >= 0.9
    assert np.mean(before) <= 0.5


def test_handwriting_is_not_learned():
    """Five digits of MNIST are told apart, moved or not; the same digits in other hands are not."""
    results = [handwriting(*mnist("train"), seed) for seed in range(10, 13)]
    assert min(result.own for result in results) >= 0.9
    for share in ("unseen", "many", "many_unseen"):
        assert np.mean([getattr(result, share) for result in results]) <= 0.5
    first = results[0]
    assert len(first.learned) == len(first.tested) == 5
    learned = {picture.tobytes() for picture in first.learned}
    assert not any(picture.tobytes() in learned for pictures in first.tested for picture in pictures)


def test_one_to_one_is_the_best_of_all_assignments():
    for _ in range(50):
        winning = CHANCE.integers(-1, 5, (3, 6))
        best = max(
            sum(int((row == cell).sum()) for row, cell in zip(winning, cells, strict=True))
            for cells in permutations(range(5), 3)
        )
        score, cells = one_to_one(winning, 5)
        assert score == best / winning.size
        assert sum((row == cell).sum() for row, cell in zip(winning, cells, strict=True) if cell >= 0) == best
        chosen = [cell for cell in cells if cell >= 0]
        assert len(set(chosen)) == len(chosen)


def test_silence_is_no_answer():
    assert one_to_one(np.full((2, 4), -1)) == (0.0, (-1, -1))
