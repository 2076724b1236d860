"""Stride-2 convolution instead: four ways to halve a photograph, side by side."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn import downsampling, snippets
from cnn.arithmetic import convolution_macs, convolution_parameters
from cnn.downsampling import WAYS, WINDOW
from cnn.figures import svg, theme
from cnn.figures.pictures import is_signed, visible
from cnn.figures.weights import weights as drawn_weights
from cnn.photographs import Photograph, encode_for_screen
from cnn.ui import cards, controls, photographs
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, drawn, gallery
from cnn.ui.shapes import shape_text

CHANNELS = len(photographs.COLOURS)
WEIGHTS = ("average_weights", "random_weights", "edge_weights")
MOST_SEEDS = 20
GAIN = 2  # grey levels for each level of difference: most are small
LAYER = 64  # channels of a layer inside a network: ResNet's first, VGG's first
PICTURE = 150  # least width in pixels


@st.fragment
def stride_instead(page: Page) -> None:
    """Max pooling, average pooling, a stride-2 convolution and plain subsampling on the same photograph."""
    pictures = st.container()  # all four abreast need the whole width; what they show is chosen below them
    choosing, weighing, drawing = st.columns([1.5, 1.3, 1], gap="large")
    with choosing:
        picture = photographs.chosen(page)
    with weighing:
        weights = _weights(page)
    with drawing:
        _draw(page, weights)
    with pictures:
        results, differences = _pictures(page, picture, weights)
        st.html(gallery(results, PICTURE))
        st.markdown(f"##### {page.label('pooling_stride.differences', gain=GAIN)}")
        st.html(gallery(differences, PICTURE))
    height, width = (size // WINDOW for size in picture.shape[:2])
    _cards(page, picture.shape[:2], (height, width), weights)
    page.note_address()


def _weights(page: Page) -> NDArray[np.float64]:
    """The convolution's four weights."""
    with controls.panel(page, "stride_instead") as panel:
        chosen = panel.choice("stride_weights", WEIGHTS, WEIGHTS[1])
        seed = panel.slider("stride_seed", 1, MOST_SEEDS, 1) if chosen == "random_weights" else 1
    return downsampling.four_weights(chosen.removesuffix("_weights"), seed)


def _draw(page: Page, weights: NDArray[np.float64]) -> None:
    drawing = drawn_weights(weights, theme.palette(st.context.theme.type))
    described = "; ".join(" ".join(f"{weight:.3f}" for weight in row) for row in weights)
    st.html(gallery([drawn(drawing, page.label("pooling_stride.weights"), described)]))


def _pictures(page: Page, picture: Photograph, weights: NDArray[np.float64]) -> tuple[list[Exhibit], list[Exhibit]]:
    """What each way makes of the photograph, and by how much that differs from the average."""
    results, differences = [], []
    for way in WAYS:
        values = weights if way == "convolution" else np.zeros_like(weights)
        small, difference, mean, shape = _halved(picture, way, values)
        name, size = page.label(f"pooling_stride.{way}"), (shape[1], shape[0])
        cost = downsampling.cost(way, CHANNELS, shape)
        notes = [
            shape_text((CHANNELS, *shape)),
            page.label("pooling_stride.parameters", number=cost.parameters),
            page.label("pooling_stride.macs", number=f"{cost.macs:,}"),
            page.label("pooling_stride.reads", number=f"{cost.reads:,}"),
        ]
        results.append(Exhibit(small, name, size, notes=notes))
        differences.append(
            Exhibit(difference, name, size, notes=[page.label("pooling_stride.mean", mean=f"{mean:.2f}")])
        )
    return results, differences


@st.cache_data(max_entries=24, show_spinner=False)
def _halved(
    picture: Photograph, way: downsampling.Way, weights: NDArray[np.float64]
) -> tuple[str, str, float, tuple[int, int]]:
    """One way: its picture, its difference from the average as a picture, the mean absolute difference, the size."""
    channels = picture.transpose(2, 0, 1).astype(np.float32)  # (h, w, 3) -> (3, h, w)
    result = downsampling.halved(channels, way, weights)
    difference = result - downsampling.halved(channels, "average", weights)
    signed = way == "convolution" and is_signed(weights)
    return (
        svg.image_url(encode_for_screen(visible(result, signed))),
        svg.image_url(encode_for_screen(visible(difference * 2 * GAIN, signed=True))),
        float(np.abs(difference).mean()),
        (result.shape[1], result.shape[2]),
    )


def _cards(page: Page, size: tuple[int, int], output: tuple[int, int], weights: NDArray[np.float64]) -> None:
    depthwise = downsampling.cost("convolution", CHANNELS, output)

    def formula() -> None:
        page.text(
            "stride_formula",
            size=size,
            output=output,
            channels=CHANNELS,
            parameters=depthwise.parameters,
            macs=depthwise.macs,
            layer=LAYER,
            layer_parameters=convolution_parameters(LAYER, LAYER, WINDOW, bias=False),
            layer_macs=convolution_macs(LAYER, LAYER, WINDOW, output),
        )

    code = snippets.halvings((CHANNELS, *size), weights)
    cards.cards(page, formula, code)
