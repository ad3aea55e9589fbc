"""Pages left open: a killed server, a session ended elsewhere, a grant taken away."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.i18n import render
from tests.browser.browsing import choose_password, heading, node, sign_in
from tests.browser.conftest import ROOM_FOR_ALL, NewWindow
from tests.browser.demo_data import Demo
from tests.browser.running import Installation


@pytest.fixture
def installation(prepared: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation of the test's own, with the demo data in it, running."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    made = Installation(tmp_path, env={"GDFTU_SECRET_KEY": os.environ["GDFTU_SECRET_KEY"], **ROOM_FOR_ALL})
    made.start()
    yield made
    made.stop()


def open_subordinates(page: Page, name: str) -> None:
    page.goto("/subordinates/")
    expect(heading(page, name)).to_be_visible()


def test_a_page_left_open_goes_on_after_the_server_was_killed_and_nothing_kept_is_lost(
    installation: Installation, new_window: NewWindow, complaints: list[str]
) -> None:
    page = new_window(base_url=installation.url)
    sign_in(page, "19900000001")
    open_subordinates(page, "广东省总工会")
    node(page, "广州市总工会").locator(".tw").click()
    node(page, "天河区总工会").click()
    expect(heading(page, "天河区总工会")).to_be_visible()
    page.get_by_role("banner").get_by_role("button", name="语言").click()
    page.get_by_role("menuitem", name="English").click()
    expect(heading(page, render("下级工会管理", "en"))).to_be_visible()
    page.get_by_role("banner").get_by_role("button", name=render("放大", "en")).click()
    expect(page.get_by_role("button", name=f"{render('重置', 'en')} 105%")).to_be_visible()

    installation.kill()
    lost = page.get_by_text(render("连接已断开，正在重新连接……恢复后会自动继续；若长时间没有恢复，请刷新页面。", "en"))
    expect(lost).to_be_visible()
    expect(node(page, "天河区总工会")).to_be_visible()
    installation.start()
    expect(lost).not_to_be_visible()

    expect(node(page, "天河区总工会")).to_be_visible()
    node(page, "广州市总工会").click()
    expect(heading(page, "广州市总工会")).to_be_visible()
    page.go_back()
    expect(heading(page, "天河区总工会")).to_be_visible()
    page.reload()
    expect(heading(page, render("下级工会管理", "en"))).to_be_visible()
    expect(heading(page, "天河区总工会")).to_be_visible()
    expect(page.get_by_role("button", name=f"{render('重置', 'en')} 105%")).to_be_visible()
    complaints.clear()


def test_signing_out_in_one_window_is_told_calmly_in_another(new_window: NewWindow) -> None:
    page = new_window("19900000001")
    open_subordinates(page, "广东省总工会")
    other = page.context.new_page()
    open_subordinates(other, "广东省总工会")

    other.get_by_role("button", name="账号：黎省明").click()
    other.get_by_role("button", name="退出登录").click()
    expect(heading(other, "登录")).to_be_visible()
    node(page, "深圳市总工会").click()

    told = page.get_by_role("alertdialog", name="登录已失效")
    expect(told).to_contain_text("为保护会员信息，长时间未操作、在别处退出或修改密码后需要重新登录。")
    expect(page.get_by_role("heading", name="深圳市总工会")).to_have_count(0)
    told.get_by_role("button", name="留在本页").click()
    expect(told).not_to_be_visible()
    node(page, "深圳市总工会").click()
    told.get_by_role("link", name="重新登录").click()
    expect(heading(page, "登录")).to_be_visible()


def test_a_session_ended_elsewhere_is_told_calmly_at_the_next_event(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("广州市总工会"))
    page = new_window(phone)
    open_subordinates(page, "广州市总工会")

    demo.end_sessions(phone)
    page.get_by_role("button", name="展开天河区总工会的信息").click()

    told = page.get_by_role("alertdialog", name="登录已失效")
    expect(told).to_be_visible()
    expect(page.locator("dl.kv")).to_have_count(0)


def test_after_signing_in_again_the_reader_is_back_where_the_session_ended(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("广州市总工会"))
    page = new_window(phone)
    open_subordinates(page, "广州市总工会")
    node(page, "天河区总工会").click()
    expect(heading(page, "天河区总工会")).to_be_visible()

    demo.end_sessions(phone)
    page.reload()
    expect(page.get_by_text("登录已失效，请重新登录。")).to_be_visible()
    choose_password(page)
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("textbox", name="密码").fill("Gonghui@2026demo")
    page.get_by_role("button", name="下一步").click()

    expect(heading(page, "天河区总工会")).to_be_visible()


def test_a_grant_taken_away_ends_what_it_showed(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("广州市总工会"))
    page = new_window(phone)
    open_subordinates(page, "广州市总工会")

    demo.dismiss(phone)
    node(page, "天河区总工会").click()

    expect(heading(page, "这个工会的管理权限已结束")).to_be_visible()
    expect(page.get_by_role("heading", name="天河区总工会")).to_have_count(0)
    page.reload()
    expect(heading(page, "还没有可以管理的工会")).to_be_visible()
