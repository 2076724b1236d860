"""What surrounds a page: its title, the way to the others, the language, the heading, the sections."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from cnn import lessons, text
from cnn.ui import boot, memory, state
from cnn.ui.components.theme_watch import theme_watch

ICON = Path(__file__).parents[2] / "assets" / "images" / "puddle.svg"
SIDEBAR_WIDTH = 232  # pixels
STYLE = """<style>
.block-container { padding: 2.2rem 3rem 4rem; max-width: 84rem; }
[data-testid="stHeader"] { background: transparent; }
.stSidebar [data-testid="stSidebarHeader"] { height: 2.4rem; margin: 0; }
[data-testid="stElementContainer"] { opacity: 1 !important; transition: none !important; }
.block-container h1 { font-size: 2.1rem; padding: 0.5rem 0; }
.st-key-language-switch { margin-top: 1.5rem; }
[class*="-section-widget"] { width: 100%; }
[class*="-section-widget"] [role="radiogroup"] { flex-wrap: wrap; gap: 0 1.5rem; border-bottom: 1px solid #8884; }
[class*="-section-widget"] [role="radio"] {
  flex: none; margin: 0; padding: 0.3rem 0; border: 0; border-radius: 0; background: none !important; }
[class*="-section-widget"] [role="radio"][aria-checked="true"] { box-shadow: inset 0 -2px currentColor; }
@media (max-width: 640px) { .block-container { padding: 3.2rem 1rem 3rem; } .block-container h1 { font-size: 1.6rem; } }
</style>"""


@dataclass(frozen=True)
class Page:
    """An open page: what it says, in the chosen language."""

    key: str
    language: str

    def label(self, path: str, **numbers: object) -> str:
        """A short label, its {placeholders} filled in."""
        return text.label(self.language, path).format(**numbers)

    def labels(self, path: str) -> dict[str, str]:
        """A whole table of labels, as the components take them."""
        return dict(text.label(self.language, path))  # type: ignore[arg-type]

    def sentence(self, block: str, **numbers: object) -> str:
        """A text block of this page, as Markdown."""
        return text.block(self.key, self.language, block, **numbers)

    def text(self, block: str, **numbers: object) -> None:
        """Write a text block of this page."""
        st.markdown(self.sentence(block, **numbers))

    @contextmanager
    def section(self) -> Iterator[str]:
        """The names of the sections, and the key of the one that is open. Only that one runs.

        A segmented control, dressed as tabs. Inside `st.tabs`, each change of a page is drawn twice, and the layout
        forced, for the tab panel counts what in it can be reached by the keyboard.
        """
        sections, key = lessons.lesson(self.key).sections, f"{self.key}.section"
        opened = state.choice(key, sections, sections[0])
        _options(
            self.label("app.sections"),
            sections,
            opened,
            lambda section: self.label(f"{self.key}.sections.{section}"),
            f"{key}.widget",
            lambda section: state.set_choice(key, section, sections[0]),
        )
        state.set_choice(key, opened, sections[0])
        yield opened
        self.note_address()

    def note_address(self) -> None:
        """Remember the address, so that the learner can continue here."""
        memory.progress().address = {**st.query_params.to_dict(), "lang": self.language}
        memory.save()


def open_home() -> Page:
    """Open the home page."""
    return _open("home")


def open_lesson(key: str) -> Page:
    """Open a lesson: page title, navigation, heading. First line of work of every page."""
    page = _open(key)
    progress = memory.progress()
    progress.lesson = key
    if key not in progress.visited:
        progress.visited.append(key)
    st.title(page.label(f"{key}.question"), anchor=False)
    page.text("lead")
    return page


def _open(key: str) -> Page:
    state.follow_history()
    page = Page(key, state.language())
    title = page.label("app.title") if key == "home" else f"{page.label(f'{key}.title')} · Puddle"
    st.set_page_config(page_title=title, page_icon=str(ICON), layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
    boot.start()
    st.html(STYLE)
    with st.sidebar:
        _navigation(page)
    return page


def _navigation(page: Page) -> None:
    address = {"lang": page.language}
    visited = memory.progress().visited
    st.page_link("app.py", label=f"**{page.label('app.name')}**", icon=":material/water_drop:", query_params=address)
    st.caption(page.label("app.tagline"))
    for lesson in lessons.LESSONS:
        icon = ":material/check_circle:" if lesson.key in visited else ":material/radio_button_unchecked:"
        st.page_link(lesson.page, label=page.label(f"{lesson.key}.title"), icon=icon, query_params=address)
    _language_switch(page)
    theme_watch()


def _language_switch(page: Page) -> None:
    _options(
        page.label("app.language"),
        text.LANGUAGES,
        page.language,
        lambda language: text.label(language, "app.own_name"),
        "language.switch",
        state.set_language,
    )


def _options(
    label: str,
    offered: Sequence[str],
    chosen: str,
    named: Callable[[str], str],
    key: str,
    on_choose: Callable[[str], None],
) -> None:
    """A segmented control that shows what Python says is chosen; its label is for screen readers alone."""
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        offered,
        format_func=named,
        key=key,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        on_change=lambda: on_choose(st.session_state[key]),
    )
