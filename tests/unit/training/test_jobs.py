"""Runs in threads: the same curve through every interruption, and no thread left behind."""

import threading
from pathlib import Path

import numpy as np
import pytest

from cnn.training import TrainingConfig
from cnn.training.jobs import Jobs
from cnn.training.room import Room
from cnn.training.runs import Store, UnknownRun

SHORT = TrainingConfig(share=0.02, epochs=2)  # 1,100 digits, 36 steps
LONG = TrainingConfig()


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("training ")]


def finished(jobs: Jobs, *ids: str):
    for id in ids:
        jobs._jobs[id].wait(120)
    return [jobs.snapshot(id) for id in ids]


@pytest.fixture
def jobs(tmp_path: Path):
    made = Jobs(Store(tmp_path), room=Room())
    yield made
    made.stop(*made._jobs)
    for thread in threads():
        thread.join(30)
    made.store.close()


def test_interrupted_and_continued_is_the_same_curve(jobs):
    [whole] = finished(jobs, jobs.start(SHORT))
    id = jobs.start(SHORT, paused=True)
    for _ in range(3):
        jobs.one_step(id)
        jobs._jobs[id].wait(30)
    assert (jobs.snapshot(id).step, jobs.snapshot(id).state) == (3, "paused")
    jobs.stop(id)
    # another process, which finds only what lies on disk
    other = Jobs(Store(jobs.store.folder, owner="0:another"), room=Room())
    other.continue_run(id)
    [later] = finished(other, id)
    other.store.close()
    assert later.state == whole.state == "finished"
    for name in ("steps", "losses", "accuracies", "validation_steps", "validation_accuracies"):
        np.testing.assert_array_equal(getattr(later.curve, name), getattr(whole.curve, name))
    assert later.test_accuracy == whole.test_accuracy


def test_stop_leaves_no_thread(jobs):
    id = jobs.start(LONG)
    jobs.stop(id)
    jobs._jobs[id].wait(30)
    assert jobs.snapshot(id).state == "stopped" and threads() == []


def test_a_full_room_is_told(tmp_path):
    jobs = Jobs(Store(tmp_path), room=Room(1))
    first, second = jobs.start(LONG), jobs.start(LONG)
    assert (jobs.snapshot(second).state, jobs.snapshot(second).message) == ("queued", "full")
    jobs.stop(first, second)
    for thread in threads():
        thread.join(30)
    assert threads() == []
    jobs.store.close()


def test_a_run_whose_process_died_is_interrupted(tmp_path):
    dead = Store(tmp_path, owner="999999999:dead")
    id = dead.create(SHORT)
    assert dead.summary(id).state == "queued"
    assert Store(tmp_path).summary(id).state == "interrupted"


def test_deleted(jobs):
    [run] = finished(jobs, jobs.start(SHORT))
    assert jobs.store.checkpoints(run.id)[-1] == run.steps
    jobs.delete(run.id)
    assert not jobs.store.folder_of(run.id).exists()
    with pytest.raises(UnknownRun):
        jobs.snapshot(run.id)
