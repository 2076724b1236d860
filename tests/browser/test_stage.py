"""The stage of the convolution lesson: looked at, played, typed into, dragged, all of it by keyboard too."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn.kernels import BREAK_IT, kernel
from cnn.patterns import pattern
from cnn.perturbation import compare
from cnn.scenes import SCENES, changed_image
from cnn.text import label
from tests.browser.conftest import Visit, settle
from tests.browser.test_frame import in_the_bar, output

LECTURE = ["0 0 1 −1 0"] * 6


def word(name: str) -> str:
    return label("en", name)


@pytest.fixture
def page(visit: Visit) -> Page:
    """The lecture's example, as the lesson opens on it."""
    opened = visit("convolution", lang="en")
    assert output(opened) == LECTURE
    return opened


def cell(page: Page, role: str, row: int, column: int) -> Locator:
    return page.locator(f'.role-{role} .cell[data-row="{row}"][data-column="{column}"]')


def marked(page: Page, role: str, mark: str) -> list[tuple[int, int]]:
    """Where the cells with a mark are."""
    places = page.locator(f".role-{role} .cell.{mark}").evaluate_all(
        "cells => cells.map(cell => [Number(cell.dataset.row), Number(cell.dataset.column)])"
    )
    return [(row, column) for row, column in places]


def active(page: Page, row: int, column: int) -> None:
    """This output cell, and no other, is the one looked at."""
    expect(page.locator(".role-output .cell.active")).to_have_count(1)
    expect(cell(page, "output", row, column)).to_have_class(re.compile(r"\bactive\b"))


def button(page: Page, name: str) -> Locator:
    return page.locator(".player").get_by_role("button", name=word(f"stage.{name}"), exact=True)


def type_into(page: Page, where: Locator, value: str) -> None:
    where.click()
    where.locator("input").fill(value)
    page.keyboard.press("Enter")


# -------------------------------------------------------------------------------------------------------------- looking


def test_opens_on_the_lecture(page: Page):
    active(page, 0, 2)
    assert marked(page, "input", "window") == [(0, 2), (0, 3)]
    expect(page.locator(".sum .result")).to_have_text("= 1")
    expect(page.locator(".role-input .shape")).to_have_text("6 × 6")
    expect(page.locator(".role-output .shape")).to_have_text("6 × 5")
    scrub = page.locator(".player").get_by_role("slider")
    expect(scrub).to_have_value("2")
    filled = scrub.evaluate("slider => Number(slider.style.getPropertyValue('--share'))")
    assert filled == pytest.approx(2 / 29)  # up to its handle


def test_an_output_cell_shows_its_window_and_its_sum(page: Page):
    cell(page, "output", 4, 3).hover()
    active(page, 4, 3)
    assert marked(page, "input", "window") == [(4, 3), (4, 4)]
    expect(page.locator(".sum")).to_have_text(re.compile(r"\[4, 3\]\s*0·1 \+ 1·\(−1\)\s*= −1"))
    assert [" ".join(row.split()) for row in page.locator(".role-product .row").all_inner_texts()] == ["0 −1"]


def test_an_input_cell_shows_what_it_feeds(page: Page):
    cell(page, "input", 2, 3).hover()
    expect(page.locator(".role-output .cell.fed")).to_have_count(2)
    assert marked(page, "output", "fed") == [(2, 2), (2, 3)]
    cell(page, "input", 2, 0).hover()
    expect(page.locator(".role-output .cell.fed")).to_have_count(1)
    assert marked(page, "output", "fed") == [(2, 0)]
    page.mouse.move(2, 2)
    expect(page.locator(".role-output .cell.fed")).to_have_count(0)


