"""Aliyun's, Tencent's and WeChat's side of their protocols, written from their documentation, signatures included."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from gdftu_app.clock import now
from gdftu_app.config import Settings, settings
from tests.other_side import Answer, Behaviour, HangUp, Seen, Silence

KEY_ID, KEY_SECRET = "a-key-id", "a-key-secret"
REQUEST = "F655A8D5-B967-440B-8683-DAD6FF8DE990"
Reply = dict[str, Any] | Answer | Silence | HangUp


def as_json(fields: dict[str, Any], *, status: int = 200) -> Answer:
    return Answer(json.dumps(fields, ensure_ascii=False).encode(), status)


def aliyun(reply: Callable[[dict[str, str]], Reply] | Reply, *, secret: str = KEY_SECRET) -> Behaviour:
    """A service of the RPC kind that checks each signature and then answers what it is told for the parameters."""

    def behave(seen: Seen) -> Answer | Silence | HangUp:
        problem = acs3_problem(seen, secret)
        if problem:
            return as_json({"RequestId": REQUEST, "Code": problem, "Message": "Specified signature…"}, status=400)
        given = reply(seen.query) if callable(reply) else reply
        return as_json({"RequestId": REQUEST, **given}) if isinstance(given, dict) else given

    return behave


def acs3_problem(seen: Seen, secret: str) -> str:
    """Nothing, or the code that a wrong ACS3-HMAC-SHA256 signature gets; computed from what came over the wire."""
    algorithm, parts = _authorization(seen)
    signed = parts.get("SignedHeaders", "").split(";")
    needed = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
    if algorithm != "ACS3-HMAC-SHA256" or parts.get("Credential") != KEY_ID or not needed <= set(signed):
        return "IncompleteSignature"
    if abs(now() - datetime.fromisoformat(seen.headers["x-acs-date"])) > timedelta(minutes=15):
        return "InvalidTimeStamp.Expired"
    address = urlsplit(seen.target)
    pairs = (part.partition("=") for part in address.query.split("&") if part)
    query = sorted((unquote(name), unquote(value)) for name, _, value in pairs)
    canonical = "POST\n" + address.path + "\n"
    canonical += "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query) + "\n"
    canonical += "".join(f"{name}:{seen.headers[name].strip()}\n" for name in sorted(signed)) + "\n"
    canonical += ";".join(sorted(signed)) + "\n" + hashlib.sha256(seen.body).hexdigest()
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    expected = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return "" if parts["Signature"] == expected else "SignatureDoesNotMatch"


def tencent(service: str, reply: Callable[[dict[str, Any]], Reply] | Reply, *, secret: str = KEY_SECRET) -> Behaviour:
    """A service of API 3.0 that checks each signature and then answers what it is told for the parameters."""

    def behave(seen: Seen) -> Answer | Silence | HangUp:
        problem = tc3_problem(seen, service, secret)
        if problem:
            return as_json({"Response": {"Error": {"Code": problem, "Message": "…"}, "RequestId": REQUEST}})
        given = reply(json.loads(seen.body)) if callable(reply) else reply
        return as_json({"Response": {"RequestId": REQUEST, **given}}) if isinstance(given, dict) else given

    return behave


def tc3_problem(seen: Seen, service: str, secret: str) -> str:
    """Nothing, or the code that a wrong TC3-HMAC-SHA256 signature gets; computed from what came over the wire."""
    algorithm, parts = _authorization(seen)
    timestamp = seen.headers.get("x-tc-timestamp", "0")
    day = datetime.fromtimestamp(int(timestamp), UTC).date().isoformat()
    scope = f"{day}/{service}/tc3_request"
    signed = parts.get("SignedHeaders", "").split(";")
    if algorithm != "TC3-HMAC-SHA256" or parts.get("Credential") != f"{KEY_ID}/{scope}":
        return "AuthFailure.InvalidAuthorization"
    if abs(now().timestamp() - int(timestamp)) > 300 or not {"content-type", "host"} <= set(signed):
        return "AuthFailure.SignatureExpire"
    address = urlsplit(seen.target)
    canonical = f"POST\n{address.path}\n{address.query}\n"
    canonical += "".join(f"{name}:{seen.headers[name].strip().lower()}\n" for name in sorted(signed)) + "\n"
    canonical += ";".join(sorted(signed)) + "\n" + hashlib.sha256(seen.body).hexdigest()
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    of_day = hmac.new(b"TC3" + secret.encode(), day.encode(), hashlib.sha256).digest()
    of_service = hmac.new(of_day, service.encode(), hashlib.sha256).digest()
    key = hmac.new(of_service, b"tc3_request", hashlib.sha256).digest()
    expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return "" if parts["Signature"] == expected else "AuthFailure.SignatureFailure"


def _authorization(seen: Seen) -> tuple[str, dict[str, str]]:
    algorithm, _, rest = seen.headers.get("authorization", "").partition(" ")
    return algorithm, {name.strip(): value for name, _, value in (part.partition("=") for part in rest.split(","))}


JPEG = b"\xff\xd8\xff\xe0" + b"a picture"


@dataclass
class WeChatSide:
    """WeChat with one app: tokens are good until they are said to be spent.

    `users` signs in: open id by login code; `phones` is what each phone code of an open id stands for.
    """

    app_id: str = "wx0123456789abcdef"
    secret: str = "an-app-secret"
    tokens: int = 1
    asked_for_tokens: int = 0
    stuck: bool = False
    spent: set[str] = field(default_factory=set)
    drawn: list[dict[str, Any]] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    phones: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    instead: Reply | None = None

    @property
    def token(self) -> str:
        return f"token-number-{self.tokens:04d}"

    def __call__(self, seen: Seen) -> Answer | Silence | HangUp:
        if seen.path == "/sns/jscode2session":
            return self._session(seen)
        request = json.loads(seen.body)
        if seen.path == "/cgi-bin/stable_token":
            return self._lend(request)
        assert seen.path in ("/wxa/getwxacodeunlimit", "/wxa/business/getuserphonenumber")
        token = seen.query["access_token"]
        if token in self.spent or token != self.token:
            return as_json({"errcode": 40001, "errmsg": "invalid credential, access_token is invalid"})
        if self.instead is not None:
            return as_json(self.instead) if isinstance(self.instead, dict) else self.instead
        if seen.path == "/wxa/business/getuserphonenumber":
            return self._tell_phone(request)
        self.drawn.append(request)
        return Answer(JPEG, media_type="image/jpeg")

    def _session(self, seen: Seen) -> Answer | Silence | HangUp:
        if self.instead is not None:
            return as_json(self.instead) if isinstance(self.instead, dict) else self.instead
        if (seen.query["appid"], seen.query["secret"]) != (self.app_id, self.secret):
            return as_json({"errcode": 40125, "errmsg": "invalid appsecret"})
        assert seen.query["grant_type"] == "authorization_code"
        user = self.users.pop(seen.query["js_code"], None)
        if user is None:
            return as_json({"errcode": 40029, "errmsg": "invalid code"})
        return as_json({"openid": user, "session_key": "a-session-key"})

    def _tell_phone(self, request: dict[str, Any]) -> Answer:
        told = self.phones.pop((request["code"], request["openid"]), None)
        if told is None:
            return as_json({"errcode": 40029, "errmsg": "invalid code"})
        mark = {"timestamp": 1637744274, "appid": self.app_id}
        return as_json({"errcode": 0, "errmsg": "ok", "phone_info": {"watermark": mark} | told})

    def _lend(self, request: dict[str, Any]) -> Answer:
        self.asked_for_tokens += 1
        if (request["appid"], request["secret"]) != (self.app_id, self.secret):
            return as_json({"errcode": 40125, "errmsg": "invalid appsecret"})
        assert request["grant_type"] == "client_credential"
        if request["force_refresh"] or (self.token in self.spent and not self.stuck):
            self.tokens += 1
        return as_json({"access_token": self.token, "expires_in": 7200})


KEYS = {
    "aliyun_access_key_id": KEY_ID,
    "aliyun_access_key_secret": KEY_SECRET,
    "tencent_secret_id": KEY_ID,
    "tencent_secret_key": KEY_SECRET,
    "tencent_sms_app_id": "1400006666",
    "sms_sign_name": "粤工惠",
    "sms_templates": '{"sign_in": "SMS_100"}',
    "gateway_timeout_seconds": 2,
}


def configured(**values: Any) -> Settings:
    """Settings with the keys of both clouds and a template for signing in."""
    return Settings(_env_file=None, **KEYS | values)  # pyright: ignore[reportCallIssue]  (pydantic-settings' own argument)


@contextmanager
def installed(**values: Any) -> Iterator[None]:
    """The same settings as the environment of this process, and of those it starts, until the block ends."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (KEYS | values).items():
            patch.setenv(f"GDFTU_{name.upper()}", str(value))
        settings.cache_clear()
        yield
    settings.cache_clear()
