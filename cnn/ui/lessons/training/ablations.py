"""The ablation sheet: pooling x activation x seeds as one press, run as a queue, drawn as one chart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import streamlit as st

from cnn.architectures.lenet import ACTIVATIONS, Pooling
from cnn.figures import lines, spans, theme
from cnn.training import TrainingConfig
from cnn.training.ablation import cells, sheet
from cnn.training.records import ALIVE, FINISHED, RunSummary
from cnn.ui import cards, controls, state
from cnn.ui.frame import Page
from cnn.ui.lessons.training import looks, mending, visitors

BASE = TrainingConfig(shift=0)
POOLINGS, STARTING_POOLINGS = get_args(Pooling), ("max", "average", "trainable")
ALL_ACTIVATIONS, STARTING_ACTIVATIONS = tuple(ACTIVATIONS), ("relu", "tanh")
SHARES = (0.03, 0.1, 0.25, 1.0)
SEEDS, MOST_SEEDS = 3, 5


@dataclass(frozen=True)
class Sheet:
    """What is asked for."""

    poolings: tuple[str, ...]
    activations: tuple[str, ...]
    share: float
    seeds: int

    @property
    def configs(self) -> list[TrainingConfig]:
        base = replace(BASE, share=self.share)
        return sheet(base, self.poolings, self.activations, range(1, self.seeds + 1))


@st.fragment
def ablation(page: Page) -> None:
    """The stage."""
    looks.load_in_background()
    page.text("ablation_lead")
    board, side = st.columns([2.3, 1], gap="large")
    with side:
        asked = _asked(page)
    with board, mending.told(page):
        runs = trained(asked.configs, visitors.own_jobs().store.runs())
        _buttons(page, asked, runs)
        if any(run.state in visitors.LIVE for run in runs):
            _live(page, asked)
        else:
            with st.container():  # in the place of the fragment, so that the chart stays the same one
                _picture(page, asked, runs)
    page.note_address()


# ------------------------------------------------------------------------------------------------------------- controls


def _asked(page: Page) -> Sheet:
    return Sheet(
        _several(page, "poolings", "pooling", POOLINGS, STARTING_POOLINGS),
        _several(page, "activations", "activation", ALL_ACTIVATIONS, STARTING_ACTIVATIONS),
        _share(page),
        controls.slider(page, "seeds", 1, MOST_SEEDS, SEEDS),
    )


def _several(page: Page, name: str, field: str, options: Sequence[str], first: Sequence[str]) -> tuple[str, ...]:
    """One of the options or more, in their order; in the address joined by commas."""
    key, widget = f"training.{name}", f"training.{name}.widget"
    text = str(st.session_state.get(key, st.query_params.get(key, "")))
    chosen = [option for option in options if option in text.split(",")] or list(first)
    st.session_state[widget] = chosen

    def changed() -> None:
        state.set_choice(key, ",".join(st.session_state[widget]) or chosen[0], "")

    st.pills(
        page.label(f"training.sheet.{name}"),
        options,
        format_func=lambda option: page.label(f"setting.{field}.{option}"),
        key=widget,
        selection_mode="multi",
        wrap=True,
        on_change=changed,
    )
    state.set_parameter(key, ",".join(chosen), ",".join(first))
    return tuple(chosen)


def _share(page: Page) -> float:
    key, widget = "training.sheet_share", "training.sheet_share.widget"
    offered = {f"{share:g}": share for share in SHARES}
    st.session_state[widget] = offered[state.choice(key, list(offered), "0.1")]
    st.select_slider(
        page.label("training.sheet.share"),
        SHARES,
        format_func="{:.0%}".format,
        key=widget,
        on_change=lambda: state.set_choice(key, f"{st.session_state[widget]:g}", "0.1"),
    )
    return st.session_state[widget]


def trained(configs: Sequence[TrainingConfig], runs: Sequence[RunSummary]) -> list[RunSummary]:
    """For each of the settings the newest run that is finished or going on, where there is one."""
    useful = {run.config: run for run in reversed(runs) if run.state in (*ALIVE, FINISHED)}
    return [useful[config] for config in configs if config in useful]


def _buttons(page: Page, asked: Sheet, runs: Sequence[RunSummary]) -> None:
    jobs = visitors.own_jobs()
    known = {run.config for run in runs}
    missing = [config for config in asked.configs if config not in known]
    going = [run.id for run in runs if run.state != FINISHED]

    def start() -> None:
        jobs.queue(missing)

    with st.container(horizontal=True, gap="small"):
        st.button(
            page.label("training.sheet.run"),
            icon=":material/play_arrow:",
            key="training.sheet.start",
            on_click=start,
            disabled=not missing,
        )
        st.button(
            page.label("training.sheet.stop"),
            icon=":material/stop:",
            key="training.sheet.end",
            on_click=lambda: jobs.stop(*going),
            disabled=not going,
        )


# -------------------------------------------------------------------------------------------------------------- picture


@st.fragment(run_every=visitors.POLL)
def _live(page: Page, asked: Sheet) -> None:
    """While the queue goes on; when it has ended, the stage is drawn once more, at rest."""
    with mending.told(page):
        jobs = visitors.own_jobs()
        runs = trained(asked.configs, jobs.store.runs())
        live = [run for run in runs if run.state in visitors.LIVE]
        if not live:
            st.rerun()
        for run in live:
            visitors.seen(jobs, run.id)  # somebody is watching
        _picture(page, asked, runs)


def _picture(page: Page, asked: Sheet, runs: Sequence[RunSummary]) -> None:
    """How far the sheet is, and its chart."""
    configs = asked.configs
    done = [run for run in runs if run.state == FINISHED]
    share = sum(run.step / run.steps for run in runs) / len(configs)
    st.progress(min(share, 1.0), page.label("training.sheet.progress", done=len(done), runs=len(configs)))
    figure = spans.spans(
        [page.label(f"setting.pooling.{pooling}") for pooling in asked.poolings],
        _series(page, asked, done),
        page.label("training.sheet.accuracy"),
        theme.palette(st.context.theme.type),
    )
    described = page.label("training.sheet.chart")
    st.plotly_chart(figure, config=lines.CONFIG, key="training.sheet.figure", alt=described)
    st.caption(described)
    with cards.card(page, "formula"):
        page.text(
            "ablation_formula",
            poolings=len(asked.poolings),
            activations=len(asked.activations),
            seeds=asked.seeds,
            runs=len(configs),
            steps=f"{configs[0].steps:,}",
            done=len(done),
        )


def _series(page: Page, asked: Sheet, done: Sequence[RunSummary]) -> dict[str, list[spans.Span | None]]:
    """For each activation a span for each pooling."""
    found = {(cell.pooling, cell.activation): cell for cell in cells(done, asked.poolings, asked.activations)}

    def span(pooling: str, activation: str) -> spans.Span | None:
        cell = found[pooling, activation]
        if cell.mean is None or cell.lowest is None or cell.highest is None:
            return None
        return spans.Span(cell.mean, cell.lowest, cell.highest)

    return {
        page.label(f"setting.activation.{activation}"): [span(pooling, activation) for pooling in asked.poolings]
        for activation in asked.activations
    }
