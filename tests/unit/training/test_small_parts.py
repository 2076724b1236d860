"""The small parts of a run: its moments, its curve, its settings as text, its files, the sheet of an ablation."""

import os
import sqlite3
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch

from cnn.training import TrainingConfig, link
from cnn.training.ablation import cells, sheet
from cnn.training.capture import dead_share, gradient_norms, judge, look
from cnn.training.checkpoints import Standing, keep_standing, keep_weights, network_at, standing_in, steps_in
from cnn.training.loop import fresh_network, train
from cnn.training.moments import POINTS, checkpoint_steps, ends_point, validation_images
from cnn.training.recipes import LENET5_1998
from cnn.training.records import RunSummary, StoreError
from cnn.training.runs import Store
from cnn.training.threads import BEHIND, step_back
from cnn.training.track import Speed, Track

DEFAULT = TrainingConfig()
SHORT = TrainingConfig(share=0.004)  # 220 digits, 8 steps

# -------------------------------------------------------------------------------------------------------------- moments


@pytest.mark.parametrize("config", [SHORT, DEFAULT, replace(DEFAULT, epochs=20), LENET5_1998])
def test_moments_cover_the_run(config):
    points = [step for step in range(1, config.steps + 1) if ends_point(config, step)]
    kept = sorted(checkpoint_steps(config))
    assert points[-1] == config.steps and len(points) <= POINTS + 1
    assert kept[0] == 0 and kept[-1] == config.steps and 2 < len(kept) <= 24
    assert np.all(np.diff(np.diff(kept)) >= -1)  # dense at first
    assert validation_images(config, 0) == 0 and validation_images(config, config.steps) == (config.validation or 1_000)


def test_a_long_pass_ends_with_all_validation_images():
    assert validation_images(DEFAULT, DEFAULT.steps_per_epoch) == 5_000
    assert validation_images(DEFAULT, 215) == 1_000 and validation_images(DEFAULT, 216) == 0


# ---------------------------------------------------------------------------------------------------------------- track


def test_a_point_is_the_mean_since_the_point_before(tmp_path):
    store = Store(tmp_path)
    track = Track(store.curve(store.create(SHORT)))
    for step, loss in enumerate((4.0, 2.0, 1.0), 1):
        track.add(step, loss, loss / 4, ends_point=step == 2)
    assert track.points == [(2, 3.0, 0.75)] and track.pending == (1.0, 0.25, 1)
    assert track.news() == ([(2, 3.0, 0.75)], [])
    track.reported()
    assert track.news() == ([], [])
    track.rewind(1, (4.0, 1.0, 1))
    assert track.curve().steps.size == 0 and track.pending == (4.0, 1.0, 1)
    store.close()


def test_speed_by_a_clock_of_our_own():
    times = iter([0.0, 1.0, 2.0, 3.0, 4.0])
    speed = Speed(lambda: next(times))
    assert speed.per_second == 0
    for samples in (0, 10, 20, 60, 100):
        speed.note(samples)
    assert speed.per_second == 40  # of the last two seconds


# ----------------------------------------------------------------------------------------------------------------- link


@pytest.mark.parametrize("config", [DEFAULT, LENET5_1998, replace(DEFAULT, learning_rate=1e-5, shuffle=False, seed=7)])
def test_settings_as_text_and_back(config):
    assert link.from_text(link.to_text(config)) == config


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("", {}),
        ("nonsense", {}),
        ("seed=3,batch_size=-1,epochs=nan,learning_rate=1e999,unknown=2", {"seed": 3}),
        ("shuffle=perhaps,pooling=average", {"pooling": "average"}),
        ("optimiser=sdlm", {}),
        ("distortions=true,shift=0", {"distortions": True, "shift": 0}),  # legal only together, in the other order
        ("x" * 5_000, {}),
    ],
)
def test_rude_text_leaves_what_makes_sense(text, changes):
    assert link.from_text(text) == replace(DEFAULT, **changes)


def test_the_default_is_no_text():
    assert link.to_text(DEFAULT) == "" and link.to_text(replace(DEFAULT, shuffle=False)) == "shuffle=false"


# ------------------------------------------------------------------------------------------------------------- ablation


def summary(config: TrainingConfig, accuracy: float | None) -> RunSummary:
    return RunSummary("id", config, "finished", "", 1, 1, 1, 1.0, None, accuracy, None, 0.0)


def test_a_sheet_and_its_cells_by_hand():
    configs = sheet(DEFAULT, ("max", "average"), ("relu",), (1, 2))
    assert [(config.pooling, config.seed) for config in configs] == [
        *(("max", 1), ("average", 1)),
        *(("max", 2), ("average", 2)),
    ]
    runs = [summary(config, accuracy) for config, accuracy in zip(configs, (0.5, 0.9, 0.75, None), strict=True)]
    highest, other, empty = cells(runs, ("max", "average", "none"), ("relu",))
    assert (highest.runs, highest.mean, highest.lowest, highest.highest) == (2, 0.625, 0.5, 0.75)
    assert (other.runs, other.lowest, other.highest) == (1, 0.9, 0.9)
    assert (empty.runs, empty.mean, empty.lowest, empty.highest) == (0, None, None, None)


# -------------------------------------------------------------------------------------------------------------- capture


def test_dead_units_by_hand():
    outputs = torch.tensor([[0.0, 1.0, 0.99], [0.0, 0.0, -0.97]])
    assert dead_share(outputs, "relu") == pytest.approx(1 / 3)
    assert dead_share(outputs, "tanh") == pytest.approx(1 / 3)
    maps = torch.zeros(2, 2, 3, 3)
    maps[1, 0, 2, 2] = 1  # one place of one map, once
    assert dead_share(maps, "relu") == 0.5


