"""The line from 1959 to 2017: a dot for each network, and the card of the one that is picked."""

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.timeline import history
from cnn.ui.components.timeline import timeline
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import choice
from cnn.ui.lessons.timeline.card import card
from cnn.ui.lessons.timeline.comparison import comparison

MULTISELECT = "timeline.compare.widget"


@st.fragment
def line(page: Page) -> None:
    """Drag, zoom, pick; below, the card, or the cards of up to three."""
    chosen = choice.picked(page, observation=True)
    beside = choice.compared(page, chosen)
    timeline(
        chosen,
        beside,
        _names(page),
        page.labels("timeline_line"),
        "timeline.line",
        on_pick=choice.pick,
        on_compare=choice.toggle,
    )
    _beside(page, chosen, beside)
    with st.container(border=True):
        if beside:
            comparison(page, [chosen, *beside])
        else:
            card(page, chosen)
    page.note_address()


def _beside(page: Page, chosen: str, beside: list[str]) -> None:
    """What to compare with."""
    st.session_state[MULTISELECT] = beside
    st.multiselect(
        page.label("timeline.compare"),
        [key for key in ARCHITECTURES if key != chosen],
        format_func=lambda key: ARCHITECTURES[key].name,
        key=MULTISELECT,
        max_selections=choice.MOST - 1,
        placeholder=f"{page.label('timeline.compare')} ({page.label('timeline.compare_hint')})",
        label_visibility="collapsed",
        on_change=lambda: choice.compare(st.session_state[MULTISELECT]),
    )


def _names(page: Page) -> dict[str, str]:
    """What the line's columns, dots and results are called."""
    names = {key: page.label(f"stops.{key}") for key in history.STOPS}
    for key, network in ARCHITECTURES.items():
        names[f"{key}.about"] = page.label(
            "timeline_line.about",
            name=network.name.removesuffix(f" ({network.year})"),
            year=network.year,
            parameters=f"{network.parameters:,}",
            depth=network.depth,
        )
    first = history.stops()[choice.OBSERVATION]
    observation = page.label("timeline_line.about_observation", name=names[first.key], year=first.year)
    names[f"{first.key}.about"] = observation
    for year, winner, second in history.winners():
        names[f"error.{year}"] = f"{winner.value:.1f} %"
        for which, record in (("winner", winner), ("second", second)):
            team = f" ({record.team})" if record.team else ""
            words = page.label(f"timeline_line.{which}", year=year, team=team, error=record.value)
            names[f"{which}.{year}"] = words
    return names


def note(page: Page) -> None:
    """What the dots' sizes mean, and how people did."""
    page.text("line_note", networks=ARCHITECTURES, challenge=history.challenge())
