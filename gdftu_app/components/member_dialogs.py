"""The dialogs about one member: a number in plain, a correction, retaining and restoring, removal."""

import reflex as rx

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.texts import pick, t
from gdftu_app.components.union_forms import choice
from gdftu_app.i18n import msg
from gdftu_app.models.member_fields import LONGEST_WORKPLACE, MEMBER_FIELDS, NAME, PHONE, WORKPLACE, MemberField
from gdftu_app.models.removal_reasons import REMOVAL_REASON_LABELS
from gdftu_app.services.members_within import LONGEST_REASON
from gdftu_app.state.member_details import NOTHING, MemberState
from gdftu_app.state.member_removals import CONFIRMATION, word_of

REASON_ID, WORD_ID, PHONE_ID = "member-reason", "removal-word", "member-phone"
PROBLEM = rx.cond(MemberState.problem.length() > 0, pick(MemberState.problem), "").to(str)


def member_dialogs() -> rx.Component:
    """All of them; at most one is open."""
    return rx.fragment(
        _reveal("phone", msg("查看 {name} 的完整手机号")),
        _reveal("document", msg("查看 {name} 的完整证件号码")),
        _correction(),
        _standing(
            "retain",
            msg("保留 {name} 的会籍"),
            msg("会籍仍属于本人，不再计入会员数，可以随时恢复。"),
            msg("保留会籍"),
        ),
        _standing("restore", msg("恢复 {name} 的会籍"), msg("恢复后重新计入会员数。"), msg("恢复会籍")),
        _removal(),
    )


def typed_in(name: str) -> rx.Var[str]:
    """What stands in a field at this moment."""
    return rx.Var(f"(document.getElementById('{name}')?.value ?? '')").to(str)


def cancel() -> rx.Component:
    """取消."""
    return rx.dialog.close(
        rx.button(t("取消"), type="button", variant="surface", color_scheme="gray", high_contrast=True)
    )


def removal_day(name: str) -> rx.Var[str]:
    """移出日期, as it stands in the fields of a removal."""
    return typed_in(f"{name}-day")


def removal_fields(
    *, name: str, reason: rx.Var[str], today: rx.Var[str], choose, type_word, problem: rx.Var[str]
) -> rx.Component:
    """Reason, day and confirmation of a removal; `name` is the id of the confirmation."""
    return rx.fragment(
        field(
            t("移出原因"),
            choice(
                reason,
                choose,
                *[rx.select.item(t(text), value=code.value) for code, text in REMOVAL_REASON_LABELS.items()],
                id=f"{name}-reason",
                custom_attrs={"aria-label": t("移出原因")},
            ),
            name=f"{name}-reason",
        ),
        field(
            t("移出日期"),
            rx.el.input(id=f"{name}-day", type="date", default_value=today, max=today, key=today, class_name="day"),
            name=f"{name}-day",
            hint=t("会籍终止的日期，默认今天。补录以前的移出，请填写实际日期。"),
        ),
        field(
            t(CONFIRMATION),
            rx.input(
                id=name,
                auto_complete="off",
                max_length=20,
                placeholder=pick(word_of(CONFIRMATION)),
                on_change=type_word.debounce(150),
                custom_attrs=told_wrong(name, problem),
            ),
            name=name,
            error=problem,
        ),
    )


def _dialog(what: str, *children: rx.Component, width: str = "480px") -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(*children, max_width=width),
        open=MemberState.asked == what,
        on_open_change=MemberState.close_dialog,
    )


def _reason(what: str, label: rx.Var[str], hint: rx.Var[str]) -> rx.Component:
    name = f"{REASON_ID}-{what}"
    return field(
        label,
        rx.input(
            id=name,
            auto_complete="off",
            max_length=LONGEST_REASON,
            key=f"{name}-{MemberState.asked_round}",
            custom_attrs=told_wrong(name, PROBLEM),
        ),
        name=name,
        hint=hint,
        error=rx.cond(_is_elsewhere(), "", PROBLEM).to(str),
    )


def _is_elsewhere() -> rx.Var[bool]:
    """Whether what is wrong is told beside a field of its own."""
    return (MemberState.problem_field != "") & (MemberState.problem_field != "reason")


