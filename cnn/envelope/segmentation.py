"""A line of handwriting, cut into its digits: 1998's "heuristic over-segmentation".

The ink is cut into more parts than there are digits. Of all ways to join neighbouring parts again, that one is taken
whose digits are best: each has a score from the network and one from its shape, and each cut and each gap costs.

Paper: LeCun et al. 1998, section V, https://doi.org/10.1109/5.726791
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cnn.envelope.cuts import cuts, parts
from cnn.envelope.pieces import Ink, Piece, components, join, shared
from cnn.layers import choose

Form = Literal["zip", "amount"]
Score = Callable[
    [NDArray[np.uint8]], NDArray[np.float64]
]  # (n, 28, 28) -> (n,): 0 for a digit, below for anything else

FORMS: tuple[Form, ...] = get_args(Form)
ZIP_DIGITS = 5
MOST_DIGITS, MOST_PARTS, MOST_JOINED = 12, 48, 6

# Lengths in heights of the line, prices in units of the score. Tuned on lines of training digits (`writing.write`).
NOISE, POINT = 0.15, 0.3  # smaller both ways: a speck; no larger than the decimal point
OVER = 0.5  # of the narrower one's width: pieces that stand above one another are one
LOW = 0.6  # from the top of the line: the decimal point stands below
WIDEST, WIDE, WIDE_PRICE = 1.5, 0.8, 2.5  # a digit is not wider; from here on each height more costs
SHORT, SHORT_PRICE = 0.8, 3.5
CUT_PRICE, CUT_INK_PRICE = 0.7, 3.0  # of a cut, and for each height of ink that it goes through
JOIN_PRICE, GAP_PRICE = 0.3, 3.0  # of joining separate pieces, and for each height of paper between them
DIGIT_PRICE = -0.6  # of a digit in an amount: below 0, for the prices above already favour few
COUNT_PRICE = 2.0  # of each digit that a ZIP code has too few or too many


@dataclass(frozen=True, eq=False)
class Line:
    """What was found: the digits from left to right, and the decimal point if there is one."""

    digits: tuple[Piece, ...] = ()
    point: Piece | None = None

    @property
    def before_point(self) -> int | None:
        """How many digits stand left of the point."""
        return None if self.point is None else sum(_middle(piece) < _middle(self.point) for piece in self.digits)

    @property
    def images(self) -> NDArray[np.uint8]:
        """What the network sees. -> (n, 28, 28)"""
        return np.array([piece.digit for piece in self.digits], np.uint8).reshape(-1, 28, 28)

    def written(self, labels: Sequence[int | str]) -> str:
        """The labels as one word: "90210", "127.50"."""
        words, place = "".join(map(str, labels)), self.before_point
        return words if place is None else f"{words[:place]}.{words[place:]}"


def segment(ink: Ink, form: Form, score: Score) -> Line:
    """Cut a line into its digits: a ZIP code's, five if at all possible, or an amount's, with a decimal point.

    Shapes: ink (h, w)
    """
    choose("form", form, FORMS)
    pieces = components(ink)
    if not pieces:
        return Line()
    height = _line_height(pieces)
    point = _decimal_point(pieces, height) if form == "amount" else None
    strokes = [piece for piece in pieces if piece is not point and _is_larger(piece, NOISE * height)]
    fragments = _fragments(_over_one_another(strokes), height)
    if not fragments:
        return Line()
    candidates = _candidates(fragments, height, point)
    scores = score(np.stack([candidate.piece.digit for candidate in candidates]))
    worth = [value - candidate.price for value, candidate in zip(scores.tolist(), candidates, strict=True)]
    best = _best_way(candidates, worth, len(fragments), form)
    return Line(tuple(candidate.piece for candidate in best), point)


def _middle(piece: Piece) -> float:
    return piece.left + piece.width / 2


def _line_height(pieces: Sequence[Piece]) -> float:
    """How tall the writing is: the median over the pieces, the tall ones alone."""
    heights = np.array([piece.height for piece in pieces])
    return float(np.median(heights[heights > heights.max() / 2]))


def _is_larger(piece: Piece, side: float) -> bool:
    return piece.height > side or piece.width > side


# --------------------------------------------------------------------------------------------- the point, the fragments


def _decimal_point(pieces: Sequence[Piece], height: float) -> Piece | None:
    """The heaviest speck low on the line, with no digit's ink beside it in its columns; None where there is none."""
    digits = [piece for piece in pieces if _is_larger(piece, POINT * height)]
    if not digits:
        return None
    top, bottom = min(piece.top for piece in digits), max(piece.bottom for piece in digits)
    specks = [
        piece
        for piece in pieces
        if not _is_larger(piece, POINT * height)
        and piece.top + piece.height / 2 > top + LOW * (bottom - top)
        and not any(_is_under(piece, digit) for digit in digits)
    ]
    return max(specks, key=lambda speck: int(speck.ink.sum()), default=None)


