"""Setting a password by text message (忘记密码、设置密码)."""

import reflex as rx

from gdftu_app.config import settings
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.services.sessions import Form, take_refused_form
from gdftu_app.services.sign_in_codes import send_code
from gdftu_app.state.actions import public_action
from gdftu_app.state.native_forms import NativeForm, Rules, TypedPhone, password_rules
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.preferences import PreferencesState

AGED = msg("密码已使用超过 {days} 天，不能再用来登录。请用短信验证码重新设置。")


class PasswordState(NativeForm, rx.State):
    """忘记密码."""

    reason: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    rules: rx.Field[Rules] = rx.field(default_factory=password_rules)

    @public_action
    async def load(self):
        """Show why the person was sent here, and why the last try was refused, once."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        is_aged = self.router.url.query_parameters.get("reason") == "aged"
        self.reason = in_every_language(AGED, days=settings().password_max_days) if is_aged else {}
        self.rules = password_rules()
        form = await self._ask_as_visitor(take_refused_form, cookie=self._caller().cookie, forms=(Form.PASSWORD,))
        self._tell(form, otherwise="code")

    @public_action
    async def send_code(self, phone: TypedPhone):
        """获取验证码: the answer is the same whether the phone is known or not."""
        sent = await self._ask_as_visitor(
            send_code, phone=phone, purpose=CodePurpose.SET_PASSWORD, address=self._caller().address
        )
        self._code_was_sent(sent)
