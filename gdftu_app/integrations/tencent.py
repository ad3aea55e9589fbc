"""Tencent Cloud (腾讯云) API 3.0: requests signed as TC3-HMAC-SHA256 (签名方法 v3)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import SecretStr

from gdftu_app.clock import now
from gdftu_app.config import Settings
from gdftu_app.integrations.http import Unanswered, post, tidy_code
from gdftu_app.integrations.requirements import base_url, require

ALGORITHM = "TC3-HMAC-SHA256"
KEYS = ("tencent_secret_id", "tencent_secret_key")


@dataclass(frozen=True, slots=True)
class TencentAnswer:
    """What a call brought: `code` is empty unless the call as a whole failed."""

    code: str
    request: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TencentApi:
    """One service in one version, called with one key; `service` is its name in the signature."""

    url: str
    service: str
    version: str
    region: str
    secret_id: SecretStr
    secret_key: SecretStr
    patience: float

    def call(self, action: str, parameters: Mapping[str, object]) -> TencentAnswer:
        """Call an action; raises `Unreached` and `Unanswered`."""
        address = urlsplit(self.url)
        path = address.path or "/"
        payload = json.dumps(parameters, ensure_ascii=False).encode()
        timestamp = int(now().timestamp())
        signed = {
            "content-type": "application/json; charset=utf-8",
            "host": address.netloc,
            "x-tc-action": action,
        }
        signature = sign(
            self.secret_key.get_secret_value(),
            service=self.service,
            timestamp=timestamp,
            path=path,
            headers=signed,
            payload=payload,
        )
        headers = signed | {
            "authorization": f"{ALGORITHM} Credential={self.secret_id.get_secret_value()}/"
            f"{_scope(timestamp, self.service)}, SignedHeaders={';'.join(sorted(signed))}, Signature={signature}",
            "x-tc-timestamp": str(timestamp),
            "x-tc-version": self.version,
        }
        if self.region:
            headers["x-tc-region"] = self.region
        url = f"{address.scheme}://{address.netloc}{path}"
        response = post(url, headers=headers, content=payload, patience=self.patience).fields().get("Response")
        if not isinstance(response, dict):
            raise Unanswered("Malformed")
        fields = cast(dict[str, Any], response)
        request = tidy_code(fields.get("RequestId"))
        if "Error" not in fields:
            return TencentAnswer("", request, fields)
        error = fields["Error"]
        code = tidy_code(cast(dict[str, Any], error).get("Code")) if isinstance(error, dict) else ""
        if not code:
            raise Unanswered("Malformed")
        return TencentAnswer(code, request, fields)


def tencent_api(configured: Settings, *, chosen_by: str, url: str, service: str, version: str) -> TencentApi:
    """The service at a configured address, or `Misconfigured` with what the settings lack."""
    require(configured, chosen_by, KEYS)
    return TencentApi(
        url=base_url(configured, url),
        service=service,
        version=version,
        region=configured.tencent_region,
        secret_id=configured.tencent_secret_id,
        secret_key=configured.tencent_secret_key,
        patience=configured.gateway_timeout_seconds,
    )


def sign(
    secret_key: str, *, service: str, timestamp: int, path: str, headers: Mapping[str, str], payload: bytes
) -> str:
    """The signature of a POST, in hexadecimal; `headers` are the signed ones, named in lower case."""
    lines = "".join(f"{name}:{value.strip().lower()}\n" for name, value in sorted(headers.items()))
    digest = hashlib.sha256(payload).hexdigest()
    request = "\n".join(("POST", path, "", lines, ";".join(sorted(headers)), digest))
    scope = _scope(timestamp, service)
    text = "\n".join((ALGORITHM, str(timestamp), scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"TC3{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _scope(timestamp: int, service: str) -> str:
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    return f"{day}/{service}/tc3_request"