def _is_under(speck: Piece, digit: Piece) -> bool:
    """Whether the speck is part of the digit: inside the columns that the digit has in the speck's rows."""
    beside = digit.ink[max(speck.top - digit.top, 0) : max(speck.bottom - digit.top, 0)].any(axis=0)
    columns = digit.left + np.flatnonzero(beside)
    if not len(columns):
        return False
    return bool(min(speck.right, columns[-1] + 1) - max(speck.left, columns[0]) > OVER * speck.width)


def _over_one_another(pieces: Sequence[Piece]) -> list[Piece]:
    """Join what stands above one another: the bar of a 5, the two halves of a broken 8."""
    digits = list(pieces)
    while pair := next(
        ((one, other) for at, one in enumerate(digits) for other in digits[at + 1 :] if shared(one, other) > OVER), None
    ):
        digits = [*(piece for piece in digits if piece not in pair), join(pair)]
    return sorted(digits, key=lambda piece: piece.left)


@dataclass(frozen=True, eq=False)
class _Fragment:
    """Part of a digit, and what lies on its left: ink that was cut, or paper (None where it was cut)."""

    piece: Piece
    cut: float = 0.0  # heights of ink
    gap: float | None = None  # heights of paper; 0 where the pieces reach over one another

    @property
    def price(self) -> float:
        """Of a digit that begins here."""
        return 0.0 if self.gap is not None else CUT_PRICE + CUT_INK_PRICE * self.cut

    @property
    def price_joined(self) -> float:
        """Of going on over what lies on the left."""
        return 0.0 if self.gap is None else JOIN_PRICE + GAP_PRICE * self.gap


def _fragments(pieces: Sequence[Piece], height: float) -> list[_Fragment]:
    found: list[_Fragment] = []
    right = 0
    for piece in pieces:
        gap = max(piece.left - right, 0) / height if found else 0.0
        for number, (part, ink) in enumerate(parts(piece, cuts(piece, height))):
            found.append(_Fragment(part, ink / height) if number else _Fragment(part, gap=gap))
        right = piece.right
    return found[:MOST_PARTS]


# --------------------------------------------------------------------------------------------------- the way through


@dataclass(frozen=True, eq=False)
class _Candidate:
    """Neighbouring fragments that may be one digit."""

    start: int
    end: int  # one past the last
    piece: Piece
    price: float


def _candidates(fragments: Sequence[_Fragment], height: float, point: Piece | None) -> list[_Candidate]:
    """Every run of fragments that is no wider than a digit and does not reach over the point; each one alone."""
    found = []
    for start, first in enumerate(fragments):
        for end in range(start + 1, min(start + MOST_JOINED, len(fragments)) + 1):
            run = fragments[start:end]
            piece = join([fragment.piece for fragment in run])
            if end > start + 1 and (piece.width > WIDEST * height or (point and _is_between(point, run))):
                break
            joints = sum(fragment.price_joined for fragment in run[1:])
            found.append(_Candidate(start, end, piece, first.price + joints + _shape_price(piece, height)))
    return found


def _is_between(point: Piece, run: Sequence[_Fragment]) -> bool:
    return _middle(run[0].piece) < _middle(point) < _middle(run[-1].piece)


def _shape_price(piece: Piece, height: float) -> float:
    wide, short = piece.width / height - WIDE, SHORT - piece.height / height
    return WIDE_PRICE * max(wide, 0) + SHORT_PRICE * max(short, 0)


def _best_way(candidates: Sequence[_Candidate], worth: Sequence[float], fragments: int, form: Form) -> list[_Candidate]:
    """From the first fragment to the last with the greatest worth in all, for each number of digits (Viterbi 1967).

    best[k][end]: the worth of k digits that use the first `end` fragments, and the last of them.
    """
    best: list[dict[int, tuple[float, _Candidate | None]]] = [{0: (0.0, None)}]
    for _ in range(min(fragments, MOST_DIGITS)):
        reached: dict[int, tuple[float, _Candidate | None]] = {}
        for candidate, value in zip(candidates, worth, strict=True):
            if candidate.start in best[-1]:
                total = best[-1][candidate.start][0] + value
                if candidate.end not in reached or total > reached[candidate.end][0]:
                    reached[candidate.end] = total, candidate
        best.append(reached)
    ways = [
        (reached[fragments][0] - _number_price(number, form), number)
        for number, reached in enumerate(best)
        if number and fragments in reached
    ]
    return _followed_back(best, fragments, max(ways)[1]) if ways else []


def _followed_back(
    best: Sequence[dict[int, tuple[float, _Candidate | None]]], end: int, number: int
) -> list[_Candidate]:
    way: list[_Candidate] = []
    for digits in range(number, 0, -1):
        last = best[digits][end][1]
        assert last is not None
        way.append(last)
        end = last.start
    return way[::-1]


def _number_price(number: int, form: Form) -> float:
    return COUNT_PRICE * abs(number - ZIP_DIGITS) if form == "zip" else DIGIT_PRICE * number
