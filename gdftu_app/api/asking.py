"""Asking the core for a client: who calls, with which token, and whether the same write came before."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gdftu_app.api.reception import BODY
from gdftu_app.errors import InvalidInput, SignedOut
from gdftu_app.i18n import msg
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.services.api_answers import Kept, Sent
from gdftu_app.services.asking import ask_as_visitor
from gdftu_app.services.bearers import ask_as_bearer, require_token, write_as_bearer

Answer = TypeVar("Answer")
KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,128}", re.ASCII)
_bearer = HTTPBearer(auto_error=False, scheme_name="token", description=msg("POST tokens 得到的令牌。"))


def _token(shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    if shown is None:
        raise SignedOut
    return shown.credentials


def _live_token(token: Annotated[str, Depends(_token)]) -> str:
    require_token(caller(), token)
    return token


def _sent(request: Request) -> Sent:
    key = request.headers.get(KEY_HEADER, "")
    if KEY_HEADER.lower() in request.headers and not _KEY.fullmatch(key):
        raise InvalidInput(msg("Idempotency-Key 应为 1 至 128 个可见的 ASCII 字符。"), field=KEY_HEADER)
    body: bytes = request.scope.get(BODY, b"")
    return Sent(key, f"{request.method} {request.url.path}\n{body.decode('latin-1')}")


Token = Annotated[str, Depends(_token)]
# Of a request whose body is read: what is wrong with that is told to nobody else.
LiveToken = Annotated[str, Depends(_live_token)]
SentWrite = Annotated[Sent, Depends(_sent)]


def caller() -> Caller:
    """Who calls; cookies mean nothing here, so that no page of another site acts for a browser's user."""
    return replace(current_caller.get(), cookie="", device="")


def ask(token: str, function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, account_id=…, …)` of the core for the account of a token."""
    return ask_as_bearer(caller(), token, function, **asked)


def ask_for_anybody(function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, …)` of the core."""
    return ask_as_visitor(caller(), function, **asked)


def write(
    token: str,
    sent: Sent,
    status: int,
    body_of: Callable[[Any], Mapping[str, Any]],
    function: Callable[..., Any],
    **asked: Any,
) -> Response:
    """A write for the account of a token, answered with `status` and the body made of what the core gives, once."""
    return answered(
        write_as_bearer(caller(), token, sent, lambda given: Kept(status, dict(body_of(given))), function, **asked)
    )


def answered(kept: Kept) -> Response:
    """The answer over HTTP; one that was given before says so."""
    headers = {"idempotency-replayed": "true"} if kept.is_replay else {}
    if kept.status == 204:
        return Response(status_code=204, headers=headers)
    return JSONResponse(kept.body, kept.status, headers=headers)
