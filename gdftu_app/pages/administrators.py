"""本级工会权限设置 (手册 九)."""

import reflex as rx

from gdftu_app.components.administrator_dialogs import administrator_dialogs
from gdftu_app.components.administrators import administrators, appoint_button
from gdftu_app.components.browser import address
from gdftu_app.components.links import link_button
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.states import blank
from gdftu_app.components.texts import t
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import ADMINISTRATORS
from gdftu_app.state.administrators import AdministratorsState
from gdftu_app.state.current import CurrentUnion


@console_page(ADMINISTRATORS, on_load=AdministratorsState.load)
def own_administrators() -> rx.Component:
    """Who administers the acting union, and with which permissions."""
    return rx.fragment(
        address(
            query=AdministratorsState.query, settled=AdministratorsState.is_loaded, on_return=AdministratorsState.load
        ),
        page_head(
            t(ADMINISTRATORS.title),
            t("谁可以管理本工会，各有哪些权限。"),
            link_button(t("谁可以看到数据"), href="/administrators/access/"),
            appoint_button(AdministratorsState),
        ),
        administrators(
            AdministratorsState,
            blank("users", t("还没有管理员"), t("新增的管理员会显示在这里。")),
        ),
        administrator_dialogs(AdministratorsState, CurrentUnion.name),
    )
