"""Questions with computed answers and diagnosed mistakes: fresh numbers from a seed, one file a lesson."""

from collections.abc import Callable, Mapping
from random import Random

from cnn.exercises import convolution, lenet, pooling, timeline, training
from cnn.exercises.question import Question, parse

__all__ = ["LESSONS", "Question", "kinds", "parse", "question"]

LESSONS: Mapping[str, Mapping[str, Callable[[Random], Question | None]]] = {
    "convolution": convolution.KINDS,
    "pooling": pooling.KINDS,
    "lenet": lenet.KINDS,
    "training": training.KINDS,
    "timeline": timeline.KINDS,
}
LEAST_SLIPS = 3  # fewer make a dull question: it is drawn again


def kinds(lesson: str) -> tuple[str, ...]:
    """The kinds of questions that a lesson asks."""
    if lesson not in LESSONS:
        raise ValueError(f"lesson is {lesson!r}; it must be one of {tuple(LESSONS)}")
    return tuple(LESSONS[lesson])


def question(lesson: str, kind: str, seed: int) -> Question:
    """Return the question of this kind that the seed gives, the same one every time."""
    if kind not in kinds(lesson):
        raise ValueError(f"kind is {kind!r}; it must be one of {kinds(lesson)}")
    dice = Random(f"{lesson}.{kind}.{seed}")
    while True:  # ends soon: a third of the draws are good enough, or more
        candidate = LESSONS[lesson][kind](dice)
        if candidate is not None and len(candidate.slips) >= LEAST_SLIPS:
            return candidate
