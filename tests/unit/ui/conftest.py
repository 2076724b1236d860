"""Streamlit's session and address bar, as plain dictionaries."""

from types import SimpleNamespace

import pytest


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict:
    """The session state; empty, as at a first visit."""
    monkeypatch.setattr("streamlit.session_state", state := {})
    return state


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The query parameters."""
    monkeypatch.setattr("streamlit.query_params", parameters := {})
    return parameters


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Who is there: `locale` and `ip_address`; somebody at this machine, without a language."""
    monkeypatch.setattr("streamlit.context", context := SimpleNamespace(locale=None, ip_address="127.0.0.1"))
    return context
