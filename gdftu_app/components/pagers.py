"""The pager under a list."""

from typing import Any

import reflex as rx
from reflex.vars import NumberVar

from gdftu_app.components.icons import icon
from gdftu_app.components.texts import number, t


def pager(
    *,
    page: NumberVar,
    pages: NumberVar,
    turn_to: Any,
    page_size: NumberVar | None = None,
    sizes: tuple[int, ...] = (),
    choose_size: Any = None,
) -> rx.Component:
    """第 1 / 97 页, first, previous, next, last; `turn_to(page)` is an event.

    With `page_size`, `sizes` and the event `choose_size(size)`, rows per page besides.
    """

    def step(name: str, label: rx.Var, target: Any, is_off: Any) -> rx.Component:
        return rx.el.button(
            icon(name),
            class_name="pg",
            type="button",
            disabled=is_off,
            on_click=turn_to(target),
            custom_attrs={"aria-label": label},
        )

    return rx.el.nav(
        step("chevrons-left", t("第一页"), 1, page <= 1),
        step("chevron-left", t("上一页"), page - 1, page <= 1),
        rx.el.span(t("第 {page} / {pages} 页", page=number(page), pages=number(pages))),
        step("chevron-right", t("下一页"), page + 1, page >= pages),
        step("chevrons-right", t("最后一页"), pages, page >= pages),
        *(_rows_per_page(page_size, sizes, choose_size) if page_size is not None else ()),
        class_name="pager",
        custom_attrs={"aria-label": t("翻页")},
    )


def _rows_per_page(page_size: NumberVar, sizes: tuple[int, ...], choose_size: Any) -> tuple[rx.Component, ...]:
    return (
        rx.el.span(class_name="sp"),
        rx.select.root(
            rx.select.trigger(variant="surface", custom_attrs={"aria-label": t("每页条数")}),
            rx.select.content(
                *[rx.select.item(t("每页 {size} 条", size=size), value=str(size)) for size in sizes], position="popper"
            ),
            value=page_size.to_string(),
            on_change=choose_size,
        ),
    )
