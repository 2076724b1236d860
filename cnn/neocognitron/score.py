"""How well a Neocognitron keeps its patterns apart, and what becomes of it with handwriting."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from cnn.neocognitron.model import S_LAYERS, Neocognitron, learn
from cnn.neocognitron.retina import Image, from_digit, moved

PLANES = S_LAYERS[-1].planes
DIGITS = range(5)  # as in 1980: 0 to 4
EXEMPLARS = 20  # of each digit, where many are shown
UNSEEN = 20  # of each digit, to test with


def winner(answer: NDArray[np.float64]) -> int:
    """The plane of the largest last C-cell; -1 where all are silent."""
    return int(answer.argmax()) if answer.max() > 0 else -1


def winners(network: Neocognitron, patterns: Sequence[Image], reach: int = 1) -> NDArray[np.int64]:
    """The winner for each pattern at each shift, rows first. -> (patterns, shifts)"""
    found = []
    for pattern in patterns:
        answers = [network.answer(moved(pattern, *shift)) for shift in product(range(-reach, reach + 1), repeat=2)]
        found.append([winner(answer) for answer in answers])
    return np.array(found)


def one_to_one(winning: NDArray[np.int64], planes: int = PLANES) -> tuple[float, tuple[int, ...]]:
    """The best share of pictures whose winner is their pattern's own cell, and which cell each pattern has.

    Each cell may stand for one pattern at most: the best of all such assignments, by dynamic programming over planes.
    Shapes: winning (patterns, shifts)
    """
    counts = np.array([[(row == plane).sum() for plane in range(planes)] for row in winning])
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, (-1,) * len(counts))}
    for plane in range(planes):
        for taken, (score, cells) in list(best.items()):
            for pattern in range(len(counts)):
                if taken >> pattern & 1 or not counts[pattern, plane]:
                    continue
                candidate = score + int(counts[pattern, plane])
                key = taken | 1 << pattern
                if candidate > best.get(key, (-1, ()))[0]:
                    best[key] = (candidate, (*cells[:pattern], plane, *cells[pattern + 1 :]))
    score, cells = max(best.values(), key=lambda found: found[0])
    return score / winning.size, cells


# -------------------------------------------------------------------------------------------------------- handwriting


@dataclass(frozen=True)
class Handwriting:
    """Shares of digits whose winner is their class's own cell, under the best assignment of cells to classes."""

    own: float  # the five digits that it learned from, moved by a pixel
    unseen: float  # others' digits, after learning from one of each
    untrained: float  # the same digits, before learning
    many: float  # the digits that it learned from, where there were twenty of each
    many_unseen: float  # others' digits after that
    learned: tuple[Image, ...]  # the five digits
    tested: tuple[tuple[Image, ...], ...]  # the unseen ones of each class


def handwriting(images: NDArray[np.uint8], labels: NDArray[np.uint8], seed: int = 0) -> Handwriting:
    """Let two networks learn from MNIST digits 0 to 4, one and twenty of each, and test them on digits never shown.

    Shapes: images (n, 28, 28), labels (n,)
    """
    chance = np.random.default_rng([seed, 28])
    learned, tested = [], []
    for digit in DIGITS:
        drawn = chance.choice(np.flatnonzero(labels == digit), EXEMPLARS + UNSEEN, replace=False)
        pictures = tuple(from_digit(images[index]) for index in drawn)
        learned.append(pictures[:EXEMPLARS])
        tested.append(pictures[EXEMPLARS:])
    first = tuple(pictures[0] for pictures in learned)
    one, many = Neocognitron(seed), Neocognitron(seed)
    untrained = _apart(one, tested)
    for _ in learn(one, first, seed):
        pass
    for _ in learn(many, [picture for pictures in learned for picture in pictures], seed, times=1):
        pass
    return Handwriting(
        own=one_to_one(winners(one, first))[0],
        unseen=_apart(one, tested),
        untrained=untrained,
        many=_apart(many, learned),
        many_unseen=_apart(many, tested),
        learned=first,
        tested=tuple(tested),
    )


def _apart(network: Neocognitron, classes: Sequence[Sequence[Image]]) -> float:
    """How well the network keeps classes of pictures apart."""
    return one_to_one(np.array([[winner(network.answer(picture)) for picture in pictures] for pictures in classes]))[0]
