"""Where ink that hangs together may be cut: in more places than there are digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn.envelope.pieces import Piece, cut_out

LEANS = np.linspace(-0.6, 0.6, 9)  # columns a row
UPRIGHT = 0.5  # pixels of ink that a cut that leans by a column a row has to save
# in heights of the line
LONGEST = 0.45  # ink that a cut may go through
APART = 0.2  # two cuts
RIM = 0.12  # a cut from the end of the piece
MOST_CUTS = 12


@dataclass(frozen=True, eq=False)
class Cut:
    """A straight line through a piece, upright or leaning."""

    column: int  # in the middle row
    columns: NDArray[np.int64]  # (height,): the first column on its right, row by row
    ink: float  # pixels of ink that it goes through


def cuts(piece: Piece, height: float) -> list[Cut]:
    """The cuts that go through the least ink, from left to right. `height`: of the line, in pixels."""
    rim = max(1, round(RIM * height))
    found: list[Cut] = []
    for cut in sorted(_each_column(piece)[rim : piece.width - rim + 1], key=lambda cut: cut.ink):
        if cut.ink > LONGEST * height or len(found) == MOST_CUTS:
            break
        if all(abs(cut.column - other.column) >= APART * height for other in found):
            found.append(cut)
    return sorted(found, key=lambda cut: cut.column)


def _each_column(piece: Piece) -> list[Cut]:
    """Through each column the cut with the best lean. It runs between two pixels, and cuts what is in both."""
    rows = np.arange(piece.height)
    lines = np.rint(LEANS[:, None] * (rows - (piece.height - 1) / 2)).astype(np.int64)  # (leans, height)
    columns = np.arange(piece.width + 1)[:, None, None] + lines  # (width + 1, leans, height)
    padded = np.pad(piece.ink, ((0, 0), (1, 1)))
    right = np.clip(columns, 0, piece.width)
    met = np.minimum(padded[rows, right], padded[rows, right + 1]).sum(axis=2) / 255  # (width + 1, leans)
    best = (met + UPRIGHT * np.abs(LEANS)).argmin(axis=1)
    return [Cut(column, columns[column, lean], float(met[column, lean])) for column, lean in enumerate(best)]


def parts(piece: Piece, found: Sequence[Cut]) -> list[tuple[Piece, float]]:
    """What lies between the cuts, each with the ink that was cut on its left; 0 for the first."""
    across = np.arange(piece.width)
    side = sum((across >= cut.columns[:, None]).astype(np.int64) for cut in found) + np.zeros(piece.ink.shape, int)
    between = []
    for number in range(len(found) + 1):
        mask = (side == number) & (piece.ink > 0)
        if mask.any():
            left = found[number - 1].ink if number and between else 0.0
            between.append((cut_out(piece.ink, mask, piece.top, piece.left), left))
    return between
