"""A picture that a learner uploads: decoded with care, and taken once."""

from collections.abc import Callable

import streamlit as st

from cnn.photographs import Photograph, PhotographError, decode
from cnn.ui.frame import Page

KINDS = ["png", "jpg", "jpeg", "webp"]


def upload(page: Page, words: str, key: str, take: Callable[[Photograph], str]) -> bool:
    """Ask for a file; a new one is handed to `take`, which answers with the path of a label that says what is wrong.

    -> whether a picture has just been taken; whatever is none gets a sentence that says why.
    """
    given = st.file_uploader(words, KINDS, key=f"{key}.upload")
    if given is None or given.file_id == st.session_state.get(f"{key}.taken"):
        return False
    try:
        wrong = take(decode(given.getvalue()))
    except PhotographError as error:
        st.error(page.label(f"photograph_errors.{error.reason}", **error.details))
        return False
    if wrong:
        st.error(page.label(wrong))
        return False
    st.session_state[f"{key}.taken"] = given.file_id
    return True
