"""What surrounds every lesson: navigation, language, address, memory, themes, a phone, a screen reader."""

import re
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cnn.lessons import LESSONS
from cnn.text import label
from tests.browser.conftest import Visit, overheard, settle
from tests.running import Server

SECTIONS = [(lesson.key, section) for lesson in LESSONS for section in lesson.sections]
PLACES = [("", {}), *((key, {f"{key}.section": section}) for key, section in SECTIONS)]
NAMES = [path and f"{path}-{next(iter(parameters.values()))}" or "home" for path, parameters in PLACES]
LOCALES = {"en": "en-US", "zh": "zh-CN"}
OTHER = {"en": "zh", "zh": "en"}


def parameters(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def navigation(page: Page) -> list[str]:
    """The words of the navigation's links, in order, once all of them are drawn."""
    links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
    words = links.get_by_test_id("stMarkdownContainer")
    expect(words).to_have_count(1 + len(LESSONS))
    return words.all_inner_texts()


def heading(path: str, language: str) -> str:
    return label(language, f"{path}.question" if path else "app.name")


def in_the_bar(page: Page, name: str, value: str | None) -> None:
    """The address says so, or says nothing of it."""
    said = f"[?&]{re.escape(name)}={re.escape(quote_plus(value))}(&|$)" if value else f"^((?!{re.escape(name)}=).)*$"
    expect(page).to_have_url(re.compile(said))


def output(page: Page) -> list[str]:
    """The numbers of the stage's output, row by row."""
    page.locator(".role-output .cell").first.wait_for()
    return [" ".join(row.split()) for row in page.locator(".role-output .row").all_inner_texts()]


# ---------------------------------------------------------------------------------------------------------- first visit


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("path", ["", *(lesson.key for lesson in LESSONS)], ids=lambda path: path or "home")
def test_first_visitor_of_a_fresh_server(path, language, fresh_server: Server, visit: Visit):
    """A deep link shows the frame, in the browser's language, although no session has passed by app.py."""
    page = visit(path, at=fresh_server, locale=LOCALES[language])
    expect(page.locator("h1")).to_have_text(heading(path, language))
    assert navigation(page) == [label(language, "app.name"), *(label(language, f"{x.key}.title") for x in LESSONS)]


def test_home_leads_to_every_lesson(visit: Visit):
    for lesson in LESSONS:
        page = visit(lang="zh")
        page.get_by_test_id("stMain").get_by_role("link", name=label("zh", f"{lesson.key}.title"), exact=True).click()
        expect(page.locator("h1")).to_have_text(heading(lesson.key, "zh"))
        in_the_bar(page, "lang", "zh")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_sections_go_there_and_back(lesson, visit: Visit):
    """Every press is obeyed, and not only the first."""
    page, key = visit(lesson.key), f"{lesson.key}.section"
    first, second = lesson.sections[:2]
    names = page.get_by_role("radiogroup", name=label("en", "app.sections"))
    for section in (second, first, second, first):
        names.get_by_role("radio", name=label("en", f"{lesson.key}.sections.{section}"), exact=True).click()
        in_the_bar(page, key, section if section != first else None)
        expect(names.get_by_role("radio", checked=True)).to_have_text(label("en", f"{lesson.key}.sections.{section}"))


def test_home_loads_no_plotly(visit: Visit):
    page = visit()
    scripts = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert scripts and not [script for script in scripts if "plotly" in script.lower()]


def test_nothing_is_called_by_name_that_the_browser_may_have_forgotten(visit: Visit):
    """Streamlit's cache of messages: during a quick drag one was missing, and the page never answered again."""
    page = visit("pooling", **{"pooling.section": "perturb"})
    received = overheard(page)
    changed = page.locator(".comparison .role-input").nth(1)
    for row in (1, 4, 1, 4):  # the same pictures again
        changed.locator(f'.cell[data-row="{row}"][data-column="2"]').click()
        settle(page)
    assert any(message.ByteSize() > 10_000 for message in received), "nothing that Streamlit would keep"
    assert not any(message.HasField("ref_hash") for message in received)


# ------------------------------------------------------------------------------------------------------------- language


@pytest.mark.parametrize("language", LOCALES)
def test_language_switch_keeps_the_state(language, visit: Visit):
    page = visit(
        "convolution", lang=language, **{"convolution.stride": "2", "convolution.input": "1,2,3,4;5,6,7,8;9,8,7,6"}
    )
    before, other = output(page), OTHER[language]
    page.get_by_test_id("stSidebar").get_by_role("radio", name=label(other, "app.own_name")).click()
    expect(page.locator("h1")).to_have_text(heading("convolution", other))
    in_the_bar(page, "lang", other)
    in_the_bar(page, "convolution.stride", "2")
    settle(page)
    assert output(page) == before
    assert navigation(page)[1] == label(other, "convolution.title")


def test_navigation_keeps_the_language(visit: Visit):
    page = visit("convolution", lang="zh")
    page.get_by_test_id("stSidebar").get_by_role("link", name=label("zh", "app.name")).click()
    expect(page.locator("h1")).to_have_text(heading("", "zh"))
    page.get_by_test_id("stSidebar").get_by_role("link", name=label("zh", "convolution.title")).click()
    expect(page.locator("h1")).to_have_text(heading("convolution", "zh"))
    in_the_bar(page, "lang", "zh")


def test_the_address_beats_the_browser(visit: Visit):
    expect(visit(locale="zh-CN", lang="en").locator("h1")).to_have_text(heading("", "en"))
    expect(visit(locale="de-DE").locator("h1")).to_have_text(heading("", "en"))


# --------------------------------------------------------------------------------------------------- address and memory


def change_things(page: Page) -> list[str]:
    """Move a slider and type into a cell; returns the output then."""
    page.get_by_role("slider", name=label("en", "controls.padding"), exact=True).press("ArrowRight")
    in_the_bar(page, "convolution.padding", "1")
    expect(page.locator(".role-output .row")).to_have_count(8)
    page.locator('.role-input .cell[data-row="1"][data-column="1"]').click()
    page.locator(".role-input .cell input").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator('.role-output .cell[data-row="1"][data-column="1"]')).to_have_text("6")
    in_the_bar(page, "convolution.input", "7,1,1,0,1,1;1,1,1,0,1,1;1,1,1,0,1,1;1,1,1,0,1,1;1,1,1,0,1,1;1,1,1,0,1,1")
    return output(page)


