"""The app running on its own, and a Chromium to look at it: for the browser tests and for bench/interactions.py."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright

ROOT = Path(__file__).parents[1]
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_BROWSER = (
    "The browser tests need Chromium, and none could be started. Install it (Debian: apt install chromium; "
    "Fedora: dnf install chromium; macOS: brew install --cask chromium) or let Playwright fetch its own: "
    ".venv/bin/python -m playwright install --with-deps chromium"
)
SECONDS_TO_START, SECONDS_TO_STOP = 30, 20


class NotStarted(RuntimeError):
    """The app or the browser did not start; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """A running app. `folder` is where it keeps what its learner has done."""

    address: str
    folder: Path
    process: subprocess.Popen


@contextmanager
def serve(folder: Path, **environment: str) -> Iterator[Server]:
    """Start the app on a free port of this machine, and stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
    }
    command = [
        *(sys.executable, "-m", "streamlit", "run", "app.py"),
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PUDDLE_DATA": str(folder), **environment}, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, folder / "server.log")
        yield Server(address, folder, process)
    finally:
        _stop(process)


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise NotStarted(f"the app did not start:\n{log.read_text()}")


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def launch(playwright: Playwright) -> Browser:
    """Start Chromium: the system's if there is one, else Playwright's own, fetched if need be."""
    system = next((found for name in SYSTEM_BROWSERS if (found := shutil.which(name))), None)
    if not system and not Path(playwright.chromium.executable_path).exists():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    try:
        return playwright.chromium.launch(executable_path=system, args=BROWSER_ARGUMENTS)
    except Error as error:
        raise NotStarted(f"{NO_BROWSER}\n\n{error.message}") from error
