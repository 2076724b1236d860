"""The shipped weights reach what is written beside them, and the command that makes them works."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from cnn.architecture import WEIGHTS
from cnn.datasets import mnist
from cnn.training import TrainingConfig, evaluate
from cnn.training.recipes import DEFAULT, LENET5_1998, LENET5_1998_DISTORTED, LENET5_MODERN, PERCEPTRON, QUICK
from cnn.training.results import curves_1998, measured
from cnn.training.shipping import keep, make_1998, run
from cnn.training.weights import load

ROOT = Path(__file__).parents[3]
TINY = TrainingConfig(share=0.01, epochs=1)


def as_written(config: TrainingConfig) -> dict:
    return json.loads(json.dumps(asdict(config)))


@pytest.mark.parametrize(
    ("key", "recipe", "goal"),
    [
        ("lenet5_modern", LENET5_MODERN, 0.992),
        ("lenet5", LENET5_1998_DISTORTED, 0.992),
        ("perceptron", PERCEPTRON, 0.97),
    ],
)
def test_shipped_networks(key, recipe, goal):
    figures = measured()[f"{key}.safetensors"]
    assert evaluate(recipe.architecture.trained(), *mnist("test")) == pytest.approx(figures["test_accuracy"], abs=3e-4)
    assert figures["test_accuracy"] >= goal
    assert figures["config"] == as_written(recipe)
    assert (WEIGHTS / f"{key}.safetensors").stat().st_size < 300_000


def test_every_file_is_measured_and_listed():
    files = {path.name for path in WEIGHTS.glob("*.safetensors")}
    assert files == set(measured())
    sources = (WEIGHTS / "SOURCES.md").read_text(encoding="utf-8")
    for path in WEIGHTS.iterdir():
        assert path.name == "SOURCES.md" or f"`{path.name}`" in sources, path.name


def test_plain_1998_weights():
    path = WEIGHTS / "lenet5_plain.safetensors"
    accuracy = evaluate(load(LENET5_1998.architecture, path), *mnist("test"))
    assert accuracy == pytest.approx(measured()[path.name]["test_accuracy"], abs=3e-4)


@pytest.mark.parametrize("name", ["lenet5_plain", "lenet5"])
def test_1998_curves_are_whole_and_the_weights_are_seed_1(name):
    runs = curves_1998()[name]
    assert sorted(runs) == ["1", "2", "3"]
    assert {len(curve["test_error"]) for curve in runs.values()} == {20}
    shipped = 1 - measured()[f"{name}.safetensors"]["test_accuracy"]
    assert shipped == pytest.approx(runs["1"]["test_error"][-1], abs=3e-4)  # half precision


@pytest.mark.parametrize(("name", "paper"), [("lenet5_plain", 0.0095), ("lenet5", 0.008)])
def test_three_seeds_of_1998_are_as_good_as_the_paper(name, paper):
    """LeCun et al. (1998), section III: 0.95 % without distortions, 0.8 % with them."""
    assert np.mean([curve["test_error"][-1] for curve in curves_1998()[name].values()]) <= paper


def test_default_recipe_reaches_its_goals():
    """On the test set, median of five seeds; chosen on the validation images."""
    figures = json.loads((WEIGHTS / "defaults.json").read_text(encoding="utf-8"))
    for name, recipe, goal in (("default", DEFAULT, 0.99), ("quick", QUICK, 0.98)):
        assert figures[name]["config"] == as_written(recipe)
        assert len(figures[name]["test_accuracy"]) == 5
        assert np.median(figures[name]["test_accuracy"]) >= goal


# ---------------------------------------------------------------------------------------------------------- the command


def test_run_reports_each_pass():
    passes: list[float] = []
    network, seconds = run(replace(TINY, epochs=2.5), lambda network, accuracy: passes.append(accuracy))
    assert len(passes) == 3 and seconds > 0 and all(0 < accuracy <= 1 for accuracy in passes)
    assert passes[1] > passes[0]


def test_keep_measures_what_was_written(tmp_path):
    network, seconds = run(TINY)
    path = tmp_path / "tiny.safetensors"
    keep(network, path, TINY, seconds)
    figures = json.loads((tmp_path / "measured.json").read_text())["tiny.safetensors"]
    assert figures["config"] == as_written(TINY)
    assert figures["test_accuracy"] == evaluate(load(TINY.architecture, path), *mnist("test"))


def test_make_1998_keeps_curves_of_all_and_weights_of_one(tmp_path):
    config = replace(LENET5_1998, share=0.01, epochs=1)
    make = partial(make_1998, config, "tiny")
    make(tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["curves_1998.json"]
    make(tmp_path, None)
    runs = json.loads((tmp_path / "curves_1998.json").read_text())["tiny"]
    assert sorted(runs) == ["1", "2"] and len(runs["1"]["test_error"]) == len(runs["1"]["training_error"]) == 1
    assert (tmp_path / "tiny.safetensors").is_file()


def test_the_command_refuses_unknown_names():
    command = [sys.executable, "-m", "cnn.training", "lenet6"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 2 and "invalid choice: 'lenet6'" in answer.stderr
