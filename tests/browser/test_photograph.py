"""A learner's own picture: good ones are taken, everything else gets a sentence, and nothing is lost by it."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnn.text import label
from tests.browser.conftest import Visit, overheard, settle


def encoded(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


GOOD = encoded(Image.effect_noise((300, 200), 90).convert("RGB"))


def upload(page: Page, data: bytes) -> None:
    page.get_by_role("button", name=label("en", "photographs.yours")).click()
    page.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": data})


def opened(visit: Visit) -> Page:
    page = visit("convolution", **{"convolution.section": "photograph", "convolution.kernel": "7,8"})
    expect(page.locator(".role-kernel .cell").first).to_have_text("7")
    return page


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encoded(Image.new("1", (10_000, 8_000))), "too_many_pixels"),
        (GOOD[:2000], "damaged"),
        (b"no picture", "not_an_image"),
    ],
    ids=["80 megapixels", "broken", "text"],
)
def test_what_is_no_photograph_gets_a_sentence(data, reason, visit: Visit):
    page = opened(visit)
    upload(page, data)
    expect(page.get_by_test_id("stAlert")).to_have_text(label("en", f"photograph_errors.{reason}"))
    expect(page.locator(".choices [aria-pressed=true]").first).to_have_text(label("en", "photographs.chelsea"))
    expect(page.locator(".role-kernel .cell").first).to_have_text("7")


def test_a_photograph_is_taken(visit: Visit):
    page = opened(visit)
    upload(page, GOOD)
    expect(page.locator(".photograph .shape")).to_have_text("200 × 300")
    expect(page.locator(".result .shape")).to_have_text("200 × 299")
    expect(page.locator(".role-kernel .cell").first).to_have_text("7")


def test_a_glass_that_moves_does_not_send_the_photograph_again(visit: Visit):
    page = opened(visit)
    received = overheard(page)
    sent = max(message.ByteSize() for message in received)
    received.clear()
    before = page.locator(".role-input .cell").first.inner_text()
    page.locator(".photograph .picture").press("ArrowDown")
    expect(page.locator(".role-input .cell").first).not_to_have_text(before)
    settle(page)
    assert sent > 90_000 > 2 * max(message.ByteSize() for message in received)
