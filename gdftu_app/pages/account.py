"""我的账号: within the menu where a union was entered, by itself otherwise."""

import reflex as rx

from gdftu_app.components.icons import icon
from gdftu_app.components.links import link_button
from gdftu_app.components.own_account import own_data, settings_row
from gdftu_app.components.own_forms import own_password, own_phone
from gdftu_app.components.own_sessions import sign_in_history, signed_in_devices
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.password_notices import password_notice
from gdftu_app.components.shell import shell
from gdftu_app.components.solo import solo
from gdftu_app.components.states import skeleton_rows
from gdftu_app.components.texts import pick, t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import page
from gdftu_app.state.account import AccountState
from gdftu_app.state.current import CurrentUnion


@page("/account", title=msg("我的账号"), on_load=AccountState.load)
def account() -> rx.Component:
    """Own data, password, phone, preferences, devices, sign-ins."""
    return rx.cond(
        CurrentUnion.name != "",
        shell(None, page_head(t("我的账号"), _explanation()), _content()),
        solo(
            page_head(t("我的账号"), _explanation(), link_button(t("返回"), href="/unions/")),
            _content(),
            is_wide=True,
        ),
    )


def _explanation() -> rx.Var[str]:
    return t("本人资料、密码、手机号和登录记录")


def _content() -> rx.Component:
    return rx.cond(AccountState.is_loaded, _sections(), skeleton_rows(6))


def _sections() -> rx.Component:
    return rx.fragment(
        rx.cond(
            AccountState.done,
            rx.el.div(icon("circle-check"), rx.el.p(pick(AccountState.done)), class_name="note ok", role="status"),
            rx.fragment(),
        ),
        rx.cond(AccountState.password_is_due, password_notice(AccountState.password_days), rx.fragment()),
        _section("own-data", t("本人资料"), own_data()),
        _section("own-password", t("密码"), own_password()),
        _section("own-phone", t("手机号"), own_phone()),
        _section("own-settings", t("语言与显示"), settings_row()),
        _section("own-devices", t("登录设备"), signed_in_devices()),
        _section("own-history", t("登录记录"), sign_in_history()),
    )


def _section(name: str, title: rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="h2", id=name),
        *content,
        class_name="own",
        custom_attrs={"aria-labelledby": name},
    )
