"""Whose runs these are: on one's own machine a folder that lasts, for a visitor of a hosted server one of their own.

All jobs of the process are held here, so that a run goes on through a reload, a change of page and a second tab, and is
found again by its id in the address. A visitor sees their own runs; another's only with its id, which nobody can guess.
"""

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path
from threading import Lock

import streamlit as st

from cnn.training.jobs import Jobs, Snapshot
from cnn.training.records import ALIVE, QUEUED, RUNNING
from cnn.training.runs import Store, UnknownRun
from cnn.ui import memory, state

# Where the session and the address name runs, by their ids: on the stage, in Compare, in Travel; several with commas.
RUN, TICKED, TAKEN, TRAVELLED = ("training.run", "training.ticked", "training.taken", "training.travelled")
MISSING = "training.missing"  # set while the learner is told that a run they asked for is not kept
POLL = 0.5  # seconds between two looks at what is going on
MOST_VISITORS = 200  # whose folders are kept; the oldest go first
LIVE = (QUEUED, RUNNING)  # it changes by itself
_OWN = "training.jobs"


class Desk:
    """Every learner's jobs, by folder; the oldest visitor's first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.jobs: dict[Path, Jobs] = {}
        self.visitors: list[Path] = []

    def at(self, folder: Path) -> Jobs:
        """The jobs of a folder that lasts: on one's own machine a run goes on when nobody looks."""
        with self.lock:
            if folder not in self.jobs:
                self.jobs[folder] = Jobs(Store(folder), patience=None)
            return self.jobs[folder]

    def for_visitor(self) -> Jobs:
        """Jobs in a new temporary folder; a run that nobody looks at stops, for the others' sake."""
        folder = Path(tempfile.mkdtemp(prefix="puddle-"))
        with self.lock:
            self.visitors.append(folder)
            self.jobs[folder] = Jobs(Store(folder))
            gone = self.visitors[:-MOST_VISITORS]
            self.visitors = self.visitors[-MOST_VISITORS:]
        for old in gone:
            self.jobs.pop(old, None)
            shutil.rmtree(old, ignore_errors=True)
        return self.jobs[folder]

    def holding(self, id: str) -> Jobs | None:
        """Whose jobs a run is among."""
        return next((jobs for jobs in list(self.jobs.values()) if _knows(jobs, id)), None)


def _knows(jobs: Jobs, id: str) -> bool:
    try:
        jobs.store.summary(id)
    except UnknownRun:
        return False
    return True


def seen(jobs: Jobs, id: str) -> Snapshot | None:
    """A run as it is now; None where it was deleted meanwhile, in another tab say."""
    try:
        return jobs.snapshot(id)
    except UnknownRun:
        return None


@st.cache_resource(show_spinner=False)
def _desk() -> Desk:
    return Desk()


def own_jobs() -> Jobs:
    """This learner's jobs."""
    if memory.is_local():
        return _desk().at(memory.data_folder() / "runs")
    if _OWN not in st.session_state:
        st.session_state[_OWN] = _desk().for_visitor()
    return st.session_state[_OWN]


def present() -> tuple[Jobs, Snapshot] | None:
    """The run on the stage: the session's, the address's, or one of the learner's own that is still going on.

    One that was asked for and is not kept is noted, and leaves the address.
    """
    asked = [id for id in (st.session_state.get(RUN), st.query_params.get(RUN)) if id]
    id, jobs = next(((id, jobs) for id in (*asked, _going_on()) if (jobs := _found(id))), ("", None))
    show(id)
    if asked and id not in asked:
        st.session_state[MISSING] = True
    run = jobs and seen(jobs, id)
    return (jobs, run) if jobs and run else None


def _found(id: str) -> Jobs | None:
    own = own_jobs()
    return own if _knows(own, id) else _desk().holding(id)


def _going_on() -> str:
    """In a second tab no run has been named yet."""
    if RUN in st.session_state:
        return ""
    return next((run.id for run in own_jobs().store.runs() if run.state in ALIVE), "")


def show(id: str) -> None:
    """Put a run on the stage and its id into the address."""
    if id != st.session_state.get(RUN, ""):
        st.session_state.pop(MISSING, None)
        st.session_state[RUN] = id
    state.set_parameter(RUN, id, "")


# --------------------------------------------------------------------------------------------------- runs that are gone


def expect(key: str, known: Collection[str]) -> None:
    """Of the address's ids, joined by commas, those that are known stay; where others were asked for, it is noted."""
    asked = st.query_params.get(key, "")
    kept = ",".join(id for id in asked.split(",") if id in known)
    if kept != asked:
        state.set_parameter(key, kept, "")
        st.session_state[MISSING] = True


def forget(id: str) -> None:
    """A run that the learner has deleted is asked for no longer."""
    if st.session_state.get(RUN) == id:
        show("")
    for key in (TICKED, TAKEN, TRAVELLED):
        asked = st.session_state.get(key, st.query_params.get(key, "")).split(",")
        if id in asked:
            state.set_choice(key, ",".join(other for other in asked if other != id), "")
