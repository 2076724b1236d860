"""How shapes are written."""

from collections.abc import Sequence

from cnn.stage import Stage
from cnn.ui.frame import Page


def shape_text(shape: Sequence[int]) -> str:
    """(6, 5) -> "6 × 5"."""
    return " × ".join(map(str, shape))


def dropped_note(page: Page, shown: Stage) -> str:
    """What the floor drops, in words; empty where it drops nothing."""
    rows, columns = shown.dropped
    return page.label("notes.dropped", rows=rows, columns=columns) if rows or columns else ""
