"""When a run is not there or a file of the kept runs cannot be used: what is wrong, and what can be done."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cnn.training.runs import StoreError
from cnn.ui.frame import Page
from cnn.ui.lessons.training import visitors


@contextmanager
def told(page: Page) -> Iterator[None]:
    """Around a stage: where a file fails it, a sentence stands there, and a way out where there is one."""
    try:
        yield
    except StoreError as error:
        st.error(page.label(f"training.store.{error.reason}", file=error.file))
        if error.reason == "damaged" and error.file == visitors.own_jobs().store.file:
            st.button(
                page.label("training.store.set_aside"),
                icon=":material/folder_copy:",
                key="training.set_aside",
                on_click=_set_aside,
            )


def _set_aside() -> None:
    visitors.own_jobs().store.set_aside()


def missing(page: Page) -> None:
    """Where a run was asked for that is not kept, a sentence stands here until it is dismissed."""
    if visitors.MISSING in st.session_state:
        st.warning(page.label("training.missing.told"), icon=":material/link_off:")
        st.button(
            page.label("training.missing.dismiss"),
            icon=":material/close:",
            key="training.dismiss",
            on_click=lambda: st.session_state.pop(visitors.MISSING, None),
        )
