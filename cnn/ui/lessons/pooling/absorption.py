"""Absorption maps: for every pixel, whether pooling hides a change of it."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from cnn import perturbation, snippets
from cnn.figures import absorption as drawing
from cnn.figures import theme
from cnn.ui import cards, controls
from cnn.ui.frame import Page
from cnn.ui.lessons.pooling import scene_image
from cnn.ui.lessons.pooling.scene_image import SceneImage

COMPARED: tuple[perturbation.Pooling, ...] = ("max", "average", "strided convolution", "none")
WINDOWS, STRIDES = (2, 3, 4), (1, 2, 3, 4)


@st.fragment
def absorption(page: Page) -> None:
    """One map for each way of pooling, and the shares for all windows and strides."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        scene = scene_image.chosen(page, "lecture_image")
        with controls.panel(page, "absorption") as panel:
            window = panel.slider("map_window", 2, 4, 2)
            stride = panel.slider("map_stride", 1, 4, 1)
            change = _change(panel)
    maps: dict[perturbation.Pooling, np.ndarray] = {
        pooling: _map(scene, pooling, window, stride, change) for pooling in COMPARED
    }
    with board:
        page.text("absorption_maps", pixels=scene.image.size)
        _pictures(page, scene, maps)
    _shares(page, scene, change)
    pixel = scene.image.shape[0] // 2, scene.image.shape[1] // 2
    _cards(page, scene, pixel, window, stride, change, bool(maps["max"][pixel]))
    page.note_address()


def _change(panel: controls.Panel) -> float | Any:
    """What happens to each pixel: 0 and 1 change places, or an amount is added."""
    if panel.choice("how", ("flip", "add"), "flip") == "flip":
        return "flip"
    return panel.slider("hundredths", -100, 100, 25) / 100


@st.cache_data(max_entries=256, show_spinner=False, hash_funcs={SceneImage: lambda scene: (scene.image, scene.kernel)})
def _map(scene: SceneImage, pooling: perturbation.Pooling, window: int, stride: int, change: Any) -> np.ndarray:
    """Shapes: -> boolean (h, w)"""
    settings: dict[str, Any] = {} if pooling == "none" else {"window": window, "stride": stride}
    return perturbation.absorption_map(scene.image, scene.kernel, pooling, change=change, **settings)


def _pictures(page: Page, scene: SceneImage, maps: dict[perturbation.Pooling, np.ndarray]) -> None:
    palette = theme.palette(st.context.theme.type)
    pictures = [(page.label("absorption.image"), drawing.grey(scene.image))]
    pictures += [
        (f"{page.label(f'options.{pooling}')}: <b>{absorbed.mean():.0%}</b>", drawing.absorption(absorbed, palette))
        for pooling, absorbed in maps.items()
    ]
    look = "width:100%;image-rendering:pixelated;border-radius:.3rem;box-shadow:0 0 0 1px #8884"
    figures = "".join(
        f'<figure style="margin:0"><figcaption style="font-size:.875rem;margin-bottom:.25rem">{caption}</figcaption>'
        f'<img alt="" src="{address}" style="{look}"></figure>'
        for caption, address in pictures
    )
    columns = "repeat(auto-fill,minmax(9.5rem,1fr))"
    st.html(f'<div style="display:grid;grid-template-columns:{columns};gap:1rem">{figures}</div>')
    st.caption(page.label("absorption.legend"))


def _shares(page: Page, scene: SceneImage, change: Any) -> None:
    """The absorbed share for every window and stride that fit the image."""
    rows = {
        f"{window} × {window}, {page.label('controls.stride').lower()} {stride}": {
            page.label(f"options.{pooling}"): f"{_map(scene, pooling, window, stride, change).mean():.1%}"
            for pooling in COMPARED
        }
        for window in WINDOWS
        for stride in STRIDES
    }
    with st.expander(page.label("absorption.all")):
        st.table(pd.DataFrame.from_dict(rows, orient="index"))


def _cards(
    page: Page, scene: SceneImage, pixel: tuple[int, int], window: int, stride: int, change: Any, absorbed: bool
) -> None:
    """One pixel of the map worked out: the middle one."""
    other = scene.image.copy()
    old = float(other[pixel])
    other[pixel] = 1 - old if change == "flip" else old + change

    def formula() -> None:
        numbers = {"row": pixel[0], "column": pixel[1], "old": f"{old:.4g}", "new": f"{other[pixel]:.4g}"}
        page.text("absorption_formula", window=window, stride=stride, absorbed=absorbed, **numbers)

    cards.cards(page, formula, snippets.perturbation(scene.image, other, scene.kernel, "max", window, stride))
