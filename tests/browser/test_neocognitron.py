"""The Neocognitron in a browser: seeds are ringed after learning, and the answers follow the dragged shape."""

import re

from playwright.sync_api import expect

from cnn.neocognitron.record import Record
from cnn.neocognitron.retina import SHAPES
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


def test_a_shape_that_is_taken_from_the_player_is_the_learner_s(visit: Visit):
    record = Record(SHAPES, 0)
    step = next(number for number in range(record.steps, 0, -1) if record.shown[number - 1].pattern == 3)
    address = {"timeline.section": "neocognitron", "timeline.neocognitron_step": str(step)}
    page = visit("timeline", lang="en", **address)
    retina, code = page.locator(".neocognitron .retina"), page.get_by_test_id("stCode").first
    expect(page.locator(".neocognitron .count")).to_have_text(f"presentation {step} of 100")
    settle(page)
    before = code.inner_text()
    retina.scroll_into_view_if_needed()
    box = retina.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"], steps=4)
    expect(page.locator(".neocognitron .count")).to_have_text(f"after {step} of 100")
    expect(page).to_have_url(re.compile("neocognitron_shape=3"))
    expect(page.locator('.choices button[data-key="3"]')).to_have_attribute("aria-pressed", "true")
    assert "neocognitron_warp" not in page.url  # not before it is let go
    page.mouse.up()
    expect(page).to_have_url(re.compile("neocognitron_warp"))
    expect(code).not_to_have_text(before, use_inner_text=True)
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    reload = page.locator(".neocognitron .answers .value").all_inner_texts()
    page.reload()
    settle(page)
    expect(page.locator(".neocognitron .count")).to_have_text(f"after {step} of 100")
    assert page.locator(".neocognitron .answers .value").all_inner_texts() == reload
