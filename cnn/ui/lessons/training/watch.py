"""Watch it learn: settings, buttons, and a board that is alive while a run goes on and at rest otherwise."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn.training import TrainingConfig, export
from cnn.training.capture import Capture
from cnn.training.jobs import Jobs, Snapshot
from cnn.training.presets import PRESETS, Preset
from cnn.training.runs import ALIVE, CONTINUABLE
from cnn.ui import cards
from cnn.ui.components.choices import Choice, Group, choices
from cnn.ui.components.training_board import training_board
from cnn.ui.frame import Page
from cnn.ui.lessons.training import board, formula, looks, mending, settings, visitors


@st.fragment
def watch(page: Page) -> None:
    """The stage: buttons and board on the left, the settings of the next run beside them."""
    looks.load_in_background()
    left, side = st.columns([2.3, 1], gap="large")
    with side:
        digit = looks.digit(page)
        config = settings.settings(page)
    with left:
        buttons, picture = st.container(), st.container()
    with mending.told(page):
        found = visitors.present()
        jobs, run = found or (visitors.own_jobs(), None)
        words = _cards(page, run.config if run else config)
        with buttons:
            mending.missing(page)
            _buttons(page, jobs, run, config, digit)
        with picture:
            _picture(page, jobs, run, config, digit, words)
    page.note_address()


# -------------------------------------------------------------------------------------------------------------- buttons


def _buttons(page: Page, jobs: Jobs, run: Snapshot | None, config: TrainingConfig, digit: board.Digit) -> None:
    """Five places, always the same ones; what cannot be pressed now is grey."""
    state = run.state if run else ""
    id = run.id if run else ""

    def start(config: TrainingConfig, paused: bool = False) -> None:
        if run and state in ALIVE:
            jobs.stop(id)
        own = visitors.own_jobs()
        visitors.show(own.start(config, digit, paused=paused))

    def step() -> None:
        if state != "paused":
            start(config, paused=True)
        if found := visitors.present():
            found[0].one_step(found[1].id)

    def again() -> None:
        if run:
            start(run.config)

    with st.container(horizontal=True, gap="small"):
        _button(page, "start", lambda: start(config), state not in visitors.LIVE)
        if state == "paused":
            _button(page, "go_on", lambda: jobs.resume(id), True)
        elif state in CONTINUABLE:
            _button(page, "continue", lambda: jobs.continue_run(id), True)
        else:
            _button(page, "pause", lambda: jobs.pause(id), state in visitors.LIVE)
        _button(page, "one_step", step, state not in visitors.LIVE)
        _button(page, "stop", lambda: jobs.stop(id), state in ALIVE)
        _button(page, "again", again, run is not None)


ICONS = {
    "start": "play_arrow",
    "go_on": "play_arrow",
    "continue": "resume",
    "pause": "pause",
    "one_step": "skip_next",
    "stop": "stop",
    "again": "replay",
}


def _button(page: Page, name: str, press: Callable[[], None], possible: bool) -> None:
    st.button(
        page.label(f"training.buttons.{name}"),
        icon=f":material/{ICONS[name]}:",
        key=f"training.{name}",
        on_click=press,
        disabled=not possible,
        help=page.label(f"training.hints.{name}"),
    )


# -------------------------------------------------------------------------------------------------------------- picture


def _picture(
    page: Page, jobs: Jobs, run: Snapshot | None, config: TrainingConfig, digit: board.Digit, words: DeltaGenerator
) -> None:
    """The board: polled while a run goes on or torch is being loaded, else drawn once."""
    if run:
        jobs.watch(run.id, digit)
        if run.state in visitors.LIVE:
            return _live(page, jobs, run.id, digit, looks.blank(run.config), words)
    if not looks.ready() and not (run and run.capture):
        return _waiting(page, run, config, digit, words)
    with st.container():  # in the place of the fragment, so that the board stays the same one
        if run:
            parts = board.of_run(page, _looked_at(run, jobs, digit), digit, looks.blank(run.config))
        else:
            parts = board.before(page, config, digit, *looks.untrained(config, digit))
        _draw(page, parts, run, config, words)
    return None


def _draw(page: Page, parts: board.Parts, run: Snapshot | None, config: TrainingConfig, words: DeltaGenerator) -> None:
    training_board(parts, "training.board")
    formula.write(page, words, run.config if run else config, run)


@st.fragment(run_every=visitors.POLL)
def _live(page: Page, jobs: Jobs, id: str, digit: board.Digit, blank: Capture, words: DeltaGenerator) -> None:
    """One look at a run that goes on; when it has ended or was deleted, the stage is drawn once more."""
    with mending.told(page):
        run = visitors.seen(jobs, id)
        if run is None or run.state not in visitors.LIVE:
            st.rerun()
        _draw(page, board.of_run(page, run, digit, blank), run, run.config, words)


@st.fragment(run_every=visitors.POLL)
def _waiting(
    page: Page, run: Snapshot | None, config: TrainingConfig, digit: board.Digit, words: DeltaGenerator
) -> None:
    """Until torch is there: the digit, what is known of the run, and empty places."""
    if looks.ready():
        st.rerun()
    blank = looks.blank(run.config if run else config)
    parts = board.of_run(page, run, digit, blank) if run else board.before(page, config, digit, blank, None)
    _draw(page, parts, run, config, words)


def _looked_at(run: Snapshot, jobs: Jobs, digit: board.Digit) -> Snapshot:
    """A run of another process left checkpoints: it is shown as it was at the latest."""
    steps = [] if run.capture else jobs.store.checkpoints(run.id)
    if not steps:
        return run
    capture, judgement = looks.checkpoint(jobs.store, run.id, steps[-1], digit)
    return replace(run, capture=capture, judgement=judgement)


# ---------------------------------------------------------------------------------------------------------------- cards


def _cards(page: Page, config: TrainingConfig) -> DeltaGenerator:
    """Formula and code of the run on the stage; returns the place of the formula, which changes with every look."""
    formula, code = cards.places(page)
    cards.show_code(code, export.script(config))
    return formula


def presets(page: Page) -> None:
    """Known good and known bad settings, one press each: they are taken, and the run starts on the stage above."""
    offered = {preset.key: preset for preset in PRESETS}
    groups = [
        Group(page.label(f"training.{kind}"), [_choice(page, preset) for preset in PRESETS if preset.good is good])
        for kind, good in (("good", True), ("bad", False))
    ]
    choices(groups, "training.presets", lambda key: _start(offered[key]))


def _choice(page: Page, preset: Preset) -> Choice:
    return Choice(preset.key, page.label(f"training.presets.{preset.key}"), why=page.sentence(f"preset_{preset.key}"))


def _start(preset: Preset) -> None:
    settings.choose(preset.config)
    found = visitors.present()
    if found and found[1].state in ALIVE:
        found[0].stop(found[1].id)
    visitors.show(visitors.own_jobs().start(preset.config, looks.last_digit()))
