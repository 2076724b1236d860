"""Pooling is a special convolution: a fixed kernel for the average, one that moves with the content for the maximum."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn import imitation, snippets, stage
from cnn.arithmetic import convolution_macs
from cnn.datasets import mnist
from cnn.figures import theme
from cnn.figures.errors import Line, falling_errors
from cnn.figures.weights import moving_kernels, outputs, weights
from cnn.operations import avg_pool2d
from cnn.ui import boot, cards, controls, state
from cnn.ui.components.sliding_window import Captions, Edit, sliding_window
from cnn.ui.frame import Page
from cnn.ui.gallery import drawn, gallery, row
from cnn.ui.lessons.pooling.numbers import FIGURE
from cnn.ui.shapes import dropped_note, shape_text

Array = NDArray[np.floating]

SIDE, SMALLEST_WINDOW = len(FIGURE), 2  # a window of one pixel has only one kernel
RUN, SEED, MOST_SEEDS = "pooling.imitation.run", "pooling.imitation", 99
SHOWN_EVERY = 50  # steps
UNKNOWN = np.full((imitation.WINDOW, imitation.WINDOW), np.nan)


@st.fragment
def as_convolution(page: Page) -> None:
    """Average pooling number by number as a convolution; max pooling as one kernel per window; both learned."""
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        with controls.panel(page, "as_convolution") as panel:
            window = panel.slider("kernel_window", SMALLEST_WINDOW, SIDE, 2)
            stride = panel.slider("kernel_stride", 1, SIDE, 2)
        page.text("average_kernel", window=window)
    image, kernel = _grid().values(FIGURE), np.full((window, window), 1 / window**2)
    shown = stage.convolution(image[None], kernel[None, None], window=stage.Window((stride, stride)))
    with board:
        _stage(page, image, shown)
        _equal(page, shown.outputs[0], avg_pool2d(image[None], window, stride)[0])
    windows = _windows(image, shown)
    _moving(page, windows)
    _learn(page)
    _cards(page, image, windows, stride)
    page.note_address()
    boot.load_torch_in_background()


def _grid() -> state.EditableGrid:
    return state.editable_grid("pooling.kernel_input", SIDE, SIDE)


def _windows(image: Array, shown: stage.Stage) -> Array:
    """What each output looks at. -> (h_out, w_out, k, k)"""
    rows, columns = (np.array([[tap.source for tap in taps] for taps in axis]) for axis in (shown.rows, shown.columns))
    return image[rows[:, None, :, None], columns[None, :, None, :]]


# ----------------------------------------------------------------------------------------------------------- average


def _stage(page: Page, image: Array, shown: stage.Stage) -> None:
    assert shown.kernels and shown.kernels[0][0] is not None
    captions = Captions(
        inputs=[page.label("stage.input")],
        outputs=[page.label("stage.output")],
        input_shape=shape_text(image.shape),
        kernel_shape=shape_text(shown.kernels[0][0].shape),
        output_shape=shape_text(shown.outputs.shape[1:]),
        input_note=dropped_note(page, shown),
    )

    def edit(edit: Edit) -> None:
        _grid().set_cell(image, edit.row, edit.column, edit.value, edit.gesture)

    sliding_window(
        shown,
        captions,
        page.labels("stage"),
        "pooling.kernel_stage",
        on_edit=edit,
        editable=("input",),
        start=(0, 0),
        actions=controls.undo_and_reset(page, (_grid(),)),
    )


def _equal(page: Page, convolution: Array, average: Array) -> None:
    """The convolution's output, average pooling's, and their difference, number by number."""
    difference = convolution - average
    shown = np.round(difference, 9) + 0.0  # what rounding leaves in the sixteenth digit is told in words
    grids = {"convolution": convolution, "average": average, "difference": shown}
    palette = theme.palette(st.context.theme.type)
    exhibits = [
        drawn(outputs(grid, palette), page.label(f"pooling_as_convolution.{name}"), _described(grid))
        for name, grid in grids.items()
    ]
    st.html(gallery(exhibits))
    st.caption(page.sentence("average_equal", numbers=difference.size, largest=f"{np.abs(difference).max():.2g}"))


def _described(grid: Array) -> str:
    return "; ".join(" ".join(f"{value:.4g}" for value in row) for row in grid)


# --------------------------------------------------------------------------------------------------------------- max


def _moving(page: Page, windows: Array) -> None:
    """For each window the kernel that max pooling would need, and why no one kernel does for all."""
    flat = windows.reshape(-1, *windows.shape[2:])
    needed = imitation.winner_kernels(flat)
    st.markdown(f"##### {page.label('pooling_as_convolution.moving')}")
    left, right = st.columns([1, 1.6], gap="large")
    palette = theme.palette(st.context.theme.type)
    with left:
        drawing = moving_kernels(windows, needed.reshape(windows.shape), palette)
        described = " | ".join(_described(kernel) for kernel in needed)
        st.html(gallery([drawn(drawing, page.label("pooling_as_convolution.kernels"), described)]))
    with right:
        different = len({kernel.tobytes() for kernel in needed})
        page.text("max_kernels", windows=len(flat), different=different)
        _contradiction(page, imitation.counterexample(flat))


def _contradiction(page: Page, found: imitation.Counterexample | None) -> None:
    grids = [found.first, found.second, found.total] if found else []
    page.text(
        "not_linear",
        grids=[[[_short(value) for value in row] for row in grid] for grid in grids],
        largest=[_short(grid.max()) for grid in grids],
        sum=_short(grids[0].max() + grids[1].max()) if found else "",
    )


def _short(value: float) -> str:
    return f"{value:.6g}"


# ------------------------------------------------------------------------------------------------------------- learn


@dataclass
class Run:
    """What is shown of a training: every fiftieth step, and the best that four weights can do at max pooling."""

    seed: int
    best: imitation.Imitation | None = None
    steps: list[imitation.ImitationStep] = field(default_factory=list)


def _learn(page: Page) -> None:
    """A press trains a stride-2 convolution to imitate each pooling, before the learner's eyes."""
    st.markdown(f"##### {page.label('pooling_as_convolution.learn')}")
    done: Run | None = st.session_state.get(RUN)
    name = page.label("pooling_as_convolution.train")
    pressed = st.button(name, key="pooling.imitation.train", icon=":material/model_training:", on_click=_next_seed)
    words, panel = st.empty(), st.empty()
    for run in chain([done or Run(_seed())], _live() if pressed else ()):  # what was there stays until there is more
        _say(page, run, words)
        panel.html(_panel(page, run))


