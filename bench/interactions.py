"""Time from a learner's hand to the changed picture, in a real browser: `python -m bench.interactions`.

The clock runs in the browser, from the event to the changed DOM; the server is one of its own, with torch loaded,
which is the slow case. CPU is what the server's process used over a row's interactions, per interaction.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from cnn.text import label
from tests.running import Server, launch, serve

ROUNDS, WARM_UP = 30, 3
COLD_STARTS = 3
DRAG_SECONDS, DRAG_PIXELS = 3.0, 60  # up and down by so much, once a second
STOPWATCH = Path(__file__).with_name("stopwatch.js").read_text(encoding="utf-8")
OUTPUT, MAPS = ".role-output .cell", ".comparison .cell"
HOME = label("en", "app.name")
TITLES = {key: label("en", f"{key}.title") for key in ("convolution", "pooling", "timeline")}
HEADINGS = {HOME: HOME, **{title: label("en", f"{key}.question") for key, title in TITLES.items()}}


@dataclass(frozen=True)
class Row:
    """One line of the table. Times are in milliseconds unless `unit` says otherwise."""

    what: str
    values: Sequence[float]
    aim: str = ""
    cpu: float | None = None  # milliseconds of the server's process for one interaction
    unit: str = "ms"

    def cells(self) -> list[str]:
        tenth = quantiles(self.values, n=10, method="inclusive")[8] if len(self.values) > 2 else None
        return [
            self.what,
            f"{median(self.values):.1f} {self.unit}",
            "" if tenth is None else f"{tenth:.1f}",
            self.aim,
            "" if self.cpu is None else f"{self.cpu:.1f} ms",
        ]


# ----------------------------------------------------------------------------------------------------------- the server


def cpu_milliseconds(server: Server) -> float | None:
    """What the server's process has used so far; None where there is no /proc."""
    file = Path(f"/proc/{server.process.pid}/stat")
    if not file.exists():
        return None
    user, system = file.read_text().rpartition(")")[2].split()[11:13]  # utime and stime, after the name in parentheses
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


def has_loaded(server: Server, library: str) -> bool | None:
    """Whether a shared library is in the server's memory; None where there is no /proc."""
    file = Path(f"/proc/{server.process.pid}/maps")
    return library in file.read_text() if file.exists() else None


def load_torch(server: Server, browser: Browser) -> None:
    """A section that needs torch loads it in the background; wait until the server is idle again."""
    with opened(server, browser, "pooling?pooling.section=shift&lang=en"):
        used, rested = cpu_milliseconds(server), 0
        for _ in range(120):
            time.sleep(0.5)
            before, used = used, cpu_milliseconds(server)
            idle = used is not None and before is not None and used - before < 20
            rested = rested + 1 if idle and has_loaded(server, "libtorch") else 0
            if rested == 4:
                return


# ---------------------------------------------------------------------------------------------------------- the browser


@contextmanager
def opened(server: Server, browser: Browser, address: str) -> Iterator[Page]:
    """A page in a browser without a past."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 1000})
    context.add_init_script(STOPWATCH)
    page = context.new_page()
    page.goto(f"{server.address}/{address}")
    settle(page)
    yield page
    context.close()


def settle(page: Page) -> None:
    page.locator("h1").first.wait_for()
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()


def cell(role: str, row: int, column: int) -> str:
    return f'.role-{role} .cell[data-row="{row}"][data-column="{column}"]'


def centre(box: FloatRect | None) -> tuple[float, float]:
    assert box, "the cell is not on the screen"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def timed(
    page: Page,
    server: Server,
    event: str,
    selector: str,
    act: Callable[[int], object],
    *,
    prepare: Callable[[int], object] = lambda _: None,
    wanted: Callable[[int], str | None] = lambda _: None,
    marks: bool = False,
) -> tuple[list[float], float | None]:
    """Do something again and again; the times to its answer, and the server's CPU for each."""
    times, before = [], None
    for turn in range(WARM_UP + ROUNDS):
        if turn == WARM_UP:
            before = cpu_milliseconds(server)
        prepare(turn)
        page.evaluate("given => stopwatch.arm(...given)", [event, selector, marks, wanted(turn)])
        act(turn)
        times.append(page.evaluate("() => stopwatch.elapsed"))
        settle(page)
        page.wait_for_timeout(60)
    after = cpu_milliseconds(server)
    return times[WARM_UP:], None if after is None or before is None else (after - before) / ROUNDS


# ----------------------------------------------------------------------------------------------------- what is measured


def hover(page: Page, server: Server) -> Row:
    places = [page.locator(cell("output", row, column)) for row, column in ((1, 1), (4, 3))]
    times, cpu = timed(page, server, "pointerover", OUTPUT, lambda turn: places[turn % 2].hover(), marks=True)
    return Row("hover an output cell -> its window, in the browser", times, "<= 16", cpu)


def edit(page: Page, server: Server) -> Row:
    def type_number(turn: int) -> None:
        page.locator(cell("input", 0, 0)).click()
        page.locator(".role-input .cell input").fill(str(5 + turn % 2))

    times, cpu = timed(page, server, "keydown", OUTPUT, lambda _: page.keyboard.press("Enter"), prepare=type_number)
    return Row("edit a cell -> output redrawn", times, "<= 70", cpu)


def slide(page: Page, server: Server) -> Row:
    slider = page.get_by_role("slider", name=label("en", "controls.stride"), exact=True)
    keys = ("ArrowRight", "ArrowLeft")
    times, cpu = timed(page, server, "keydown", OUTPUT, lambda turn: slider.press(keys[turn % 2]))
    return Row("slider key -> stage redrawn", times, "<= 90", cpu)