def test_the_length_of_a_gradient_is_of_a_whole_layer():
    gradients = {"features.C1.weight": torch.tensor([3.0]), "features.C1.bias": torch.tensor([4.0])}
    assert gradient_norms(gradients) == {"C1": 5.0}


def test_a_look_does_not_change_the_network_and_shows_it():
    network, digit = fresh_network(SHORT), np.eye(28, dtype=np.uint8) * 255
    before = {name: values.clone() for name, values in network.state_dict().items()}
    found = look(SHORT, network, 0, digit)
    assert all(torch.equal(values, before[name]) for name, values in network.state_dict().items())
    np.testing.assert_array_equal(found.kernels, before["features.C1.weight"].numpy())
    with torch.no_grad():
        expected = network.eval()(network.prepare(digit[None])).softmax(1)[0]
    np.testing.assert_allclose(found.probabilities, expected.numpy(), atol=1e-6)
    assert {label: maps.shape for label, maps in found.maps.items()} == {
        **{"C1": (6, 28, 28), "S2": (6, 14, 14)},
        **{"C3": (16, 10, 10), "S4": (16, 5, 5)},
    }
    assert look(SHORT, network, 0).maps == {}


def test_a_judgement_counts_and_names_the_surest_mistakes(monkeypatch):
    logits = torch.full((3, 10), 0.0)
    logits[0, 4], logits[1, 5], logits[2, 6] = 9, 3, 9
    monkeypatch.setattr("cnn.training.evaluation.logits_of", lambda network, images: iter([logits]))
    found = judge(None, np.zeros((3, 28, 28), np.uint8), np.array([4, 0, 1], np.uint8), 7, first=100)  # type: ignore[arg-type]
    assert found.step == 7 and found.accuracy == pytest.approx(1 / 3)
    assert (found.confusion[4, 4], found.confusion[0, 5], found.confusion[1, 6]) == (1, 1, 1)
    assert [(mistake.index, mistake.true, mistake.predicted) for mistake in found.mistakes] == [
        (102, 1, 6),
        (101, 0, 5),
    ]


# ---------------------------------------------------------------------------------------------------- files, and damage


def test_a_standing_comes_back_as_it_was(tmp_path):
    step = next(train(SHORT))
    keep_standing(tmp_path, Standing(step.reached(), (1.5, 0.5, 1)))
    found = standing_in(SHORT, tmp_path)
    assert found and found.reached.step == 1 and found.pending == (1.5, 0.5, 1)
    for kept, now in ((found.reached.weights, step.reached().weights), (found.reached.memory, step.reached().memory)):
        assert kept.keys() == now.keys() and all(torch.equal(kept[name], now[name]) for name in now)
    assert standing_in(LENET5_1998, tmp_path) is None  # another network's


def test_damaged_files_of_a_run(tmp_path):
    assert standing_in(SHORT, tmp_path) is None
    (tmp_path / "standing.safetensors").write_bytes(b"no such thing")
    assert standing_in(SHORT, tmp_path) is None
    keep_weights(tmp_path, 3, fresh_network(SHORT).state_dict())
    assert steps_in(tmp_path) == [3] and network_at(SHORT, tmp_path, 3)
    with pytest.raises(StoreError, match="is missing"):
        network_at(SHORT, tmp_path, 4)
    with pytest.raises(StoreError, match="is damaged"):  # another network's
        network_at(LENET5_1998, tmp_path, 3)
    (tmp_path / "00000003.safetensors").write_bytes(b"\x00" * 40)
    with pytest.raises(StoreError, match="is damaged"):
        network_at(SHORT, tmp_path, 3)


def test_a_damaged_store_says_so_and_is_set_aside(tmp_path):
    store = Store(tmp_path, now=lambda: 5.0)
    (tmp_path / "runs.sqlite3").write_bytes(b"not a database, and longer than a header " * 40)
    with pytest.raises(StoreError, match="damaged") as caught:
        store.runs()
    assert caught.value.file == store.file
    assert store.set_aside() == tmp_path / "runs.damaged-5.sqlite3"
    assert store.runs() == [] and store.summary(store.create(SHORT)).config == SHORT
    store.close()


def test_a_store_of_another_version_is_not_written_to(tmp_path):
    other = sqlite3.connect(tmp_path / "runs.sqlite3")
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(StoreError, match="damaged"):
        Store(tmp_path).runs()


def test_a_folder_that_cannot_be_made_is_unwritable(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="unwritable"):
        Store(tmp_path / "file" / "runs").runs()


def test_a_transaction_is_whole_or_nothing(tmp_path):
    store = Store(tmp_path)
    with pytest.raises(KeyError), store._tables.writing() as connection:
        connection.execute("INSERT INTO runs (id, config, state, steps, created, owner, seen) VALUES (1,2,3,4,5,6,7)")
        raise KeyError
    with store._tables.reading() as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone()[0] == 0
    store.close()


# -------------------------------------------------------------------------------------------------------------- threads


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a priority of its own")
def test_a_thread_steps_back_alone_and_once():
    """One that a thread behind starts stands as far behind as it, not farther."""
    found: list[int] = []

    def work(again: bool) -> None:
        step_back()
        found.append(niceness())
        if again:
            run(False)

    def run(again: bool) -> None:
        thread = threading.Thread(target=work, args=(again,))
        thread.start()
        thread.join()

    before = niceness()
    run(True)
    assert found == [min(before + BEHIND, 19)] * 2 and niceness() == before


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
