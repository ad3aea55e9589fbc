"""Takes pictures of every page, wide and narrow, in both languages, light and dark.

`python -m tests.browser.screens http://127.0.0.1:3000 FOLDER` against a console with the small demo data.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

from gdftu_app.i18n import LANGUAGES, render
from tests.browser.browsing import chromium, sign_in

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
PROVINCE_OWNER, COUNTY_OWNER, SEVERAL = "19900000001", "19900000003", "19900000005"
BASE_OWNER, AUDITOR = "19900000004", "19900000010"
NO_UNION, NOT_VERIFIED = "19900000009", "19900000006"
SETTLED_MS = 700
Step = Callable[[Page], None]


def main() -> None:
    """Fill a folder with pictures."""
    address, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for (size, (width, height)), language, scheme in product(SIZES.items(), LANGUAGES, ("light", "dark")):
            for name, page in _pages(browser, address, language, width, height, scheme):
                page.wait_for_timeout(SETTLED_MS)
                page.screenshot(path=folder / f"{name}-{size}-{language}-{scheme}.png")


def _pages(
    browser: Browser, address: str, language: str, width: int, height: int, scheme: str
) -> Iterator[tuple[str, Page]]:
    for name, phone, path, step in _scenes(language):
        context = browser.new_context(
            base_url=address,
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": height},
        )
        page = context.new_page()
        if phone:
            sign_in(page, phone)
        page.goto(path)
        _speak(page, language)
        step(page)
        yield name, page
        context.close()


def _scenes(language: str) -> Iterator[tuple[str, str, str, Step]]:
    def say(text: str, **values: object) -> str:
        return render(text, language, **values)

    def wait_for(text: str) -> Step:
        return lambda page: page.get_by_text(text).locator("visible=true").first.wait_for()

    def refuse(page: Page) -> None:
        page.get_by_role("tab", name=say("账号密码登录")).click()
        page.get_by_role("textbox", name=say("密码")).fill("wrong")
        page.get_by_role("button", name=say("下一步")).click()
        page.get_by_role("alert").wait_for()

    def judge(page: Page) -> None:
        page.get_by_label(say("新密码"), exact=True).fill("Password@2026")
        page.locator(".rules li[data-met=no]").wait_for()

    def unfold(page: Page) -> None:
        for name in ("修改密码", "更换手机号"):
            page.locator("summary").get_by_text(say(name)).click()

    def enter(page: Page) -> None:
        page.get_by_role("listitem").first.get_by_role("button").click()
        page.get_by_role("banner").locator("b").wait_for()

    def expand(page: Page) -> None:
        page.locator("button.exp").first.click()
        page.locator("dl.kv").first.wait_for()

    def read(page: Page) -> None:
        page.locator("button.exp").first.click()
        page.locator(".decide").wait_for()
        page.locator("tbody [role=checkbox]").nth(1).click()

    def expand_grant(page: Page) -> None:
        page.locator("button.exp").first.click()
        page.locator("dl.granted").wait_for()

    def open_form(page: Page) -> None:
        page.get_by_role("main").get_by_role("button", name=say("新增管理员")).click()
        page.get_by_text(say("逐项选择权限"), exact=True).click()
        page.get_by_role("checkbox").first.wait_for()

    def open_drawer(page: Page) -> None:
        enter(page)
        opener = page.get_by_role("button", name=say("打开菜单"))
        if opener.is_visible():
            opener.click()

    def open_sheet(page: Page) -> None:
        page.locator("dl.figs").wait_for()
        opener = page.get_by_role("button", name=say("在组织树中选择工会"))
        if opener.is_visible():
            opener.click()

    yield "login", "", "/login/", wait_for(say("获取验证码"))
    yield "login-refused", "", "/login/", refuse
    yield "password", "", "/password/?reason=aged", judge
    yield "account", PROVINCE_OWNER, "/account/", unfold
    yield "account-none", NO_UNION, "/account/", wait_for(say("登录记录"))
    yield "unions", SEVERAL, "/unions/", wait_for(say("选择工会"))
    yield "unions-none", NO_UNION, "/unions/", wait_for(say("还没有可以管理的工会"))
    yield "register", NO_UNION, "/register/", wait_for(say("填写单位信息"))
    yield "registrations", NO_UNION, "/registrations/", wait_for(say("还没有登记申请"))
    yield "verify", NOT_VERIFIED, "/verify/", wait_for(say("用手机扫描这个码，打开实名认证页面。"))
    yield "member-login", "", "/m/login", wait_for(say("获取验证码"))
    yield "member-verify", NOT_VERIFIED, "/m/verify", wait_for(say("提交"))
    yield "identities", PROVINCE_OWNER, "/reviews/identities/", wait_for(say("实名人工核验"))
    yield "registrations", COUNTY_OWNER, "/reviews/registrations/", read
    yield "registrations-rejected", COUNTY_OWNER, "/reviews/registrations/?tab=rejected", wait_for(say("驳回时间"))
    yield "changes", COUNTY_OWNER, "/reviews/changes/", read
    yield "changes-none", COUNTY_OWNER, "/reviews/changes/?q=没有这样的工会", wait_for(say("没有符合条件的申请"))
    yield "joins", BASE_OWNER, "/reviews/joins/", read
    yield "transfers", BASE_OWNER, "/reviews/transfers/", read
    yield "requests", BASE_OWNER, "/reviews/requests/", read
    yield "member-requests", NO_UNION, "/m/requests", wait_for(say("查阅我的个人信息"))
    yield "member-data", NO_UNION, "/m/requests/data", wait_for(say("下载"))
    yield "member-consents", NO_UNION, "/m/consents", wait_for(say("还没有同意记录。"))
    yield "member-me", BASE_OWNER, "/m/me", wait_for(say("我的会籍"))
    yield "member-join", BASE_OWNER, "/m/join?q=石牌", wait_for(say("还有更多结果，请输入更完整的名称。"))
    yield "administrators", BASE_OWNER, "/administrators/", expand_grant
    yield "administrators-new", PROVINCE_OWNER, "/administrators/", open_form
    yield "administrators-below", PROVINCE_OWNER, "/subordinates/administrators/", wait_for(say("请选择一个下级工会"))
    yield "administrators-access", BASE_OWNER, "/administrators/access/", wait_for(say("上级工会的管理员"))
    yield "overview", PROVINCE_OWNER, "/overview/", lambda page: page.locator("dl.figs").wait_for()
    yield "statistics", PROVINCE_OWNER, "/statistics/", lambda page: page.locator("[data-drawn]").nth(1).wait_for()
    yield "overview-several", SEVERAL, "/unions/", open_drawer
    yield "overview-base", BASE_OWNER, "/overview/", lambda page: page.locator("dl.figs").wait_for()
    yield "overview-auditor", AUDITOR, "/overview/", wait_for(say("概览"))
    yield "subordinates", PROVINCE_OWNER, "/subordinates/", open_sheet
    yield "subordinates-open", PROVINCE_OWNER, "/subordinates/", expand
    yield "subordinates-long", PROVINCE_OWNER, "/subordinates/?q=岭川", expand
    yield "subordinates-search", PROVINCE_OWNER, "/subordinates/?q=精密", wait_for("精密")
    yield "subordinates-no-hit", PROVINCE_OWNER, "/subordinates/?q=没有这样的工会", wait_for("没有这样的工会")
    yield (
        "subordinates-missing",
        PROVINCE_OWNER,
        "/subordinates/?union=987654321",
        lambda page: page.locator(".blank").wait_for(),
    )
    yield "subordinates-refused", BASE_OWNER, "/subordinates/", lambda page: page.locator(".blank").wait_for()
    yield "nowhere", PROVINCE_OWNER, "/nowhere/", lambda page: page.locator(".blank").wait_for()


def _speak(page: Page, language: str) -> None:
    """Choose the language where the page offers it: an account keeps the one of an earlier picture."""
    page.locator("main").wait_for()
    opener = page.get_by_title("Language").locator("visible=true")
    drawer = page.locator(".top button.only-m")
    if drawer.is_visible():
        drawer.click()
        opener.wait_for()
    if opener.count():
        opener.click()
        page.get_by_role("menuitem", name=LANGUAGES[language]).click()
    if drawer.is_visible():
        page.keyboard.press("Escape")


if __name__ == "__main__":
    main()
