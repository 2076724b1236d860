"""The app's own components (Streamlit components v2), a folder each: __init__.py, component.js, component.css.

A component draws and never computes; Python is the only truth. There is no bundler: what several of them share
(`grid.js`, `grid.css`, `tiles.js`) is put in front of each one's own source.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components import v2

from cnn.figures import theme

FOLDER = Path(__file__).parent
SHARED = ("grid", "tiles")


def register(name: str, shared: Sequence[str] = SHARED) -> Any:
    """Register the component in the folder `name`; returns what mounts it."""
    return v2.component(f"puddle_{name}", css=_source(name, "css", shared), js=_source(name, "js", shared))


def _source(name: str, kind: str, shared: Sequence[str]) -> str:
    files = [FOLDER / f"{file}.{kind}" for file in shared] + [FOLDER / name / f"component.{kind}"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


def colours() -> Mapping[str, str]:
    """The palette of the theme that is on, as CSS variables."""
    return theme.variables(st.context.theme.type)


def reported(key: str, event: str) -> Any:
    """What the component under `key` has just told; None where it is gone, a last press still on its way."""
    return getattr(st.session_state.get(key), event, None)
