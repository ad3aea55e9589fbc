"""登录 (手册 一.1)."""

import reflex as rx

from gdftu_app.components.browser import kept_phone
from gdftu_app.components.credentials import (
    code_button,
    code_field,
    password_field,
    phone_field,
    problem_of,
    typed_in,
)
from gdftu_app.components.doors import door, door_note, send_button
from gdftu_app.components.forms import native_form
from gdftu_app.components.links import link_button
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import page
from gdftu_app.state.sign_in import SignInState

PHONE_ID = "phone"
PROOF_PROBLEM = problem_of(SignInState, "proof", "code", "password")


@page("/login", title=msg("登录"), on_load=SignInState.load)
def sign_in() -> rx.Component:
    """By text-message code or by password."""
    return door(
        rx.el.h1(t("登录")),
        door_note(SignInState.reason),
        rx.tabs.root(
            rx.tabs.list(
                rx.tabs.trigger(t("手机短信验证码登录"), value="code"),
                rx.tabs.trigger(t("账号密码登录"), value="password"),
            ),
            native_form(
                rx.el.input(type="hidden", name="next", value=SignInState.going_to, read_only=True),
                phone_field(
                    name=PHONE_ID,
                    label=t("手机号"),
                    error=problem_of(SignInState, "phone"),
                    auto_complete="username",
                ),
                rx.tabs.content(
                    code_field(
                        SignInState,
                        error=PROOF_PROBLEM,
                        button=code_button(SignInState, SignInState.send_code(typed_in(PHONE_ID))),
                        hint=t("首次使用的手机号，验证后自动开通账号。"),
                    ),
                    value="code",
                    class_name="field",
                ),
                rx.tabs.content(
                    password_field(
                        name="password",
                        label=t("密码"),
                        error=PROOF_PROBLEM,
                        placeholder=t("账号密码"),
                        auto_complete="current-password",
                    ),
                    value="password",
                    class_name="field",
                ),
                send_button(t("下一步")),
                action="/session",
                method="post",
                no_validate=True,
            ),
            value=SignInState.tab,
            on_change=SignInState.choose_tab,
        ),
        rx.el.p(
            rx.link(t("忘记密码"), href="/password/", class_name="op"),
            rx.link(t("设置密码"), href="/password/", class_name="op"),
            class_name="door-links",
        ),
        rx.el.div(
            rx.el.span(rx.el.b(t("所管理的工会尚未登记？")), rx.el.br(), t("单独基层工会可在登录后提交组织登记申请。")),
            link_button(t("组织登记"), href="/register/", is_native=True),
            class_name="also",
        ),
        kept_phone(target=PHONE_ID),
    )
