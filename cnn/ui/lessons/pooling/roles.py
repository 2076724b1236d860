"""What pooling is for: position, redundancy, resolution; each role shown, and how far it goes."""

import math

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnn import downsampling, lessons, snippets
from cnn.figures import svg, theme
from cnn.figures.numbered import numbered
from cnn.figures.pictures import visible
from cnn.operations import max_pool2d
from cnn.photographs import Photograph, encode_for_screen, luminance
from cnn.text import grouped
from cnn.ui import cards, controls, photographs, state
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, drawn, gallery
from cnn.ui.shapes import shape_text

ROW, WINDOW = 8, 2  # the row in which a dot moves
UNITS = 128  # of the fully connected layer that follows
PICTURE = 190  # least width in pixels
DISTANCES = (1, 2, 4, 8, 16)  # pixels
LAB = "perturb"  # the section where position is tried in earnest


@st.fragment
def roles(page: Page) -> None:
    """The three roles, one below the other."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        picture = photographs.chosen(page)
        pooling: downsampling.Pooling = controls.choice(page, "roles_pooling", ("average", "max"), "average")  # type: ignore
        page.text("resolution", units=UNITS)
    levels = _levels(picture, pooling)
    with board:
        exhibits = [_exhibit(page, level, levels[0][0], source) for level, source in levels]
        st.html(gallery(exhibits, PICTURE, theme.palette(st.context.theme.type).output))
    left, right = st.columns(2, gap="large")
    with left:
        _redundancy(page, picture)
    with right:
        _position(page)
    _cards(page, [level for level, _ in levels], pooling)
    page.note_address()


# -------------------------------------------------------------------------------------------------------- resolution


@st.cache_data(max_entries=8, show_spinner=False)
def _levels(picture: Photograph, pooling: downsampling.Pooling) -> list[tuple[downsampling.Level, str]]:
    """Each level with its picture, all equally large."""
    levels = downsampling.levels(picture.transpose(2, 0, 1).astype(np.float32), pooling)
    height, width = picture.shape[:2]
    return [(level, _enlarged(level, (width, height))) for level in levels]


def _enlarged(level: downsampling.Level, size: tuple[int, int]) -> str:
    """The level's pixels as squares."""
    pixels = Image.fromarray(visible(level.images, signed=False)).resize(size, Image.Resampling.NEAREST)
    return svg.image_url(encode_for_screen(np.asarray(pixels)))


def _exhibit(page: Page, level: downsampling.Level, first: downsampling.Level, source: str) -> Exhibit:
    """A level's picture and numbers; `first` is the photograph itself."""
    numbers = {
        "values": f"{level.images.size:,}",
        "memory": _memory(level.memory),
        "parameters": f"{level.dense_parameters(UNITS):,}",
        "correlation": _two_digits(level.correlation),
    }
    return Exhibit(
        source,
        page.label("pooling_roles.level", factor=level.factor, size=shape_text(level.images.shape[1:])),
        (first.images.shape[2], first.images.shape[1]),
        notes=[page.label(f"pooling_roles.{name}", number=number) for name, number in numbers.items()],
        share=level.images.size / first.images.size,
    )


def _memory(size: int) -> str:
    """Bytes as a learner reads them: 812, 3.17 kB, 1.62 MB."""
    power = min((len(str(size)) - 1) // 3, 2)
    return f"{size / 1000**power:.3g} {('B', 'kB', 'MB')[power]}"


def _two_digits(correlation: float) -> str:
    return "–" if math.isnan(correlation) else f"{round(correlation, 2) + 0:.2f}"  # no −0.00


# ---------------------------------------------------------------------------------------------- redundancy, position


def _redundancy(page: Page, picture: Photograph) -> None:
    """How much a pixel says about the one `distance` away."""
    st.markdown(f"##### {page.label('pooling_roles.redundancy')}")
    found, strangers = _correlations(picture)
    page.text(
        "redundancy",
        correlations={distance: _two_digits(value) for distance, value in found.items()},
        strangers=_two_digits(strangers),
    )


@st.cache_data(max_entries=24, show_spinner=False)
def _correlations(picture: Photograph) -> tuple[dict[int, float], float]:
    brightness = luminance(picture)
    distances = [distance for distance in DISTANCES if distance < min(brightness.shape)]
    found = {distance: downsampling.correlation(brightness, distance) for distance in distances}
    return found, downsampling.correlation(downsampling.shuffled(brightness))


def _position(page: Page) -> None:
    """A dot moves by one: the row changes, the pooled row only where the dot crosses into the next window."""
    st.markdown(f"##### {page.label('pooling_roles.position')}")
    dot = controls.slider(page, "dot", 0, ROW - 2, 2)
    rows = np.eye(ROW)[[dot, dot + 1]]
    pooled = _pooled(rows)
    palette = theme.palette(st.context.theme.type)
    grids = {
        "before": (rows[0], palette.input_soft),
        "pooled_before": (pooled[0], palette.output_soft),
        "after": (rows[1], palette.input_soft),
        "pooled_after": (pooled[1], palette.output_soft),
    }
    exhibits = [
        drawn(
            numbered([row.tolist()], soft, palette),
            page.label(f"pooling_roles.{name}"),
            " ".join(f"{value:g}" for value in row),
        )
        for name, (row, soft) in grids.items()
    ]
    st.html(gallery(exhibits))
    everywhere = _pooled(np.eye(ROW))
    page.text(
        "position",
        same=bool((pooled[0] == pooled[1]).all()),
        moves=ROW - 1,
        unseen=int((everywhere[:-1] == everywhere[1:]).all(axis=1).sum()),
    )
    _link_to_lab(page)


def _link_to_lab(page: Page) -> None:
    """Open the section where pixels are changed: it is outside this fragment, so the whole page runs again."""

    def go() -> None:
        state.set_choice("pooling.section", LAB, lessons.lesson(page.key).sections[0])

    if st.button(page.label("pooling_roles.lab"), icon=":material/arrow_forward:", key="pooling.to_lab", on_click=go):
        st.rerun()


def _pooled(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Max pooling along each row. (n, 8) -> (n, 4)"""
    return max_pool2d(rows[None], (1, WINDOW))[0]


# ------------------------------------------------------------------------------------------------------------- cards


def _cards(page: Page, levels: list[downsampling.Level], pooling: downsampling.Pooling) -> None:
    rows = [
        {
            "factor": level.factor,
            "shape": level.images.shape,
            "number": grouped(level.images.size),
            "parameters": grouped(level.dense_parameters(UNITS)),
        }
        for level in levels[:3]
    ]

    def formula() -> None:
        page.text("roles_formula", units=UNITS, levels=rows, bytes=downsampling.BYTES)

    code = snippets.shrinking(levels[0].images.shape, [level.factor for level in levels], pooling, UNITS)
    cards.cards(page, formula, code)
