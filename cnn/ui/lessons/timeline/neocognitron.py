"""The Neocognitron, running: it learns five shapes without a teacher, and answers while a shape is dragged."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn.figures import svg, theme
from cnn.neocognitron import retina
from cnn.neocognitron.record import Record
from cnn.neocognitron.retina import Image, Warp
from cnn.ui import controls
from cnn.ui.components.choices import Choice, Group, choices
from cnn.ui.components.draw_pad import draw_pad
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import neocognitron_board, neocognitron_cards
from cnn.ui.lessons.timeline import neocognitron_state as chosen

PRESSED = "timeline.neocognitron.pressed"
MOST_SEEDS = 99


@st.fragment(key=chosen.STAGE)
def neocognitron(page: Page) -> None:
    """Planes, seeds and answers; beside them what is learned from.

    Board and cards are fragments of their own: while the shape is dragged the board alone runs, as a card's formula
    and code take the browser longer than all planes.
    """
    left, side = st.columns([2.3, 1], gap="large")
    with side:
        learned, seed = _learning(page)
        _shapes(page)
    with left:
        if learned:
            controls.choice(page, "neocognitron_picture", chosen.PICTURES, chosen.PICTURES[0])
        neocognitron_board.show(page, learned, seed)
    neocognitron_cards.show(page, learned, seed)


# ----------------------------------------------------------------------------------------------------------- controls


def _learning(page: Page) -> tuple[Record | None, int]:
    """The button that learns, and the random start."""
    button, bar = st.container(), st.container()
    seed = controls.slider(page, "neocognitron_seed", 0, MOST_SEEDS, 0)
    learned = chosen.record(seed)
    with bar:
        if learned is None and (st.session_state.pop(PRESSED, False) or chosen.is_asked()):
            words = page.label("neocognitron.learning")
            progress = st.progress(0.0, words)
            learned = chosen.learn(seed, lambda share: progress.progress(share, words))  # type: ignore[arg-type]
            progress.empty()
    with button:
        st.button(
            page.label("neocognitron.learn"),
            icon=":material/school:",
            key="timeline.neocognitron.learn",
            disabled=learned is not None,
            on_click=lambda: st.session_state.update({PRESSED: True}),
            width="stretch",
        )
    if learned:
        chosen.set_step(chosen.step(learned))
    return learned, seed


def _shapes(page: Page) -> None:
    """The five shapes, one to a class; the chosen one lies on the retina and can be drawn anew."""
    shapes, index = chosen.shapes(), chosen.shape()
    palette = theme.palette(st.context.theme.type)
    pictures = [Choice(str(at), chosen.SHAPE_NAMES[at], _thumbnail(image, palette)) for at, image in enumerate(shapes)]
    st.markdown(f"**{page.label('neocognitron.shapes')}**")
    shown = Group(page.label("neocognitron.shapes"), pictures, titled=False)
    choices([shown], "timeline.neocognitron.pick", _pick, str(index))
    version = st.session_state.get(_version(index), 0)
    paper = retina.to_ink(shapes[index])
    draw_pad(
        paper, f"{index}.{version}", page.labels("draw_pad"), "timeline.neocognitron.pad", partial(_draw, index), 0.055
    )
    st.button(
        page.label("neocognitron.as_given"),
        icon=":material/restart_alt:",
        key="timeline.neocognitron.as_given",
        disabled=not chosen.is_drawn(index),
        on_click=_as_given,
        args=(index,),
    )


def _thumbnail(image: Image, palette: theme.Palette) -> str:
    """Ink on paper, as an image's address."""
    paper, ink = (np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) for colour in (palette.cell, palette.ink))
    large = np.kron(image[2:-2, 2:-2], np.ones((4, 4)))[..., None] > 0.5
    return svg.png_url(np.where(large, ink, paper))


def _pick(key: str) -> None:
    chosen.set_shape(int(key))
    chosen.set_warp(Warp())
    chosen.set_own_picture()


def _draw(index: int, ink: NDArray[np.uint8]) -> None:
    chosen.draw(index, retina.from_ink(ink))
    _pick(str(index))


def _as_given(index: int) -> None:
    chosen.draw(index, None)
    st.session_state[_version(index)] = st.session_state.get(_version(index), 0) + 1


def _version(index: int) -> str:
    return f"timeline.neocognitron.version.{index}"
