"""登录 (手册 一.1)."""

import reflex as rx

from gdftu_app.components.browser import countdown, kept_phone
from gdftu_app.components.forms import field, native_form, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.login_art import login_art
from gdftu_app.components.marks import seal
from gdftu_app.components.notices import connection_banner, floating_notices
from gdftu_app.components.page_tools import language_menu, theme_menu, zoom_buttons
from gdftu_app.components.shell import framed
from gdftu_app.components.texts import pick, t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import PRODUCT, page
from gdftu_app.state.sign_in import SignInState

PHONE_ID = "phone"
TYPED_PHONE = rx.Var(f"(document.getElementById('{PHONE_ID}')?.value ?? '')").to(str)

PHONE_PROBLEM = rx.cond(SignInState.problem_field == "phone", pick(SignInState.problem), "").to(str)
PROOF_PROBLEM = rx.cond(SignInState.problem_field == "proof", pick(SignInState.problem), "").to(str)


@page("/login", title=msg("登录"), on_load=SignInState.load)
def sign_in() -> rx.Component:
    """The picture at the left, the form at the right; on a phone one above the other."""
    return framed(
        rx.el.div(
            rx.el.aside(
                rx.el.div(seal(), rx.el.span(t(PRODUCT)), class_name="mark"),
                login_art(),
                rx.el.p(
                    t("每一位会员，"),
                    rx.el.br(),
                    t("都实名在册。"),
                    rx.el.span(t("工会管理员工作台")),
                    class_name="motto",
                ),
                class_name="login-side",
            ),
            rx.el.div(
                rx.el.header(language_menu(), rx.el.span(zoom_buttons(), class_name="only-d"), theme_menu()),
                rx.el.main(rx.el.div(connection_banner(), _form(), class_name="login-form"), id="main"),
                rx.el.footer(
                    rx.el.span(t("首次登录需在「粤工惠」小程序完成实名认证")), rx.el.span(t("请勿将验证码告知他人"))
                ),
                class_name="login-main",
            ),
            class_name="login",
        ),
        floating_notices(),
    )


def _form() -> rx.Component:
    return rx.fragment(
        rx.el.h1(t("登录")),
        rx.cond(
            SignInState.reason,
            rx.el.div(
                icon("info"),
                rx.el.p(pick(SignInState.reason)),
                class_name="note info",
                role="status",
                margin_bottom="20px",
            ),
            rx.fragment(),
        ),
        rx.tabs.root(
            rx.tabs.list(
                rx.tabs.trigger(t("手机短信验证码登录"), value="code"),
                rx.tabs.trigger(t("账号密码登录"), value="password"),
            ),
            native_form(
                rx.el.input(type="hidden", name="next", value=SignInState.going_to, read_only=True),
                field(
                    t("手机号"),
                    rx.input(
                        rx.input.slot(icon("smartphone", small=True)),
                        name="phone",
                        id=PHONE_ID,
                        type="tel",
                        auto_complete="username",
                        max_length=20,
                        size="3",
                        required=True,
                        placeholder=t("11 位手机号"),
                        custom_attrs=told_wrong(PHONE_ID, PHONE_PROBLEM),
                    ),
                    name=PHONE_ID,
                    error=PHONE_PROBLEM,
                ),
                rx.tabs.content(_code_field(), value="code", class_name="field"),
                rx.tabs.content(_password_field(), value="password", class_name="field"),
                rx.button(
                    t("下一步"),
                    rx.el.kbd("Enter"),
                    type="submit",
                    class_name="wide",
                    size="3",
                    color_scheme="gray",
                    high_contrast=True,
                ),
                action="/session",
                method="post",
                no_validate=True,
            ),
            value=SignInState.tab,
            on_change=SignInState.choose_tab,
        ),
        kept_phone(target=PHONE_ID),
    )


def _code_field() -> rx.Component:
    was_sent = SignInState.wait_seconds > 0
    return field(
        t("验证码"),
        rx.el.div(
            rx.input(
                rx.input.slot(icon("lock", small=True)),
                name="code",
                id="code",
                type="text",
                custom_attrs={"inputMode": "numeric", **told_wrong("code", PROOF_PROBLEM)},
                auto_focus=PROOF_PROBLEM != "",
                auto_complete="one-time-code",
                max_length=8,
                size="3",
                required=True,
                placeholder=t("6 位数字"),
            ),
            countdown(
                seconds=SignInState.wait_seconds,
                run=SignInState.waits,
                label=t("获取验证码"),
                waiting=t("{n} 秒后重新获取", n="{n}"),
                variant="surface",
                color="gray",
                high_contrast=True,
                size="3",
                on_press=SignInState.send_code(TYPED_PHONE),
            ),
            class_name="pair",
        ),
        name="code",
        hint=rx.cond(
            was_sent & (SignInState.lifetime_minutes > 0),
            t("验证码已发送，{minutes} 分钟内有效。", minutes=SignInState.lifetime_minutes),
            "",
        ),
        error=PROOF_PROBLEM,
    )


def _password_field() -> rx.Component:
    return field(
        t("密码"),
        rx.input(
            rx.input.slot(icon("lock", small=True)),
            name="password",
            id="password",
            type="password",
            auto_complete="current-password",
            max_length=200,
            size="3",
            required=True,
            placeholder=t("账号密码"),
            custom_attrs=told_wrong("password", PROOF_PROBLEM),
            auto_focus=PROOF_PROBLEM != "",
        ),
        name="password",
        error=PROOF_PROBLEM,
    )
