"""How well digits, lines and photographs are read: measured by `python -m cnn.envelope`, read here without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from cnn.architecture import WEIGHTS
from cnn.envelope.reading import Rejection
from cnn.envelope.segmentation import Form

FILE = WEIGHTS / "envelope.json"
THRESHOLDS = tuple(hundredths / 100 for hundredths in range(100))


@dataclass(frozen=True)
class Measured:
    """One network's figures. `digits`: of the test set; `lines`: made of them, as many for each gap."""

    digits: int
    rejected: tuple[int, ...]  # for each of THRESHOLDS: digits read with less confidence
    wrong: tuple[int, ...]  # and of the others, those that are read wrong
    lines: int
    misread: dict[str, dict[int, tuple[int, ...]]]  # form -> pixels between digits -> seeds that are read wrong
    photographs: dict[str, tuple[int, ...]]  # the pen, "plain" or "thin" -> the same of ZIP codes through a camera

    def rejection(self, hundredths: int) -> Rejection:
        """What a threshold does to the test set."""
        rejected, wrong = self.rejected[hundredths], self.wrong[hundredths]
        kept = self.digits - rejected
        return Rejection(hundredths / 100, rejected / self.digits, wrong / max(kept, 1))

    def right(self, form: Form, gap: int) -> float:
        """The share of lines read right, all digits, with that gap between them."""
        return 1 - len(self.misread[form][gap]) / self.lines

    def right_photographed(self, pen: str) -> float:
        """The same of photographed ZIP codes."""
        return 1 - len(self.photographs[pen]) / self.lines


@cache
def measured(key: str) -> Measured:
    """The figures of a network, by its architecture's key."""
    known = json.loads(FILE.read_text(encoding="utf-8"))[key]
    return Measured(
        known["digits"],
        tuple(known["rejected"]),
        tuple(known["wrong"]),
        known["lines"],
        {form: {int(gap): tuple(seeds) for gap, seeds in gaps.items()} for form, gaps in known["misread"].items()},
        {pen: tuple(seeds) for pen, seeds in known["photographs"].items()},
    )
