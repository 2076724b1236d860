"""The opened network against the built one: values, products and receptive fields as torch has them."""

import numpy as np
import pytest
import torch

from cnn import datasets
from cnn.architectures import ARCHITECTURES
from cnn.architectures.lenet import C3_TABLE
from cnn.layers import Pool
from cnn.lenet import dissection, program
from cnn.lenet.dissection import INPUT, Unit
from cnn.lenet.unit_stage import share_of, unit_stage

KEYS = ("lenet5", "lenet5_modern")
DIGITS = (35, 0, 61, 2597)


@pytest.fixture(params=KEYS)
def architecture(request):
    return ARCHITECTURES[request.param]


def taken_from_torch(network, images) -> dict[str, torch.Tensor]:
    """Each labelled layer's output before squashing, and under its name with a tick what the next layer reads."""
    values, found, label = network.prepare(images), {}, INPUT
    found[INPUT] = found[f"{INPUT}'"] = values
    for half in (network.features, network.classifier):
        for name, module in half.named_children():
            values = module(values)
            if name[0].isupper() and name[-1].isdigit() or name == "OUTPUT":
                label = name
                found[label] = values
            if not isinstance(module, torch.nn.Flatten):
                found[f"{label}'"] = values
    return found


def random_units(architecture, count: int):
    """Some of every layer."""
    chance = np.random.default_rng(1998)
    for row in architecture.rows():
        for _ in range(count):
            yield Unit(row.label, *(int(chance.integers(size)) for size in (*row.shape, 1, 1)[:3]))


@torch.no_grad()
def test_activities_are_those_of_the_built_network(architecture):
    images, network = datasets.mnist("test")[0], architecture.trained()
    for index in DIGITS:
        expected = taken_from_torch(network, images[index : index + 1])
        for activity in dissection.activities(architecture, images[index]):
            np.testing.assert_allclose(
                activity.sums.ravel(), expected[activity.label].ravel(), atol=1e-4, rtol=1e-5, err_msg=activity.label
            )
            np.testing.assert_allclose(
                activity.values.ravel(), expected[f"{activity.label}'"].ravel(), atol=1e-4, rtol=1e-5
            )


@torch.no_grad()
def test_products_sum_to_the_unit(architecture):
    """What the stage shows of a unit adds up to what torch computes of it."""
    images, network = datasets.mnist("test")[0], architecture.trained()
    expected = taken_from_torch(network, images[35:36])
    found = dissection.activities(architecture, images[35])
    for unit in random_units(architecture, 12):
        shown = unit_stage(architecture, found, unit)
        value = expected[unit.layer].reshape(dissection.layer_row(architecture, unit.layer).shape)[
            tuple([unit.map, unit.row, unit.column][: expected[unit.layer].ndim - 1])
        ]
        row, column = shown.start
        assert shown.stage.outputs[0, row, column] == pytest.approx(float(value), abs=1e-5, rel=1e-5), unit
        assert (row + shown.first[0], column + shown.first[1]) == (unit.row, unit.column)
        if not isinstance(dissection.layer_of(dissection.layer_row(architecture, unit.layer)), Pool):
            cell = row * len(shown.stage.columns) + column
            total = sum(sum(channel) for channel in shown.stage.products[0][cell]) + shown.stage.bias[0]
            assert total == pytest.approx(float(value), abs=1e-5, rel=1e-5), unit


def test_the_stage_shows_the_maps_below(architecture):
    """The stage's input is a piece of the maps, at the place that it names."""
    found = {a.label: a for a in dissection.activities(architecture, datasets.mnist("test")[0][35])}
    labels = list(found)
    for unit in random_units(architecture, 6):
        shown = unit_stage(architecture, list(found.values()), unit)
        below = found[labels[labels.index(unit.layer) - 1]].values
        if shown.maps:
            rows, columns = (
                slice(at, at + size) for at, size in zip(shown.origin, shown.stage.inputs.shape[1:], strict=True)
            )
            np.testing.assert_allclose(shown.stage.inputs, below[(list(shown.maps), rows, columns)], rtol=1e-6)
        else:
            np.testing.assert_allclose(shown.stage.inputs.ravel(), below, rtol=1e-6)


def gradient_support(network, unit, images) -> dict[str, np.ndarray]:
    """Where each layer's values change the unit, over all these images: (c, h, w) or (units,) of truth."""
    with torch.enable_grad():
        found = taken_from_torch(network, images)
        for values in found.values():
            if values.requires_grad:
                values.retain_grad()
        values = found[unit.layer].reshape(len(images), *(found[unit.layer].shape[1:] or (1,)))
        place = (slice(None), unit.map, *((unit.row, unit.column) if values.ndim == 4 else ()))
        values[place].sum().backward()
    return {
        label[:-1]: (values.grad != 0).any(0).numpy()
        for label, values in found.items()
        if label.endswith("'") and values.grad is not None
    }


