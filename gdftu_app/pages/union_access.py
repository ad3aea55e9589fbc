"""谁可以看到本工会的数据: for everybody who may see the union itself."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.links import link_button
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.shell import shell
from gdftu_app.components.states import blank, not_found, skeleton_rows
from gdftu_app.components.texts import label_of, t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import page
from gdftu_app.queries.union_access import EXPOSURES
from gdftu_app.security.features import ADMINISTRATORS, OWN_UNION
from gdftu_app.security.permissions import ROLE_LABELS
from gdftu_app.state.bell import BellState
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.union_access import Counted, OwnAccessRow, SuperiorRow, UnionAccessState

TITLE = msg("谁可以看到本工会的数据")
NAMES = {kind.value: exposure.name for kind, exposure in EXPOSURES.items()}
EXPLANATIONS = {kind.value: exposure.explanation for kind, exposure in EXPOSURES.items()}


@page("/administrators/access", title=TITLE, on_load=[CurrentUnion.arrive, UnionAccessState.load, BellState.look])
def union_access() -> rx.Component:
    """The own administrators by name, those of the superiors by number."""
    is_for_actor = (CurrentUnion.name == "") | CurrentUnion.features.contains(OWN_UNION.key)
    return shell(ADMINISTRATORS, rx.cond(is_for_actor, _content(), not_found(CurrentUnion.name)))


def _content() -> rx.Component:
    return rx.fragment(
        page_head(
            t(TITLE),
            t("按现在有效的授权统计，调整后立即变化。"),
            rx.cond(
                CurrentUnion.features.contains(ADMINISTRATORS.key),
                link_button(t(ADMINISTRATORS.title), href="/administrators/"),
                rx.fragment(),
            ),
        ),
        rx.cond(UnionAccessState.is_loaded, rx.fragment(_own(), _superiors()), skeleton_rows()),
    )


def _own() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("本工会的管理员（{count} 人）", count=UnionAccessState.administrators), class_name="h2"),
        rx.table.root(
            rx.table.header(
                rx.table.row(
                    rx.table.column_header_cell(t("数据"), width="calc(160 * var(--u))"),
                    rx.table.column_header_cell(t("包括")),
                    rx.table.column_header_cell(t("人数"), width="calc(72 * var(--u))", class_name="num"),
                    rx.table.column_header_cell(t("谁可以看到"), width="calc(320 * var(--u))"),
                )
            ),
            rx.table.body(rx.foreach(UnionAccessState.own, _own_row)),
            size="1",
            variant="ghost",
            class_name="c-table plain-rows access",
        ),
    )


def _own_row(row: ObjectVar[OwnAccessRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(label_of(NAMES, row.kind), class_name="m-name"),
        rx.table.cell(label_of(EXPLANATIONS, row.kind), class_name="muted m-full"),
        rx.table.cell(row.count, class_name="num m-in", custom_attrs={"data-label": t("人数")}),
        rx.table.cell(row.names, class_name="m-in"),
        key=row.kind,
    )


def _superiors() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("上级工会的管理员"), class_name="h2"),
        rx.cond(
            UnionAccessState.superiors.length() > 0,
            rx.fragment(
                rx.el.p(
                    t("上级工会可以查看本级及以下工会的数据。这里只有人数，不显示上级管理员的个人信息。"),
                    class_name="small muted",
                ),
                rx.foreach(UnionAccessState.superiors, _superior),
            ),
            blank("network", t("没有上级工会"), t("本工会是最上级，没有其他工会可以看到它的数据。")),
        ),
        class_name="own",
    )


def _superior(row: ObjectVar[SuperiorRow]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(row.name),
        rx.el.p(
            t("共 {count} 位管理员", count=row.administrators),
            rx.foreach(row.roles.to(list[Counted]), _of_role),
            class_name="muted",
        ),
        rx.cond(
            row.kinds.to(list[Counted]).length() > 0,
            rx.el.ul(rx.foreach(row.kinds.to(list[Counted]), _of_kind)),
            rx.el.p(t("没有人可以看到本工会的数据。")),
        ),
        class_name="superior-access",
        key=row.name,
    )


def _of_role(counted: ObjectVar[Counted]) -> rx.Component:
    return rx.el.span(" · ", label_of(ROLE_LABELS, counted.word), " ", counted.count, key=counted.word)


def _of_kind(counted: ObjectVar[Counted]) -> rx.Component:
    return rx.el.li(
        rx.el.span(label_of(NAMES, counted.word)),
        rx.el.span(t("{count} 人", count=counted.count), class_name="num"),
        key=counted.word,
    )