def test_arrows_move_through_the_output(page: Page):
    cell(page, "output", 0, 0).focus()
    active(page, 0, 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active(page, 2, 1)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # the edge holds
    page.keyboard.press("ArrowUp")
    active(page, 1, 0)
    assert marked(page, "input", "window") == [(1, 0), (1, 1)]
    page.keyboard.press("]")
    active(page, 1, 1)
    page.keyboard.press("[")
    page.keyboard.press("[")
    active(page, 0, 4)


# -------------------------------------------------------------------------------------------------------------- playing


def test_steps_forward_and_back(page: Page):
    button(page, "forward").click()
    active(page, 0, 3)
    button(page, "back").click()
    button(page, "back").click()
    active(page, 0, 1)
    button(page, "last").click()
    active(page, 5, 4)
    button(page, "forward").click()  # the end holds
    active(page, 5, 4)
    button(page, "first").click()
    button(page, "back").click()
    active(page, 0, 0)


def test_scrubs(page: Page):
    scrub = page.locator(".player").get_by_role("slider", name=word("stage.scrub"))
    scrub.fill("17")
    active(page, 3, 2)
    scrub.press("ArrowRight")
    active(page, 3, 3)
    expect(page.locator(".player .count")).to_have_text(word("stage.step").format(step=19, steps=30))


def test_plays_and_pauses(page: Page):
    button(page, "first").click()
    page.locator(".player").get_by_label(word("stage.speed")).select_option("8")
    button(page, "play").click()
    expect(page.locator(".role-output .cell.later").first).to_be_attached()
    expect(cell(page, "output", 0, 1)).not_to_have_class(re.compile("later"))  # the window has come this far
    button(page, "pause").click()
    expect(page.locator(".role-output .cell.later")).to_have_count(0)
    stopped = marked(page, "output", "active")
    page.wait_for_timeout(400)
    assert marked(page, "output", "active") == stopped
    cell(page, "output", 5, 3).focus()
    page.keyboard.press("Space")
    active(page, 5, 4)
    expect(button(page, "play")).to_be_visible()  # at the end it stops by itself


# -------------------------------------------------------------------------------------------------------------- editing


def test_a_typed_number_is_computed_undone_and_reset(page: Page):
    type_into(page, cell(page, "input", 0, 0), "5")
    expect(cell(page, "output", 0, 0)).to_have_text("4")
    in_the_bar(page, "convolution.input", "5,1,1,0,1,1;" + ";".join(["1,1,1,0,1,1"] * 5))
    type_into(page, cell(page, "input", 0, 1), "-2,5")
    expect(cell(page, "output", 0, 0)).to_have_text("7.5")
    undo = page.get_by_role("button", name=word("controls.undo"))
    undo.click()
    expect(cell(page, "output", 0, 0)).to_have_text("4")
    undo.click()
    expect(cell(page, "output", 0, 0)).to_have_text("0")
    in_the_bar(page, "convolution.input", None)
    expect(undo).to_be_disabled()
    type_into(page, cell(page, "input", 0, 0), "9")
    expect(cell(page, "output", 0, 0)).to_have_text("8")
    page.get_by_role("button", name=word("controls.reset")).click()
    expect(cell(page, "output", 0, 0)).to_have_text("0")
    assert output(page) == LECTURE


def test_the_kernel_can_be_typed(page: Page):
    type_into(page, cell(page, "kernel", 0, 1), "1")
    expect(cell(page, "output", 0, 0)).to_have_text("2")
    assert output(page) == ["2 2 1 1 2"] * 6
    in_the_bar(page, "convolution.kernel", "1,1")


def test_enter_and_escape_by_keyboard(page: Page):
    cell(page, "input", 1, 1).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("3")
    page.keyboard.press("Escape")
    expect(page.locator(".cell input")).to_have_count(0)
    expect(cell(page, "input", 1, 1)).to_have_text("1")
    page.keyboard.press("Enter")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(cell(page, "output", 1, 1)).to_have_text("2")
    page.keyboard.press("4")  # a digit starts an edit by itself
    page.keyboard.press("Tab")
    expect(cell(page, "output", 1, 1)).to_have_text("3")


@pytest.mark.parametrize("nonsense", ["x", "1e9", "1000", "--1", "<b>"])
def test_nonsense_is_no_number(nonsense, page: Page):
    where = cell(page, "input", 0, 0)
    where.click()
    where.locator("input").fill(nonsense)
    page.keyboard.press("Enter")
    expect(where.locator("input")).to_have_class(re.compile("wrong"))
    page.keyboard.press("Escape")
    settle(page)
    assert output(page) == LECTURE


def test_a_drag_is_many_values_and_one_undo(page: Page):
    where = cell(page, "input", 3, 0)
    box = where.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for distance in range(0, 31, 6):
        page.mouse.move(x, y - distance)
        page.wait_for_timeout(40)
    page.mouse.up()
    expect(where).to_have_text("6")
    expect(cell(page, "output", 3, 0)).to_have_text("5")
    page.get_by_role("button", name=word("controls.undo")).click()
    expect(cell(page, "output", 3, 0)).to_have_text("0")
    assert output(page) == LECTURE


def test_a_named_kernel_and_its_way_back(page: Page):
    page.get_by_role("button", name=word("kernels.sobel_x"), exact=True).click()
    expect(page.locator(".role-kernel .shape")).to_have_text("3 × 3")
    expect(page.locator(".role-output .shape")).to_have_text("4 × 4")
    expect(cell(page, "output", 0, 1)).to_have_text("−4")
    page.get_by_role("button", name=word("kernels.lecture"), exact=True).click()
    expect(page.locator(".role-output .shape")).to_have_text("6 × 5")
    assert output(page) == LECTURE


def test_a_slider_redraws(page: Page):
    stride = page.get_by_role("slider", name=word("controls.stride"), exact=True)
    stride.press("ArrowRight")
    expect(page.locator(".role-output .shape")).to_have_text("3 × 3")
    in_the_bar(page, "convolution.stride", "2")
    assert output(page) == ["0 1 0"] * 3
    stride.press("ArrowLeft")
    expect(page.locator(".role-output .shape")).to_have_text("6 × 5")


# -------------------------------------------------------------------------------------------------------------- presets


@pytest.mark.parametrize("case", BREAK_IT, ids=lambda case: case.key)
def test_a_press_breaks_it(case, page: Page):
    """The press moves the controls, which stand outside of the fragment that it runs."""
    preset = page.get_by_role("group", name=word("controls.break_it")).get_by_role("button")
    preset.filter(has_text=word(f"break_it.{case.key}")).click()
    expect(page.locator(".role-output .row")).to_have_count(case.sizes[1])
    stride = page.get_by_role("slider", name=word("controls.stride"), exact=True)
    expect(stride).to_have_value(str(case.stride))
    in_the_bar(page, "convolution.padding", str(case.padding) if case.padding else None)
    in_the_bar(page, "convolution.kernel_rows", str(case.kernel_size))


def test_presses_one_after_another(page: Page):
    """Each moves the ranges of the others' sliders: the latest press counts, on the stage and in the address."""
    presets = page.get_by_role("group", name=word("controls.break_it")).get_by_role("button")
    for at in (1, 0, 2, 1):
        case = BREAK_IT[at]
        presets.nth(at).click()
        expect(page.locator(".role-output .row")).to_have_count(case.sizes[1])
        expect(page.locator(".role-kernel .row")).to_have_count(case.kernel_size)
        in_the_bar(page, "convolution.kernel_rows", str(case.kernel_size))
    settle(page)
    before = output(page)
    page.reload()
    settle(page)
    assert output(page) == before


def test_back_takes_settings_back(page: Page):
    """Each change is an entry in the browser's history; going back there and forth, stage and sliders follow."""
    stride = page.get_by_role("slider", name=word("controls.stride"), exact=True)
    stride.press("ArrowRight")
    in_the_bar(page, "convolution.stride", "2")
    type_into(page, cell(page, "input", 0, 0), "5")
    in_the_bar(page, "convolution.input", "5,1,1,0,1,1" + ";1,1,1,0,1,1" * 5)
    settle(page)
    page.go_back()
    expect(cell(page, "input", 0, 0)).to_have_text("1")
    in_the_bar(page, "convolution.stride", "2")
    page.go_back()
    expect(page.locator(".role-output .row")).to_have_count(6)
    expect(stride).to_have_value("1")
    page.go_forward()
    expect(stride).to_have_value("2")


@pytest.mark.parametrize("scene", SCENES[:2], ids=lambda scene: scene.key)
def test_a_press_plays_a_scene(scene, visit: Visit):
    page = visit("pooling", lang="en", **{"pooling.section": "perturb", "pooling.lab_stride": "2"})
    presets = page.get_by_role("group", name=word("perturb.scenes")).get_by_role("button")
    presets.filter(has_text=word(f"scenes.{scene.key}")).click()
    image = pattern("zero_column", (6, 6))
    other = changed_image(image, scene.change, scene.pixel, scene.value)
    found = compare(image, other, kernel("lecture"), scene.pooling, scene.window, scene.stride)
    expect(page.locator(".comparison .role-output .cell.changed")).to_have_count(
        int(found.changed_convolution.sum() + found.changed_pooled.sum())
    )
    in_the_bar(page, "pooling.lab_stride", None)
