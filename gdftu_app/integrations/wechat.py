"""WeChat mini-program codes (小程序码): `wxa/getwxacodeunlimit` with a token of `cgi-bin/stable_token`."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote

from pydantic import SecretStr

from gdftu_app.clock import now
from gdftu_app.config import Settings
from gdftu_app.integrations.entry_codes import EntryCode
from gdftu_app.integrations.http import GatewayTrouble, Reply, Unanswered, post
from gdftu_app.integrations.requirements import base_url, require

# What the documentation allows in a scene, 32 characters at most.
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}")
# In a token's last five minutes WeChat gives a new one to whoever asks, and both are good.
RENEWED_BEFORE = timedelta(minutes=4)
_SPENT_TOKEN = {"40001", "40014", "42001"}
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


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
        token = self.tokens.find() or self._ask_for_token()
        try:
            return self._picture(token, scene, page)
        except WeChatRefused as refusal:
            if refusal.code not in _SPENT_TOKEN:
                raise
        return self._picture(self._renewed(token), scene, page)

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
