"""Looks into a network that stands still: before its training, and at a checkpoint. And whether torch is there yet."""

import threading

import numpy as np
import streamlit as st

from cnn.digits import Digit
from cnn.training import TrainingConfig, link
from cnn.training.capture import LIMITS, Capture, Judgement
from cnn.training.config import TRAINING_IMAGES
from cnn.training.runs import Store
from cnn.ui import boot
from cnn.ui import digit as digits
from cnn.ui.frame import Page
from cnn.ui.lessons.training.board import MAPS

JUDGED = 500  # validation images, the first ones: a glance, not a measurement


def digit(page: Page) -> Digit:
    """The learner's digit, drawn or picked behind a button."""
    with st.popover(page.label("training.digit"), icon=":material/draw:", width="stretch"):
        return digits.digit(page)


def last_digit() -> Digit:
    """The same, without its controls."""
    return digits.held().image


# ------------------------------------------------------------------------------------------------- torch, and warmed up


@st.cache_resource(show_spinner=False)
def load_in_background() -> threading.Thread:
    """Load torch and train one step, so that a first press is answered within a second."""
    torch = boot.load_torch_in_background()

    def warm() -> None:
        torch.join()
        from cnn.training import warm_up

        warm_up()
        boot.freeze_collector()

    thread = threading.Thread(target=warm, name="warm up training", daemon=True)
    thread.start()
    return thread


def ready() -> bool:
    """Whether torch can be used without waiting for it."""
    return not load_in_background().is_alive()


# ---------------------------------------------------------------------------------------------------------------- looks


def blank(config: TrainingConfig) -> Capture:
    """A look with nothing in it yet, in the shapes that will come, so that nothing jumps when it comes."""
    rows = config.architecture.rows()
    kernels = np.zeros((6, 1, 5, 5), np.float32)
    return Capture(
        step=0,
        kernels=kernels,
        kernel_gradients=kernels,
        gradient_norms={row.label: 0.0 for row in rows if row.parameters},
        dead_units={row.label: 0.0 for row in rows if any(node.kind in LIMITS for node in row.nodes)},
        maps={row.label: np.zeros(row.shape, np.float32) for row in rows if row.label in MAPS},
        probabilities=np.zeros(10, np.float32),
    )


def untrained(config: TrainingConfig, digit: Digit) -> tuple[Capture, Judgement]:
    """The network of these settings before its first step."""
    return _untrained(link.to_text(config), digit)


@st.cache_data(max_entries=24, show_spinner=False)
def _untrained(settings: str, digit: Digit) -> tuple[Capture, Judgement]:
    from cnn.training.capture import look
    from cnn.training.loop import fresh_network

    config = link.from_text(settings)
    network = fresh_network(config)
    return look(config, network, 0, digit), _judged(config, network, 0)


@st.cache_data(max_entries=48, show_spinner=False)
def checkpoint(_store: Store, id: str, step: int, digit: Digit) -> tuple[Capture, Judgement]:
    """A run as it was at a checkpoint."""
    from cnn.training.capture import look

    config, network = _store.summary(id).config, _store.network_at(id, step)
    return look(config, network, step, digit), _judged(config, network, step)


def _judged(config: TrainingConfig, network, step: int) -> Judgement:
    """On some validation images; without a validation split, on some that were trained on."""
    from cnn.datasets import mnist
    from cnn.training.capture import judge

    first = TRAINING_IMAGES - (config.validation or TrainingConfig.validation)
    images, labels = (part[first:] for part in mnist("train"))
    return judge(network, images[:JUDGED], labels[:JUDGED], step, first)
