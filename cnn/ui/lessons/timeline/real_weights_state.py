"""Which networks stand side by side, what is fetched for them, and what they say. The choice alone is a session's own.

Networks are big: a few are held, read-only, and one at a time is loaded or run, which also keeps the times honest.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from cnn.photographs import Photograph
from cnn.pretrained import cache, catalogue, classifying, networks
from cnn.pretrained.catalogue import NETWORKS, PACKAGED
from cnn.pretrained.classifying import Reading
from cnn.pretrained.fetches import Fetch, Fetches
from cnn.pretrained.networks import WeightsError
from cnn.ui import boot, memory, state

CHOSEN, EXPLAINED = "timeline.weights", "timeline.explained"
DEFAULT = (PACKAGED, "alexnet", "vgg16", "googlenet", "resnet50", "densenet121", "se_resnet50")
MOST_HELD = 3  # networks in memory; the largest has 0.6 GB
ALLOWED = "PUDDLE_FETCH"  # set by the operator of a hosted server: visitors may fetch what the catalogue has

_ONE_AT_A_TIME = threading.Lock()


# -------------------------------------------------------------------------------------------------------------- choice


def chosen() -> list[str]:
    """The networks on the stage, in the catalogue's order; the packaged one if the address names none."""
    text = st.session_state.get(CHOSEN, st.query_params.get(CHOSEN, ",".join(DEFAULT)))
    asked = set(text[:400].split(","))
    found = [key for key in NETWORKS if key in asked] or [PACKAGED]
    choose(found)
    return found


def choose(keys: Sequence[str]) -> None:
    """Put these on the stage."""
    state.set_choice(CHOSEN, ",".join(keys), ",".join(DEFAULT))


def explained(keys: Sequence[str]) -> str:
    """Whose numbers the formula has: one of `keys`."""
    return state.choice(EXPLAINED, keys, keys[0])


# --------------------------------------------------------------------------------------------------------------- ready


@st.cache_resource(show_spinner=False)
def load_in_background() -> threading.Thread:
    """Load torch, both libraries and the packaged network while the learner looks at the photograph."""
    torch = boot.load_torch_in_background()

    def warm() -> None:
        torch.join()
        catalogue.classes()
        networks.network(PACKAGED)
        boot.freeze_collector()

    # no daemon: an interpreter that ends while torch works in another thread aborts
    thread = threading.Thread(target=warm, name="warm up classifier")
    thread.start()
    return thread


def ready() -> bool:
    """Whether networks can be used without waiting."""
    return not load_in_background().is_alive()


# ------------------------------------------------------------------------------------------------------------- fetching


@st.cache_resource(show_spinner=False)
def fetches() -> Fetches:
    """All fetches of this process."""
    return Fetches(cache.folder)


def may_fetch() -> bool:
    """On one's own machine always; on a server for others where its operator says so."""
    return memory.is_local() or bool(os.environ.get(ALLOWED))


# -------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class Standing:
    """How things stand with one network."""

    state: Literal["absent", "fetching", "failed", "unusable", "there"]
    fetch: Fetch | None = None  # of one that is fetched, or could not be
    problem: WeightsError | None = None  # of a file that is there and cannot be used
    reading: Reading | None = None


def standing(key: str, photograph: Photograph) -> Standing:
    """What the network says about the photograph, or why it says nothing yet."""
    if key != PACKAGED:
        file = catalogue.weights_file(key)
        if fetch := fetches().of(file):
            return Standing("failed" if fetch.problem else "fetching", fetch)
        if not cache.kept(file).is_file():
            return Standing("absent")
    try:
        return Standing("there", reading=_reading(key, _stamp(key), photograph))
    except WeightsError as problem:
        return Standing("unusable", problem=problem)
    except FileNotFoundError:  # deleted this moment
        return Standing("absent")


def _stamp(key: str) -> int:
    """Another one when another file lies there."""
    return 0 if key == PACKAGED else cache.kept(catalogue.weights_file(key)).stat().st_mtime_ns


@st.cache_data(max_entries=200, show_spinner=False)
def _reading(key: str, stamp: int, photograph: Photograph) -> Reading:
    with _ONE_AT_A_TIME:
        prepared = catalogue.preparation(key)
        return classifying.classify(_network(key, stamp), prepared.normalised(prepared.cut(photograph)))


@st.cache_resource(max_entries=MOST_HELD, show_spinner=False)
def _network(key: str, stamp: int):
    return networks.network(key)


@st.cache_data(show_spinner=False)
def packaged_size() -> tuple[int, int, int]:
    """Parameters, MACs and bytes of the network that the package ships, which is not one of the lesson's own."""
    network, side = _network(PACKAGED, 0), catalogue.preparation(PACKAGED).side
    parameters = sum(each.numel() for each in network.parameters())
    return parameters, classifying.multiply_accumulates(network, side), networks.packaged_file().stat().st_size
