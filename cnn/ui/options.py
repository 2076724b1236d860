"""One of a few options, as a segmented control that shows what Python says is chosen."""

from collections.abc import Callable, Sequence

import streamlit as st


def options(
    label: str,
    offered: Sequence[str],
    chosen: str,
    named: Callable[[str], str],
    key: str,
    on_choose: Callable[[str], None],
    *,
    labelled: bool = True,
) -> None:
    """Offer them by their names; another choice calls `on_choose`. `labelled` off: for screen readers alone."""
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        offered,
        format_func=named,
        key=key,
        required=True,
        wrap=True,
        label_visibility="visible" if labelled else "collapsed",
        on_change=lambda: on_choose(st.session_state[key]),
    )
