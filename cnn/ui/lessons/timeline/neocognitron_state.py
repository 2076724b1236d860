"""What the learner chose for the Neocognitron, in the session and in the address, and what it has learned so far."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from cnn.neocognitron import retina
from cnn.neocognitron.record import Record
from cnn.neocognitron.retina import SHAPES, Image, Warp
from cnn.ui import state

# The fragments, by which a part of the section asks for a run of another.
STAGE, BOARD, CARDS = "timeline.neocognitron", "timeline.neocognitron.view", "timeline.neocognitron.cards"

OWN = "timeline.neocognitron_shapes"  # drawn ones: a place for each shape, empty where it is ours
SHAPE = "timeline.neocognitron_shape"  # which one lies on the retina
SHAPE_NAMES = "ABCDE"  # letters, for the built-in ones are digits
WARP = "timeline.neocognitron_warp"
STEP = "timeline.neocognitron_step"  # in the address only once something was learned
PICTURE = "timeline.neocognitron_picture"
PICTURES = ("its_picture", "my_picture")
HELD = "timeline.neocognitron_record"
BETWEEN = "."  # the shapes of the address


# ------------------------------------------------------------------------------------------------------------- shapes


def shapes() -> tuple[Image, ...]:
    """The shapes that are learned: ours, or what the learner drew in their place."""
    texts = _drawn()
    return tuple(_read(text) if text else given for text, given in zip(texts, SHAPES, strict=True))


def is_drawn(index: int) -> bool:
    """Whether the learner drew this shape."""
    return bool(_drawn()[index])


def draw(index: int, image: Image | None) -> None:
    """Put a drawing in the place of a shape; none, and a blank one, put ours back."""
    texts = _drawn()
    texts[index] = retina.to_text(image) if image is not None and image.any() else ""
    _set(OWN, BETWEEN.join(texts) if any(texts) else "")


def _drawn() -> list[str]:
    texts = _get(OWN).split(BETWEEN)
    if len(texts) != len(SHAPES):
        return [""] * len(SHAPES)
    return [text if text and _is_shape(text) else "" for text in texts]


def _is_shape(text: str) -> bool:
    try:
        return bool(_read(text).any())
    except ValueError:
        return False


def _read(text: str) -> Image:
    return retina.framed(retina.from_text(text))


def shape() -> int:
    """The shape on the retina."""
    return state.number(SHAPE, 0, len(SHAPES) - 1, 0)


def set_shape(index: int) -> None:
    """Lay this one on the retina."""
    state.set_number(SHAPE, index, 0)


# -------------------------------------------------------------------------------------------------- moved and distorted


def warp() -> Warp:
    """How the shape lies on the retina."""
    try:
        return Warp.of([float(number) for number in _get(WARP).split(",")])
    except ValueError:
        return Warp()


def set_warp(chosen: Warp, held: bool = False) -> None:
    """Move and pull the shape. While it is held the address stays as it is: each change there is a step to go back."""
    text = ",".join(f"{number:g}" for number in chosen.numbers) if any(chosen.numbers) else ""
    if held:
        st.session_state[WARP] = text
    else:
        _set(WARP, text)


def is_own_picture() -> bool:
    """Whether the learner's shape lies on the retina, and not what the player shows."""
    return state.choice(PICTURE, PICTURES, PICTURES[0]) == "my_picture"


def set_own_picture() -> None:
    """Lay the learner's shape on the retina."""
    state.set_choice(PICTURE, "my_picture", PICTURES[0])


def picture(of: Image, by: Warp) -> Image:
    """What lies on the retina, in whole hundredths: the program on the page has the same pixels to the last digit."""
    return np.round(by.apply(of), 2)


# ----------------------------------------------------------------------------------------------------------- learning


def record(seed: int) -> Record | None:
    """What was learned from these shapes and this seed, if anything was; other shapes are nothing learned yet."""
    held = st.session_state.get(HELD)
    if held and held[0] == _key(seed):
        return held[1]
    if held:
        st.session_state.pop(STEP, None)
        state.set_parameter(STEP, "", "")
    return None


def is_asked() -> bool:
    """Whether a fresh visitor's address is one of a network that has learned."""
    return HELD not in st.session_state and STEP in st.query_params


def learn(seed: int, heard: Callable[[float], None]) -> Record:
    """Learn from the shapes, now. `heard` is told which share is done."""
    learned = Record(shapes(), seed, heard)
    st.session_state[HELD] = (_key(seed), learned)
    return learned


def _key(seed: int) -> tuple:
    return seed, *_drawn()


def step(learned: Record | None) -> int:
    """How many presentations the network on the screen has seen."""
    return state.number(STEP, 0, learned.steps, learned.steps) if learned else 0


def set_step(number: int) -> None:
    """Go to this presentation."""
    state.set_number(STEP, number, -1)


# --------------------------------------------------------------------------------------------------------------- texts


def _get(key: str) -> str:
    return str(st.session_state.get(key, st.query_params.get(key, "")))


def _set(key: str, value: str) -> None:
    st.session_state[key] = value
    state.set_parameter(key, value, "")
