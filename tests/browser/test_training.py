"""A run is started, seen, paused, found again after a reload, and stopped."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from cnn.text import label
from tests.browser.conftest import Visit, settle
from tests.running import Server, serve


def button(page: Page, name: str):
    return page.get_by_role("button", name=label("en", f"training.buttons.{name}")).first  # a preset says "start", too


def words(page: Page):
    return page.locator(".training-board .progress .words")


def test_a_run_goes_on_through_a_reload(fresh_server: Server, visit: Visit):
    page = visit("training", at=fresh_server, lang="en", **{"training.settings": "epochs=20"})
    expect(words(page)).to_contain_text(label("en", "training.untrained"))
    button(page, "start").click()
    expect(page.locator(".curve .line.training, .curve .dot.training").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"training\.run=[A-Za-z0-9_-]{16,}"))
    button(page, "pause").click()
    expect(words(page)).to_contain_text(label("en", "training.states.paused"))
    page.reload()
    settle(page)
    expect(words(page)).to_contain_text(label("en", "training.states.paused"))
    before = words(page).inner_text()
    button(page, "one_step").click()
    expect(words(page)).not_to_have_text(before)
    button(page, "stop").click()
    expect(words(page)).to_contain_text(label("en", "training.states.stopped"))
    page.goto(f"{fresh_server.address}/training?lang=en&training.section=compare")
    settle(page)
    expect(page.get_by_text(label("en", "training.runs.overlay"))).to_be_visible()


def test_a_run_outlives_its_server(tmp_path: Path, visit: Visit):
    """The server dies in the middle; the next one shows how far the run came, and lets it go on."""
    with serve(tmp_path) as first:
        page = visit("training", at=first, lang="en", **{"training.settings": "epochs=20"})
        button(page, "start").click()
        expect(page.locator(".curve .line.training, .curve .dot.training").first).to_be_visible()
        expect(page).to_have_url(re.compile(r"training\.run="))
        run = re.findall(r"training\.run=([^&]+)", page.url)[0]
        page.wait_for_timeout(3000)  # until it was written down
        page.context.close()
        first.process.kill()
    with serve(tmp_path) as second:
        page = visit("training", at=second, lang="en", **{"training.run": run})
        expect(words(page)).to_contain_text(label("en", "training.states.interrupted"))
        expect(page.locator(".training-board .chances .most")).to_have_count(1)  # of the digit
        button(page, "continue").click()
        expect(words(page)).to_contain_text(label("en", "training.states.running"))
        button(page, "stop").click()
        expect(words(page)).to_contain_text(label("en", "training.states.stopped"))
        page.context.close()
