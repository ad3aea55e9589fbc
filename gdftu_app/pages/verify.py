"""实名认证 (手册 一.2): a code to scan, and the page goes on by itself."""

import reflex as rx

from gdftu_app.components.browser import repeating
from gdftu_app.components.icons import icon
from gdftu_app.components.solo import solo
from gdftu_app.components.texts import pick, t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import page
from gdftu_app.queries.identity_checks import VerificationState
from gdftu_app.state.current import CurrentUser
from gdftu_app.state.verify import VerifyState

LOOK_EVERY_SECONDS, LOOKS = 3, 200
CODE_ADDRESS, CODE_SIDE = "/session/verify-code", 208


@page("/verify", title=msg("实名认证"), on_load=VerifyState.load)
def verify() -> rx.Component:
    """What to do on the phone, and how far it has come."""
    return solo(
        rx.cond(VerifyState.status != "", _content(), rx.el.div(class_name="sk waiting")),
        repeating(seconds=LOOK_EVERY_SECONDS, times=LOOKS, on_tick=VerifyState.look),
    )


def _content() -> rx.Component:
    return rx.fragment(
        rx.el.h1(t("实名认证")),
        rx.el.p(t("{name}，请先完成实名认证，再进入工会。", name=CurrentUser.name)),
        rx.el.div(_progress(), custom_attrs={"aria-live": "polite"}),
        rx.cond(
            (VerifyState.status == VerificationState.UNVERIFIED) | (VerifyState.status == VerificationState.FAILED),
            _steps(),
            rx.fragment(),
        ),
        rx.el.p(
            rx.el.button(t("刷新状态"), class_name="op", type="button", on_click=VerifyState.look_again),
            class_name="small",
            margin_top="20px",
        ),
    )


def _steps() -> rx.Component:
    return rx.el.div(
        rx.el.img(
            src=CODE_ADDRESS,
            width=CODE_SIDE,
            height=CODE_SIDE,
            alt=t("实名认证页面的二维码"),
            class_name="entry-code",
        ),
        rx.el.ol(
            rx.el.li(t("用手机扫描这个码，打开实名认证页面。")),
            rx.el.li(t("用本账号的手机号和短信验证码登录。")),
            rx.el.li(t("阅读说明并同意，填写姓名和证件号码后提交。")),
            rx.el.li(t("认证完成后，本页会自动继续，不需要重新登录。")),
        ),
        class_name="verify-steps",
    )


def _progress() -> rx.Component | rx.Var:
    return rx.match(
        VerifyState.status,
        (
            VerificationState.PENDING.value,
            _note("loader", t("核验中"), t("正在核对姓名和证件号码，通常几秒内完成。")),
        ),
        (
            VerificationState.MANUAL.value,
            _note(
                "user-check",
                t("人工核验"),
                rx.cond(VerifyState.reason, pick(VerifyState.reason), ""),
                t("请携带证件原件联系所在工会的管理员，由其在「实名人工核验」中确认。"),
                t("提交时间：{moment}。", moment=pick(VerifyState.submitted_at)),
            ),
        ),
        (
            VerificationState.FAILED.value,
            _note(
                "circle-x",
                t("核验失败"),
                pick(VerifyState.reason),
                rx.cond(VerifyState.remark != "", t("管理员的说明：{remark}", remark=VerifyState.remark), ""),
                is_bad=True,
            ),
        ),
        rx.fragment(),
    )


def _note(mark: str, title: rx.Var, *lines: rx.Var | str, is_bad: bool = False) -> rx.Component:
    return rx.el.div(
        icon(mark),
        rx.el.div(rx.el.b(title), *[rx.el.p(line) for line in lines]),
        class_name="note bad" if is_bad else "note info",
        margin_bottom="20px",
    )
