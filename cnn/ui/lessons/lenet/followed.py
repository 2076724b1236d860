"""The digit shifted, turned and thickened: how far LeNet-5 follows, and how far a multilayer perceptron does."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn.figures import chances, heat, theme
from cnn.lenet import explanations
from cnn.lenet.digit_changes import RANGES, Change, changed, sweep
from cnn.training.results import measured
from cnn.ui import controls
from cnn.ui.digit import Digit
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, drawn, gallery, row
from cnn.ui.lessons.lenet import networks

SLIDERS = {"right": "by_right", "down": "by_down", "turn": "by_turn", "thicker": "by_thicker"}
UNITS = {"right": "pixels", "down": "pixels", "turn": "degrees", "thicker": "quarters"}


@st.fragment
def followed(page: Page, name: str, image: Digit, label: int) -> None:
    """Four sliders; the curves run along one of them, the others stay where they are."""
    st.markdown(f"##### {page.label('why_changes.title')}")
    compared = (name, "perceptron")
    left, right = st.columns([1, 3], gap="medium", vertical_alignment="bottom")
    with right, controls.panel(page, "followed") as panel:
        along = panel.choice("along", tuple(RANGES), "right")
        change = _change(panel)
    with left:
        st.html(_picture(page, image, change))
    st.html(row(*(_curves(page, each, image, change, along, label) for each in compared)))
    accuracies = {each: f"{_accuracy(each):.2%}" for each in compared}
    page.text(
        "changes",
        lenet=accuracies[name],
        perceptron=accuracies["perceptron"],
        parameters={each: f"{networks.NETWORKS[each].parameters:,}" for each in compared},
        network=name,
        label=label,
        kept={each: _kept(each, image, change, along, label) for each in compared},
        count=len(RANGES[along]),
    )
    page.note_address()


def _change(panel: controls.Panel) -> Change:
    fields = {}
    for field in ("right", "down", "turn", "thicker"):
        steps = RANGES[field].step
        low, high = RANGES[field][0] // steps, RANGES[field][-1] // steps
        fields[field] = panel.slider(SLIDERS[field], low, high, 0, half=True) * steps
    return Change(**fields)


def _accuracy(name: str) -> float:
    """On the unchanged test set."""
    return measured()[f"{networks.NETWORKS[name].key}.safetensors"]["test_accuracy"]


def _picture(page: Page, image: Digit, change: Change) -> str:
    """The digit as the sliders have it."""
    palette = theme.palette(st.context.theme.type)
    after = changed(image, [change])[0]
    return gallery([Exhibit(heat.ink_url(after, palette), page.label("why_changes.after"), (112, 112))])


def _curves(page: Page, name: str, image: Digit, change: Change, along: str, label: int) -> str:
    values = list(RANGES[along])
    shares = _chances(name, image.tobytes(), change, along)
    now = getattr(change, along)
    thumbs = changed(image, [sweep(change, along)[values.index(int(at))] for at in chances.places(values)])
    names = (page.label(f"why_changes.{UNITS[along]}"), "")
    drawing = chances.chances(values, shares, label, now, thumbs, names, theme.palette(st.context.theme.type))
    best = int(np.argmax(shares[values.index(now)]))
    described = page.label("why_changes.now", share=f"{shares[values.index(now), best]:.1%}", label=best)
    return gallery([drawn(drawing, f"{page.label(f'options.{name}')}: {described}", described)])


@st.cache_data(max_entries=64, show_spinner=False)
def _chances(name: str, pixels: bytes, change: Change, along: str) -> NDArray[np.float64]:
    """Each class's probability along the curve. -> (values, 10)"""
    image = np.frombuffer(pixels, np.uint8).reshape(28, 28)
    logits = explanations.outputs(networks.trained(name), changed(image, sweep(change, along)))
    return explanations.probabilities(logits, networks.rubbish(name))[:, :10]


def _kept(name: str, image: Digit, change: Change, along: str, label: int) -> int:
    """At how many places of the curve the class is still the digit's own."""
    return int((_chances(name, image.tobytes(), change, along).argmax(axis=1) == label).sum())
