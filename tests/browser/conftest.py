"""A learner's browser: it opens the app, and notes whatever should not happen while it is open."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.running import Server

PATIENCE = 60_000  # milliseconds: a cold server beside two others loads torch and two libraries
expect.set_options(timeout=PATIENCE)

# On a deep link Streamlit tries the page's own path as its base path first, and goes on to the right one.
BASE_PATH_PROBE = re.compile(r"http://127\.0\.0\.1:\d+/\w+/_stcore/(health|host-config)")

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Opens addresses, each in a browser without a past.

    Afterwards: no exception on a page, no console error, no request to another host.
    """
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not BASE_PATH_PROBE.fullmatch(message.location.get("url", "")):
            complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def sent(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
            complaints.append(f"request to {request.url}")

    def open_page(
        path: str = "",
        *,
        at: Server = server,
        locale: str = "en-US",
        size: tuple[int, int] = (1280, 800),
        dark: bool = False,
        **parameters: str,
    ) -> Page:
        context = browser.new_context(
            locale=locale,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("request", sent)
        page.on("websocket", lambda socket: complaints.extend([] if "//127.0.0.1:" in socket.url else [socket.url]))
        page.goto(f"{at.address}/{path}{'?' if parameters else ''}{urlencode(parameters)}")
        settle(page)
        return page

    yield open_page
    for context in browser.contexts:
        for page in context.pages:
            complaints += page.get_by_test_id("stException").all_inner_texts()
        context.close()
    assert complaints == []


def write_one(page: Page, up: int, down: int) -> None:
    """Write a 1 on the draw pad by keyboard: so many steps up, and so many down with the pen on the paper."""
    page.locator(".draw-pad canvas").focus()
    for steps, key in ((up, "ArrowUp"), (down, "ArrowDown")):
        for _ in range(steps):
            page.keyboard.press(f"Shift+{key}")
        page.keyboard.press(" ")


def overheard(page: Page) -> list[ForwardMsg]:
    """Load the page once more; from then on the list grows by every message that the server sends it."""
    messages: list[ForwardMsg] = []

    def hear(frame: bytes | str) -> None:
        assert isinstance(frame, bytes)
        messages.append(ForwardMsg.FromString(frame))

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    page.reload()
    settle(page)
    return messages


def settle(page: Page) -> None:
    """Wait until the page has been drawn, no placeholder left, and the server rests."""
    page.locator("h1").first.wait_for()
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
