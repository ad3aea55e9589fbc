"""WeChat's mini-programs: their codes (小程序码), and who signs in to them (`sns/jscode2session`, 手机号快速验证)."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from gdftu_app.clock import now
from gdftu_app.config import Settings
from gdftu_app.integrations.entry_codes import EntryCode
from gdftu_app.integrations.http import GatewayTrouble, Reply, Unanswered, get, post
from gdftu_app.integrations.requirements import base_url, require

# What the documentation allows in a scene, 32 characters at most.
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}")
# In a token's last five minutes WeChat gives a new one to whoever asks, and both are good.
RENEWED_BEFORE = timedelta(minutes=4)
_SPENT_TOKEN = {"40001", "40014", "42001"}
# Codes that the mini-program got from WeChat, and that are wrong, spent or too old.
BAD_CODE = {"40029", "40163", "41008"}
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}

Answer = TypeVar("Answer")


class WeChatRefused(GatewayTrouble):
    """WeChat answered with an error; `code` is its `errcode` (45009: too many a minute, 41030: no such page)."""


class TokenKeeper(Protocol):
    """Where all workers of an installation keep the one token."""

    def find(self) -> str | None:
        """The token, while it is good."""
        ...

    def keep(self, token: str, expires_at: datetime) -> None:
        """Keep a token for all workers until then."""
        ...


@dataclass(frozen=True, slots=True)
class WeChat:
    """One mini-program; `version` is which of its versions the codes open."""

    url: str
    app_id: str
    app_secret: SecretStr
    version: str
    patience: float
    tokens: TokenKeeper

    def mini_program_code(self, scene: str, page: str) -> EntryCode:
        """The code that opens a page (such as `pages/verify/index`, without leading slash) with a scene.

        A token that WeChat calls spent is renewed once.

        Raises:
            ValueError: the scene is longer than 32 characters or holds others than allowed.
            Unreached, Unanswered, WeChatRefused: there is no code for now.
        """
        if not SCENE.fullmatch(scene):
            raise ValueError("a scene has 1 to 32 characters of the allowed set")
        return self._with_token(lambda token: self._picture(token, scene, page))

    def open_id(self, login_code: str) -> str:
        """Who uses the mini-program, by the code of `wx.login`: an id that means nothing outside of it.

        Raises:
            Unreached, Unanswered, WeChatRefused: it cannot be told (`BAD_CODE`: because of the code).
        """
        asked = {
            "appid": self.app_id,
            "secret": self.app_secret.get_secret_value(),
            "js_code": login_code,
            "grant_type": "authorization_code",
        }
        fields = get(f"{self.url}/sns/jscode2session?{urlencode(asked)}", patience=self.patience).fields()
        found = fields.get("openid")
        if not isinstance(found, str) or not found:
            raise _refusal_in(fields)
        return found

    def phone_number(self, phone_code: str, open_id: str) -> str:
        """The phone that this very user let WeChat tell (`getPhoneNumber`), with its country code: `+8613800138000`.

        Raises:
            Unreached, Unanswered, WeChatRefused: it cannot be told (`BAD_CODE`: because of the code).
        """
        request: dict[str, object] = {"code": phone_code, "openid": open_id}

        def asked(token: str) -> str:
            path = f"/wxa/business/getuserphonenumber?access_token={quote(token, safe='')}"
            return self._phone_in(self._post(path, request).fields())

        return self._with_token(asked)

    def _phone_in(self, fields: dict[str, Any]) -> str:
        told = fields.get("phone_info")
        if not isinstance(told, dict):
            raise _refusal_in(fields)
        phone = cast(dict[str, Any], told)
        mark = phone.get("watermark")
        if not isinstance(mark, dict) or cast(dict[str, Any], mark).get("appid") != self.app_id:
            raise Unanswered("Malformed")
        return f"+{phone.get('countryCode', '')}{phone.get('purePhoneNumber', '')}"

    def _with_token(self, ask: Callable[[str], Answer]) -> Answer:
        token = self.tokens.find() or self._ask_for_token()
        try:
            return ask(token)
        except WeChatRefused as refusal:
            if refusal.code not in _SPENT_TOKEN:
                raise
        return ask(self._renewed(token))

    def _renewed(self, spent: str) -> str:
        # Another worker may have renewed it meanwhile; forcing is for when WeChat itself still gives the spent one.
        token = self._ask_for_token()
        return self._ask_for_token(force=True) if token == spent else token

    def _ask_for_token(self, *, force: bool = False) -> str:
        request = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.app_secret.get_secret_value(),
            "force_refresh": force,
        }
        fields = self._post("/cgi-bin/stable_token", request).fields()
        token, seconds = fields.get("access_token"), fields.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise _refusal_in(fields)
        self.tokens.keep(token, now() + timedelta(seconds=seconds) - RENEWED_BEFORE)
        return token

    def _picture(self, token: str, scene: str, page: str) -> EntryCode:
        request = {
            "scene": scene,
            "page": page,
            "check_path": self.version == "release",
            "env_version": self.version,
        }
        reply = self._post(f"/wxa/getwxacodeunlimit?access_token={quote(token, safe='')}", request)
        for magic, media_type in _PICTURES.items():
            if reply.content.startswith(magic):
                return EntryCode(media_type, reply.content, is_mini_program=True)
        raise _refusal_in(reply.fields())

    def _post(self, path: str, request: dict[str, object]) -> Reply:
        content = json.dumps(request, ensure_ascii=False).encode()
        headers = {"content-type": "application/json"}
        return post(self.url + path, headers=headers, content=content, patience=self.patience)


def is_configured(configured: Settings) -> bool:
    """Whether the installation has a mini-program."""
    return bool(configured.wechat_app_id)


def wechat(configured: Settings, tokens: TokenKeeper) -> WeChat:
    """The mini-program as configured, or `Misconfigured` with what the settings lack."""
    require(configured, "设置了 GDFTU_WECHAT_APP_ID", ("wechat_app_id", "wechat_app_secret"))
    return WeChat(
        url=base_url(configured, "wechat_base_url"),
        app_id=configured.wechat_app_id,
        app_secret=configured.wechat_app_secret,
        version=configured.wechat_version,
        patience=configured.gateway_timeout_seconds,
        tokens=tokens,
    )


def _refusal_in(fields: dict[str, object]) -> GatewayTrouble:
    code = fields.get("errcode")
    return WeChatRefused(str(code)) if isinstance(code, int) and code else Unanswered("Malformed")
