"""Tables of members: one page of them, its pager, and what stands there instead."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.marks import StatusShape, status
from gdftu_app.components.member_filters import YES_NO_LABELS, is_filtered
from gdftu_app.components.states import blank
from gdftu_app.components.texts import label_of, number, t
from gdftu_app.models.codes import EDUCATION_LEVELS, EMPLOYMENT_STATUSES, OCCUPATION_GROUPS
from gdftu_app.models.people import VerificationStatus
from gdftu_app.queries.member_filters import MemberSort
from gdftu_app.queries.members import PAGE_SIZES
from gdftu_app.state.member_lists import MemberList
from gdftu_app.state.member_rows import ListedMember
from gdftu_app.state.member_words import SEX_LABELS, STATUS_LABELS, VERIFICATION_LABELS

Screen = type[MemberList]
Row = ObjectVar[ListedMember]
_SHAPES = {
    VerificationStatus.VERIFIED: StatusShape.PASSED,
    VerificationStatus.PENDING: StatusShape.WAITING,
    VerificationStatus.FAILED: StatusShape.REJECTED,
    VerificationStatus.UNVERIFIED: StatusShape.DRAFT,
}


def members_table(
    screen: Screen,
    *,
    shows: Callable[[str], Any],
    on_open: Callable[[Any], Any] | None = None,
    tick_head: rx.Component | None = None,
    tick: Callable[[Row], rx.Component] | None = None,
    is_ticked: Callable[[Any], Any] = lambda _member: False,
) -> rx.Component:
    """A page of members. `shows` tells of each column that can be chosen whether it is; `on_open` opens a record."""
    return rx.table.root(
        rx.table.header(
            rx.table.row(
                *([tick_head] if tick_head is not None else []),
                _sortable(screen, t("姓名"), "name"),
                _head(shows("sex"), t("性别"), 72),
                rx.table.column_header_cell(t("手机号"), width="calc(124 * var(--u))"),
                _head(shows("document"), t("证件号码"), 176),
                _head(shows("union"), t("所属工会"), 0),
                _head(shows("occupation"), t("职业群体"), 112),
                _head(shows("education"), t("学历"), 92),
                _head(shows("employment"), t("就业状况"), 92),
                _head(shows("is_migrant"), t("农民工"), 76),
                rx.table.column_header_cell(t("实名状态"), width="calc(120 * var(--u))"),
                _sortable(screen, t("入会时间"), "joined_on", width=120),
            )
        ),
        rx.table.body(
            rx.foreach(
                screen.rows, lambda row: _member(row, shows=shows, on_open=on_open, tick=tick, is_ticked=is_ticked)
            )
        ),
        size="1",
        variant="ghost",
        class_name="c-table members ticks" if tick is not None else "c-table members plain-rows",
    )


def _head(is_shown: Any, label: rx.Var[str], width: int) -> rx.Component:
    head = rx.table.column_header_cell(label, width=f"calc({width} * var(--u))" if width else "auto")
    return rx.cond(is_shown, head, rx.fragment())


def _sortable(screen: Screen, label: rx.Var[str], column: str, *, width: int = 0) -> rx.Component:
    by_name = (screen.sort == MemberSort.NAME.value) | (screen.name != "")
    is_sorted = by_name if column == "name" else ~by_name
    is_descending = ~by_name & (screen.sort == MemberSort.NEWEST.value)
    return rx.table.column_header_cell(
        rx.el.button(
            label,
            rx.cond(
                is_sorted,
                rx.cond(is_descending, icon("arrow-down", small=True), icon("arrow-up", small=True)),
                rx.fragment(),
            ),
            type="button",
            on_click=screen.sort_by(column),
        ),
        width=f"calc({width or 112} * var(--u))",
        custom_attrs={
            "aria-sort": rx.cond(is_sorted, rx.cond(is_descending, "descending", "ascending"), rx.Var("undefined"))
        },
    )


def _member(
    row: Row,
    *,
    shows: Callable[[str], Any],
    on_open: Callable[[Any], Any] | None,
    tick: Callable | None,
    is_ticked: Callable[[Any], Any],
) -> rx.Component:
    name = (
        rx.el.span(row.name, class_name="name", title=row.name)
        if on_open is None
        else rx.el.button(row.name, class_name="plain name", type="button", on_click=on_open(row.id), title=row.name)
    )
    return rx.table.row(
        *([tick(row)] if tick is not None else []),
        rx.table.row_header_cell(
            rx.el.span(
                name,
                rx.cond(
                    row.status != "current",
                    rx.el.span(label_of(STATUS_LABELS, row.status), class_name="tag"),
                    rx.fragment(),
                ),
                class_name="row",
            ),
            class_name="m-name",
        ),
        _cell(shows("sex"), _label(SEX_LABELS, row.sex), "m-in"),
        rx.table.cell(row.phone, class_name="m-in nowrap", custom_attrs={"data-label": t("手机号")}),
        _cell(shows("document"), row.document, "m-hide nowrap"),
        _cell(shows("union"), rx.el.span(row.union, title=row.union), "m-full"),
        _cell(shows("occupation"), _label(OCCUPATION_GROUPS.labels, row.occupation), "m-hide"),
        _cell(shows("education"), _label(EDUCATION_LEVELS.labels, row.education), "m-hide"),
        _cell(shows("employment"), _label(EMPLOYMENT_STATUSES.labels, row.employment), "m-hide"),
        _cell(shows("is_migrant"), label_of(YES_NO_LABELS, row.is_migrant), "m-hide"),
        rx.table.cell(verification(row.verification.to(str)), class_name="m-in"),
        rx.table.cell(row.joined_on, class_name="m-in nowrap", custom_attrs={"data-label": t("入会时间")}),
        custom_attrs={"data-on": rx.cond(is_ticked(row.id), "", rx.Var("undefined"))},
        key=row.id.to_string(),
    )


def _cell(is_shown: Any, content: Any, classes: str) -> rx.Component:
    return rx.cond(is_shown, rx.table.cell(content, class_name=classes), rx.fragment())


def _label(labels: Any, code: rx.Var[str]) -> rx.Var[str]:
    return rx.cond(code == "", "—", label_of(labels, code)).to(str)


def verification(word: rx.Var[str]) -> rx.Component:
    """实名状态, as shape and word."""
    shapes = [(key.value, status(shape, t(VERIFICATION_LABELS[key]))) for key, shape in _SHAPES.items()]
    return rx.fragment(rx.match(word, *shapes, rx.fragment()))


def members_pager(screen: Screen) -> rx.Component:
    """第一页, 上一页, where one is, 下一页, and rows per page. There is no last page to go to: nobody counts them."""

    def step(name: str, label: rx.Var[str], to: str, is_there: rx.Var[bool]) -> rx.Component:
        return rx.el.button(
            icon(name),
            class_name="pg",
            type="button",
            disabled=~is_there,
            on_click=screen.turn(to),
            custom_attrs={"aria-label": label},
        )

    return rx.el.nav(
        step("chevrons-left", t("第一页"), "first", screen.has_before),
        step("chevron-left", t("上一页"), "before", screen.has_before),
        rx.el.span(
            rx.cond(
                screen.pages > 0,
                t("第 {page} / {pages} 页", page=number(screen.page), pages=number(screen.pages)),
                t("第 {page} 页", page=number(screen.page)),
            )
        ),
        step("chevron-right", t("下一页"), "after", screen.has_after),
        rx.el.span(class_name="sp"),
        rx.select.root(
            rx.select.trigger(variant="surface", custom_attrs={"aria-label": t("每页条数")}),
            rx.select.content(
                *[rx.select.item(t("每页 {size} 条", size=size), value=str(size)) for size in PAGE_SIZES],
                position="popper",
            ),
            value=screen.page_size.to_string(),
            on_change=screen.choose_page_size,
        ),
        class_name="pager",
        custom_attrs={"aria-label": t("翻页")},
    )


def no_members(screen: Screen) -> rx.Component:
    """Nobody there, or nobody found."""
    return rx.cond(
        is_filtered(screen),
        blank(
            "list-filter",
            t("没有符合条件的会员"),
            t("试试放宽筛选条件。"),
            rx.button(
                t("清除筛选"),
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=screen.clear_filters,
            ),
        ),
        blank("users", t("还没有会员"), t("会员入会后，会显示在这里。")),
    )
