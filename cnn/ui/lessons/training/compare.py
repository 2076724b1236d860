"""Compare: all kept runs in a table, the curves of the ticked ones in one figure, and what can be done with a run."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from cnn.figures import lines, overlay, theme
from cnn.text import grouped
from cnn.training.results import measured
from cnn.training.runs import Curve, RunSummary
from cnn.ui import cards, controls, memory, state
from cnn.ui.frame import Page
from cnn.ui.lessons.training import mending, settings, shelf, takeaway, visitors

NONE = "-"  # in place of ids: all ticks taken away
FIRST_TICKED = 3  # of the newest runs, before anything is ticked
MOST_TICKED = 12
CURVES = ("validation_accuracy", "training_accuracy", "training_loss")


@st.fragment
def compare(page: Page) -> None:
    """The stage."""
    with mending.told(page):
        runs = visitors.own_jobs().store.runs()
        kept = {run.id for run in runs}
        visitors.expect(visitors.TICKED, {*kept, NONE})
        visitors.expect(visitors.TAKEN, kept)
        mending.missing(page)
        if not runs:
            shelf.none_yet(page, "no_runs")
        else:
            _table(page, runs)
            board, side = st.columns([2.3, 1], gap="large")
            with side:
                takeaway.take_along(page, runs)
            with board:
                _curves(page, runs)
            _card(page, runs)
    page.note_address()


# ---------------------------------------------------------------------------------------------------------------- table


def ticked(runs: Sequence[RunSummary]) -> list[str]:
    """The runs whose curves are wanted, as far as they are kept."""
    asked = st.session_state.get(visitors.TICKED, st.query_params.get(visitors.TICKED, ""))
    if asked == NONE:
        return []
    known = {run.id for run in runs}
    chosen = [id for id in dict.fromkeys(asked.split(",")) if id in known]
    return (chosen or [run.id for run in runs[:FIRST_TICKED]])[:MOST_TICKED]


def _table(page: Page, runs: Sequence[RunSummary]) -> None:
    """A row a run. What is ticked belongs to the runs, not to the rows, which move when a run is added."""
    page.text("compare_hint", local=memory.is_local())
    key = f"training.table.{hash(tuple(run.id for run in runs))}"
    chosen = ticked(runs)

    def changed() -> None:
        rows = st.session_state[key].selection.rows
        ids = [runs[row].id for row in rows if row < len(runs)]
        state.set_choice(visitors.TICKED, ",".join(ids[:MOST_TICKED]) or NONE, "")

    st.dataframe(
        _frame(page, runs),
        key=key,
        hide_index=True,
        on_select=changed,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [at for at, run in enumerate(runs) if run.id in chosen]}},
        column_config=_columns(page),
        height=min(38 + 35 * len(runs), 320),
        alt=page.label("training.runs.table"),
    )


def _frame(page: Page, runs: Sequence[RunSummary]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "settings": settings.described(page, run.config),
            "seed": run.config.seed,
            "state": page.label(f"training.states.{run.state}"),
            "progress": run.step / run.steps,
            "validation": run.validation_accuracy,
            "test": run.test_accuracy,
            "loss": run.loss,
            "seconds": run.seconds,
            "created": datetime.fromtimestamp(run.created),
        }
        for run in runs
    )


def _columns(page: Page) -> dict[str, Any]:
    config = st.column_config

    def number(name: str, written: str) -> Any:
        return config.NumberColumn(page.label(f"training.columns.{name}"), format=written)

    return {
        "settings": config.TextColumn(page.label("training.columns.settings"), width="large"),
        "seed": number("seed", "%d"),
        "state": config.TextColumn(page.label("training.columns.state")),
        "progress": config.ProgressColumn(page.label("training.columns.progress"), format="percent", width="small"),
        "validation": config.NumberColumn(page.label("training.columns.validation"), format="percent"),
        "test": config.NumberColumn(page.label("training.columns.test"), format="percent"),
        "loss": number("loss", "%.4f"),
        "seconds": number("seconds", "%.1f"),
        "created": config.DatetimeColumn(page.label("training.columns.created"), format="MM-DD HH:mm:ss"),
    }


# --------------------------------------------------------------------------------------------------------------- curves


def _curves(page: Page, runs: Sequence[RunSummary]) -> None:
    st.markdown(f"##### {page.label('training.runs.overlay')}")
    kind = controls.choice(page, "curve", CURVES, CURVES[0])
    chosen = [run for run in runs if run.id in ticked(runs)]
    if not chosen:
        st.caption(page.label("training.runs.none_ticked"))
    elif any(run.state in visitors.LIVE for run in chosen):
        _live(page, chosen, kind)
    else:
        with st.container():
            _figure(page, chosen, kind)


@st.fragment(run_every=visitors.POLL)
def _live(page: Page, runs: Sequence[RunSummary], kind: str) -> None:
    """While one of them trains; when none does any more, the stage is drawn once more, at rest."""
    with mending.told(page):
        store = visitors.own_jobs().store
        now = {run.id: run for run in store.runs()}
        here = [now[run.id] for run in runs if run.id in now]
        live = [run for run in here if run.state in visitors.LIVE]
        if not live:
            st.rerun()
        for run in live:
            visitors.seen(visitors.own_jobs(), run.id)  # somebody is watching
        _figure(page, here, kind)


def _figure(page: Page, runs: Sequence[RunSummary], kind: str) -> None:
    store = visitors.own_jobs().store
    figure = overlay.overlay(
        {shelf.name(page, run): points(store.curve(run.id), kind) for run in reversed(runs)},
        page.label("training.steps"),
        page.label(f"options.{kind}"),
        theme.palette(st.context.theme.type),
        percent=kind != "training_loss",
    )
    st.plotly_chart(figure, config=lines.CONFIG, key="training.overlay", alt=page.label("training.runs.overlay"))


def points(curve: Curve, kind: str) -> overlay.Points:
    """Steps and values of one of CURVES."""
    return {
        "validation_accuracy": (curve.validation_steps, curve.validation_accuracies),
        "training_accuracy": (curve.steps, curve.accuracies),
        "training_loss": (curve.steps, curve.losses),
    }[kind]


# ----------------------------------------------------------------------------------------------------------------- card

TEST_DIGITS = 10_000


def wavering(accuracy: float, digits: int = TEST_DIGITS) -> float:
    """The standard deviation of an accuracy measured on so many digits, were they drawn anew."""
    return float(np.sqrt(accuracy * (1 - accuracy) / digits))


def _an_accuracy(runs: Sequence[RunSummary]) -> float:
    """The test accuracy of the newest run that has one; of LeNet-5 as the app ships it, where none has."""
    found = [run.test_accuracy for run in runs if run.test_accuracy is not None]
    return found[0] if found else measured()["lenet5_modern.safetensors"]["test_accuracy"]


def _card(page: Page, runs: Sequence[RunSummary]) -> None:
    accuracy = _an_accuracy(runs)
    with cards.card(page, "formula"):
        page.text(
            "comparison_formula",
            p=f"{accuracy:.4f}",
            q=f"{1 - accuracy:.4f}",
            n=grouped(TEST_DIGITS),
            error=f"{100 * wavering(accuracy):.2f}\\,\\%",
        )
