"""The envelope: a line of digits found, read, and handed to a person where the network is not sure."""

from functools import lru_cache

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn.envelope import program
from cnn.envelope.reading import Reading, ReadLine, read
from cnn.envelope.segmentation import FORMS, ZIP_DIGITS, Form
from cnn.envelope.writing import HEIGHT, WIDTH
from cnn.figures import heat, stationery, svg, theme
from cnn.ui import cards, controls
from cnn.ui.components.draw_pad import Box, Sheet
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, gallery
from cnn.ui.lessons.lenet import held_line, line_source, trade
from cnn.ui.lessons.lenet.networks import rubbish, trained
from cnn.ui.tex import scientific

NETWORKS = {"today": "lenet_today", "as_1998": "lenet_1998"}
SURE = 90  # percent: below it a digit goes to a person, until the learner says otherwise
PICTURE = 84  # pixels, of a digit
MOST_ABREAST = 6


@st.fragment
def envelope(page: Page) -> None:
    """Write on the paper; the digits that are found, what each is read as, and what a threshold is worth."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        with controls.panel(page, "envelope") as panel:
            form: Form = panel.choice("form", FORMS, "zip")  # type: ignore[assignment]
            network = panel.choice("network", tuple(NETWORKS), "today")
            threshold = panel.slider("reject_below", 0, 99, SURE)
        gap = line_source.source(page, form, trade.figures(network))
    trade.trade(page, network, threshold)
    formula, code = cards.places(page)
    with board:
        _line(page, form, network, threshold, gap, formula, code)


@st.fragment
def _line(
    page: Page, form: Form, network: str, threshold: int, gap: int, formula: DeltaGenerator, code: DeltaGenerator
) -> None:
    """What runs again while somebody writes."""
    line, name = held_line.held(form, gap), NETWORKS[network]
    found = _found(name, line.ink.tobytes(), form)
    rejected = found.rejected(threshold / 100)
    held_line.pad(page, form, line, _sheet(page, form), _boxes(found, rejected))
    held_line.note(form, line)
    numbers = {
        "form": form,
        "count": len(found.readings),
        "expected": ZIP_DIGITS,
        "read": found.text,
        "shown": _marked(found, rejected),
        "rejected": len(rejected),
        "threshold": f"{threshold}%",
        "confidence": f"{found.confidence:.2%}",
        "says": line.says,
    }
    page.text("envelope_reading", **numbers)
    st.html(_digits(page, found, rejected))
    with formula:
        page.text("envelope_formula", **_factors(found), **trade.numbers(network, threshold))
    cards.show_code(code, program.program(name, found.line.images, rubbish(name)))
    page.note_address()


@lru_cache(maxsize=32)
def _found(name: str, ink: bytes, form: Form) -> ReadLine:
    return read(trained(name), np.frombuffer(ink, np.uint8).reshape(HEIGHT, WIDTH), form, rubbish(name))


def _sheet(page: Page, form: Form) -> Sheet:
    palette, field = theme.palette(st.context.theme.type), (HEIGHT, WIDTH)
    if form == "zip":
        drawn = stationery.envelope(field, page.label("envelope.zip"), palette)
    else:
        drawn = stationery.cheque(field, page.label("envelope.amount"), page.label("envelope.currency"), palette)
    return Sheet(svg.data_url(drawn.drawing), drawn.width, drawn.height, drawn.left, drawn.top)


def _boxes(found: ReadLine, rejected: tuple[int, ...]) -> list[Box]:
    return [
        Box(piece.left, piece.top, piece.width, piece.height, _word(reading, at in rejected), at in rejected)
        for at, (piece, reading) in enumerate(zip(found.line.digits, found.readings, strict=True))
    ]


def _word(reading: Reading, rejected: bool) -> str:
    return f"{reading.label} ?" if rejected else str(reading.label)


def _marked(found: ReadLine, rejected: tuple[int, ...]) -> str:
    """The reading with a question mark for each digit that goes to a person."""
    labels = [reading.label for reading in found.readings]
    return found.line.written(["?" if at in rejected else label for at, label in enumerate(labels)])


def _digits(page: Page, found: ReadLine, rejected: tuple[int, ...]) -> str:
    """Each digit as the network sees it; where a ZIP code has fewer, empty places, so that nothing jumps."""
    palette = theme.palette(st.context.theme.type)
    exhibits = [
        Exhibit(
            heat.ink_url(image, palette),
            _word(reading, at in rejected),
            (PICTURE, PICTURE),
            page.label("envelope.described", label=reading.label, share=f"{reading.confidence:.2%}"),
            notes=[f"{reading.confidence:.2%}", page.label(f"envelope.{'person' if at in rejected else 'machine'}")],
            share=reading.confidence,
        )
        for at, (image, reading) in enumerate(zip(found.line.images, found.readings, strict=True))
    ]
    paper = heat.ink_url(np.zeros((28, 28), np.uint8), palette)
    blank = Exhibit(paper, "…", (PICTURE, PICTURE), page.label("envelope.no_digit"), notes=["…", "…"], share=0)
    exhibits += [blank] * (ZIP_DIGITS - len(exhibits))
    return gallery(exhibits, bar=palette.output, abreast=min(len(exhibits), MOST_ABREAST))


def _factors(found: ReadLine) -> dict[str, object]:
    return {
        "factors": [_number(reading.confidence) for reading in found.readings],
        "product": _number(found.confidence),
    }


def _number(share: float) -> str:
    """Four decimals, as the program prints them; what would be all noughts, with its power of ten."""
    return f"{share:.4f}" if share >= 5e-5 else scientific(share, 2)
