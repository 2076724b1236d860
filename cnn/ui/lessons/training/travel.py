"""Travel in time: a run as it was at each of its checkpoints."""

import numpy as np
import streamlit as st

from cnn.training.capture import Capture, Judgement
from cnn.training.runs import RunSummary, Store
from cnn.ui import cards, state
from cnn.ui.components.training_board import training_board
from cnn.ui.frame import Page
from cnn.ui.lessons.training import board, looks, mending, shelf, visitors

STEP = "training.checkpoint"


@st.fragment
def travel(page: Page) -> None:
    """The stage: pick a run and a step; the board shows that moment."""
    looks.load_in_background()
    with mending.told(page):
        store = visitors.own_jobs().store
        runs = [run for run in store.runs() if store.checkpoints(run.id)]
        visitors.expect(visitors.TRAVELLED, {run.id for run in runs})
        mending.missing(page)
        if not runs:
            shelf.none_yet(page, "no_checkpoints")
        else:
            _stage(page, store, runs)
    page.note_address()


def _stage(page: Page, store: Store, runs: list[RunSummary]) -> None:
    left, side = st.columns([2.3, 1], gap="large")
    with side:
        run = shelf.pick(page, visitors.TRAVELLED, page.label("training.travel.run"), runs)
        digit = looks.digit(page)
        formula = st.container()
    with left:
        steps = store.checkpoints(run.id)
        step = _slider(page, steps)
        if not looks.ready():
            return _waiting(page, store, run, step, digit)
        with st.container():  # in the place of the fragment, so that the board stays the same one
            capture, judged = looks.checkpoint(store, run.id, step, digit)
            training_board(moment(page, store, run, step, capture, judged, digit), "training.past")
    with formula, cards.card(page, "formula"):
        _formula(page, store, run, steps, step, digit)


@st.fragment(run_every=visitors.POLL)
def _waiting(page: Page, store: Store, run: RunSummary, step: int, digit: board.Digit) -> None:
    """Until torch is there: the curves, and empty places."""
    if looks.ready():
        st.rerun()
    with mending.told(page):
        parts = moment(page, store, run, step, looks.blank(run.config), None, digit)
        training_board(parts, "training.past")


def _slider(page: Page, steps: list[int]) -> int:
    """The checkpoint that is nearest to the step asked for; the last one at first."""
    asked = state.number(STEP, 0, 10**9, steps[-1])
    chosen = min(steps, key=lambda step: abs(step - asked))
    if len(steps) == 1:
        return chosen
    widget = f"{STEP}.widget"
    st.session_state[widget] = chosen
    st.select_slider(
        page.label("training.travel.checkpoint"),
        steps,
        format_func=lambda step: f"{step:,}",
        key=widget,
        on_change=lambda: state.set_number(STEP, st.session_state[widget], -1),
    )
    state.set_parameter(STEP, str(chosen), str(steps[-1]))
    return chosen


def moment(
    page: Page, store: Store, run: RunSummary, step: int, capture: Capture, judged: Judgement | None, digit: board.Digit
) -> dict[str, board.Part | list[board.Part]]:
    """The board at a checkpoint; the curves whole, with a line where we are."""
    curves = board.curves(page, store.curve(run.id), run.steps)
    return {
        **board.pictures(page, capture, digit),
        **{name: {**curve, "at": step} for name, curve in curves.items()},
        "layers": board.layers(page, capture),
        "judgement": board.judgement(page, judged),
    }


# ----------------------------------------------------------------------------------------------------------------- card


def distance(start: Capture, other: Capture) -> float:
    """How far C1's kernels are from where they were: the length of the difference."""
    return float(np.linalg.norm(np.nan_to_num(other.kernels) - start.kernels))


def _formula(page: Page, store: Store, run: RunSummary, steps: list[int], step: int, digit: board.Digit) -> None:
    start, now, end = (looks.checkpoint(store, run.id, at, digit)[0] for at in (steps[0], step, steps[-1]))
    moved, whole = distance(start, now), distance(start, end)
    page.text(
        "time_formula",
        step=step,
        last=steps[-1],
        moved=f"{moved:.3f}",
        whole=f"{whole:.3f}",
        share=f"{100 * moved / whole:.0f}\\,\\%" if whole else "–",
    )
