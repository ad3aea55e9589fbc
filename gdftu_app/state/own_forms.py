"""The forms of 我的账号: a new password, another phone; what is typed into them never comes here."""

import reflex as rx

from gdftu_app.models.accounts import CodePurpose
from gdftu_app.services.own_phones import send_new_code, send_own_code
from gdftu_app.state.actions import account_action
from gdftu_app.state.native_forms import NativeForm, Rules, TypedPhone, password_rules


class OwnPasswordState(NativeForm, rx.State):
    """修改密码; without a password, 设置密码 by a code to the account's own phone."""

    rules: rx.Field[Rules] = rx.field(default_factory=password_rules)

    @account_action
    async def send_code(self):
        """获取验证码 to the account's phone, which the browser does not name."""
        self._code_was_sent(
            await self._ask_as_account(send_own_code, purpose=CodePurpose.SET_PASSWORD, address=self._caller().address)
        )

    def _field_for_codes(self) -> str:
        return "code"


class OwnPhoneState(NativeForm, rx.State):
    """更换手机号: the form, and the code to the phone that is left."""

    @account_action
    async def send_code(self):
        """获取验证码 to the account's phone, which the browser does not name."""
        self._code_was_sent(
            await self._ask_as_account(send_own_code, purpose=CodePurpose.LEAVE_PHONE, address=self._caller().address)
        )

    def _field_for_codes(self) -> str:
        return "code"


class NewPhoneState(NativeForm, rx.State):
    """更换手机号: the code to the phone that is taken."""

    @account_action
    async def send_code(self, phone: TypedPhone):
        """获取验证码: the answer is the same whether another account has the phone or not."""
        self._code_was_sent(await self._ask_as_account(send_new_code, phone=phone, address=self._caller().address))