def test_the_trace_is_where_gradients_come_from(architecture):
    """Over many pictures the gradient of a unit reaches every pixel of its trace, and nothing else.

    Weights and pictures are random: a trained maximum may never fall on some pixel. Weights of one sign keep every ReLU
    open; with tanh every picture reaches everything, and a few do.
    """
    torch.manual_seed(0)
    network, smooth = architecture.build().eval(), architecture.key == "lenet5"
    if not smooth:
        for weights in network.parameters():
            weights.data.abs_()
    noise = torch.rand(4 if smooth else 300, *architecture.input_shape)
    network.prepare = lambda images: images.clone().requires_grad_()  # type: ignore[method-assign]
    for unit in random_units(architecture, 2):
        support = gradient_support(network, unit, noise)
        for seen in dissection.trace(architecture, unit)[1:]:
            expected = np.zeros_like(support[seen.layer])
            if expected.ndim == 3:
                expected[(list(seen.maps), slice(*seen.rows), slice(*seen.columns))] = True
            else:
                expected[list(seen.maps)] = True
            np.testing.assert_array_equal(support[seen.layer], expected, err_msg=f"{unit} in {seen.layer}")


def test_a_trace_by_hand():
    """S4 in the middle: 2 x 2 of C3, 6 x 6 of S2, 12 x 12 of C1, 16 x 16 pixels; only the maps of Table I."""
    seen = {each.layer: each for each in dissection.trace(ARCHITECTURES["lenet5"], Unit("S4", 3, 2, 2))}
    assert seen["C3"].rows == (4, 6)
    assert seen["S2"].maps == C3_TABLE[3] == (3, 4, 5)
    assert seen["S2"].rows == (4, 10)
    assert seen["C1"].rows == (8, 20)
    assert seen[INPUT].rows == seen[INPUT].columns == (8, 24)


def test_the_dense_weight_of_c3_is_torchs():
    network = ARCHITECTURES["lenet5"].trained()
    expected = network.features.C3.weight.detach().numpy()  # type: ignore[union-attr]
    np.testing.assert_array_equal(dissection.weight(ARCHITECTURES["lenet5"], "C3"), expected)


def test_probabilities_by_hand():
    logits = np.log(np.array([1.0, 2.0, 5.0]))
    np.testing.assert_allclose(dissection.probabilities(logits), [1 / 8, 2 / 8, 5 / 8])
    np.testing.assert_allclose(dissection.probabilities(logits, -np.log(2.0)), [0.1, 0.2, 0.5, 0.2])
    np.testing.assert_allclose(dissection.probabilities(np.array([-2000.0, -3000.0]), 10.0), [0, 0, 1], atol=1e-12)


def test_which_units_there_are(architecture):
    assert dissection.legal(architecture, Unit("C3", 15, 9, 9))
    for unit in (Unit("C3", 16, 0, 0), Unit("C3", 0, 10, 0), Unit("C3", -1), Unit("F6", 0, 1), Unit("C9", 0)):
        assert not dissection.legal(architecture, unit)


def test_shares_of_the_maps_add_up(architecture):
    """Each map alone, without the bias: together the unit's sum."""
    found = dissection.activities(architecture, datasets.mnist("test")[0][35])
    for unit in (Unit("C3", 15, 4, 5), Unit("C3", 3, 0, 9)):
        shown = unit_stage(architecture, found, unit)
        alone = [share_of(shown, channel).stage.outputs[0] for channel in range(len(shown.maps))]
        np.testing.assert_allclose(sum(alone) + shown.stage.bias[0], shown.stage.outputs[0], atol=1e-9)


@pytest.mark.parametrize("key", KEYS)
def test_the_program_says_what_the_lesson_shows(key, capsys):
    """Its probabilities and its unit's sum are the screen's, for a unit of every layer."""
    architecture, image = ARCHITECTURES[key], datasets.mnist("test")[0][35]
    found = dissection.activities(architecture, image)
    for unit in random_units(architecture, 1):
        namespace: dict = {}
        exec(program.program(key, image, unit), namespace)
        np.testing.assert_allclose(namespace["output"], dissection.probabilities(found[-1].values), atol=1e-5)
        sums = next(each.sums for each in found if each.label == unit.layer)
        sign = -1 if key == "lenet5" and unit.layer == "OUTPUT" else 1
        expected = sign * dissection.as_maps(sums)[unit.map, unit.row, unit.column]
        assert namespace["unit"].item() == pytest.approx(float(expected), abs=1e-4, rel=1e-4), unit
        assert capsys.readouterr().out.startswith("tensor(")
