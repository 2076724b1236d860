"""The perturbation lab: change a pixel, and see where the change dies."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnn import kernels, patterns, perturbation, scenes, snippets
from cnn.arithmetic import window_taps
from cnn.figures import svg, theme
from cnn.figures.threshold import end, threshold
from cnn.ui import cards, controls, state
from cnn.ui.components.before_after import Level, Sources, before_after
from cnn.ui.components.choices import Choice, Group, choices
from cnn.ui.frame import Page
from cnn.ui.lessons.pooling.scene_image import KERNELS
from cnn.ui.shapes import shape_text

SIZE = 6  # the lecture's image
LARGEST_WINDOW = 4
LOWEST, HIGHEST = -2.0, 3.0  # of the pixel's value
FIRST = scenes.SCENES[0]


@dataclass(frozen=True)
class Lab:
    """What the controls say."""

    image: NDArray[np.float64]  # (h, w)
    kernel: NDArray[np.float64]
    pooling: perturbation.Pooling
    window: tuple[int, int]
    stride: int
    relu: bool

    @property
    def settings(self) -> dict:
        """What the perturbation functions take after the image and the kernel."""
        return {"pooling": self.pooling, "window": self.window, "stride": self.stride, "relu": self.relu}

    @property
    def looks(self) -> tuple[tuple[int, int], int]:
        """The window and stride with which pooling looks at the convolution."""
        if self.pooling == "none":
            return (1, 1), 1
        return ((1, 1), self.stride) if self.pooling == "subsample" else (self.window, self.stride)


@dataclass(frozen=True)
class Change:
    """What the learner does to the image."""

    kind: scenes.Change
    pixel: tuple[int, int]
    value: float


@st.fragment
def perturb(page: Page) -> None:
    """Left the original, right the change; what changed is marked at every level."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        verdict = st.container()  # the answer stands above the controls that lead to it
        with controls.panel(page, "perturb") as panel:
            lab = _lab(panel)
    formula, code = cards.places(page)
    with formula:
        _formula(page, lab)
    with board:
        _change_of(page, lab, verdict, code)


@st.fragment
def _change_of(page: Page, lab: Lab, verdict: DeltaGenerator, code: DeltaGenerator) -> None:
    """What runs again when another pixel or another value is chosen."""
    picture = st.container()
    change = _chosen(page)
    other = scenes.changed_image(lab.image, change.kind, change.pixel, change.value)
    result = perturbation.compare(lab.image, other, lab.kernel, **lab.settings)
    with picture:
        _levels(page, lab, change, result)
    with verdict:
        _verdict(page, lab, change, result)
    window, stride = lab.looks
    program = snippets.perturbation(lab.image, other, lab.kernel, lab.pooling, window, stride, lab.relu)
    cards.show_code(code, program)
    page.note_address()


# ---------------------------------------------------------------------------------------------------------- controls


def _lab(panel: controls.Panel) -> Lab:
    image = patterns.pattern(panel.choice("scene_image", patterns.PATTERNS, "zero_column"), (SIZE, SIZE))
    kernel = kernels.kernel(panel.choice("scene_kernel", KERNELS, "lecture"))
    pooling = panel.choice("kind", perturbation.POOLINGS, FIRST.pooling)
    outputs = np.array(image.shape) - kernel.shape + 1
    window, stride = FIRST.window, FIRST.stride
    if pooling in ("max", "average", "strided convolution"):
        rows, columns = np.minimum(LARGEST_WINDOW, outputs).tolist()
        window = panel.pair("lab_window", 1, (rows, columns), FIRST.window)
    if pooling != "none":
        stride = panel.slider("lab_stride", 1, LARGEST_WINDOW, FIRST.stride)
    relu = panel.choice("relu", ("without_relu", "with_relu"), "without_relu") == "with_relu"
    return Lab(image, kernel, pooling, window, stride, relu)  # type: ignore[arg-type]


def _chosen(page: Page) -> Change:
    """The change, and below the picture the slider of its value."""
    kind = state.choice("pooling.change", scenes.CHANGES, FIRST.change)
    pixel = (
        state.number("pooling.row", 0, SIZE - 1, FIRST.pixel[0]),
        state.number("pooling.column", 0, SIZE - 1, FIRST.pixel[1]),
    )
    has_value = kind in ("pixel", "two_rows")
    value = controls.slider(page, "value", LOWEST, HIGHEST, FIRST.value, step=0.05) if has_value else FIRST.value
    return Change(kind, pixel, value)  # type: ignore[arg-type]


def _pick(lab: Lab, row: int, column: int) -> None:
    """Change this pixel instead: 0 becomes 1, and anything else 0."""
    _change("pixel", (row, column), 1.0 if lab.image[row, column] == 0 else 0.0)


def _edit(row: int, column: int, value: float) -> None:
    _change("pixel", (row, column), min(max(round(value, 2), LOWEST), HIGHEST))


