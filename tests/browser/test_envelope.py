"""The envelope in a browser: what is written is read while it is written, and is still there after a reload."""

import re
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from cnn.architectures import ARCHITECTURES
from cnn.envelope.photographed import photographed
from cnn.envelope.reading import read
from cnn.envelope.writing import CLOSEST, write
from cnn.text import label
from cnn.ui.lessons.lenet.held_line import FIRST
from tests.browser.conftest import Visit, settle, write_one

SECTION = {"lang": "en", "lenet.section": "envelope"}


def reading(page: Page):
    return page.get_by_role("heading", level=3)


def boxes(page: Page):
    return page.locator(".draw-pad .box")


def press(page: Page, tool: str) -> None:
    page.locator(".draw-pad").get_by_role("button", name=label("en", f"draw_pad.{tool}")).click()


def stroke(page: Page, share: float) -> None:
    """An upright stroke, so far from the left."""
    box = page.locator(".draw-pad canvas").bounding_box()
    assert box
    x, top, bottom = box["x"] + share * box["width"], box["y"] + 0.3 * box["height"], box["y"] + 0.8 * box["height"]
    page.mouse.move(x, top)
    page.mouse.down()
    for part in range(1, 9):
        page.mouse.move(x, top + (bottom - top) * part / 8)
    page.mouse.up()


def test_what_is_written_is_read(visit: Visit):
    page = visit("lenet", **SECTION)
    expect(reading(page)).to_have_text("1299?")
    expect(boxes(page)).to_have_count(5)
    expect(page.locator(".draw-pad .box.doubtful")).to_have_text("0 ?")
    press(page, "clear")
    expect(reading(page)).to_have_text("…")
    expect(boxes(page)).to_have_count(0)
    for number in range(1, 6):
        stroke(page, 0.1 + 0.15 * number)
        expect(boxes(page)).to_have_count(number)
    expect(reading(page)).to_have_text("11111")
    press(page, "undo")
    expect(reading(page)).to_have_text("1111")


def test_the_boxes_stand_over_the_ink(visit: Visit):
    page = visit("lenet", **SECTION)
    press(page, "clear")
    expect(boxes(page)).to_have_count(0)
    stroke(page, 0.3)
    expect(boxes(page)).to_have_count(1)

    def off() -> float:
        """How far the box's middle is from the stroke's, in pixels."""
        canvas, box = page.locator(".draw-pad canvas").bounding_box(), boxes(page).bounding_box()
        assert canvas and box
        right = box["x"] + box["width"] / 2 - (canvas["x"] + 0.3 * canvas["width"])
        down = box["y"] + box["height"] / 2 - (canvas["y"] + 0.55 * canvas["height"])
        return max(abs(right), abs(down))

    for _ in range(100):  # the first box may be that of half the stroke
        if off() < 4:
            break
        page.wait_for_timeout(50)
    assert off() < 4


def test_a_line_of_ones_own_stays_through_a_reload_and_another_form(visit: Visit):
    page = visit("lenet", **SECTION)
    press(page, "clear")
    for share in (0.3, 0.5, 0.7):
        stroke(page, share)
    expect(reading(page)).to_have_text("111")
    expect(page).to_have_url(re.compile("lenet.zip=~"))
    page.get_by_role("radio", name=label("en", "options.amount")).click()
    expect(reading(page)).to_have_text(re.compile(r"\d\d?\?\.88|\d+\.\d\d"))
    page.get_by_role("radio", name=label("en", "options.zip")).click()
    expect(reading(page)).to_have_text("111")
    expect(boxes(page)).to_have_count(3)
    settle(page)
    page.reload()
    settle(page)
    expect(reading(page)).to_have_text("111")
    press(page, "clear")  # it lies on the paper, too
    expect(reading(page)).to_have_text("…")


def test_the_keyboard_writes(visit: Visit):
    page = visit("lenet", **SECTION)
    press(page, "clear")
    expect(reading(page)).to_have_text("…")
    write_one(page, up=2, down=5)
    expect(reading(page)).to_have_text("1")


def test_a_threshold_decides_who_reads(visit: Visit):
    page = visit("lenet", **SECTION, **{"lenet.reject_below": "50"})
    expect(reading(page)).to_have_text("12990")
    expect(page.locator(".draw-pad .box.doubtful")).to_have_count(0)
    page.get_by_role("slider", name=label("en", "controls.reject_below")).focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(reading(page)).to_have_text("1299?")
    expect(page).to_have_url(re.compile("lenet.reject_below=70"))


def test_another_gap_writes_the_sample_again(visit: Visit):
    """Digits that touch: the line is another one, and so is what is read."""
    page = visit("lenet", **SECTION)
    expect(reading(page)).to_have_text("1299?")
    page.get_by_role("slider", name=label("en", "controls.gap")).press("Home")
    expect(page).to_have_url(re.compile(f"lenet.gap={CLOSEST}"))
    found = read(ARCHITECTURES["lenet5_modern"].trained(), write("zip", FIRST["zip"], CLOSEST).ink, "zip", None)
    expect(reading(page)).to_have_text(
        found.line.written(["?" if each.confidence < 0.9 else each.label for each in found.readings])
    )
    expect(reading(page)).not_to_have_text("1299?")


def test_a_photograph_is_read(visit: Visit):
    page = visit("lenet", **SECTION, **{"lenet.reject_below": "0"})
    page.get_by_test_id("stPopoverButton").first.click()
    file = page.locator("input[type=file]")
    file.set_input_files(
        {"name": "line.jpg", "mimeType": "image/jpeg", "buffer": jpeg(photographed(write("zip", 3).ink, 3))}
    )
    expect(reading(page)).to_have_text(write("zip", 3).text)
    expect(page).to_have_url(re.compile("lenet.zip=~"))


def test_a_photograph_with_nothing_on_it_gets_a_sentence(visit: Visit):
    page = visit("lenet", **SECTION)
    page.get_by_test_id("stPopoverButton").first.click()
    grey = np.full((200, 500, 3), 190, np.uint8)
    page.locator("input[type=file]").set_input_files(
        {"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": jpeg(grey)}
    )
    expect(page.get_by_text(label("en", "envelope.no_ink"))).to_be_visible()
    expect(reading(page)).to_have_text("1299?")


def test_on_a_phone_the_paper_takes_the_width(visit: Visit):
    page = visit("lenet", size=(390, 844), **SECTION)
    box = page.locator(".draw-pad canvas").bounding_box()
    assert box and box["width"] > 320
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def jpeg(picture: np.ndarray) -> bytes:
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
