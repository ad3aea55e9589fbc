"""The bell in the header: what waits, function by function, and what happened to one's own requests."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.browser import repeating
from gdftu_app.components.icons import icon
from gdftu_app.components.texts import pick, t
from gdftu_app.queries.waiting import COUNTED
from gdftu_app.security.features import Feature
from gdftu_app.state.bell import BellState, ToldRow

EVERY_SECONDS, TIMES = 15, 2_880


def bell() -> rx.Component:
    """A button with the number of what waits and what is unread; it opens the list."""
    has_news = (BellState.waiting_total != "") | (BellState.unread > 0)
    return rx.fragment(
        repeating(seconds=EVERY_SECONDS, times=TIMES, on_tick=BellState.look),
        rx.popover.root(
            rx.popover.trigger(
                rx.el.button(
                    icon("bell"),
                    rx.cond(
                        BellState.waiting_total != "",
                        rx.el.span(BellState.waiting_total, class_name="count-dot"),
                        rx.cond(BellState.unread > 0, rx.el.span(class_name="count-dot bare"), rx.fragment()),
                    ),
                    class_name="hb sq bell",
                    type="button",
                    custom_attrs={
                        "aria-label": rx.cond(
                            has_news,
                            t("通知：{waiting} 件待办，{unread} 条未读", waiting=_total(), unread=BellState.unread),
                            t("通知"),
                        )
                    },
                )
            ),
            rx.popover.content(
                _list(),
                align="end",
                width="360px",
                max_width="calc(100vw - 24px)",
                custom_attrs={"aria-label": t("通知")},
            ),
            on_open_change=BellState.read,
        ),
    )


def waiting_count(feature: Feature) -> rx.Component:
    """The red number behind a menu entry; nothing where nothing waits."""
    if feature not in COUNTED:
        return rx.fragment()
    count = BellState.waiting[feature.key]
    return rx.cond(
        BellState.waiting.contains(feature.key),
        rx.el.span(count, class_name="n", custom_attrs={"aria-label": t("{count} 件待办", count=count)}),
        rx.fragment(),
    )


def _total() -> rx.Var[str]:
    return rx.cond(BellState.waiting_total != "", BellState.waiting_total, "0").to(str)


def _list() -> rx.Component:
    return rx.el.div(
        rx.cond(
            BellState.waiting_total != "",
            rx.fragment(rx.el.h2(t("待办")), rx.el.ul(*[_waiting(feature) for feature in COUNTED])),
            rx.fragment(),
        ),
        rx.el.h2(t("动态")),
        rx.cond(
            BellState.told.length() > 0,
            rx.el.ul(rx.foreach(BellState.told, _told)),
            rx.el.p(t("还没有通知。申请的审核结果和权限的调整会显示在这里。"), class_name="small muted"),
        ),
        class_name="bell-list",
    )


def _waiting(feature: Feature) -> rx.Component:
    return rx.cond(
        BellState.waiting.contains(feature.key),
        rx.el.li(
            rx.link(
                rx.el.span(t(feature.title)),
                rx.el.span(BellState.waiting[feature.key], class_name="n"),
                href=f"{feature.path}/",
                underline="none",
                class_name="told",
            )
        ),
        rx.fragment(),
    )


def _told(row: ObjectVar[ToldRow]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(pick(row.texts)),
            rx.el.span(pick(row.at), class_name="small muted"),
            class_name=rx.cond(row.is_read, "told", "told new"),
            type="button",
            on_click=BellState.follow(row.id),
        ),
        key=row.id.to_string(),
    )
