"""The dialogs of a review queue: how many are approved, and why something is rejected."""

import reflex as rx

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.texts import number, pick, t
from gdftu_app.services.reviews import LONGEST_REASON, MOST_AT_ONCE
from gdftu_app.state.reviews import ReviewPage

REASON_ID = "rejection-reason"


def review_dialogs(screen: type[ReviewPage]) -> rx.Component:
    """批量通过 and 驳回."""
    return rx.fragment(_approval(screen), _rejection(screen))


def _approval(screen: type[ReviewPage]) -> rx.Component:
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(t("通过 {count} 件申请", count=number(screen.asked_count))),
            rx.alert_dialog.description(
                t("通过后立即生效，申请人会收到通知。与现有登记冲突的申请不会通过，并逐件说明原因。"),
                _cut(screen),
            ),
            rx.el.div(
                _cancel(rx.alert_dialog.cancel),
                rx.button(
                    t("通过 {count} 件", count=number(screen.asked_count)),
                    type="button",
                    color_scheme="gray",
                    high_contrast=True,
                    on_click=screen.approve_ticked,
                ),
                class_name="row end",
            ),
            max_width="480px",
        ),
        open=screen.asked == "approve",
        on_open_change=screen.close_dialog,
    )


def _rejection(screen: type[ReviewPage]) -> rx.Component:
    problem = rx.cond(screen.problem.length() > 0, pick(screen.problem), "").to(str)
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(
                rx.cond(
                    screen.asked_title != "",
                    t("驳回「{name}」的申请", name=screen.asked_title),
                    t("驳回 {count} 件申请", count=number(screen.asked_count)),
                )
            ),
            rx.dialog.description(t("申请人会看到原因，可以修改后重新提交。"), _cut(screen)),
            rx.el.div(
                *[_common(screen, reason) for reason in screen.queue.reasons],
                class_name="reasons",
                role="group",
                custom_attrs={"aria-label": t("常用原因")},
            ),
            field(
                t("驳回原因"),
                rx.text_area(
                    id=REASON_ID,
                    max_length=LONGEST_REASON,
                    rows="3",
                    custom_attrs=told_wrong(REASON_ID, problem),
                ),
                name=REASON_ID,
                error=problem,
            ),
            rx.el.div(
                _cancel(rx.dialog.close),
                rx.button(
                    t("驳回 {count} 件", count=number(screen.asked_count)),
                    type="button",
                    on_click=screen.reject_asked(
                        rx.Var(f"(document.getElementById('{REASON_ID}')?.value ?? '')").to(str)
                    ),
                ),
                class_name="row end",
            ),
            max_width="480px",
        ),
        open=screen.asked == "reject",
        on_open_change=screen.close_dialog,
    )


def _common(screen: type[ReviewPage], reason: str) -> rx.Component:
    """Puts a common reason into the field at once, to be sent as it is or worked on."""
    choose = [rx.set_value(REASON_ID, t(reason)), screen.forget_problem]
    return rx.el.button(t(reason), class_name="reason", type="button", on_click=choose)


def _cut(screen: type[ReviewPage]) -> rx.Component:
    return rx.cond(
        screen.are_all_ticked & (screen.total > MOST_AT_ONCE),
        rx.el.span(t("一次最多处理 {limit} 件，这次处理等待最久的。", limit=MOST_AT_ONCE)),
        rx.fragment(),
    )


def _cancel(close) -> rx.Component:
    return close(rx.button(t("取消"), type="button", variant="surface", color_scheme="gray", high_contrast=True))
