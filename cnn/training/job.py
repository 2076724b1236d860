"""One run and its thread: it trains, is looked at, and writes down how far it came.

A run that is paused or stopped has no thread: it goes on later from where it stood, on the same curve.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from threading import Event, RLock, Thread, current_thread
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from cnn.datasets import mnist
from cnn.digits import Digit
from cnn.training import moments
from cnn.training.capture import Capture, Judgement, Observer, judge
from cnn.training.config import TRAINING_IMAGES
from cnn.training.records import (
    ALIVE,
    DIVERGED,
    FAILED,
    FINISHED,
    PAUSED,
    QUEUED,
    RUNNING,
    STOPPED,
    UNATTENDED,
    UNSAVED,
    Progress,
    RunSummary,
    StoreError,
)
from cnn.training.runs import Store
from cnn.training.track import Speed, Track

if TYPE_CHECKING:
    from cnn.architectures.modules import Network
    from cnn.training.checkpoints import Standing
    from cnn.training.loop import TrainingStep

LOOK = 0.4  # seconds between two looks into the network, and only while somebody watches
REPORT = 0.5  # seconds between two reports to the store
SAVE = 2.0  # seconds of training that the death of the process can cost
ENDING = 0.4  # seconds to wait for a thread that was asked to end; it is between two small batches, or nearly


class Halted(Exception):
    """Asked to pause or to stop."""


class Diverged(Exception):
    """The loss is no number any more."""


class Gone(Exception):
    """The run was deleted, or another process has taken it over."""


class Attention:
    """When somebody last looked at one of the runs that share it."""

    def __init__(self, patience: float | None, clock: Callable[[], float] = monotonic) -> None:
        self.patience, self.clock = patience, clock
        self.renew()

    def renew(self) -> None:
        self.last = self.clock()

    def lost(self) -> bool:
        return self.patience is not None and self.clock() - self.last > self.patience


class Job:
    """One run of this process. `lock` guards what its thread writes and others read."""

    def __init__(
        self,
        store: Store,
        summary: RunSummary,
        attention: Attention,
        after: Callable[[Job], object],
        digit: Digit | None = None,
    ) -> None:
        self.store, self.id, self.config = store, summary.id, summary.config
        self.lock, self.attention, self.after = RLock(), attention, after
        self.state, self.message = summary.state, summary.message
        self.step, self.samples, self.seconds = summary.step, summary.samples, summary.seconds
        self.loss, self.validation, self.test = summary.loss, summary.validation_accuracy, summary.test_accuracy
        self.track, self.speed = Track(store.curve(self.id)), Speed(attention.clock)
        self.digit, self.capture, self.judgement = digit, None, None
        self.capture: Capture | None
        self.judgement: Judgement | None
        self.watched = True  # since the last look
        self.sent = False  # into the room
        self.moved = Event()  # set behind the first step that it trains here, and where it ends before
        self._asked = self._reason = ""  # the state that it shall take, and why
        self._last: TrainingStep | None = None
        self._observer: Observer | None = None
        self._standing: Standing | None = None
        self._thread: Thread | None = None
        self._looked = self._told = self._kept = float("-inf")

    # ------------------------------------------------------------------------------------------- asked from outside

    @property
    def busy(self) -> bool:
        """Whether its thread lives."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, steps: int | None = None) -> bool:
        """Train in a thread, to the end, or a few steps of a paused run; False where the run does not wait for it."""
        with self.lock:
            if self.busy or self.state != (QUEUED if steps is None else PAUSED):
                return False
            self._asked = self._reason = ""
            if steps is None:
                self.state, self.message = RUNNING, ""
            self._thread = Thread(target=self._work, args=(steps,), name=f"training {self.id[:8]}", daemon=True)
            self._thread.start()
        return True

    def halt(self, state: str) -> None:
        """Pause or stop. The state is seen at once; the thread ends within moments."""
        with self.lock:
            if self.state not in ALIVE:
                return
            self._asked, self.state, self.message = state, state, ""
            if not self.busy:
                self._report()
        self.wait(ENDING)

    def wait(self, seconds: float) -> None:
        """Until the thread has ended, at most so long."""
        if self._thread and self._thread is not current_thread():
            self._thread.join(seconds)

    def requeue(self, message: str = "") -> bool:
        """Let a paused run wait for its turn."""
        with self.lock:
            if self.state != PAUSED or self.busy:
                return False
            self.state, self.message = QUEUED, message
            self._report()
        return True

    def watch(self, digit: Digit | None) -> None:
        """Show the maps of this digit from now on."""
        with self.lock:
            if digit is None or (self.digit is not None and np.array_equal(digit, self.digit)):
                return
            self.digit = digit.copy()
            if not self.busy and self._last:
                from cnn.training.threads import one_thread

                one_thread()
                self._look(self._last)
            self._looked = float("-inf")

    # --------------------------------------------------------------------------------------------------- the thread

    def _work(self, steps: int | None) -> None:
        reason = ""
        try:
            self._train(steps)
            state = FINISHED
        except Halted:
            state, reason = self._asked or PAUSED, self._reason
        except Diverged:
            state, reason = FAILED, DIVERGED
        except Gone:
            state = STOPPED
        except Exception as error:  # whatever it was, the learner is told
            state, reason = FAILED, str(error) or type(error).__name__
        self._end(state, reason)
        self.moved.set()
        self.after(self)

    def _train(self, steps: int | None) -> None:
        from cnn.training.loop import fresh_network, plain_network, train
        from cnn.training.threads import step_back

        step_back()
        standing = self._standing or self.store.standing(self.id)
        self._go_back(standing)
        network = plain_network(self.config) if standing else fresh_network(self.config)
        if standing:
            network.load_state_dict(standing.reached.weights)
        self._settle(network, self.step)
        for done, step in enumerate(train(self.config, standing and standing.reached, self._rest), 1):
            network = step.network
            self._note(step)
            self._settle(network, step.step)
            self._look_if_watched(step)
            self.moved.set()
            self._write_down()
            if done == steps and step.step < step.steps:
                self._look(step)
                raise Halted
        accuracy = judge(network, *mnist("test"), self.step, rest=self._rest).accuracy
        with self.lock:
            self.test = accuracy

    def _go_back(self, standing: Standing | None) -> None:
        """To where the run stood: to its start where nothing was kept."""
        step, pending = (standing.reached.step, standing.pending) if standing else (0, (0.0, 0.0, 0))
        with self.lock:
            self.step, self.seconds = step, standing.reached.seconds if standing else 0.0
            self.samples = self.config.samples_after(step)
            self.track.rewind(step, pending)
            self.speed.restart()
            self._last = self._observer = None
        try:
            self.store.rewind(self.id, step)
        except StoreError:
            self._could_not_save()

    def _rest(self) -> float:
        """Between two batches: whether to go on."""
        if self.attention.lost() and not self._asked:
            self._asked, self._reason = STOPPED, UNATTENDED
        if self._asked:
            raise Halted
        return 0.0

    def _note(self, step: TrainingStep) -> None:
        with self.lock:
            self._last = step
            self.step, self.samples, self.seconds, self.loss = step.step, step.samples, step.seconds, step.loss
            self.speed.note(step.samples)
            self.track.add(step.step, step.loss, step.accuracy, moments.ends_point(self.config, step.step))
        if not isfinite(step.loss):
            raise Diverged

    def _settle(self, network: Network, step: int) -> None:
        """What is due behind a step: a look at the validation images, a checkpoint."""
        count = moments.validation_images(self.config, step)
        if count and (not self.track.validations or self.track.validations[-1][0] != step):
            self._judge(network, step, count)
        if step in moments.checkpoint_steps(self.config):
            self._keep(network, step)

    def _judge(self, network: Network, step: int, count: int) -> None:
        first = TRAINING_IMAGES - (self.config.validation or count)
        images, labels = (part[first : first + count] for part in mnist("train"))
        judgement = judge(network, images, labels, step, first, self._rest)
        with self.lock:
            self.judgement = judgement
            if self.config.validation:
                self.validation = judgement.accuracy
                self.track.validations.append((step, judgement.accuracy))

    def _look_if_watched(self, step: TrainingStep) -> None:
        now = self.attention.clock()
        if self.watched and now - self._looked >= LOOK:
            self._looked, self.watched = now, False
            self._look(step)

    def _look(self, step: TrainingStep) -> None:
        observer = self._observer = self._observer or Observer(self.config, step.network)
        with self.lock:
            self.capture = observer.capture(step.step, step.learner.gradients(), self.digit)

    # -------------------------------------------------------------------------------------------------- written down

    def _write_down(self) -> None:
        now = self.attention.clock()
        if now - self._told >= REPORT:
            self._told = now
            if not self._report():
                raise Gone
        if now - self._kept >= SAVE:
            self._keep_standing()

    def _report(self) -> bool:
        """Tell the store; False where the run is not ours any more."""
        with self.lock:
            points, validations = self.track.news()
            progress = Progress(
                *(self.state, self.message, self.step, self.samples, self.seconds),
                *(self.loss, self.validation, self.test, points, validations),
            )
            try:
                ours = self.store.report(self.id, progress)
                self.store.show_life()
            except StoreError:
                self._could_not_save()
                return True
            self.track.reported()
            return ours

    def _keep(self, network: Network, step: int) -> None:
        """A checkpoint, and with it from where to go on."""
        from cnn.training.checkpoints import keep_weights

        try:
            keep_weights(self.store.folder_of(self.id), step, network.state_dict())
        except OSError:
            self._could_not_save()
        self._keep_standing()

    def _keep_standing(self) -> None:
        from cnn.training.checkpoints import Standing, keep_standing

        self._kept = self.attention.clock()
        if self._last is None:
            return
        try:
            keep_standing(self.store.folder_of(self.id), Standing(self._last.reached(), self.track.pending))
        except OSError:
            self._could_not_save()

    def _could_not_save(self) -> None:
        with self.lock:
            self.message = self.message or UNSAVED

    def _end(self, state: str, reason: str) -> None:
        """In the thread's last moments."""
        from cnn.training.checkpoints import Standing, drop_standing

        with self.lock:
            unsaved = UNSAVED if self.message == UNSAVED else ""
            self.state, self.message = state, reason or unsaved
            self._standing = None
            if self._last and state in (PAUSED, STOPPED):
                self._standing = Standing(self._last.reached(), self.track.pending)
        if not self._report():
            self.store.sweep(self.id)
        elif state == FINISHED:
            drop_standing(self.store.folder_of(self.id))
        elif state != FAILED:
            self._keep_standing()
