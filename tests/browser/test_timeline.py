"""The line and the diagram under a learner's hand: click, keyboard, zoom, link."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_click_picks_a_network(visit: Visit):
    page = visit("timeline", lang="en")
    page.locator('.timeline .dot[data-key="vgg16"]').click()
    expect(page.locator("h3", has_text="VGG-16")).to_be_visible()
    expect(page.locator('.timeline .dot[data-key="vgg16"]')).to_have_attribute("aria-pressed", "true")
    assert "timeline.network=vgg16" in page.url


def test_the_keyboard_walks_the_line(visit: Visit):
    page = visit("timeline", lang="en", **{"timeline.network": "alexnet"})
    page.locator('.timeline .dot[data-key="alexnet"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h3", has_text="VGG-13")).to_be_visible()


def test_the_line_zooms(visit: Visit):
    page = visit("timeline", lang="en")
    dots = [page.locator(f'.timeline .dot[data-key="{key}"]') for key in ("resnet18", "densenet121")]

    def apart() -> float:
        first, second = (dot.evaluate("dot => dot.transform.baseVal[0].matrix.e") for dot in dots)
        return second - first

    before = apart()
    page.locator('.timeline [data-name="closer"]').click()
    assert apart() > 1.4 * before
    page.locator('.timeline [data-name="whole"]').click()
    assert abs(apart() - before) < 1


def test_a_box_opens_and_closes(visit: Visit):
    page = visit("timeline", lang="en", **{"timeline.section": "whole", "timeline.network": "resnet50"})
    page.locator('.diagram [data-path="features.conv2_x"]').click()
    expect(page.locator('.diagram [data-path="features.conv2_x.block1"]')).to_be_visible()
    page.locator(".diagram .crumb").first.click()
    expect(page.locator('.diagram [data-path="features.conv5_x"]')).to_be_visible()


def test_only_the_charts_load_plotly(visit: Visit):
    loaded = "performance.getEntriesByType('resource').some(entry => entry.name.toLowerCase().includes('plotly'))"
    assert not visit("timeline", lang="en").evaluate(loaded)
    page = visit("timeline", lang="en", **{"timeline.section": "charts"})
    page.locator(".js-plotly-plot").wait_for()
    assert page.evaluate(loaded)
