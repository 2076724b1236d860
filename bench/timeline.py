"""What the timeline lesson costs, without a browser and in one: `python -m bench.timeline`."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time

from playwright.sync_api import Browser, Page, sync_playwright

from bench.interactions import TITLES, Row, load_torch, opened, print_table, settle, timed
from cnn import text
from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.figures.block_diagram import block_diagram
from cnn.timeline import network_summary
from tests.running import Server, launch, serve

ROUNDS = 9
DOTS, HEADING, FORMULA = ".timeline .dot", ".stMain h3", ".stMain .katex"
PICKED = ("vgg16", "resnet50")


def milliseconds(act: Callable[[], object]) -> float:
    """CPU time, the median of some rounds: what else runs on the machine is not counted."""
    times = []
    for _ in range(ROUNDS):
        start = process_time()
        act()
        times.append(1000 * (process_time() - start))
    return median(times)


def from_nothing(key: str) -> None:
    """Diagram, table and counts of a spec of which nothing has been derived yet."""
    network = replace(ARCHITECTURES[key])
    block_diagram(network.tree, text.labels("en")["diagram"], theme.LIGHT, costs=True, opens=True)
    network_summary.table(network, "leaves")
    assert network.parameters and network.macs and network.receptive_field


# -------------------------------------------------------------------------------------------------------- in a browser


def opening(page: Page, server: Server) -> Row:
    """From another lesson, by the link in the sidebar."""
    links = [
        page.get_by_test_id("stSidebar").get_by_role("link", name=TITLES[key], exact=True)
        for key in ("convolution", "timeline")
    ]

    def leave(_: int) -> None:
        links[0].click()
        page.locator(".role-output .cell").first.wait_for()
        settle(page)

    shown = page.evaluate("selector => stopwatch.shown(selector)", DOTS)
    times, cpu = timed(page, server, "click", DOTS, lambda _: links[1].click(), prepare=leave, wanted=lambda _: shown)
    return Row("convolution -> timeline (CPU: there and back)", times, "<= 300", cpu)


def picking(page: Page, server: Server) -> Row:
    dots = [page.locator(f'{DOTS}[data-key="{key}"]') for key in PICKED]
    times, cpu = timed(page, server, "click", HEADING, lambda turn: dots[turn % 2].click())
    return Row("pick a network -> its card", times, "<= 150", cpu)


def another_start(page: Page, server: Server) -> Row:
    slider = page.get_by_role("slider").first
    keys = ("ArrowRight", "ArrowLeft")
    times, cpu = timed(page, server, "keydown", FORMULA, lambda turn: slider.press(keys[turn % 2]))
    return Row("other random weights -> the block at work", times, "<= 150", cpu)


def in_a_browser(server: Server, browser: Browser) -> Iterator[Row]:
    load_torch(server, browser)
    with opened(server, browser, "timeline?lang=en") as page:
        page.locator(DOTS).first.wait_for()
        yield picking(page, server)
        yield opening(page, server)
    with opened(server, browser, "timeline?timeline.section=blocks&lang=en") as page:
        page.locator(FORMULA).first.wait_for()
        yield another_start(page, server)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with serve(Path(folder)) as server:
            print_table(list(in_a_browser(server, browser)))
        browser.close()
    spent = milliseconds(lambda: from_nothing("senet154"))
    print(
        f"SENet-154, spec -> diagram, table, counts: {spent:.0f} CPU-ms (aim 100); "
        f"torch loaded: {'torch' in sys.modules}"
    )
    import torch

    torch.set_num_threads(1)
    ARCHITECTURES["lenet5"].build()
    for key, network in ARCHITECTURES.items():
        start = process_time()
        network.build()
        print(f"{key}.build(): {process_time() - start:.2f} CPU-s (aim 2)")


if __name__ == "__main__":
    main()
