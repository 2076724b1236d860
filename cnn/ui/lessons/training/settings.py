"""The settings of the next run: one TrainingConfig, held as text in the session and in the address."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from cnn.training import TrainingConfig, choices, link
from cnn.ui import state
from cnn.ui.frame import Page

SETTINGS = "training.settings"
LARGEST_SEED = 2**32 - 1
HYPHENATED = {"one-cycle": "one_cycle", "cross-entropy": "cross_entropy"}  # as the labels write them


def chosen() -> TrainingConfig:
    """The settings as they are."""
    text = st.session_state.get(SETTINGS, st.query_params.get(SETTINGS, ""))
    config = link.from_text(text)
    if config.network not in choices.NETWORKS:
        config = TrainingConfig()
    state.set_parameter(SETTINGS, link.to_text(config), "")
    return config


def choose(config: TrainingConfig) -> None:
    """Take other settings, here and in the address."""
    state.set_choice(SETTINGS, link.to_text(config), "")


def settings(page: Page) -> TrainingConfig:
    """The controls; each says what to expect of it."""
    config = chosen()
    _slider(page, config, "epochs")
    _slider(page, config, "learning_rate")
    _buttons(page, config, "optimiser")
    _slider(page, config, "batch_size")
    if config.network == "lenet5_modern":
        _list(page, config, "pooling")
        _buttons(page, config, "activation")
    with st.expander(page.label("training.more"), icon=":material/tune:", key="training.more", on_change="ignore"):
        _more(page, config)
    return config


def _more(page: Page, config: TrainingConfig) -> None:
    _slider(page, config, "share", "{:.0%}")
    _list(page, config, "schedule")
    _list(page, config, "initialisation")
    if config.network == "lenet5_modern":
        _slider(page, config, "dropout", "{:.0%}")
    if not config.distortions:
        _slider(page, config, "shift")
    _control(page, config, "shuffle", st.toggle)
    _list(page, config, "network")
    if config.network == "lenet5":
        _list(page, config, "loss")
    _control(page, config, "seed", st.number_input, 0, LARGEST_SEED)


def _key(field: str) -> str:
    return f"training.set.{field}"


def _take(field: str) -> None:
    """What the control of this field says now, into the settings."""
    value: Any = st.session_state[_key(field)]
    choose(choices.changed(chosen(), field, value))


def _control(
    page: Page, config: TrainingConfig, field: str, widget: Callable[..., Any], *given: Any, **more: Any
) -> None:
    """A widget that shows a setting, says what to expect of it, and changes it; `given` stands behind its label."""
    st.session_state[_key(field)] = getattr(config, field)
    widget(
        page.label(f"settings.{field}"),
        *given,
        key=_key(field),
        on_change=partial(_take, field),
        help=page.sentence(f"help_{field}"),
        **more,
    )


def _slider(page: Page, config: TrainingConfig, field: str, written: str = "{:g}") -> None:
    _control(page, config, field, st.select_slider, choices.stops(config, field), format_func=written.format)


def _buttons(page: Page, config: TrainingConfig, field: str) -> None:
    _options(page, config, field, st.segmented_control, required=True, wrap=True)


def _list(page: Page, config: TrainingConfig, field: str) -> None:
    _options(page, config, field, st.selectbox)


def _options(page: Page, config: TrainingConfig, field: str, widget: Callable[..., Any], **more: Any) -> None:
    named = partial(_named, page, field)
    _control(page, config, field, widget, choices.options(config, field), format_func=named, **more)


def _named(page: Page, field: str, option: str) -> str:
    return page.label(f"setting.{field}.{HYPHENATED.get(option, option)}")


def described(page: Page, config: TrainingConfig) -> str:
    """What differs from the default recipe, in words; nothing does: its name."""
    default = TrainingConfig()
    names = [
        f"{page.label(f'settings.{field}')} {_written(page, field, getattr(config, field))}"
        for field in FIELDS
        if getattr(config, field) != getattr(default, field)
    ]
    return " · ".join(names) or page.label("training.default")


FIELDS = (
    *("network", "loss", "pooling", "activation", "dropout", "initialisation", "share", "shift", "distortions"),
    *("shuffle", "epochs", "batch_size", "optimiser", "learning_rate", "schedule"),
)


def _written(page: Page, field: str, value: Any) -> str:
    if isinstance(value, bool):
        return page.label("training.on" if value else "training.off")
    if isinstance(value, str):
        return _named(page, field, value)
    return f"{value:.0%}" if field in ("share", "dropout") else f"{value:g}"