def test_a_copied_address_restores_the_state(visit: Visit):
    page = visit("convolution", lang="en")
    state = change_things(page)
    expected = visit("convolution", **parameters(page))
    assert output(expected) == state
    expected.reload()
    settle(expected)
    assert output(expected) == state


def test_continue_where_you_were(fresh_server: Server, visit: Visit):
    home = visit(at=fresh_server)
    words = label("en", "home.continue").format(title=label("en", "convolution.title"))
    expect(home.get_by_role("link", name=words)).to_have_count(0)
    page = visit("convolution", at=fresh_server, lang="en")
    state = change_things(page)
    assert (fresh_server.folder / "progress.json").exists()
    again = visit(at=fresh_server)
    again.get_by_role("link", name=words).click()
    expect(again.locator("h1")).to_have_text(heading("convolution", "en"))
    in_the_bar(again, "convolution.padding", "1")
    settle(again)
    assert output(again) == state


# ---------------------------------------------------------------------------------------------- themes, phones, readers


def ours(rule: dict, node: dict) -> bool:
    """Whether a violation can be mended here; what Streamlit draws by itself cannot."""
    # st.code: a block with long lines scrolls, and Streamlit gives it no tabindex. Its copy button can be focused.
    code_block = rule["id"] == "scrollable-region-focusable" and node["html"].startswith("<pre")
    return not code_block


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical, and where."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}) {node['target']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if ours(rule, node)
    ]


@pytest.mark.parametrize(("path", "parameters"), PLACES, ids=NAMES)
def test_no_serious_violation(path, parameters, visit: Visit):
    """In the light theme; the dark one has its turn on the phone."""
    assert violations(visit(path, **parameters)) == []


@pytest.mark.parametrize(("path", "parameters"), PLACES, ids=NAMES)
def test_fits_a_phone_in_the_dark(path, parameters, visit: Visit):
    """Nothing is wider than the screen: not the page, and nothing in it whose end would be cut off."""
    page = visit(path, size=(390, 844), dark=True, **parameters)
    expect(page.locator("h1")).to_be_in_viewport()
    if path:
        page.locator(".stage .cell, .puddle, .stMain img, .stPlotlyChart").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= 390
    drawn = page.locator(".puddle .cell, .puddle canvas, .puddle button, .puddle figcaption, .puddle .sum")
    ends = drawn.evaluate_all(
        "drawn => drawn.filter(part => !part.closest('.scroll'))"  # what scrolls by itself can be reached
        ".map(part => [part.className, part.getBoundingClientRect().right])"
    )
    assert [part for part in ends if part[1] > 390] == []
    assert violations(page) == []


def test_dark_theme(visit: Visit):
    colours = {}
    for dark in (False, True):
        page = visit("convolution", dark=dark)
        colours[dark] = page.evaluate(
            "['.stApp', '.stMain h1'].map(name => getComputedStyle(document.querySelector(name)))"
            ".map((style, index) => index ? style.color : style.backgroundColor)"
        )
    assert colours == {
        False: ["rgb(255, 255, 255)", "rgb(14, 22, 30)"],
        True: ["rgb(16, 22, 28)", "rgb(238, 243, 247)"],
    }


@pytest.mark.parametrize("path", ["", "pooling"], ids=["home", "lesson"])
def test_another_theme_repaints_what_python_has_drawn(path, visit: Visit):
    """Streamlit repaints its own elements, and tells Python with the next interaction."""

    def look(page: Page) -> str:
        if path:
            return page.locator(".cell").first.evaluate("cell => getComputedStyle(cell).color")
        return page.locator(".stMain img").first.get_attribute("src") or ""

    light, page = look(visit(path)), visit(path, dark=True)
    assert look(page) != light
    page.emulate_media(color_scheme="light")
    for _ in range(600):
        if look(page) == light:
            return
        page.wait_for_timeout(100)
    pytest.fail("it keeps the colours of the dark theme")
