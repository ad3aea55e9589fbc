"""我的账号: who the account belongs to, and how the console looks to it."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.page_tools import language_menu, theme_menu, zoom_buttons
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.security.permissions import ROLE_LABELS
from gdftu_app.state.account import AccountState, OwnUnion
from gdftu_app.state.current import CurrentUser

_ROLE_NAMES = {label: label for label in ROLE_LABELS.values()}


def own_data() -> rx.Component:
    """姓名, 手机号, 证件, 管理的工会: personal numbers masked."""
    return rx.el.dl(
        _entry(t("姓名"), CurrentUser.name),
        _entry(t("手机号"), AccountState.phone),
        _entry(t("实名状态"), rx.cond(AccountState.is_verified, t("已实名"), t("未实名"))),
        _entry(
            t("证件"),
            rx.cond(
                AccountState.document != "",
                rx.fragment(pick(AccountState.document_type), " ", rx.el.span(AccountState.document)),
                "—",
            ),
        ),
        rx.el.div(
            rx.el.dt(t("管理的工会")),
            rx.cond(
                AccountState.unions.length() > 0,
                rx.foreach(AccountState.unions, _union),
                rx.el.dd("—"),
            ),
            rx.el.dd(rx.link(t("组织登记"), href="/register/", class_name="op")),
            class_name="w2",
        ),
        class_name="kv",
    )


def settings_row() -> rx.Component:
    """语言, 放大 and 缩小, light or dark: the same as in the header."""
    return rx.el.div(language_menu(), zoom_buttons(), theme_menu(), class_name="row own-tools")


def _entry(label: rx.Var[str], value: rx.Component | rx.Var | str) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def _union(union: ObjectVar[OwnUnion]) -> rx.Component:
    return rx.el.dd(union.name, " · ", label_of(_ROLE_NAMES, union.role), key=union.name)
