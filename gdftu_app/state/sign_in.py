"""Signing in (登录, 手册 一.1): what the page shows around a form that the browser itself submits."""

from typing import Annotated, Literal

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, Refusal, TooManyRequests
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.security.addresses import local_path
from gdftu_app.services.sessions import take_refused_form
from gdftu_app.services.sign_in_codes import send_code
from gdftu_app.state.actions import public_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.preferences import PreferencesState

Tab = Literal["code", "password"]
LONGEST_COUNTDOWN_SECONDS = 60
REASONS = {"expired": msg("登录已失效，请重新登录。"), "closed": msg("已退出登录。")}


class SignInState(Asking, rx.State):
    """登录."""

    tab: rx.Field[str] = rx.field("code")
    going_to: rx.Field[str] = rx.field("")
    reason: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problem: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problem_field: rx.Field[str] = rx.field("")
    wait_seconds: rx.Field[int] = rx.field(0)
    waits: rx.Field[int] = rx.field(0)
    lifetime_minutes: rx.Field[int] = rx.field(0)

    @public_action
    async def load(self):
        """Show why the last try was refused, once, and where the person was going."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        asked = self.router.url.query_parameters
        self.going_to = local_path(asked.get("next", ""))
        reason = REASONS.get(asked.get("reason", ""))
        self.reason = in_every_language(reason) if reason else {}
        self.tab = "password" if asked.get("tab") == "password" else "code"
        form = await self._ask_as_visitor(take_refused_form, cookie=self._caller().cookie)
        is_refused = form is not None and bool(form.message)
        self.problem = in_every_language(form.message, **form.values) if form and is_refused else {}
        self.problem_field = "proof" if is_refused else ""

    @public_action
    async def choose_tab(self, tab: Tab):
        """手机短信验证码 or 账号密码."""
        self.tab = tab
        self.problem, self.problem_field = {}, ""

    @public_action
    async def send_code(self, phone: Annotated[str, StringConstraints(max_length=32)]):
        """获取验证码: the answer is the same whether the phone is known or not."""
        self.problem, self.problem_field = {}, ""
        sent = await self._ask_as_visitor(
            send_code, phone=phone, purpose=CodePurpose.SIGN_IN, address=self._caller().address
        )
        self._wait(sent.wait_seconds)
        self.lifetime_minutes = sent.lifetime_minutes

    def _wait(self, seconds: int) -> None:
        self.wait_seconds = max(0, min(seconds, LONGEST_COUNTDOWN_SECONDS))
        self.waits = int(now().timestamp() * 1000)

    async def _refuse(self, refusal: Refusal):
        """What concerns the form is told beside the field."""
        if isinstance(refusal, InvalidInput | TooManyRequests):
            self.problem = in_every_language(refusal.message, **refusal.values)
            self.problem_field = "phone"
            if isinstance(refusal, TooManyRequests) and refusal.retry_after <= LONGEST_COUNTDOWN_SECONDS:
                self._wait(refusal.retry_after)
            return None
        return await super()._refuse(refusal)
