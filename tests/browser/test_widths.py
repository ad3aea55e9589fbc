"""Every page at every width, size and language: nothing wider than the window, no wrapped button."""

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.services.demo.bases import LONGEST_NAME
from tests.browser.browsing import heading, node
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

WIDTHS = (1440, 1280, 1024, 900, 390, 360)
LONG = f"{LONGEST_NAME}工会委员会"
# Controls whose words stand on more than one line: a wrapped button is a broken one. Names of unions may wrap.
WRAPPED = """() => [...document.querySelectorAll("button, a.hb, [role=tab], [role=combobox]")]
    .filter((control) => !control.matches(".plain, .choice, .treebtn"))
    .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !control.closest("[role=tree]"))
    .filter((control) => {
        const range = document.createRange();
        range.selectNodeContents(control);
        const lines = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
        return lines.some((box) => lines.some((other) => other.top >= box.bottom - 1));
    })
    .map((control) => control.innerText)"""
OVERFLOW = """() => {
    const room = document.documentElement.clientWidth;
    return document.scrollingElement.scrollWidth <= room ? [] : [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > room + 1)
        .map((element) => element.outerHTML.slice(0, 90)).slice(0, 5);
}"""


def open_at_every_width(page: Page, where: str) -> list[str]:
    """What was wrong at any width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found += [f"{where} at {width}: overflow {what}" for what in page.evaluate(OVERFLOW)]
        found += [f"{where} at {width}: wrapped {what!r}" for what in page.evaluate(WRAPPED)]
    return found


@pytest.mark.parametrize("scaling", ["90%", "100%", "110%"])
@pytest.mark.parametrize("language", ["简体中文", "English"])
def test_no_page_is_wider_than_its_window_and_no_button_wraps(
    new_window: NewWindow, demo: Demo, scaling: str, language: str
) -> None:
    union = demo.union(LONG)
    town = demo.superiors(union)[-1]
    page = new_window(demo.newcomer(demo.union("佛山市总工会")), "/overview/")
    scale(page, scaling)
    speak(page, language)
    found = open_at_every_width(page, "overview")

    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/subordinates/?union={demo.union(town).id}")
    expect(node(page, LONG)).to_be_visible()
    page.get_by_role("row").get_by_title(LONG, exact=True).click()
    expect(page.locator("dl.kv")).to_be_visible()
    found += open_at_every_width(page, "subordinates")
    page.goto("/subordinates/?q=精密")
    expect(page.get_by_role("row").get_by_title(LONG, exact=True)).to_be_visible()
    found += open_at_every_width(page, "search")
    page.goto(f"/subordinates/?union={union.id}")
    expect(heading(page, LONG)).to_be_visible()
    found += open_at_every_width(page, "long name")

    assert found == []


def test_the_doors_fit_every_window(new_window: NewWindow) -> None:
    page = new_window(path="/login/")
    expect(heading(page, "登录")).to_be_visible()
    found = open_at_every_width(page, "login")
    several = new_window("19900000005", "/unions/")
    expect(heading(several, "选择工会")).to_be_visible()
    found += open_at_every_width(several, "unions")
    nobody = new_window("19900000009", "/unions/")
    expect(heading(nobody, "还没有可以管理的工会")).to_be_visible()
    found += open_at_every_width(nobody, "no union")

    assert found == []


def scale(page: Page, scaling: str) -> None:
    button = {"90%": 1, "100%": None, "110%": 0}[scaling]
    expect(page.get_by_role("main").locator("dl")).to_be_visible()
    if button is None:
        return
    control = page.get_by_role("group", name="页面显示大小").locator("visible=true").get_by_role("button").nth(button)
    while control.is_enabled():
        control.click()
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page.locator(".zoom").locator("visible=true")).to_contain_text(scaling)


def speak(page: Page, language: str) -> None:
    if language == "English":
        page.get_by_role("button", name="语言").click()
        page.get_by_role("menuitem", name="English").click()
        expect(page.get_by_role("button", name="语言")).to_have_count(0)
