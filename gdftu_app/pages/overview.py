"""概览 (手册 三)."""

import reflex as rx

from gdftu_app.components.details import details_grid
from gdftu_app.components.figures import figure_strip
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.password_notices import password_notice
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import label_of, t
from gdftu_app.models.unions import CATEGORY_LABELS
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import OVERVIEW
from gdftu_app.security.permissions import ROLE_LABELS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.overview import OverviewState


@console_page(OVERVIEW, on_load=OverviewState.load)
def overview() -> rx.Component:
    """The acting union's figures with everything below it."""
    return rx.fragment(
        page_head(t(OVERVIEW.title), _explanation()),
        rx.cond(OverviewState.password_is_due, password_notice(OverviewState.password_days, link=True), rx.fragment()),
        rx.cond(
            OverviewState.may_view,
            rx.cond(OverviewState.is_loaded, _summary(), skeleton_rows(4)),
            blank(
                "shield-check",
                t("你在这个工会的身份是{role}", role=label_of(ROLE_LABELS, CurrentUnion.role)),
                t("这个身份不查看工会和会员数据。可以使用的功能见左侧菜单。"),
            ),
        ),
    )


def _summary() -> rx.Component:
    return rx.fragment(
        figure_strip(OverviewState.figures),
        rx.el.h2(t("工会信息"), class_name="h2", margin="28px 0 16px"),
        details_grid(OverviewState.details),
    )


def _explanation() -> rx.Component:
    return rx.fragment(
        label_of(CATEGORY_LABELS, CurrentUnion.category),
        " · ",
        CurrentUnion.name,
        " · ",
        label_of(ROLE_LABELS, CurrentUnion.role),
    )