def page_change(page: Page, server: Server, what: str, titles: tuple[str, str]) -> Row:
    """Back and forth between two pages by the links of the sidebar; timed on the way to each with a stage."""
    links = [page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True) for title in titles]

    def visit(index: int) -> str:
        links[index].click()
        expect(page.locator("h1")).to_have_text(HEADINGS[titles[index]])
        if titles[index] != HOME:
            page.locator(OUTPUT).first.wait_for()
        settle(page)
        page.wait_for_timeout(300)
        return page.evaluate("selector => stopwatch.shown(selector)", OUTPUT)

    stages = [visit(0), visit(1), visit(0), visit(1)][2:]  # the first visit may still load scripts
    if HOME in titles:  # timed one way only: the way home waits, untimed
        times, cpu = timed(
            page,
            server,
            "click",
            OUTPUT,
            lambda _: links[1].click(),
            prepare=lambda _: visit(0),
            wanted=lambda _: stages[1],
        )
        return Row(f"{what} (CPU: there and back)", times, "<= 150", cpu)
    times, cpu = timed(
        page, server, "click", OUTPUT, lambda turn: links[turn % 2].click(), wanted=lambda turn: stages[turn % 2]
    )
    return Row(what, times, "<= 150", cpu)


def pick(page: Page, server: Server) -> Row:
    changed = page.locator(".comparison .role-input").nth(1)
    places = [centre(changed.locator(f'.cell[data-row="{row}"][data-column="{row}"]').bounding_box()) for row in (1, 4)]

    def press(turn: int) -> None:
        page.mouse.move(*places[turn % 2])
        page.mouse.down()

    times, cpu = timed(page, server, "pointerup", MAPS, lambda _: page.mouse.up(), prepare=press, marks=True)
    return Row("lab: press a pixel -> all six maps redrawn", times, "<= 70", cpu)


def drag(page: Page, server: Server) -> list[Row]:
    x, y = centre(page.locator(".comparison .role-input").nth(1).locator(".cell").first.bounding_box())
    page.mouse.move(x, y)
    page.evaluate("selector => stopwatch.film(selector)", MAPS)
    page.wait_for_timeout(1000 * DRAG_SECONDS)
    idle = page.evaluate("() => stopwatch.stop()")
    page.mouse.down()
    page.evaluate("selector => stopwatch.film(selector)", MAPS)
    before, start = cpu_milliseconds(server), time.perf_counter()
    while (passed := time.perf_counter() - start) < DRAG_SECONDS:
        page.mouse.move(x, y - DRAG_PIXELS * abs(2 * (passed % 1) - 1))
        page.wait_for_timeout(12)
    seen = page.evaluate("() => stopwatch.stop()")
    after = cpu_milliseconds(server)
    page.mouse.up()
    settle(page)
    redraws = seen["redrawn"] * DRAG_SECONDS
    cpu = None if after is None or before is None or not redraws else (after - before) / redraws
    return [
        Row("lab: nothing moves, frames", [idle["frames"]], "60", None, "a second"),
        Row("lab: drag a pixel, frames kept", [seen["frames"]], "60", None, "a second"),
        Row("lab: drag a pixel, longest frame", [seen["longest"]]),
        Row("lab: drag a pixel, pictures that differ", [seen["redrawn"]], "", cpu, "a second"),
    ]


def cold_home(browser: Browser, folder: Path) -> list[Row]:
    """A server just started, a browser without a cache."""
    paints, drawn, plotly, torch = [], [], set(), set()
    for attempt in range(COLD_STARTS):
        place = folder / str(attempt)
        place.mkdir()
        with serve(place) as server, opened(server, browser, "?lang=en") as page:
            page.wait_for_timeout(2000)  # whatever else home may load
            paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            drawn.append(page.evaluate("stopwatch.drawn"))
            scripts = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
            plotly.add(any("plotly" in script.lower() for script in scripts))
            torch.add(has_loaded(server, "libtorch"))
    print(f"home loads Plotly's JavaScript: {_said(plotly)}; torch: {_said(torch)}")
    return [
        Row("home, cold: first contentful paint", paints, "<= 1500"),
        Row("home, cold: all of it drawn", drawn),
    ]


def _said(found: set[bool | None]) -> str:
    if None in found:
        return "unknown"
    return "yes" if found == {True} else "no" if found == {False} else "sometimes"


# ------------------------------------------------------------------------------------------------------------ the table


def measure(browser: Browser, folder: Path) -> Iterator[Row]:
    yield from cold_home(browser, folder)
    with serve(folder) as server:
        load_torch(server, browser)
        with opened(server, browser, "convolution?lang=en") as page:
            page.locator(OUTPUT).first.wait_for()
            yield hover(page, server)
            yield edit(page, server)
            yield slide(page, server)
        with opened(server, browser, "?lang=en") as page:
            yield page_change(page, server, "home -> convolution", (HOME, TITLES["convolution"]))
            yield page_change(page, server, "convolution <-> pooling", (TITLES["convolution"], TITLES["pooling"]))
        with opened(server, browser, "pooling?pooling.section=perturb&lang=en") as page:
            page.locator(MAPS).first.wait_for()
            yield pick(page, server)
            yield from drag(page, server)
        print(f"torch loaded during the interactions: {_said({has_loaded(server, 'libtorch')})}")


def print_table(rows: Sequence[Row]) -> None:
    table = [["", "median", "p90", "aim", "server CPU"], *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def main() -> None:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} cores, load {load}; {ROUNDS} rounds after {WARM_UP} to warm up")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        rows = list(measure(browser, Path(folder)))
        browser.close()
    print_table(rows)


if __name__ == "__main__":
    main()
