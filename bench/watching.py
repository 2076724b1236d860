"""What a learner waits for and pays while a network trains before their eyes, in a real browser; for bench.training.

The page stands in a Chromium of its own, everything on it alive, and the server's CPU time is set against the images
that its run has learned from meanwhile. The bare loop takes its turns while the run is paused.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

from playwright.sync_api import Page, expect, sync_playwright

from bench.interactions import cpu_milliseconds, opened
from cnn.text import label
from cnn.training import TrainingConfig, train
from cnn.training.link import to_text
from tests.running import Server, launch, serve

ROUNDS, SECONDS = 7, 6.0  # of watching
PRESSES = 7
CONFIG = TrainingConfig(epochs=20)  # long enough for all rounds
SEEN = re.compile(label("en", "training.samples").format(samples=r"([\d,]+)"))
# Promises the words of the board's progress when they change next.
NEXT_WORDS = """words => new Promise(done => {
  const observer = new MutationObserver(() => {
    observer.disconnect();
    done([...words.children].map(each => each.textContent).join(" | "));
  });
  observer.observe(words, { childList: true, subtree: true, characterData: true });
})"""
# Promises the milliseconds from the next click until the curve has a point.
FIRST_POINT = """loss => {
  let start = null;
  document.addEventListener("click", event => { start = event.timeStamp; }, { capture: true, once: true });
  window.firstPoint = new Promise(done => {
    const observer = new MutationObserver(() => {
      if (start === null || !loss.querySelector(".training:is(.line, .dot)")) return;
      observer.disconnect();
      done(performance.now() - start);
    });
    observer.observe(loss, { childList: true, subtree: true });
  });
}"""


@contextmanager
def stage() -> Iterator[tuple[Server, Page]]:
    """A server with torch warmed up, and the training lesson before its first press."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, serve(Path(folder)) as server:
        browser = launch(playwright)
        with opened(server, browser, f"training?lang=en&training.settings={to_text(CONFIG)}") as page:
            expect(words(page)).to_contain_text(label("en", "training.untrained"), timeout=60_000)
            yield server, page
        browser.close()


def words(page: Page):
    return page.locator(".training-board .progress .words")


def press(page: Page, name: str, state: str) -> None:
    """Press a button of the stage, and wait for the state that it brings."""
    page.get_by_role("button", name=label("en", f"training.buttons.{name}")).first.click()
    expect(words(page)).to_contain_text(label("en", f"training.states.{state}"))


def first_points(page: Page) -> list[float]:
    """Milliseconds from the press until the curve has its first point, each time from an empty stage."""
    times = []
    for _ in range(PRESSES):
        page.locator(".training-board .curve").first.evaluate(FIRST_POINT)
        press(page, "start", "running")
        times.append(page.evaluate("window.firstPoint"))
        press(page, "stop", "stopped")
        page.goto(re.sub(r"&?training\.run=[^&]*", "", page.url))
        expect(words(page)).to_contain_text(label("en", "training.untrained"), timeout=60_000)
    return times


def watched(server: Server, page: Page) -> float:
    """Images per CPU second of the server, from one redrawn board to another some seconds later."""
    readings = []
    start = perf_counter()
    while not readings or perf_counter() - start < SECONDS or len(readings) < 2:
        said = words(page).evaluate(NEXT_WORDS)
        used = cpu_milliseconds(server)
        assert used is not None and (found := SEEN.search(said))
        readings.append((int(found[1].replace(",", "")), used / 1000))
    (images, used), (more, later) = readings[0], readings[-1]
    return (more - images) / (later - used)


def bare() -> Iterator[float]:
    """The same of the loop alone, a part of the run at a time."""
    steps = train(CONFIG)
    while True:
        start, before = process_time(), next(steps).samples
        while (step := next(steps)).samples - before < 10_000:
            pass
        yield (step.samples - before) / (process_time() - start)


def measure() -> tuple[dict[str, list[float]], list[float]]:
    """Images per CPU second, bare and watched, in turns; and the milliseconds to the first points."""
    alone = bare()
    next(alone)  # warms up
    found: dict[str, list[float]] = {"the bare loop": [], "everything on screen alive": []}
    with stage() as (server, page):
        presses = first_points(page)
        press(page, "start", "running")
        for _ in range(ROUNDS):
            page.wait_for_timeout(1000)  # the press itself is not watching
            found["everything on screen alive"].append(watched(server, page))
            press(page, "pause", "paused")
            found["the bare loop"].append(next(alone))
            press(page, "go_on", "running")
        press(page, "stop", "stopped")
    return found, presses
