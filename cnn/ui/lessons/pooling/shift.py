"""The shift test: how far feature maps move when the image moves, and what pooling buys a whole network."""

import numpy as np
import pandas as pd
import streamlit as st

from cnn import datasets, snippets
from cnn.architectures import lenet
from cnn.figures import lines, theme
from cnn.perturbation import Pooling, ShiftDistance, shift_curve
from cnn.training.recipes import POOLINGS
from cnn.ui import boot, cards, controls
from cnn.ui.frame import Page
from cnn.ui.lessons.pooling import scene_image
from cnn.ui.lessons.pooling.scene_image import SceneImage

SHIFTS = range(5)
DIGITS = 1000  # drawn at random from the test set: its first half is the harder one
PERTURBED_DIGITS, PERTURBED_PIXELS = 20, 50
COMPARED: tuple[Pooling, ...] = ("max", "average", "subsample")
MEASURED = "pooling.networks"


@st.fragment
def shift(page: Page) -> None:
    """A curve for the feature maps of one image, and the accuracy of five trained networks."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        scene = scene_image.chosen(page, "digit")
        with controls.panel(page, "shift") as panel:
            window = panel.slider("map_window", 2, 4, 2)
            stride = panel.slider("map_stride", 1, 4, 2)
    with board:
        page.text("shift_test")
        _curves(page, scene, window, stride)
    boot.load_torch_in_background()
    _cards(page, scene, window, stride)
    page.note_address()


def _curves(page: Page, scene: SceneImage, window: int, stride: int) -> None:
    """The distance to the unshifted map, before pooling and after each kind of it."""
    pooled = {pooling: _curve(scene, pooling, window, stride) for pooling in COMPARED}
    curves = {page.label("perturb.convolution"): [point.convolution for point in pooled["max"]]}
    curves |= {page.label(f"options.{name}"): [point.pooled for point in curve] for name, curve in pooled.items()}
    figure = lines.lines(
        {name: (list(SHIFTS), distances) for name, distances in curves.items()},
        page.label("shift.pixels"),
        page.label("shift.distance"),
        theme.palette(st.context.theme.type),
    )
    st.plotly_chart(figure, config=lines.CONFIG, key="pooling.shift_curves", alt=page.label("shift.distance"))


def _curve(scene: SceneImage, pooling: Pooling, window: int, stride: int) -> list[ShiftDistance]:
    return shift_curve(scene.image, scene.kernel, pooling, window, stride, SHIFTS, fill=scene.fill, relu=True)


def _cards(page: Page, scene: SceneImage, window: int, stride: int) -> None:
    """The shift by one pixel worked out."""
    point = _curve(scene, "max", window, stride)[1]

    def formula() -> None:
        page.text("shift_formula", convolution=f"{point.convolution:.3f}", pooled=f"{point.pooled:.3f}")

    code = snippets.shift(scene.image, scene.fill, scene.kernel, window, stride)
    cards.cards(page, formula, code)


# ------------------------------------------------------------------------------------------------- trained networks


@st.fragment
def networks(page: Page) -> None:
    """Five networks that differ in their pooling alone; measured here, on a press."""
    page.text("shift_networks", digits=DIGITS)
    if st.button(page.label("shift.measure"), icon=":material/play_arrow:", key="pooling.measure"):
        st.session_state[MEASURED] = True
    if not st.session_state.get(MEASURED):
        return
    boot.load_torch_in_background().join()
    progress = st.progress(0.0, page.label("shift.measuring"))
    accuracies, changes = {}, {}
    for index, pooling in enumerate(POOLINGS):
        accuracies[pooling] = _accuracies(pooling)
        changes[pooling] = _first_layer(pooling)
        progress.progress((index + 1) / len(POOLINGS), page.label("shift.measuring"))
    progress.empty()
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        _accuracy_figure(page, accuracies)
    with right:
        page.text("toy_and_truth", unchanged=f"{changes['max']['unchanged']:.0%}", cases=changes["max"]["cases"])
        st.table(_table(page, changes))


@st.cache_data(max_entries=len(POOLINGS), show_spinner=False)
def _accuracies(pooling: lenet.Pooling) -> list[float]:
    from cnn.training.shift_tolerance import accuracy_under_shift
    from cnn.training.weights import pooling_variant

    images, labels = datasets.mnist("test")
    drawn = np.random.default_rng(0).choice(len(images), DIGITS, replace=False)
    return accuracy_under_shift(pooling_variant(pooling), images[drawn], labels[drawn], list(SHIFTS))


@st.cache_data(max_entries=len(POOLINGS), show_spinner=False)
def _first_layer(pooling: lenet.Pooling) -> dict[str, float]:
    from cnn.training.shift_tolerance import first_layer_perturbation
    from cnn.training.weights import pooling_variant

    images, _ = datasets.mnist("test")
    return vars(first_layer_perturbation(pooling_variant(pooling), images[:PERTURBED_DIGITS], PERTURBED_PIXELS))


def _accuracy_figure(page: Page, accuracies: dict[str, list[float]]) -> None:
    figure = lines.lines(
        {page.label(f"options.{pooling}"): (list(SHIFTS), curve) for pooling, curve in accuracies.items()},
        page.label("shift.pixels"),
        page.label("shift.accuracy"),
        theme.palette(st.context.theme.type),
        percent=True,
        height=360,
    )
    st.plotly_chart(figure, config=lines.CONFIG, key="pooling.accuracies", alt=page.label("shift.accuracy"))


def _table(page: Page, changes: dict[str, dict[str, float]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(
        {
            page.label(f"options.{pooling}"): {
                page.label("shift.unchanged"): f"{measured['unchanged']:.1%}",
                page.label("shift.before"): f"{measured['convolution_change']:.4f}",
                page.label("shift.after"): f"{measured['pooled_change']:.4f}",
                page.label("shift.whole"): f"{measured['whole_map_unchanged']:.1%}",
            }
            for pooling, measured in changes.items()
        },
        orient="index",
    )
