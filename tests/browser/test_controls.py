"""Sliders and choices in the browser: nothing that a hand does is lost, and nothing is taken out of it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn.text import label
from tests.browser.conftest import Visit, settle
from tests.browser.test_frame import in_the_bar


def word(path: str) -> str:
    return label("en", path)


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit("convolution", lang="en")


def slider(page: Page, field: str) -> Locator:
    return page.get_by_role("slider", name=word(f"controls.{field}"), exact=True)


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=word(f"options.{name}"), exact=True)


@pytest.mark.parametrize("pause", [0, 40, 80], ids="{} ms apart".format)
def test_quick_presses_all_arrive(pause, page: Page):
    """Answers to earlier presses come in between, and take nothing back."""
    bias = slider(page, "bias")
    bias.focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(pause)
    expect(page.locator(".role-output .cell").first).to_have_text("7")
    in_the_bar(page, "convolution.bias", "7")
    settle(page)
    expect(bias).to_have_value("7")
    expect(bias).to_be_focused()


def test_a_drag_ends_where_it_was_let_go(page: Page):
    bias = slider(page, "bias")
    box = bias.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for share in (0.1, 0.2, 0.3, 0.2, 0.25, 0.35, 0.45, 0.49):
        page.mouse.move(x + share * box["width"], y)
        page.wait_for_timeout(20)
    page.mouse.up()
    in_the_bar(page, "convolution.bias", "9")
    settle(page)
    expect(bias).to_have_value("9")
    expect(page.locator(".role-output .cell").first).to_have_text("9")


def test_two_sliders_at_once(page: Page):
    """The second is moved before the first is answered."""
    slider(page, "stride").press("ArrowRight")
    slider(page, "bias").press("ArrowRight")
    in_the_bar(page, "convolution.stride", "2")
    in_the_bar(page, "convolution.bias", "1")
    expect(page.locator(".role-output .shape")).to_have_text("3 × 3")


def test_a_control_that_appears_leaves_the_others_in_the_hand(page: Page):
    padding = slider(page, "padding")
    expect(option(page, "reflect")).to_have_count(0)
    padding.press("ArrowRight")
    expect(option(page, "reflect")).to_be_visible()
    expect(padding).to_be_focused()
    page.keyboard.press("ArrowRight")
    in_the_bar(page, "convolution.padding", "2")
    page.keyboard.press("Home")
    expect(option(page, "reflect")).to_have_count(0)


def test_options_by_pointer_and_by_keyboard(page: Page):
    option(page, "ramp").click()
    in_the_bar(page, "convolution.image", "ramp")
    expect(option(page, "ramp")).to_be_focused()
    page.keyboard.press("ArrowRight")
    in_the_bar(page, "convolution.image", "checkerboard")
    expect(option(page, "checkerboard")).to_be_checked()
    expect(option(page, "ramp")).not_to_be_checked()


def test_a_slider_with_nothing_to_choose_rests(visit: Visit):
    page = visit("convolution", lang="en", **{"convolution.kernel_columns": "1"})
    expect(slider(page, "padding")).to_be_enabled()
    page = visit("convolution", lang="en", **{"convolution.input_rows": "3", "convolution.kernel_rows": "3"})
    expect(slider(page, "dilation")).to_be_disabled()
    expect(slider(page, "dilation")).to_have_value("1")


def test_a_value_of_decimals(visit: Visit):
    """From 1 two steps down: less than the interval's end, so the pooled map stays; then a typed one."""
    page = visit("pooling", lang="en", **{"pooling.section": "perturb"})
    value = slider(page, "value")
    expect(value).to_have_value("1")
    value.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    in_the_bar(page, "pooling.value", "0.9")
    changed = page.locator(".comparison .role-input .cell.picked")
    expect(changed).to_have_text("0.9")
    changed.click()
    changed.locator("input").fill("0.33")
    page.keyboard.press("Enter")
    in_the_bar(page, "pooling.value", "0.33")
    expect(page.locator(".slider", has_text=word("controls.value")).locator(".value")).to_have_text("0.33")