def _change(change: scenes.Change, pixel: tuple[int, int], value: float) -> None:
    if not (0 <= pixel[0] < SIZE and 0 <= pixel[1] < SIZE):
        return
    state.set_choice("pooling.change", change, FIRST.change)
    state.set_number("pooling.row", pixel[0], FIRST.pixel[0])
    state.set_number("pooling.column", pixel[1], FIRST.pixel[1])
    state.set_number("pooling.value", value, FIRST.value)


# ------------------------------------------------------------------------------------------------------------ picture


def _levels(page: Page, lab: Lab, change: Change, result: perturbation.Comparison) -> None:
    window, stride = lab.looks
    seen = result.convolution.shape
    counts = {
        "convolution": int(result.changed_convolution.sum()),
        "pooled": int(result.changed_pooled.sum()),
    }
    notes = {name: page.label("perturb.noticed" if count else "perturb.silent") for name, count in counts.items()}
    convolution = (result.convolution, result.convolution_after)
    levels = [
        _level(page, "image", "input", (result.image, result.image_after), ~np.isclose(result.image_after, lab.image)),
        _level(
            page,
            "convolution",
            "output",
            convolution,
            result.changed_convolution,
            notes["convolution"],
            (_sources(SIZE, lab.kernel.shape[0]), _sources(SIZE, lab.kernel.shape[1])),
        ),
        _level(
            page,
            "pooled",
            "output",
            (result.pooled, result.pooled_after),
            result.changed_pooled,
            notes["pooled"],
            (_sources(seen[0], window[0], stride), _sources(seen[1], window[1], stride)),
            name=page.label(f"options.{lab.pooling}"),
        ),
    ]
    before_after(
        levels,
        page.labels("perturb"),
        "pooling.lab",
        pixel=change.pixel if change.kind == "pixel" else None,
        on_pick=partial(_pick, lab),
        on_edit=_edit,
    )


def _level(
    page: Page,
    key: str,
    role: str,
    grids: tuple[NDArray, NDArray],
    changed: NDArray[np.bool_],
    note: str = "",
    sources: tuple[Sources, Sources] = ((), ()),  # type: ignore[assignment]
    name: str = "",
) -> Level:
    before, after = grids
    return Level(
        name or page.label(f"perturb.{key}"), shape_text(before.shape), note, role, before, after, changed, *sources
    )


def _sources(size: int, window: int, stride: int = 1) -> Sources:
    return [[tap.source for tap in taps] for taps in window_taps(size, window, stride)]


def _verdict(page: Page, lab: Lab, change: Change, result: perturbation.Comparison) -> None:
    """How many outputs noticed, and how far the pixel may go."""
    page.text(
        "verdict",
        convolution=int(result.changed_convolution.sum()),
        outputs=result.convolution.size,
        pooled=int(result.changed_pooled.sum()),
        units=result.pooled.size,
    )
    if change.kind != "pixel":
        return
    interval = perturbation.perturb(lab.image, lab.kernel, change.pixel, change.value, **lab.settings).interval
    original = float(lab.image[change.pixel])
    drawing = threshold(interval, original, change.value, (LOWEST, HIGHEST), theme.palette(st.context.theme.type))
    words = page.sentence("interval", low=end(interval.low), high=end(interval.high), original=f"{original:g}")
    st.html(f'<img alt="" src="{svg.data_url(drawing)}" style="width:100%;max-width:24rem">')
    st.caption(words)


def scenes_to_play(page: Page) -> None:
    """One press each, with the reason."""
    offered = {scene.key: scene for scene in scenes.SCENES}
    buttons = [Choice(key, page.label(f"scenes.{key}"), why=page.sentence(key)) for key in offered]
    choices([Group(page.label("perturb.scenes"), buttons)], "pooling.scenes", lambda key: _play(offered[key]))


def _play(scene: scenes.Scene) -> None:
    for field, value in {"scene_image": "zero_column", "scene_kernel": "lecture"}.items():
        state.set_choice(f"pooling.{field}", value, value)
    state.set_choice("pooling.kind", scene.pooling, FIRST.pooling)
    state.set_choice("pooling.relu", "with_relu" if scene.relu else "without_relu", "without_relu")
    st.session_state["pooling.lab_window_rows"], st.session_state["pooling.lab_window_columns"] = scene.window
    st.session_state["pooling.lab_stride"] = scene.stride
    _change(scene.change, scene.pixel, scene.value)


def _formula(page: Page, lab: Lab) -> None:
    window, stride = lab.looks
    unchanged = perturbation.compare(lab.image, lab.image, lab.kernel, **lab.settings)
    page.text(
        "perturb_formula",
        size=lab.image.shape,
        kernel=lab.kernel.shape,
        convolution=unchanged.convolution.shape,
        window=window,
        stride=stride,
        pooled=unchanged.pooled.shape,
    )