def _reveal(what: str, title: str) -> rx.Component:
    return _dialog(
        what,
        rx.dialog.title(t(title, name=MemberState.name)),
        rx.cond(
            MemberState.plain != "",
            rx.fragment(
                rx.dialog.description(t("关闭后不再显示。这次查看已留下记录。")),
                rx.el.p(MemberState.plain, class_name="plain-number", role="status"),
                rx.el.div(
                    rx.dialog.close(rx.button(t("关闭"), type="button", color_scheme="gray", high_contrast=True)),
                    class_name="row end",
                ),
            ),
            rx.fragment(
                rx.dialog.description(t("每次查看都会记录查看人、时间和理由。")),
                _reason(what, t("查看理由"), t("例如：电话核实入会意愿")),
                rx.el.div(
                    cancel(),
                    rx.button(
                        t("查看"),
                        type="button",
                        color_scheme="gray",
                        high_contrast=True,
                        on_click=MemberState.reveal_number(typed_in(f"{REASON_ID}-{what}")),
                    ),
                    class_name="row end",
                ),
            ),
        ),
    )


def _standing(what: str, title: str, consequence: str, word: str) -> rx.Component:
    return _dialog(
        what,
        rx.dialog.title(t(title, name=MemberState.name)),
        rx.dialog.description(t(consequence)),
        _reason(what, t("理由"), t("会写入会籍变动记录")),
        rx.el.div(
            cancel(),
            rx.button(
                t(word),
                type="button",
                color_scheme="gray",
                high_contrast=True,
                on_click=MemberState.change_standing(typed_in(f"{REASON_ID}-{what}")),
            ),
            class_name="row end",
        ),
    )


def _removal() -> rx.Component:
    return _dialog(
        "remove",
        rx.dialog.title(t("移出会员 {name}", name=MemberState.name)),
        rx.dialog.description(t("移出后不能撤回，会籍随即终止。本人可以重新申请入会，记录保留。")),
        removal_fields(
            name=WORD_ID,
            reason=MemberState.reason,
            today=MemberState.today,
            choose=MemberState.choose_reason,
            type_word=MemberState.type_word,
            problem=PROBLEM,
        ),
        rx.el.div(
            cancel(),
            rx.button(
                t("移出会员"),
                type="button",
                disabled=~MemberState.is_typed | (MemberState.reason == ""),
                on_click=MemberState.remove(typed_in(WORD_ID), removal_day(WORD_ID)),
            ),
            class_name="row end",
        ),
    )


def _correction() -> rx.Component:
    return _dialog(
        "correct",
        rx.dialog.title(t("更正 {name} 的信息", name=MemberState.name)),
        rx.dialog.description(t("证件号码由实名认证确定，不能更正；已实名会员的姓名也不能更正。")),
        rx.el.div(*[_corrected(each) for each in MEMBER_FIELDS.values()], class_name="fields two"),
        _reason("correct", t("更正理由"), t("会写入操作记录")),
        rx.el.div(
            cancel(),
            rx.button(
                t("保存更正"),
                type="button",
                color_scheme="gray",
                high_contrast=True,
                on_click=MemberState.correct(typed_in(f"{REASON_ID}-correct"), typed_in(PHONE_ID)),
            ),
            class_name="row end",
        ),
        width="680px",
    )


def _corrected(each: MemberField) -> rx.Component:
    value = MemberState.values[each.key].to(str)
    problem = rx.cond(MemberState.problem_field == each.key, PROBLEM, "").to(str)
    name = PHONE_ID if each.key == PHONE else f"member-{each.key}"
    if each.table is not None:
        control = rx.select.root(
            rx.select.trigger(id=name, variant="surface", custom_attrs=told_wrong(name, problem)),
            rx.select.content(
                *([] if each.key == "is_migrant" else [rx.select.item(t("未登记"), value=NOTHING)]),
                *[rx.select.item(t(text), value=code) for code, text in each.table.labels.items()],
                position="popper",
            ),
            default_value=rx.cond(value == "", NOTHING, value).to(str),
            key=f"{name}-{MemberState.asked_round}",
            on_change=lambda code: MemberState.type_field(each.key, code),
        )
    elif each.key == PHONE:
        control = rx.input(
            id=name,
            placeholder=value,
            auto_complete="off",
            max_length=20,
            key=f"{name}-{MemberState.asked_round}",
            custom_attrs=told_wrong(name, problem),
        )
    else:
        control = rx.input(
            id=name,
            default_value=value,
            auto_complete="off",
            max_length=LONGEST_WORKPLACE if each.key == WORKPLACE else 50,
            disabled=MemberState.is_verified if each.key == NAME else False,
            key=f"{name}-{MemberState.asked_round}",
            on_blur=lambda typed: MemberState.type_field(each.key, typed),
            custom_attrs=told_wrong(name, problem),
        )
    hint = t("不填则不改") if each.key == PHONE else ""
    return field(t(each.label), control, name=name, error=problem, hint=hint)
