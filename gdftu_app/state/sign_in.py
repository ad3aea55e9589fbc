"""Signing in (登录, 手册 一.1): what the page shows around a form that the browser itself submits."""

from typing import Literal, get_args

import reflex as rx

from gdftu_app.i18n import msg
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.security.addresses import local_path
from gdftu_app.services.sessions import take_refused_form
from gdftu_app.services.sign_in_codes import send_code
from gdftu_app.state.actions import public_action
from gdftu_app.state.native_forms import NativeForm, TypedPhone
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.preferences import PreferencesState

Tab = Literal["code", "password"]
REASONS = {
    "expired": msg("登录已失效，请重新登录。"),
    "closed": msg("已退出登录。"),
    "password": msg("密码已设置，请登录。"),
}
REGISTER = "/register"
TO_REGISTER = msg("请先登录，再办理组织登记。申请通过后，当前账号就是该工会的负责人。")


class SignInState(NativeForm, rx.State):
    """登录."""

    tab: rx.Field[str] = rx.field("code")
    going_to: rx.Field[str] = rx.field("")
    reason: rx.Field[dict[str, str]] = rx.field(default_factory=dict)

    @public_action
    async def load(self):
        """Show why the last try was refused, once, and where the person was going."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        asked = self.router.url.query_parameters
        self.going_to = local_path(asked.get("next", ""))
        reason = REASONS.get(asked.get("reason", ""))
        if reason is None and self.going_to.startswith(REGISTER):
            reason = TO_REGISTER
        self.reason = in_every_language(reason) if reason else {}
        # Only where the address says so: somebody may have chosen while the page was still loading.
        if asked.get("tab") in get_args(Tab):
            self.tab = asked["tab"]
        form = await self._ask_as_visitor(take_refused_form, cookie=self._caller().cookie)
        self._tell(form, otherwise="proof")

    @public_action
    async def choose_tab(self, tab: Tab):
        """手机短信验证码 or 账号密码."""
        self.tab = tab
        self._calm()

    @public_action
    async def send_code(self, phone: TypedPhone):
        """获取验证码: the answer is the same whether the phone is known or not."""
        sent = await self._ask_as_visitor(
            send_code, phone=phone, purpose=CodePurpose.SIGN_IN, address=self._caller().address
        )
        self._code_was_sent(sent)
