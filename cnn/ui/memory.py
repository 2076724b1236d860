"""What is remembered between visits: the lesson one was in and the questions one has answered.

In local use a file in the user's data folder; on a hosted server nothing outlives the session.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import platformdirs
import streamlit as st

LOOPBACK = (None, "127.0.0.1", "::1", "::ffff:127.0.0.1")


@dataclass
class Progress:
    """One learner's progress."""

    lesson: str = ""  # key of the lesson opened last
    address: dict[str, str] = field(default_factory=dict)  # its query parameters: the state it was left in
    visited: list[str] = field(default_factory=list)
    answered: dict[str, int] = field(default_factory=dict)  # "<lesson>.<kind>" -> right answers


def data_folder() -> Path:
    """Where a user's data lives: PUDDLE_DATA, else the platform's own folder."""
    return Path(os.environ.get("PUDDLE_DATA") or platformdirs.user_data_path("puddle", appauthor=False))


def is_local() -> bool:
    """Whether the learner sits at this machine (and the server was not started as a hosted one)."""
    return not os.environ.get("PUDDLE_HOSTED") and st.context.ip_address in LOOPBACK


def progress() -> Progress:
    """This session's progress, read from disk the first time it is asked for."""
    if "progress" not in st.session_state:
        st.session_state["progress"] = _read() if is_local() else Progress()
    return st.session_state["progress"]


def save() -> None:
    """Write the progress down, if it changed and the learner is at this machine."""
    text = json.dumps(asdict(progress()), sort_keys=True)
    if not is_local() or st.session_state.get("progress.saved") == text:
        return
    st.session_state["progress.saved"] = text
    try:
        data_folder().mkdir(parents=True, exist_ok=True)
        whole = data_folder() / f"progress.{os.getpid()}.tmp"
        whole.write_text(text, encoding="utf-8")
        whole.replace(data_folder() / "progress.json")  # a reader sees the old file or the new one, never half
    except OSError:
        pass  # a folder that cannot be written costs the memory of this visit, not the visit


def _read() -> Progress:
    """The progress on disk; a missing, damaged or hand-edited file is a fresh start, in whole or in part."""
    try:
        stored = json.loads((data_folder() / "progress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Progress()
    fresh = asdict(Progress())
    return Progress(**{name: stored[name] for name in fresh if isinstance(stored, dict) and _fits(name, stored)})


def _fits(name: str, stored: dict[str, Any]) -> bool:
    """Whether a stored field is what `Progress` says it is, down to the values in it."""
    value, kinds = stored.get(name), {"address": str, "answered": int}
    if name in kinds:
        return isinstance(value, dict) and all(type(held) is kinds[name] for held in value.values())
    if name == "visited":
        return isinstance(value, list) and all(isinstance(key, str) for key in value)
    return isinstance(value, str)
