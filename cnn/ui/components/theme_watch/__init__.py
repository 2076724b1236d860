"""Draws nothing; runs the page again when the theme changes.

Streamlit repaints its own elements at once, and tells Python of the new theme with the next interaction only: until
then grids, drawings and charts would keep the colours of the old one.
"""

from cnn.ui.components import register

_mount = register("theme_watch", shared=())


def theme_watch() -> None:
    """Watch from here on."""
    _mount(key="theme_watch", on_changed_change=lambda: None)
