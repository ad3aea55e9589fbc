"""Aliyun (阿里云) OpenAPI of the RPC kind: requests signed as ACS3-HMAC-SHA256 (V3 版本请求体&签名机制)."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from gdftu_app.clock import now
from gdftu_app.config import Settings
from gdftu_app.integrations.http import Unanswered, post, tidy_code
from gdftu_app.integrations.requirements import base_url, require

ALGORITHM = "ACS3-HMAC-SHA256"
KEYS = ("aliyun_access_key_id", "aliyun_access_key_secret")
_NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class AliyunAnswer:
    """What a call brought: `code` is the service's own (`OK`, `200`, `isv.…`, `Throttling.…`)."""

    code: str
    request: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AliyunApi:
    """One service in one version, called with one key."""

    url: str
    version: str
    key_id: SecretStr
    key_secret: SecretStr
    patience: float

    def call(self, action: str, parameters: Mapping[str, str]) -> AliyunAnswer:
        """Call an action; raises `Unreached` and `Unanswered`. The parameters stand in the query, as the API says."""
        address = urlsplit(self.url)
        query = canonical_query(parameters)
        headers = {
            "host": address.netloc,
            "x-acs-action": action,
            "x-acs-content-sha256": _NOTHING,
            "x-acs-date": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": self.version,
        }
        path = address.path or "/"
        signature = sign(self.key_secret.get_secret_value(), path=path, query=query, headers=headers)
        headers["authorization"] = (
            f"{ALGORITHM} Credential={self.key_id.get_secret_value()},"
            f"SignedHeaders={';'.join(sorted(headers))},Signature={signature}"
        )
        headers["accept"] = "application/json"
        url = f"{address.scheme}://{address.netloc}{path}?{query}"
        fields = post(url, headers=headers, patience=self.patience).fields()
        code = tidy_code(fields.get("Code"))
        if not code:
            raise Unanswered("Malformed")
        return AliyunAnswer(code, tidy_code(fields.get("RequestId")), fields)


def aliyun_api(configured: Settings, *, chosen_by: str, url: str, version: str) -> AliyunApi:
    """The service at a configured address, or `Misconfigured` with what the settings lack."""
    require(configured, chosen_by, KEYS)
    return AliyunApi(
        url=base_url(configured, url),
        version=version,
        key_id=configured.aliyun_access_key_id,
        key_secret=configured.aliyun_access_key_secret,
        patience=configured.gateway_timeout_seconds,
    )


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Parameters in the order of their names, each percent-encoded as RFC 3986 has it."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(parameters.items()))


def sign(key_secret: str, *, path: str, query: str, headers: Mapping[str, str]) -> str:
    """The signature of a POST without body, in hexadecimal; `headers` are the signed ones, in lower case."""
    lines = "".join(f"{name}:{value.strip()}\n" for name, value in sorted(headers.items()))
    request = "\n".join(("POST", path, query, lines, ";".join(sorted(headers)), headers["x-acs-content-sha256"]))
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return hmac.new(key_secret.encode(), text.encode(), hashlib.sha256).hexdigest()
