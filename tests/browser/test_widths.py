"""Every page at every width, size and language: nothing wider than the window, no wrapped button."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.services.demo.bases import LONGEST_NAME
from tests.browser.browsing import heading
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
# Controls of one bar that stand on each other, or out of it.
CROWDED = """() => [...document.querySelectorAll("header, .dr, .filters, .pager, .who")]
    .flatMap((bar) => {
        const room = bar.getBoundingClientRect();
        const boxes = [...bar.querySelectorAll("button, a, b, input")]
            .filter((control) => control.checkVisibility({ visibilityProperty: true }))
            .filter((control) => !control.parentElement.closest("button, a"))
            .map((control) => ({
                says: control.innerText || control.ariaLabel || control.placeholder,
                box: control.getBoundingClientRect(),
            }));
        const crosses = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
        return boxes.filter(({ box }, at) => box.left < room.left - 1 || box.right > room.right + 1
            || boxes.slice(at + 1).some((other) => crosses(box, other.box))).map(({ says }) => says);
    })"""
# Names of unions in a table that has columns, and leaves none for them.
NAMELESS = """() => [...document.querySelectorAll("thead th:nth-child(2)")]
    .filter((column) => column.checkVisibility() && column.getBoundingClientRect().width < 108)
    .map((column) => `${column.innerText}: ${Math.round(column.getBoundingClientRect().width)} px`)"""
CHECKS = {"wider than the window": OVERFLOW, "wrapped": WRAPPED, "no room": CROWDED, "no names": NAMELESS}


def wrong_at_any_width(page: Page, where: str, widths: Sequence[int] = WIDTHS) -> list[str]:
    """What is wrong at which width."""
    found: list[str] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        for what, check in CHECKS.items():
            found += [f"{where} at {width}, {what}: {culprit!r}" for culprit in page.evaluate(check)]
    return found


@pytest.mark.parametrize("scaling", ["90%", "100%", "110%"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_its_window_and_no_button_wraps(
    new_window: NewWindow, demo: Demo, scaling: str, language: str
) -> None:
    union, city = demo.union(LONG), demo.union("佛山市总工会")
    town = demo.union(demo.superiors(union)[-1])
    page = new_window(demo.newcomer(city, language=language, scaling=scaling), "/overview/")
    expect(page.locator(f"[data-scaling='{scaling}'] dl.figs")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    found = wrong_at_any_width(page, "overview")
    page.locator(".top button.only-m").click()
    expect(page.locator(".dr")).to_be_visible()
    found += wrong_at_any_width(page, "drawer", (390, 360))

    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/subordinates/?union={town.id}")
    page.get_by_role("row").get_by_title(LONG, exact=True).click()
    expect(page.locator("dl.kv")).to_be_visible()
    found += wrong_at_any_width(page, "list")
    page.goto("/subordinates/?q=精密")
    expect(page.get_by_role("row").get_by_title(LONG, exact=True)).to_be_visible()
    found += wrong_at_any_width(page, "hits")
    page.goto(f"/subordinates/?union={union.id}")
    expect(page.locator("dl.kv")).to_be_visible()
    found += wrong_at_any_width(page, "long name")

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_doors_fit_every_window(new_window: NewWindow, demo: Demo, language: str) -> None:
    page = new_window(path="/login/")
    page.get_by_role("button", name="语言").click()
    page.get_by_role("menuitem", name=LANGUAGES[language]).click()
    expect(heading(page, render("登录", language))).to_be_visible()
    found = wrong_at_any_width(page, "login")
    for phone, words in {"19900000005": "选择工会", demo.outsider(): "还没有可以管理的工会"}.items():
        inside = new_window(phone, "/unions/")
        inside.get_by_title("Language").click()
        inside.get_by_role("menuitem", name=LANGUAGES[language]).click()
        expect(heading(inside, render(words, language))).to_be_visible()
        found += wrong_at_any_width(inside, words)
        inside.get_by_title("Language").click()
        inside.get_by_role("menuitem", name=LANGUAGES["zh-CN"]).click()
        expect(heading(inside, words)).to_be_visible()

    assert found == [], "\n".join(found)
