"""The rain on the court."""

from playwright.sync_api import expect

from cnn.text import label
from tests.browser.conftest import Visit, settle


def test_it_rains_on_another_court_too(visit: Visit):
    """Drops of the court before fell beside the new one, unseen, and were without a size."""
    page = visit("pooling", **{"pooling.section": "puddles"})
    page.emulate_media(reduced_motion="no-preference")
    rain = page.get_by_role("button", name=label("en", "puddles.rain"))
    for window in ("ArrowRight", "ArrowLeft"):
        page.get_by_role("slider", name=label("en", "controls.window"), exact=True).press(window)
        settle(page)
        rain.click()
        expect(page.locator(".scene .drop").first).to_be_attached()
