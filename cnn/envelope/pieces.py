"""Pieces of ink that hang together: found in a line, joined, and cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn.digits import Digit, centred

Ink = NDArray[np.uint8]  # (h, w), ink 255 on paper 0
Mask = NDArray[np.bool_]
Labels = NDArray[np.int64]

INKED = 80  # of 255: from here on a pixel joins its neighbours; fainter ones only follow
MOST_PIECES = 64  # the largest ones: no line has more, and a picture full of noise has thousands


@dataclass(frozen=True, eq=False)
class Piece:
    """Ink that belongs together, cut out of the line; what belongs to other pieces is paper in it."""

    top: int
    left: int
    ink: Ink  # (height, width)

    @property
    def height(self) -> int:
        return self.ink.shape[0]

    @property
    def width(self) -> int:
        return self.ink.shape[1]

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def digit(self) -> Digit:
        """As MNIST would have it. -> (28, 28)"""
        return centred(self.ink)


def components(ink: Ink) -> list[Piece]:
    """The pieces of ink that hang together, corners included, from left to right; at most 64, the largest.

    Shapes: ink (h, w)
    """
    labels = labelled(ink >= INKED)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept = np.argsort(-sizes, kind="stable")[:MOST_PIECES]
    labels = _follow(ink, np.where(np.isin(labels, kept), labels, 0))
    pieces = [cut_out(ink, labels == label) for label in kept if sizes[label]]
    return sorted(pieces, key=lambda piece: piece.left)


def cut_out(ink: Ink, mask: Mask, top: int = 0, left: int = 0) -> Piece:
    """The masked ink with nothing around it; (top, left) is where `ink` stands in the line."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Piece(top + int(rows[0]), left + int(columns[0]), np.where(mask, ink, 0)[window].astype(np.uint8))


def join(pieces: Sequence[Piece]) -> Piece:
    """All of them in one frame."""
    top, left = min(piece.top for piece in pieces), min(piece.left for piece in pieces)
    height, width = max(piece.bottom for piece in pieces) - top, max(piece.right for piece in pieces) - left
    ink = np.zeros((height, width), np.uint8)
    for piece in pieces:
        place = np.s_[piece.top - top : piece.bottom - top, piece.left - left : piece.right - left]
        ink[place] = np.maximum(ink[place], piece.ink)
    return Piece(top, left, ink)


def shared(one: Piece, other: Piece) -> float:
    """Columns that two pieces share, over the width of the narrower; below 0 there is paper between them."""
    return (min(one.right, other.right) - max(one.left, other.left)) / min(one.width, other.width)


# ------------------------------------------------------------------------------------------------- what hangs together


@dataclass(frozen=True)
class _Run:
    """Inked pixels side by side in one row, `end` excluded."""

    row: int
    start: int
    end: int


def labelled(mask: Mask) -> Labels:
    """Number the components of a mask from 1 on, 8-connected; 0 is paper.

    Shapes: (h, w) -> (h, w)
    """
    runs, parents = _runs(mask), []
    above: list[int] = []
    here: list[int] = []
    for index, run in enumerate(runs):
        parents.append(index)
        if here and runs[here[0]].row != run.row:
            above, here = here if runs[here[0]].row == run.row - 1 else [], []
        here.append(index)
        for other in above:
            if runs[other].start <= run.end and run.start <= runs[other].end:
                parents[_root(parents, index)] = _root(parents, other)
    labels, numbers = np.zeros(mask.shape, np.int64), {}
    for index, run in enumerate(runs):
        number = numbers.setdefault(_root(parents, index), len(numbers) + 1)
        labels[run.row, run.start : run.end] = number
    return labels


def _runs(mask: Mask) -> list[_Run]:
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)  # (h, w) -> (h, w + 1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    return [_Run(*place) for place in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)]


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]  # the next search is shorter
        index = parents[index]
    return index


def _follow(ink: Ink, labels: Labels) -> Labels:
    """Give faint pixels at the rim of a piece to that piece, two pixels far."""
    for _ in range(2):
        padded = np.pad(labels, 1)
        height, width = labels.shape
        around = np.max([padded[r : r + height, c : c + width] for r in range(3) for c in range(3)], axis=0)
        labels = np.where((labels == 0) & (ink > 0), around, labels)
    return labels
