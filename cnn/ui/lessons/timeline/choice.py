"""Which networks are looked at: one, and up to two beside it. All of the lesson's sections share the choice."""

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.timeline import history
from cnn.ui import state
from cnn.ui.frame import Page

NETWORK, COMPARED = "timeline.network", "timeline.compare"
DEFAULT = "resnet50"
MOST = 3  # networks abreast, the picked one included
OBSERVATION = "hubel_wiesel"  # the one dot that is no network


def picked(page: Page, observation: bool = False) -> str:
    """Key of the picked network; where the address names none, the default and a sentence.

    observation: whether the dot that is no network may be picked too.
    """
    options = (*ARCHITECTURES, *((OBSERVATION,) if observation else ()))
    asked = st.query_params.get(NETWORK)
    chosen = state.choice(NETWORK, options, DEFAULT)
    if asked is not None and asked not in (*ARCHITECTURES, OBSERVATION) and NETWORK not in st.session_state:
        st.info(page.label("timeline.unknown_network", name=name(page, chosen)))
    state.set_parameter(NETWORK, chosen, DEFAULT)
    return chosen


def pick(key: str) -> None:
    """Look at another network; one that was beside it is not shown twice."""
    state.set_choice(NETWORK, key, DEFAULT)
    compare([other for other in _stored() if other != key])


def compared(page: Page, chosen: str) -> list[str]:
    """The networks beside the picked one, from the address: "vgg16,resnet18"."""
    asked = _stored()
    found = [key for key in dict.fromkeys(asked) if key in ARCHITECTURES and key != chosen][: MOST - 1]
    if found != asked and COMPARED not in st.session_state:
        st.info(page.label("timeline.unknown_compared"))
    compare(found)
    return found


def compare(keys: list[str]) -> None:
    """Put these beside the picked one."""
    state.set_choice(COMPARED, ",".join(keys), "")


def toggle(key: str) -> None:
    """Put a network beside the picked one, or take it away; the last one makes room."""
    beside = _stored()
    if key in beside:
        compare([other for other in beside if other != key])
    elif key in ARCHITECTURES:
        compare([*beside[: MOST - 2], key])


def _stored() -> list[str]:
    text = st.session_state.get(COMPARED, st.query_params.get(COMPARED, ""))
    return [key for key in text[:200].split(",") if key]


def name(page: Page, key: str) -> str:
    """What a network, or the observation, is called. "LeNet-5 (today)" has its year in words already."""
    return page.label(f"stops.{key}") if key == OBSERVATION else ARCHITECTURES[key].name


def stop(key: str) -> history.Stop:
    """The stop on the line that a dot belongs to."""
    return history.stops()[key] if key == OBSERVATION else history.stop_of(key)
