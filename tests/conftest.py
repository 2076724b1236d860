"""What the tests share: a running server, and a browser that looks at it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.running import NotStarted, Server, launch, serve


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The learner's own progress is neither read nor written by a test."""
    folder = tmp_path_factory.mktemp("data")
    os.environ["PUDDLE_DATA"] = str(folder)
    os.environ.pop("PUDDLE_HOSTED", None)
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, for all tests that do not need one of their own."""
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """The app just started: no session has been there before."""
    with serve(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where none can be had, the tests fail with a sentence that says what to install."""
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except NotStarted as problem:
            pytest.fail(str(problem), pytrace=False)
        yield chromium
        chromium.close()
