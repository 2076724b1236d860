"""Why this class: maps of the learner's digit, its nearest training digits, and what happens when it changes."""

import numpy as np
import streamlit as st

from cnn.figures import heat, svg, theme
from cnn.lenet import explanation_code, explanations
from cnn.ui import cards, controls
from cnn.ui.digit import Digit, digit
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, gallery
from cnn.ui.lessons.lenet import followed, neighbours
from cnn.ui.lessons.lenet.held_digit import inked
from cnn.ui.lessons.lenet.networks import NETWORKS, convolutional, rubbish, trained

CLASSES = ("winner", *map(str, range(10)))
MAP_WIDTH = 180  # least, in pixels


@st.fragment
def why(page: Page) -> None:
    """Digit and network on the side; the maps, then the neighbours; below both the changes."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        with controls.panel(page, "why") as panel:
            name = panel.choice("explained", tuple(NETWORKS), "lenet_today")
            asked = panel.choice("asked", CLASSES, "winner")
            size = panel.slider("square", 1, 9, 5)
        image = inked(digit(page))
    logits = explanations.outputs(trained(name), image[None])
    winner = int(np.argmax(logits[0]))
    label = winner if asked == "winner" else int(asked)
    share = explanations.probabilities(logits, rubbish(name))[0, label]
    with board:
        page.text("why_asked", winner=winner, label=label, share=f"{share:.1%}", own=label == winner)
        maps = _maps(name, image.tobytes(), label, size)
        st.html(gallery([_exhibit(page, kind, values, image) for kind, values in maps.items()], MAP_WIDTH))
        st.caption(page.label("why_maps.legend"))
        neighbours.neighbours(page, convolutional(name), image)
    followed.followed(page, convolutional(name), image, winner)
    _cards(page, name, image, label, size, maps)
    page.note_address()


@st.cache_data(max_entries=32, show_spinner=False)
def _maps(name: str, pixels: bytes, label: int, size: int) -> dict[str, explanations.Map]:
    image = np.frombuffer(pixels, np.uint8).reshape(28, 28)
    return {kind: explanations.explanation(trained(name), image, label, kind, size) for kind in explanations.KINDS}


def _exhibit(page: Page, kind: str, values: explanations.Map, image: Digit) -> Exhibit:
    drawing = heat.heat(values, image, theme.palette(st.context.theme.type))
    ends = {"high": f"{values.max():+.2f}".replace("-", "−"), "low": f"{values.min():+.2f}".replace("-", "−")}
    return Exhibit(
        svg.data_url(drawing),
        page.label(f"why_maps.{kind}"),
        (heat.SIZE, heat.SIZE),
        page.label("why_maps.described", kind=page.label(f"why_maps.{kind}"), **ends),
        notes=[page.label("why_maps.ends", **ends)],
    )


def _cards(page: Page, name: str, image: Digit, label: int, size: int, maps: dict[str, explanations.Map]) -> None:
    """The largest fall worked out, and gradient and occlusion as a program."""
    falls = maps["occlusion"]
    row, column = (int(at) for at in np.unravel_index(int(np.argmax(falls)), falls.shape))
    whole = float(explanations.outputs(trained(name), image[None])[0, label])

    def formula() -> None:
        page.text(
            "why_formula",
            label=label,
            row=row,
            column=column,
            size=size,
            whole=f"{whole:.2f}".replace("-", "−"),
            fall=f"{falls.max():.2f}",
            left=f"{whole - falls.max():.2f}".replace("-", "−"),
            slope=f"{np.abs(maps['gradient']).max():.2f}",
        )

    cards.cards(page, formula, explanation_code.gradient_and_occlusion(name, image, label, size, (row, column)))
