"""Driving a browser as a reader of the console would: by words, never by waiting for silence or for time to pass."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from gdftu_app.services.demo.people import DEMO_PASSWORD

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium keeps what drops from its address bar ready as two pages of its own, anew for every window: half of what a
# window costs. It heeds only the last list of features, so what Playwright does without is named here again.
ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
AS_PLAYWRIGHT_HAS_IT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    f"--disable-features={','.join(ADDRESS_BAR + AS_PLAYWRIGHT_HAS_IT)}",
)
PATIENCE_MS = 15_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or the one that `GDFTU_CHROMIUM` names."""
    named = os.environ.get("GDFTU_CHROMIUM")
    path = next((found for name in ([named] if named else BROWSER_NAMES) if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("no Chromium in PATH: run 'make browser', or name one in GDFTU_CHROMIUM")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def sign_in(page: Page, phone: str, *, password: str = DEMO_PASSWORD) -> None:
    """Sign the page's browser in through the door of the sign-in form, without showing the form."""
    answer = page.request.post("/session", form={"phone": phone, "password": password}, max_redirects=0)
    assert answer.headers["location"].startswith("/unions/"), f"{phone} could not sign in: {answer.headers}"


def fill_sign_in(page: Page, phone: str, password: str) -> None:
    """Fill the form of 账号密码登录 on the sign-in page, and press 下一步."""
    choose_password(page)
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("textbox", name="密码").fill(password)
    page.get_by_role("button", name="下一步").click()


def choose_password(page: Page) -> None:
    """Choose 账号密码登录; while the page is still coming to life, again, as anybody would."""
    field = page.get_by_role("textbox", name="密码")
    for _ in range(PATIENCE_MS // 1_000):
        page.get_by_role("tab", name="账号密码登录").click()
        with suppress(AssertionError):
            expect(field).to_be_visible(timeout=1_000)
            return
    expect(field).to_be_visible()


def node(page: Page, name: str) -> Locator:
    """The tree node of a union, by its whole name."""
    return page.get_by_role("treeitem").filter(has=page.get_by_title(name, exact=True))


def listed_names(page: Page) -> list[str]:
    """The names of the unions in the list, from the top."""
    return page.locator("tbody th button").all_inner_texts()


def heading(page: Page, name: str) -> Locator:
    """The heading of a page or of the selected union."""
    return page.get_by_role("heading", name=name, exact=True)


def number(text: str) -> float:
    """The number in a cell such as 1,655 or 71.4%; a dash counts as 0."""
    found = re.search(r"[\d,.]+", text)
    return float(found[0].replace(",", "")) if found else 0.0
