"""The home page: what this is, the way back to where one was, the lessons with their questions and pictures."""

import streamlit as st

from cnn import lessons
from cnn.figures import home_pictures, svg, theme
from cnn.ui import memory
from cnn.ui.frame import Page

ABREAST = 2  # lessons in a row


def show(page: Page) -> None:
    """Draw the home page. Neither torch nor Plotly is loaded for it."""
    st.title(page.label("app.name"), anchor=False)
    page.text("lead")
    _continue(page)
    for first in range(
        0, len(lessons.LESSONS), ABREAST
    ):  # row by row, for on a phone the columns stand below each other
        for place, lesson in zip(
            st.columns(ABREAST, gap="medium"), lessons.LESSONS[first : first + ABREAST], strict=False
        ):
            with place, st.container(border=True, height="stretch"):
                _lesson(page, lesson)
    page.text("colophon")


def _continue(page: Page) -> None:
    """The link to the lesson that was open last, in the state it was left in."""
    progress = memory.progress()
    lesson = next((lesson for lesson in lessons.LESSONS if lesson.key == progress.lesson), None)
    if lesson:
        label = page.label("home.continue", title=page.label(f"{lesson.key}.title"))
        address = {**progress.address, "lang": page.language}
        st.page_link(lesson.page, label=label, icon=":material/arrow_forward:", query_params=address)


def _lesson(page: Page, lesson: lessons.Lesson) -> None:
    picture, words = st.columns([1, 2.2], gap="medium", vertical_alignment="center", wrap=False)
    with picture:
        drawing = home_pictures.PICTURES[lesson.key](theme.palette(st.context.theme.type))
        st.html(f'<img alt="" src="{svg.data_url(drawing)}" style="width:100%;max-width:11rem">')
    with words:
        st.page_link(
            lesson.page, label=f"**{page.label(f'{lesson.key}.title')}**", query_params={"lang": page.language}
        )
        st.markdown(page.label(f"{lesson.key}.question"))
