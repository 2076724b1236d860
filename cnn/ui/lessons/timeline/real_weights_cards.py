"""One card a network: its five likeliest classes, or what stands between the learner and them."""

from html import escape

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.photographs import Photograph
from cnn.pretrained import catalogue
from cnn.pretrained.catalogue import NETWORKS, PACKAGED
from cnn.pretrained.classifying import SHOWN, Guess, Reading
from cnn.pretrained.fetches import Fetch
from cnn.pretrained.fetching import megabytes
from cnn.timeline import history
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import real_weights_state as weights
from cnn.ui.lessons.timeline.numbers import short, shortened

ABREAST = 2
QUIET = "font-size:.82rem;opacity:.8;font-variant-numeric:tabular-nums"
NOTHING_YET = "…"
PLACE = '<div style="height:3.5rem"></div>'  # of the button that comes


def cards(page: Page, keys: list[str], photograph: Photograph) -> None:
    """All of them, two abreast; before the libraries are there, empty ones."""
    for first in range(0, len(keys), ABREAST):
        for column, key in zip(st.columns(ABREAST, gap="small"), keys[first : first + ABREAST], strict=False):
            with column, st.container(border=True, height="stretch", key=f"timeline.weights.card.{key}"):
                _card(page, key, photograph)


def name(page: Page, key: str) -> str:
    """What the network is called."""
    return page.label("pretrained.packaged") if key == PACKAGED else ARCHITECTURES[key].name


def _card(page: Page, key: str, photograph: Photograph) -> None:
    if not weights.ready():
        st.html(_heading(page, key, "") + (_bars(page, None) if key == PACKAGED else PLACE))
        return
    st.html(_heading(page, key, _facts(page, key)))
    found = weights.standing(key, photograph)
    if found.reading:
        st.html(_bars(page, found.reading))
    elif found.state == "fetching" and found.fetch:
        _fetching(page, key, found.fetch)
    else:
        if found.fetch and found.fetch.problem:
            problem = found.fetch.problem
            st.warning(page.label(f"fetch_errors.{problem.reason}", **problem.details))
        elif found.problem:
            st.warning(page.label(f"weights_errors.{found.problem.reason}", file=found.problem.file))
        _offer(page, key, again=found.state != "absent")


# ------------------------------------------------------------------------------------------------------------- numbers


def _heading(page: Page, key: str, facts: str) -> str:
    """The name, and on which version of it the weights sit."""
    version = page.label(f"pretrained.version_{key}") if NETWORKS[key].own_version or key == PACKAGED else ""
    return (
        f'<div style="min-height:4.6rem"><div><b style="font-size:1.05rem">{escape(name(page, key))}</b> '
        f'<span style="{QUIET}">{escape(version)}</span></div><div style="{QUIET}">{facts}</div></div>'
    )


def _facts(page: Page, key: str) -> str:
    """Parameters, MACs, the file's size; below, how often the right class was not among its five."""
    architecture = NETWORKS[key].architecture
    if architecture:
        size = catalogue.weights_file(key).bytes
        counts = short(architecture, "parameters"), short(architecture, "macs")
    else:
        parameters, macs, size = weights.packaged_size()
        counts = shortened(parameters), shortened(macs)
    told = [page.label("pretrained.facts", parameters=counts[0], macs=counts[1], megabytes=megabytes(size))]
    error = history.torchvision_error(key) if architecture else None
    if error:
        told.append(page.label("pretrained.error", error=f"{error.error:.1f}"))
    return "<br>".join(map(escape, told))


def _bars(page: Page, reading: Reading | None) -> str:
    """Five classes with their probabilities, and the time; the same room before they are there."""
    if reading:
        rows = "".join(map(_bar, reading.guesses))
        time = page.label("pretrained.time", milliseconds=f"{1e3 * reading.seconds:.0f}")
    else:
        rows, time = _bar(None) * SHOWN, page.label("training.loading")
    return (
        f'<div><ol style="list-style:none;margin:0;padding:0">{rows}</ol>'
        f'<div style="{QUIET}">{escape(time)}</div></div>'
    )


def _bar(guess: Guess | None) -> str:
    words, share = (guess.name, guess.probability) if guess else (NOTHING_YET, 0)
    number = f"{share:.1%}" if guess else ""
    colour = theme.palette(st.context.theme.type).output
    return (
        '<li style="margin:0 0 .4rem"><div style="display:flex;gap:.6rem;font-size:.92rem;line-height:1.3">'
        f'<span lang="en" style="flex:1;min-width:0">{escape(words)}</span>'
        f'<span style="font-variant-numeric:tabular-nums">{number}</span></div>'
        '<div style="height:5px;border-radius:3px;background:color-mix(in srgb,currentColor 15%,transparent)">'
        f'<div style="height:5px;border-radius:3px;width:{share:.1%};background:{colour}"></div></div></li>'
    )


# ------------------------------------------------------------------------------------------------------------ fetching


def _offer(page: Page, key: str, again: bool) -> None:
    """The button that fetches; on a server where visitors may not, a sentence."""
    if not weights.may_fetch():
        st.caption(page.label("pretrained.not_here"))
        return
    file = catalogue.weights_file(key)
    st.button(
        page.label("pretrained.again" if again else "pretrained.fetch", megabytes=megabytes(file.bytes)),
        icon=":material/download:",
        key=f"timeline.weights.fetch.{key}",
        on_click=weights.fetches().start,
        args=(file,),
        width="stretch",
    )


def _fetching(page: Page, key: str, fetch: Fetch) -> None:
    """How far it is, and the way to stop it."""
    waiting = fetch.state == "waiting"
    numbers = {"done": megabytes(fetch.done), "total": megabytes(fetch.total)}
    words = page.label("pretrained.waiting" if waiting else "pretrained.fetching", **numbers)
    st.progress(min(fetch.done / fetch.total, 1.0), words)
    st.button(
        page.label("pretrained.stop"),
        icon=":material/close:",
        key=f"timeline.weights.stop.{key}",
        on_click=weights.fetches().stop,
        args=(fetch.file,),
        width="stretch",
    )
