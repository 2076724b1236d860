"""1998 beside today: the paper's table, one digit in both, the programs."""

import contextlib
import dataclasses
import io

import numpy as np
import pytest
import torch

from cnn import datasets
from cnn.architectures.perceptron import PERCEPTRON
from cnn.lenet import era_code, era_digits, eras
from cnn.training.recipes import LENET5_MODERN as MODERN_RECIPE
from cnn.training.results import curves_1998

torch.set_num_threads(1)

# LeCun et al. 1998, section II-B, and the sums by hand.
TABLE = {
    "C1": (156, 122_304), "S2": (12, 5_880), "C3": (1_516, 151_600), "S4": (32, 2_000), "C5": (48_120, 48_120),
    "F6": (10_164, 10_164), "OUTPUT": (0, 840),
}  # fmt: skip


@pytest.fixture(scope="module")
def digit():
    return datasets.mnist("test")[0][35]


def run(program: str) -> np.ndarray:
    namespace: dict = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(program, "program", "exec"), namespace)
    assert printed.getvalue().endswith(f"{namespace['output']}\n")
    return namespace["output"].detach().numpy()


def test_1998_is_the_papers_table():
    assert {count.label: (count.parameters, count.connections) for count in eras.counts("1998")} == TABLE
    for count in (*eras.counts("1998"), eras.total("1998")):
        assert count.printed.parameters in (None, count.parameters)
        assert count.printed.connections in (None, count.connections)
    assert eras.Printed(60_000, 340_908) == eras.PAPER_TOTAL


def test_today_and_the_perceptron_are_of_one_size():
    built = sum(weights.numel() for weights in eras.ERAS["today"].build().parameters())
    assert eras.total("today").parameters == sum(count.parameters for count in eras.counts("today")) == built == 61_706
    assert abs(PERCEPTRON.parameters / built - 1) < 0.01


@pytest.mark.parametrize("recipe", ["lenet5", "lenet5_plain"])
def test_runs_are_all_that_is_kept(recipe):
    runs, kept = eras.runs(recipe), curves_1998()[recipe]
    assert [str(seed) for seed in runs.seeds] == sorted(kept, key=int)
    for seed, test, training in zip(runs.seeds, runs.test, runs.training, strict=True):
        assert list(test) == kept[str(seed)]["test_error"] and list(training) == kept[str(seed)]["training_error"]
    assert runs.last == pytest.approx(sum(errors[-1] for errors in runs.test) / len(runs.test))


def test_rates_fall_as_in_the_paper():
    passes, rates = eras.rates("1998")
    by_pass = [10 * rates[(passes > at) & (passes < at + 1)] for at in range(20)]
    expected = [5e-4] * 2 + [2e-4] * 3 + [1e-4] * 3 + [5e-5] * 4 + [1e-5] * 8  # ours are a tenth, for batches of 16
    for found, rate in zip(by_pass, expected, strict=True):
        np.testing.assert_allclose(found, rate)
    assert eras.rates("today")[1].max() == pytest.approx(MODERN_RECIPE.learning_rate, rel=1e-3)


def test_flat_shares_against_autograd(digit):
    """The slope of each unit's activation, from torch."""
    functions: dict[eras.Era, tuple] = {
        "1998": (lambda a: 1.7159 * torch.tanh(2 / 3 * a), 1.7159 * 2 / 3),
        "today": (torch.relu, 1),
    }
    for era, (function, steepest) in functions.items():
        sums = [era_digits.activity(era, digit, label).sums.ravel() for label in ("C1", "C3", "C5", "F6")]
        values = torch.from_numpy(np.concatenate(sums)).double().requires_grad_()
        (slopes,) = torch.autograd.grad(function(values).sum(), values)
        assert era_digits.flat_share(era, digit) == pytest.approx(float((slopes < 0.1 * steepest).double().mean()))


# ------------------------------------------------------------------------------------------------------------ programs


def test_sub_sampling_program_gives_what_s2_has(digit):
    then, now = era_digits.pooled("1998", digit), era_digits.pooled("today", digit)
    units: dict[eras.Era, era_digits.Pooled] = {"1998": then, "today": now}
    for era, unit in units.items():
        values = era_digits.activity(era, digit, "S2").values
        assert unit.value == pytest.approx(float(values[unit.map, unit.row, unit.column]))
    np.testing.assert_allclose(run(era_code.sub_sampling(then, now)), [then.value, now.value], atol=2e-3)


def test_connection_program_counts_both():
    assert run(era_code.connections()).tolist() == [1_516, 2_416]


def test_output_program_gives_distances_and_probabilities(digit):
    vector = era_digits.activity("1998", digit, "F6").values
    distances = era_digits.activity("1998", digit, "OUTPUT").sums
    logits = era_digits.activity("today", digit, "OUTPUT").values
    found = run(era_code.output(vector, logits))
    np.testing.assert_allclose(found[0], distances, atol=0.1)
    np.testing.assert_allclose(found[1], torch.from_numpy(logits).softmax(dim=0), atol=2e-3)


def test_activation_program():
    a = np.arange(-3.0, 4)
    np.testing.assert_allclose(
        run(era_code.activation()), [function(a) for function in era_digits.ACTIVATIONS.values()], atol=1e-5
    )


def test_optimiser_program():
    then, now = run(era_code.optimiser(5e-4, 0.02, 6e-3))
    np.testing.assert_allclose(then, [0.5 - 5e-4 / 2.02 * 0.1, 0.5 - 5e-4 / 0.04 * 0.1], rtol=1e-6)
    np.testing.assert_allclose(now, [0.494, 0.494], rtol=1e-5)  # AdamW's first step is the rate, whatever the gradient


def test_distortion_program_is_the_training_distortion(digit):
    from cnn.training.distortions import distort, draw_distortions

    matrices = draw_distortions(3, np.random.default_rng(1998))
    moved = distort(np.repeat(digit[None], 3, axis=0), matrices, 28)
    for matrix, expected in zip(matrices, moved, strict=True):
        found = run(era_code.distortions(digit, era_digits.distortion(matrix)))
        np.testing.assert_allclose(found, expected, atol=0.51)


def test_distortion_by_hand():
    scale, squeeze = np.exp([0.1, -0.05])
    forward = np.array([[scale * squeeze, scale * squeeze * 0.2, 1], [0, scale / squeeze, -2], [0, 0, 1]])
    found = era_digits.distortion(np.linalg.inv(forward)[:2])
    assert dataclasses.astuple(found) == pytest.approx((scale, squeeze, 0.2, 1, -2))
