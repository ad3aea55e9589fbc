"""我的账号: the forms that change password and phone, submitted by the browser itself."""

import reflex as rx

from gdftu_app.components.browser import kept_phone
from gdftu_app.components.browser.passwords import send_once
from gdftu_app.components.credentials import (
    code_button,
    code_field,
    new_password_fields,
    password_field,
    phone_field,
    problem_of,
    typed_in,
)
from gdftu_app.components.forms import native_form
from gdftu_app.components.texts import pick, t
from gdftu_app.state.account import AccountState
from gdftu_app.state.native_forms import NativeForm
from gdftu_app.state.own_forms import NewPhoneState, OwnPasswordState, OwnPhoneState

NEW_PHONE_ID, OLD_CODE_ID, NEW_CODE_ID = "new-phone", "old-code", "new-code"


def own_password() -> rx.Component:
    """修改密码 by the present one; 设置密码 by a code to the own phone where there is none yet."""
    return rx.fragment(
        rx.el.p(*_about_password(), class_name="muted"),
        _unfolding(
            OwnPasswordState,
            rx.cond(AccountState.has_password, t("修改密码"), t("设置密码")),
            native_form(
                rx.cond(
                    AccountState.has_password,
                    password_field(
                        name="current",
                        label=t("当前密码"),
                        error=problem_of(OwnPasswordState, "current"),
                        placeholder=t("正在使用的密码"),
                        auto_complete="current-password",
                    ),
                    code_field(
                        OwnPasswordState,
                        error=problem_of(OwnPasswordState, "code"),
                        label=t("发到 {phone} 的验证码", phone=AccountState.phone),
                        button=code_button(OwnPasswordState, OwnPasswordState.send_code),
                    ),
                ),
                *new_password_fields(OwnPasswordState, rules=OwnPasswordState.rules),
                send_once(),
                _submit(t("保存新密码")),
                action="/session/password/change",
                method="post",
                no_validate=True,
            ),
            t("保存后，其他设备上的登录会退出，本机不受影响。"),
        ),
    )


def own_phone() -> rx.Component:
    """更换手机号, confirmed by codes to the old phone and to the new one."""
    return rx.fragment(
        rx.el.p(t("现在用 {phone} 登录。", phone=AccountState.phone), class_name="muted"),
        _unfolding(
            OwnPhoneState,
            t("更换手机号"),
            native_form(
                code_field(
                    OwnPhoneState,
                    name="code",
                    label=t("发到 {phone} 的验证码", phone=AccountState.phone),
                    error=problem_of(OwnPhoneState, "code"),
                    button=code_button(OwnPhoneState, OwnPhoneState.send_code),
                    id_=OLD_CODE_ID,
                ),
                phone_field(
                    name="phone",
                    id_=NEW_PHONE_ID,
                    label=t("新手机号"),
                    error=_first(problem_of(NewPhoneState, "phone"), problem_of(OwnPhoneState, "phone")),
                    auto_complete="tel",
                ),
                code_field(
                    NewPhoneState,
                    name="new_code",
                    label=t("发到新手机号的验证码"),
                    error=problem_of(OwnPhoneState, "new_code"),
                    button=code_button(NewPhoneState, NewPhoneState.send_code(typed_in(NEW_PHONE_ID))),
                    id_=NEW_CODE_ID,
                ),
                send_once(),
                _submit(t("更换手机号")),
                action="/session/phone",
                method="post",
                no_validate=True,
            ),
            t("更换后用新手机号登录，其他设备上的登录会退出，原手机号会收到通知。"),
        ),
        kept_phone(target=NEW_PHONE_ID),
    )


def _about_password() -> list[rx.Component | rx.Var]:
    return [
        rx.cond(
            AccountState.has_password,
            t("上次修改：{time}。", time=pick(AccountState.password_changed)),
            t("还没有设置密码，现在用短信验证码登录。"),
        ),
        rx.cond(
            AccountState.password_ages,
            rx.el.span(t("{days} 天后需要更换。", days=AccountState.password_days), margin_left="0.25em"),
            rx.fragment(),
        ),
    ]


def _unfolding(form: type[NativeForm], label: rx.Var[str], content: rx.Component, hint: rx.Var[str]) -> rx.Component:
    """A form behind its name; open from the start when it was refused."""
    return rx.el.details(
        rx.el.summary(label, class_name="op"),
        rx.el.div(content, rx.el.p(hint, class_name="small muted"), class_name="own-form"),
        open=form.problem_field != "",
    )


def _submit(label: rx.Var[str]) -> rx.Component:
    return rx.button(label, type="submit", size="3", color_scheme="gray", high_contrast=True, class_name="own-submit")


def _first(one: rx.Var[str], other: rx.Var[str]) -> rx.Var[str]:
    return rx.cond(one != "", one, other).to(str)
