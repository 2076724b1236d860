"""Measures how well both LeNet-5s read digits, lines and photographs of lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from cnn.datasets import mnist
from cnn.envelope.line_image import line_from_photograph
from cnn.envelope.measured import THRESHOLDS
from cnn.envelope.photographed import THIN, photographed
from cnn.envelope.reading import believed, read
from cnn.envelope.segmentation import FORMS, Form
from cnn.envelope.writing import CLOSEST, FARTHEST, write

if TYPE_CHECKING:
    from cnn.architectures.modules import Network

LINES = 200
GAPS = range(CLOSEST, FARTHEST + 1)  # pixels
PENS = {"plain": 0, "thin": THIN}


def measure(network: Network, rubbish: float | None) -> dict[str, Any]:
    """All figures of one network, as they are written to the file."""
    return {
        **digits(network, rubbish),
        "lines": LINES,
        "misread": {
            form: {str(gap): misread(network, rubbish, form, gap, range(LINES)) for gap in GAPS} for form in FORMS
        },
        "photographs": {
            pen: misread_photographs(network, rubbish, thinner, range(LINES)) for pen, thinner in PENS.items()
        },
    }


def digits(network: Network, rubbish: float | None) -> dict[str, Any]:
    """How many test digits each threshold rejects, and how many it keeps that are wrong."""
    images, labels = mnist("test")
    classes = believed(network, images, rubbish)
    confidences, wrong = classes.max(axis=1), classes.argmax(axis=1) != labels
    kept = confidences >= np.array(THRESHOLDS)[:, None]  # (thresholds, digits)
    return {
        "digits": len(labels),
        "rejected": (~kept).sum(axis=1).tolist(),
        "wrong": (kept & wrong).sum(axis=1).tolist(),
    }


def misread(network: Network, rubbish: float | None, form: Form, gap: int, seeds: Iterable[int]) -> list[int]:
    """The seeds whose line is read otherwise than it was written."""
    lines = ((seed, write(form, seed, gap)) for seed in seeds)
    return [seed for seed, line in lines if read(network, line.ink, form, rubbish).text != line.text]


def misread_photographs(network: Network, rubbish: float | None, thinner: int, seeds: Iterable[int]) -> list[int]:
    """The same of ZIP codes through a camera."""
    wrong = []
    for seed in seeds:
        line = write("zip", seed)
        ink = line_from_photograph(photographed(line.ink, seed, thinner))
        if ink is None or read(network, ink, "zip", rubbish).text != line.text:
            wrong.append(seed)
    return wrong
