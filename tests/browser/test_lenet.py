"""LeNet-5 opened up: a digit is drawn, the probabilities follow, and a pixel shows its window."""

import re

from playwright.sync_api import Page, expect

from cnn.text import label
from tests.browser.conftest import Visit, settle, write_one

BEST = ".tile.bar.best b"


def layer(page: Page, name: str):
    return page.locator("figure.layer", has=page.locator("figcaption b", has_text=re.compile(f"^{name}$")))


def clear(page: Page) -> None:
    page.locator(".draw-pad").get_by_role("button", name=label("en", "draw_pad.clear")).click()
    expect(page.locator(".tile.bar.best .share")).not_to_have_text("100.0%")


def stroke(page: Page) -> None:
    """One upright stroke down the middle of the paper."""
    box = page.locator(".draw-pad canvas").bounding_box()
    assert box
    middle, top = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(middle, top + 40)
    page.mouse.down()
    for at in range(50, int(box["height"]) - 40, 10):
        page.mouse.move(middle, top + at)
    page.mouse.up()


def test_probabilities_follow_the_mouse(visit: Visit):
    page = visit("lenet", lang="en")
    expect(page.locator(BEST)).to_have_text("2")
    clear(page)
    stroke(page)
    expect(page.locator(BEST)).to_have_text("1")
    expect(page).to_have_url(re.compile("digit=~"))


def test_a_digit_stays_through_the_sections_and_a_reload(visit: Visit):
    page = visit("lenet", lang="en")
    clear(page)
    stroke(page)
    expect(page.locator(BEST)).to_have_text("1")
    page.get_by_role("radio", name=label("en", "lenet.sections.weights")).click()
    expect(page.locator(".kernel-table")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name=label("en", "lenet.sections.opened")).click()
    expect(page.locator(BEST)).to_have_text("1")
    page.locator(".draw-pad").get_by_role("button", name=label("en", "draw_pad.undo")).click()  # the paper, too
    expect(page.locator(".tile.bar.best .share")).not_to_have_text("100.0%")
    stroke(page)
    expect(page.locator(BEST)).to_have_text("1")
    settle(page)
    page.reload()
    settle(page)
    expect(page.locator(BEST)).to_have_text("1")


def test_drawing_by_keyboard(visit: Visit):
    page = visit("lenet", lang="en")
    clear(page)
    write_one(page, up=4, down=8)
    expect(page.locator(BEST)).to_have_text("1")


def test_a_pixel_shows_its_window_and_its_way_back(visit: Visit):
    page = visit("lenet", lang="en")
    layer(page, "S4").locator(".tile").nth(7).click()
    expect(page).to_have_url(re.compile("lenet.unit=S4%2C7%2C2%2C2"))
    expect(page.get_by_role("heading", name="S4[7] (2, 2)")).to_be_visible()
    expect(layer(page, "C3").locator(".tile").nth(7).locator(".seen")).to_be_visible()
    expect(layer(page, "INPUT").locator(".seen")).to_be_visible()
    assert layer(page, "C3").locator(".seen:visible").count() == 1
    expect(page.locator(".role-output .cell.active")).to_have_count(1)
    expect(page.locator(".stage .sum .place")).to_contain_text("[2, 2]")  # its place in the map, not on the stage


def test_a_unit_by_keyboard(visit: Visit):
    page = visit("lenet", lang="en")
    layer(page, "C1").locator(".tiles").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="C1[0] (14, 14)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", name="C1[1] (15, 14)")).to_be_visible()


def test_a_column_of_table_1(visit: Visit):
    page = visit("lenet", **{"lang": "en", "lenet.section": "weights", "lenet.network": "as_1998"})
    expect(page.locator(".cell-of.chosen:not(.none)")).to_have_count(3)
    page.locator('.kernels .column[data-column="15"]').click()
    expect(page.locator(".cell-of.chosen:not(.none)")).to_have_count(6)
    expect(page).to_have_url(re.compile("lenet.column=15"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".cell-of.chosen:not(.none)")).to_have_count(4)
