"""What a run leaves behind while it goes on: its curve, and how fast it is."""

from collections import deque
from collections.abc import Callable
from time import monotonic

import numpy as np

from cnn.training.records import Curve

WINDOW = 2.0  # seconds over which speed is measured


class Track:
    """A curve that grows. What is new since the last `reported` is told by `news`."""

    def __init__(self, curve: Curve) -> None:
        self.points = list(
            zip(curve.steps.tolist(), curve.losses.tolist(), curve.accuracies.tolist(), strict=True)
        )  # step, loss, accuracy
        self.validations = list(
            zip(curve.validation_steps.tolist(), curve.validation_accuracies.tolist(), strict=True)
        )  # step, accuracy
        self.pending = (0.0, 0.0, 0)  # sums of loss and accuracy since the last point, and steps
        self.reported()

    def add(self, step: int, loss: float, accuracy: float, ends_point: bool) -> None:
        """One training step."""
        losses, accuracies, count = self.pending
        self.pending = (losses + loss, accuracies + accuracy, count + 1)
        if ends_point:
            losses, accuracies, count = self.pending
            self.points.append((step, losses / count, accuracies / count))
            self.pending = (0.0, 0.0, 0)

    def rewind(self, step: int, pending: tuple[float, float, int]) -> None:
        """Forget what lies behind a step."""
        self.points = [point for point in self.points if point[0] <= step]
        self.validations = [point for point in self.validations if point[0] <= step]
        self.pending = pending
        self.reported()

    def news(self) -> tuple[list[tuple[int, float, float]], list[tuple[int, float]]]:
        """Points and validations that have not been reported."""
        points, validations = self._reported
        return self.points[points:], self.validations[validations:]

    def reported(self) -> None:
        self._reported = (len(self.points), len(self.validations))

    def curve(self) -> Curve:
        points = np.array(self.points, np.float64).reshape(-1, 3)
        validations = np.array(self.validations, np.float64).reshape(-1, 2)
        return Curve(
            points[:, 0].astype(np.int64),
            points[:, 1].copy(),
            points[:, 2].copy(),
            validations[:, 0].astype(np.int64),
            validations[:, 1].copy(),
        )


class Speed:
    """Samples per second of the clock on the wall, all that is done besides training included."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self.seen: deque[tuple[float, int]] = deque()

    def note(self, samples: int) -> None:
        """`samples` seen since the run began."""
        now = self.clock()
        self.seen.append((now, samples))
        while self.seen[0][0] < now - WINDOW and len(self.seen) > 2:
            self.seen.popleft()

    def restart(self) -> None:
        """After a pause."""
        self.seen.clear()

    @property
    def per_second(self) -> float:
        if len(self.seen) < 2:
            return 0.0
        (start, before), (end, after) = self.seen[0], self.seen[-1]
        return (after - before) / (end - start) if end > start else 0.0
