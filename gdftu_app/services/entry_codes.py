"""Entry codes (小程序码 or 二维码): how a member's phone gets from a console screen to a member page."""

import logging

from gdftu_app.config import settings
from gdftu_app.integrations.entry_codes import EntryCode, qr_code_of
from gdftu_app.integrations.http import GatewayTrouble
from gdftu_app.integrations.wechat import is_configured, wechat
from gdftu_app.services.gateway_tokens import DatabaseTokens

log = logging.getLogger(__name__)


def make_entry_code(address: str, scene: str, page: str) -> EntryCode:
    """The picture that opens a member page: a mini-program code with WeChat configured, otherwise a QR code.

    `address` is the page's full address; `scene` (1 to 32 characters, see `wechat.SCENE`) and `page` are what the
    mini-program gets in its place. While WeChat gives no code, the QR code of the page stands in. May take some
    seconds; call it in no transaction. Raises `ValueError` for a scene that WeChat does not take.
    """
    configured = settings()
    if not is_configured(configured):
        return qr_code_of(address)
    try:
        client = wechat(configured, DatabaseTokens(f"wechat:{configured.wechat_app_id}"))
        return client.mini_program_code(scene, page)
    except GatewayTrouble as trouble:
        log.warning("no mini-program code: %s %s; a QR code stands in", type(trouble).__name__, trouble.code)
        return qr_code_of(address)
