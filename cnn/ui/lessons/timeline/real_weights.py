"""A photograph through networks with real weights: one that is always there, the others fetched on a press."""

import math
from typing import Any

import streamlit as st

from cnn.figures import svg, theme
from cnn.photographs import Photograph, encode_for_screen
from cnn.pretrained import cache, catalogue, programs
from cnn.pretrained.catalogue import NETWORKS, PACKAGED
from cnn.pretrained.classifying import PASSES
from cnn.pretrained.preparation import Preparation
from cnn.ui import cards, memory, photographs, state
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import real_weights_cards
from cnn.ui.lessons.timeline import real_weights_state as weights
from cnn.ui.tex import scientific

POLL = 0.4  # seconds
NETWORKS_WIDGET, EXPLAINED_WIDGET = "timeline.weights.widget", "timeline.explained.widget"
SEEN = 224  # pixels on the screen


@st.fragment
def real_weights(page: Page) -> None:
    """Choose a photograph and networks; below, the numbers of one of them."""
    keys = _networks(page)
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        photograph = photographs.chosen(page)
        explained = _explained(page, keys)
        _seen(page, explained, photograph)
    with board:
        if _is_live(keys):
            st.fragment(_waiting, run_every=POLL)(page, keys, photograph)
        else:
            with st.container():  # in the place of the fragment, so that the cards stay the same ones
                real_weights_cards.cards(page, keys, photograph)
        st.caption(_note(page))
    cards.cards(page, lambda: _formula(page, explained, photograph), programs.program(explained))
    page.note_address()


def _is_live(keys: list[str]) -> bool:
    """Whether something will change by itself: the libraries are being loaded, or a file is being fetched."""
    if not weights.ready():
        return True
    files = [catalogue.weights_file(key) for key in keys if key != PACKAGED]
    return any(fetch.is_live for file in files if (fetch := weights.fetches().of(file)))


def _waiting(page: Page, keys: list[str], photograph: Photograph) -> None:
    """One look at what goes on; when nothing does any more, the stage is drawn once more."""
    if not _is_live(keys):
        st.rerun()
    real_weights_cards.cards(page, keys, photograph)


def _note(page: Page) -> str:
    """Where weights come from, and what the names and times are."""
    packaged = real_weights_cards.name(page, PACKAGED)
    folder = cache.folder() if memory.is_local() else None  # no visitor's business
    return page.sentence("weights_note", packaged=packaged, folder=folder, passes=PASSES)


# ------------------------------------------------------------------------------------------------------------ controls


def _networks(page: Page) -> list[str]:
    """Which networks stand side by side."""
    keys = st.session_state[NETWORKS_WIDGET] = weights.chosen()
    st.pills(
        page.label("pretrained.networks"),
        tuple(NETWORKS),
        selection_mode="multi",
        format_func=lambda key: real_weights_cards.name(page, key),
        key=NETWORKS_WIDGET,
        on_change=lambda: weights.choose(st.session_state[NETWORKS_WIDGET]),
    )
    return keys


def _explained(page: Page, keys: list[str]) -> str:
    """Whose numbers are written out below."""
    explained = st.session_state[EXPLAINED_WIDGET] = weights.explained(keys)
    st.selectbox(
        page.label("pretrained.explained"),
        keys,
        format_func=lambda key: real_weights_cards.name(page, key),
        key=EXPLAINED_WIDGET,
        on_change=lambda: state.set_choice(weights.EXPLAINED, st.session_state[EXPLAINED_WIDGET], keys[0]),
    )
    state.set_parameter(weights.EXPLAINED, explained, keys[0])
    return explained


def _seen(page: Page, key: str, photograph: Photograph) -> None:
    """The square that the network sees; before the libraries are there, its place."""
    if weights.ready():
        source = svg.image_url(encode_for_screen(catalogue.preparation(key).cut(photograph)))
    else:
        cell = theme.palette(st.context.theme.type).cell
        source = svg.data_url(svg.document(SEEN, SEEN, [f'<rect width="{SEEN}" height="{SEEN}" fill="{cell}"/>']))
    words = page.label("pretrained.seen", name=real_weights_cards.name(page, key))
    st.html(
        f'<figure style="margin:0"><figcaption style="font-size:.875rem;margin-bottom:.3rem">{words}</figcaption>'
        f'<img src="{source}" alt="{words}" width="{SEEN}" height="{SEEN}" style="border-radius:4px"></figure>'
    )


# ---------------------------------------------------------------------------------------------------------------- cards


def _formula(page: Page, key: str, photograph: Photograph) -> None:
    """The photograph's way in, and the softmax of what came out."""
    numbers: dict[str, Any] = dict.fromkeys(("preparation", "reduced", "pixel", "reading", "ratio"))
    if weights.ready():
        given = numbers["preparation"] = catalogue.preparation(key)
        numbers |= {"reduced": given.size(photograph), "pixel": _pixel(given, photograph)}
        if reading := weights.standing(key, photograph).reading:
            first, second, *_ = reading.guesses
            numbers |= {"reading": reading, "ratio": scientific(math.exp(first.logit - second.logit), 4)}
    page.text("weights_formula", original=photograph.shape, **numbers)


def _pixel(given: Preparation, photograph: Photograph) -> dict[str, object]:
    """The red of the pixel in the middle of the square, before and after."""
    square, middle = given.cut(photograph), given.side // 2
    return {
        "at": middle,
        "red": int(square[middle, middle, 0]),
        "becomes": given.normalised(square)[0, 0, middle, middle],
    }
