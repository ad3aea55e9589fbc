"""The phone of whoever uses the mini-program (微信手机号快速验证), told by WeChat; asked in no transaction."""

import logging

from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.integrations.http import GatewayTrouble
from gdftu_app.integrations.wechat import BAD_CODE, WeChatRefused, is_configured, wechat
from gdftu_app.models.identifiers import normalise_phone
from gdftu_app.services.gateway_tokens import DatabaseTokens

log = logging.getLogger(__name__)
BAD_LOGIN = msg("微信登录凭证不正确或已失效，请重新登录。")
BAD_PHONE = msg("微信手机号凭证不正确或已失效，请重新授权。")


class NoMiniProgram(Refusal):
    """The installation has none."""

    code = "wechat_not_offered"
    default = msg("没有开通微信登录，请用短信验证码登录。")


class WeChatSilent(Refusal):
    """WeChat cannot be asked for now."""

    code = "wechat_unavailable"
    default = msg("微信暂时没有答复，请稍后再试，或改用短信验证码登录。")


def phone_from_wechat(*, login_code: str, phone_code: str) -> str:
    """The phone (E.164) behind the codes of `wx.login` and `getPhoneNumber`, of one and the same user. Takes seconds.

    Raises:
        InvalidInput: one of the codes is not good (fields `wechat_code`, `phone_code`), or the phone is a foreign one.
        NoMiniProgram, WeChatSilent: nothing can be told.
    """
    configured = settings()
    if not is_configured(configured):
        raise NoMiniProgram
    client = wechat(configured, DatabaseTokens(f"wechat:{configured.wechat_app_id}"))
    field, message = "wechat_code", BAD_LOGIN
    try:
        open_id = client.open_id(login_code)
        field, message = "phone_code", BAD_PHONE
        return normalise_phone(client.phone_number(phone_code, open_id))
    except WeChatRefused as refusal:
        if refusal.code in BAD_CODE:
            raise InvalidInput(message, field=field) from None
        log.warning("WeChat lets nobody sign in: %s", refusal.code)
    except GatewayTrouble as trouble:
        log.warning("WeChat lets nobody sign in: %s %s", type(trouble).__name__, trouble.code)
    raise WeChatSilent
