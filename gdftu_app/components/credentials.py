"""Fields of the forms that prove who somebody is: phone, text-message code, passwords with their rules."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.browser import countdown
from gdftu_app.components.browser.passwords import password_rules
from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.texts import pick, t
from gdftu_app.state.native_forms import NativeForm

LONGEST_PASSWORD = 200
RULES = "rules"


def problem_of(form: type[NativeForm], *fields: str) -> rx.Var[str]:
    """What is wrong beside one of these fields, in the reader's language; empty when nothing is."""
    is_here = rx.Var.create(list(fields)).to(list[str]).contains(form.problem_field)
    return rx.cond(is_here, pick(form.problem), "").to(str)


def typed_in(name: str) -> rx.Var[str]:
    """What stands in a field of the page at the moment, read by the browser when an event is sent."""
    return rx.Var(f"(document.getElementById('{name}')?.value ?? '')").to(str)


def phone_field(
    *, name: str, label: rx.Var[str], error: rx.Var[str], auto_complete: str, id_: str = ""
) -> rx.Component:
    """手机号; its id is its name unless another is given."""
    shown = id_ or name
    control = rx.input(
        rx.input.slot(icon("smartphone", small=True)),
        name=name,
        id=shown,
        type="tel",
        auto_complete=auto_complete,
        max_length=20,
        size="3",
        required=True,
        placeholder=t("11 位手机号"),
        custom_attrs=told_wrong(shown, error),
    )
    return field(label, control, name=shown, error=error)


def code_button(form: type[NativeForm], send: Any) -> rx.Component:
    """获取验证码, which counts its waiting time down."""
    return countdown(
        seconds=form.wait_seconds,
        run=form.waits,
        is_ready=rx.State.is_hydrated,
        label=t("获取验证码"),
        waiting=t("{n} 秒后重新获取", n="{n}"),
        variant="surface",
        color="gray",
        high_contrast=True,
        size="3",
        on_press=send,
    )


def code_field(
    form: type[NativeForm],
    *,
    error: rx.Var[str],
    button: rx.Component,
    name: str = "code",
    id_: str = "",
    label: rx.Var[str] | None = None,
    hint: rx.Var[str] | str = "",
) -> rx.Component:
    """验证码, with the button that sends it at its right; its id is its name unless another is given.

    `hint` stands below it until a code was sent.
    """
    shown = id_ or name
    control = rx.input(
        rx.input.slot(icon("lock", small=True)),
        name=name,
        id=shown,
        type="text",
        custom_attrs={"inputMode": "numeric", **told_wrong(shown, error)},
        auto_focus=error != "",
        auto_complete="one-time-code",
        max_length=8,
        size="3",
        required=True,
        placeholder=t("6 位数字"),
    )
    was_sent = (form.wait_seconds > 0) & (form.lifetime_minutes > 0)
    return field(
        label if label is not None else t("验证码"),
        rx.el.div(control, button, class_name="pair"),
        name=shown,
        hint=rx.cond(was_sent, t("验证码已发送，{minutes} 分钟内有效。", minutes=form.lifetime_minutes), hint),
        error=error,
    )


def password_field(
    *, name: str, label: rx.Var[str], error: rx.Var[str], placeholder: rx.Var[str], auto_complete: str
) -> rx.Component:
    """密码; `auto_complete` tells a password manager whether it is the present or a new one."""
    return field(
        label,
        _password(name, placeholder, auto_complete, error, told_wrong(name, error)),
        name=name,
        error=error,
    )


def new_password_fields(
    form: type[NativeForm], *, rules: ObjectVar[dict[str, int]], phone: str = ""
) -> list[rx.Component]:
    """新密码 with its rules, and once more; `phone` is the id of the field with the account's phone, if any."""
    wrong, differs = problem_of(form, "password"), problem_of(form, "again")
    described = told_wrong("password", wrong) | {"aria-describedby": f"password-error password-{RULES}"}
    return [
        rx.el.div(
            field(
                t("新密码"),
                _password("password", t("请设置新密码"), "new-password", wrong, described),
                name="password",
                error=wrong,
            ),
            password_rules(
                field="password",
                phone=phone,
                length=rules["length"],
                classes=rules["classes"],
                guesses=rules["guesses"],
                labels=_rule_labels(rules),
            ),
            class_name="field",
        ),
        password_field(
            name="again",
            label=t("再次输入新密码"),
            error=differs,
            placeholder=t("与新密码相同"),
            auto_complete="new-password",
        ),
    ]


def _password(
    name: str, placeholder: rx.Var[str], auto_complete: str, error: rx.Var[str], attributes: dict[str, Any]
) -> rx.Component:
    return rx.input(
        rx.input.slot(icon("lock", small=True)),
        name=name,
        id=name,
        type="password",
        auto_complete=auto_complete,
        max_length=LONGEST_PASSWORD,
        size="3",
        required=True,
        placeholder=placeholder,
        custom_attrs=attributes,
        auto_focus=error != "",
    )


def _rule_labels(rules: ObjectVar[dict[str, int]]) -> rx.Var[dict[str, str]]:
    labels = {
        "length": t("至少 {length} 个字符", length=rules["length"]),
        "classes": t("大写字母、小写字母、数字、符号中至少 {classes} 种", classes=rules["classes"]),
        "personal": t("不含手机号、姓名及其拼音"),
        "guesses": t("不容易猜中"),
        "hard": t("不容易猜中"),
        "easy": t("太容易猜中：请加长或换一个"),
        "dictionary": t("太容易猜中：主要是常见的密码或单词"),
        "spatial": t("太容易猜中：主要是键盘上相邻的按键"),
        "repeat": t("太容易猜中：主要是重复的字符"),
        "sequence": t("太容易猜中：主要是 abc、123 一类连续的字符"),
        "date": t("太容易猜中：主要是日期或年份"),
        "open": t("新密码还不符合："),
        "joint": t("；"),
        "allMet": t("新密码符合要求。"),
    }
    return rx.Var.create(labels).to(dict[str, str])
