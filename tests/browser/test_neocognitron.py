"""The Neocognitron in a browser: seeds are ringed after learning, and the answers follow the dragged shape."""

import re

from playwright.sync_api import expect

from cnn.text import label
from tests.browser.conftest import Visit, settle


def test_learns_and_follows_the_pointer(visit: Visit):
    page = visit("timeline", lang="en", **{"timeline.section": "neocognitron"})
    last = page.locator(".neocognitron .layer canvas[aria-label^='S3']")
    expect(page.locator(".neocognitron .count")).to_have_text(label("en", "neocognitron.untrained"))
    page.get_by_role("button", name=label("en", "neocognitron.learn")).click()
    expect(page.locator(".neocognitron .count")).to_have_text("presentation 100 of 100")
    settle(page)
    expect(last).to_have_attribute("aria-label", re.compile(r", [1-9]\d* ringed"))
    page.get_by_role("button", name=label("en", "neocognitron.back"), exact=True).click()
    expect(page.locator(".neocognitron .count")).to_have_text("presentation 99 of 100")

    values = page.locator(".neocognitron .answers .value")
    before = values.all_inner_texts()
    page.locator(".neocognitron .retina").scroll_into_view_if_needed()
    box = page.locator(".neocognitron .retina").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.3 * box["width"], y + 0.2 * box["height"], steps=12)
    page.mouse.up()
    expect(page.locator(".neocognitron .count")).to_have_text("after 99 of 100")
    expect(page).to_have_url(re.compile("neocognitron_warp"))
    settle(page)
    assert values.all_inner_texts() != before
