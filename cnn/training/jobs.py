"""Runs in threads of their own: started, watched, paused, stopped, continued.

Every call answers within moments; what is asked of a run shows in its next snapshot. A thread exists only while a run
trains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import RLock
from time import monotonic

from cnn.digits import Digit
from cnn.training.capture import Capture, Judgement
from cnn.training.config import TrainingConfig
from cnn.training.job import ENDING, Attention, Job
from cnn.training.records import ALIVE, FULL, PAUSED, QUEUED, RUNNING, STOPPED, Curve, StoreError
from cnn.training.room import ROOM, Room
from cnn.training.runs import Store

PATIENCE = 120.0  # seconds without a snapshot after which a run stops
BEGINNING = 0.3  # seconds to wait for the first step of a run, so that the first look at it shows one
REMEMBERED = 24  # runs without a thread that can still be looked into; the others are on disk


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run as it is now."""

    id: str
    config: TrainingConfig
    state: str  # one of cnn.training.runs.STATES
    message: str  # "", one of cnn.training.runs.REASONS, or an exception's own sentence
    step: int
    steps: int
    samples: int
    seconds: float  # spent in training
    samples_per_second: float  # of the last two seconds, looks into the network included
    seconds_left: float | None
    curve: Curve
    capture: Capture | None  # None until the first step, and for a run of another process
    judgement: Judgement | None
    test_accuracy: float | None


class Jobs:
    """The runs of one store. `patience` None lets them train on when nobody looks."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = monotonic,
        room: Room = ROOM,
        patience: float | None = PATIENCE,
    ) -> None:
        self.store, self.clock, self.room, self.patience = store, clock, room, patience
        self._lock = RLock()
        self._jobs: dict[str, Job] = {}  # the newest last
        self._lanes: dict[str, list[Job]] = {}  # the runs that are trained one after the other, by each one's id

    def start(self, config: TrainingConfig, digit: Digit | None = None, paused: bool = False) -> str:
        """A new run -> its id. `paused`: it waits for `one_step` or `resume`."""
        [job] = lane = self._new_lane([config], digit)
        if paused:
            job.halt(PAUSED)
        else:
            self._advance(lane)
            if job.busy:
                job.moved.wait(BEGINNING)
        return job.id

    def queue(self, configs: Sequence[TrainingConfig]) -> list[str]:
        """Run these one after the other. A snapshot of any of them keeps all of them going."""
        lane = self._new_lane(configs, None)
        self._advance(lane)
        return [job.id for job in lane]

    def pause(self, id: str) -> None:
        """What is behind it in the queue waits with it."""
        self._halt(id, PAUSED)

    def resume(self, id: str) -> None:
        """Let a paused run go on."""
        if job := self._jobs.get(id):
            job.attention.renew()
            job.wait(ENDING)
            if job.requeue():
                self._advance(self._lanes[id])

    def one_step(self, id: str) -> None:
        """Train a paused run by one batch."""
        if job := self._jobs.get(id):
            job.attention.renew()
            job.wait(ENDING)
            if job.begin(steps=1):
                job.wait(ENDING)

    def stop(self, *ids: str) -> None:
        """End these runs; what they reached is kept."""
        jobs = [job for id in ids if (job := self._jobs.get(id))]
        for job in sorted(jobs, key=lambda job: job.busy):  # those that wait first, or they would begin
            self._halt(job.id, STOPPED)

    def continue_run(self, id: str) -> None:
        """Let a run that was stopped or interrupted go on from where it stood; nothing where it cannot."""
        before = self._jobs.get(id)
        if before:
            before.wait(ENDING)
        if not self.store.claim(id):
            return
        with self._lock:
            lane = [self._new(id, Attention(self.patience, self.clock), before.digit if before else None)]
            self._lanes[id] = lane
        self._advance(lane)

    def delete(self, id: str) -> None:
        """Stop a run and forget it, its checkpoints too. Raises UnknownRun."""
        self.stop(id)
        with self._lock:
            self._jobs.pop(id, None)
            self._lanes.pop(id, None)
        self.store.delete(id)

    def watch(self, id: str, digit: Digit | None) -> None:
        """Look at this digit through the run's network from now on."""
        if job := self._jobs.get(id):
            job.watch(digit)

    def snapshot(self, id: str) -> Snapshot:
        """Raises cnn.training.runs.UnknownRun for an id that no run has."""
        job = self._jobs.get(id)
        if job and (job.state in ALIVE or job.busy or self._knows(job)):
            return _of_job(job)
        return _of_store(self.store, id)

    # ------------------------------------------------------------------------------------------------------ in between

    def _knows(self, job: Job) -> bool:
        """Whether a run at rest is still as we left it: another process may have continued it."""
        try:
            return self.store.summary(job.id).state == job.state
        except StoreError:
            return True

    def _halt(self, id: str, state: str) -> None:
        if job := self._jobs.get(id):
            job.halt(state)
            if not job.busy:
                self._after(job)

    def _new_lane(self, configs: Sequence[TrainingConfig], digit: Digit | None) -> list[Job]:
        attention = Attention(self.patience, self.clock)
        with self._lock:
            lane = [self._new(self.store.create(config), attention, digit) for config in configs]
            self._lanes |= {job.id: lane for job in lane}
            self._forget()
        return lane

    def _new(self, id: str, attention: Attention, digit: Digit | None) -> Job:
        self._jobs[id] = Job(self.store, self.store.summary(id), attention, self._after, digit)
        return self._jobs[id]

    def _after(self, job: Job) -> None:
        """When a run has ended, or was taken out of the queue: the next one's turn."""
        job.sent = False
        self.room.leave(job)
        self._advance(self._lanes.get(job.id, []))

    def _advance(self, lane: list[Job]) -> None:
        """Send the first that waits into the room, unless one of them trains, waits there or is paused."""
        with self._lock:
            if any(job.state in (RUNNING, PAUSED) or job.sent for job in lane):
                return
            job = next((job for job in lane if job.state == QUEUED), None)
            if job is None:
                return
            job.sent = True
        if not self.room.enter(job):
            with job.lock:
                job.message = FULL if job.state == QUEUED else job.message

    def _forget(self) -> None:
        """The oldest runs that are at rest."""
        resting = [id for id, job in self._jobs.items() if job.state not in ALIVE and not job.busy]
        for id in resting[: max(0, len(resting) - REMEMBERED)]:
            del self._jobs[id], self._lanes[id]


def _of_job(job: Job) -> Snapshot:
    with job.lock:
        job.attention.renew()
        job.watched = True
        speed = job.speed.per_second
        left = job.config.samples_after(job.config.steps) - job.samples
        return Snapshot(
            id=job.id,
            config=job.config,
            state=job.state,
            message=job.message,
            step=job.step,
            steps=job.config.steps,
            samples=job.samples,
            seconds=job.seconds,
            samples_per_second=speed,
            seconds_left=left / speed if speed and job.state == RUNNING else None,
            curve=job.track.curve(),
            capture=job.capture,
            judgement=job.judgement,
            test_accuracy=job.test,
        )


def _of_store(store: Store, id: str) -> Snapshot:
    """A run of another process, or of an earlier one."""
    run = store.summary(id)
    return Snapshot(
        id=id,
        config=run.config,
        state=run.state,
        message=run.message,
        step=run.step,
        steps=run.steps,
        samples=run.samples,
        seconds=run.seconds,
        samples_per_second=run.samples / run.seconds if run.seconds else 0.0,
        seconds_left=None,
        curve=store.curve(id),
        capture=None,
        judgement=None,
        test_accuracy=run.test_accuracy,
    )
