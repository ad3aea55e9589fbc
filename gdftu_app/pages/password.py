"""忘记密码、设置密码: a new password by text-message code."""

import reflex as rx

from gdftu_app.components.browser import kept_phone
from gdftu_app.components.browser.passwords import send_once
from gdftu_app.components.credentials import (
    code_button,
    code_field,
    new_password_fields,
    phone_field,
    problem_of,
    typed_in,
)
from gdftu_app.components.doors import door, door_note, send_button
from gdftu_app.components.forms import native_form
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import page
from gdftu_app.state.password import PasswordState

PHONE_ID = "phone"


@page("/password", title=msg("设置密码"), on_load=PasswordState.load)
def password() -> rx.Component:
    """For whoever has no password yet, forgot it, or had it for too long."""
    return door(
        rx.el.h1(t("设置密码")),
        door_note(PasswordState.reason),
        native_form(
            phone_field(
                name=PHONE_ID,
                label=t("手机号"),
                error=problem_of(PasswordState, "phone"),
                auto_complete="username",
            ),
            code_field(
                PasswordState,
                error=problem_of(PasswordState, "code"),
                button=code_button(PasswordState, PasswordState.send_code(typed_in(PHONE_ID))),
            ),
            *new_password_fields(PasswordState, rules=PasswordState.rules, phone=PHONE_ID),
            send_once(),
            send_button(t("设置密码")),
            action="/session/password",
            method="post",
            no_validate=True,
        ),
        rx.el.p(
            t("设置后，这个账号在所有设备上的登录都会退出，需要用新密码重新登录。"), class_name="small muted door-hint"
        ),
        rx.el.p(rx.link(t("返回登录"), href="/login/", class_name="op"), class_name="door-links"),
        kept_phone(target=PHONE_ID),
    )