def _seed() -> int:
    return state.number(SEED, 1, MOST_SEEDS, 1)


def _next_seed() -> None:
    """The first press trains with the address's seed, each later one with the next."""
    if st.session_state.get(RUN):
        state.set_number(SEED, _seed() % MOST_SEEDS + 1, 1)


def _live() -> Iterator[Run]:
    """The training as it goes; remembered once it is through, and closed whatever interrupts it."""
    boot.load_torch_in_background().join()
    training, test = mnist("train")[0][: imitation.TRAINING_IMAGES], mnist("test")[0][: imitation.TEST_IMAGES]
    run = Run(_seed(), imitation.best_imitation("max", test))
    with closing(imitation.imitate(training, test, run.seed)) as steps:
        for step in steps:
            if step.step % SHOWN_EVERY == 0:
                run.steps.append(step)
                yield run
    st.session_state[RUN] = run


def _say(page: Page, run: Run, words) -> None:
    if not run.steps or not run.best:
        words.markdown(page.sentence("imitation_ask", images=imitation.TRAINING_IMAGES, steps=imitation.STEPS))
        return
    last = run.steps[-1]
    words.markdown(
        page.sentence(
            "imitated",
            step=last.step,
            steps=imitation.STEPS,
            seed=run.seed,
            average=_error(last.average.error),
            largest=_error(last.max.error),
            best=_error(run.best.error),
        )
    )


def _error(error: float) -> str:
    return "< 0.000001" if error < 1e-6 else f"{error:.4g}"


def _panel(page: Page, run: Run) -> str:
    """The weights beside those they should find, and both errors as they fell."""
    palette = theme.palette(st.context.theme.type)
    last = run.steps[-1] if run.steps else None
    grids = {
        "average_learned": last.average.weights if last else UNKNOWN,
        "average_target": np.full_like(UNKNOWN, 1 / UNKNOWN.size),
        "max_learned": last.max.weights if last else UNKNOWN,
        "max_best": run.best.weights if run.best else UNKNOWN,
    }
    exhibits = [
        drawn(weights(grid, palette), page.label(f"pooling_as_convolution.{name}"), _described(grid))
        for name, grid in grids.items()
    ]
    steps = [step.step for step in run.steps]
    drawing = falling_errors(
        Line(page.label("options.average"), steps, [step.average.error for step in run.steps]),
        Line(page.label("options.max"), steps, [step.max.error for step in run.steps]),
        run.best.error if run.best else None,
        imitation.STEPS,
        (page.label("pooling_as_convolution.error"), page.label("pooling_as_convolution.step")),
        palette,
    )
    curves = drawn(drawing, page.label("pooling_as_convolution.errors"))
    return row(gallery(exhibits[:2]), gallery(exhibits[2:]), gallery([curves]))


# ------------------------------------------------------------------------------------------------------------- cards


def _cards(page: Page, image: Array, windows: Array, stride: int) -> None:
    output, window, first = windows.shape[:2], windows.shape[2], windows[0, 0]

    def formula() -> None:
        page.text(
            "as_convolution_formula",
            window=window,
            values=[_short(value) for value in first.ravel()],
            kernel=[f"{weight:g}" for weight in imitation.winner_kernels(first[None]).ravel()],
            average=f"{first.mean():.8g}",
            exact=float(f"{first.mean():.8g}") == first.mean(),
            largest=_short(first.max()),
            size=len(image),
            stride=stride,
            output=output,
            macs=convolution_macs(1, 1, window, output),
        )

    code = snippets.average_as_convolution(image, window, stride)
    cards.cards(page, formula, code)
