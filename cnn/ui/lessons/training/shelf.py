"""The runs that are kept, as a learner names and picks them."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from cnn import lessons
from cnn.training.runs import RunSummary
from cnn.ui import state
from cnn.ui.frame import Page
from cnn.ui.lessons.training import settings, visitors


def name(page: Page, run: RunSummary) -> str:
    """Its settings, its seed, and when it began: what tells it from the others."""
    when = datetime.fromtimestamp(run.created).strftime("%m-%d %H:%M:%S")
    return page.label(
        "training.runs.named", settings=settings.described(page, run.config), seed=run.config.seed, when=when
    )


def pick(page: Page, key: str, words: str, runs: Sequence[RunSummary]) -> RunSummary:
    """One of `runs`: this session's, else the address's, else the one on the stage, else the first."""
    by_id = {run.id: run for run in runs}
    on_stage = st.session_state.get(visitors.RUN)
    default = on_stage if on_stage in by_id else runs[0].id
    chosen = state.choice(key, list(by_id), default)
    widget = f"{key}.widget"
    st.session_state[widget] = chosen
    st.selectbox(
        words,
        list(by_id),
        format_func=lambda id: name(page, by_id[id]),
        key=widget,
        on_change=lambda: state.set_choice(key, st.session_state[widget], ""),
    )
    state.set_parameter(key, chosen, default)
    return by_id[chosen]


def to_stage(page: Page, id: str) -> None:
    """Put a run on the stage and open its section; the whole page must run again."""
    if id:
        visitors.show(id)
    first = lessons.lesson(page.key).sections[0]
    state.set_choice("training.section", first, first)
    st.session_state[f"training.section.{page.language}"] = page.label(f"training.sections.{first}")


def none_yet(page: Page, block: str) -> None:
    """An empty shelf: what will stand here, and the way to the first run."""
    with st.container(border=True):
        page.text(block)
        label = page.label("training.runs.begin")
        if st.button(label, icon=":material/arrow_back:", key="training.begin", on_click=to_stage, args=(page, "")):
            st.rerun()
