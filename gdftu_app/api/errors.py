"""What a client is told when something is refused: `{"error": {"code", "message", "fields"}}`, in its language."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gdftu_app.api.languages import language_of
from gdftu_app.errors import InvalidInput, NotAllowed, NotFound, Refusal, SignedOut, TooManyRequests
from gdftu_app.i18n import msg, render
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.services.api_answers import KeyReused
from gdftu_app.services.phone_proofs import WrongCredentials
from gdftu_app.services.wechat_phones import NoMiniProgram, WeChatSilent

# Everything else that is refused stands against the state of things.
CONFLICT = 409
STATUSES: dict[type[Refusal], int] = {
    SignedOut: 401,
    WrongCredentials: 401,
    NotVerified: 403,
    NotAllowed: 403,
    NotFound: 404,
    InvalidInput: 422,
    KeyReused: 422,
    NoMiniProgram: 422,
    TooManyRequests: 429,
    WeChatSilent: 503,
}
# What the core calls a field, and the body another.
FIELD_NAMES = {"union": "union_id", "consent": "consent_version", "proof": "code"}
NO_TOKEN = msg("登录已失效，请重新获取令牌。")
BY_STATUS: dict[int, tuple[str, str]] = {
    400: ("bad_json", msg("请求内容不是有效的 JSON。")),
    404: ("not_found", msg("没有这个地址。")),
    405: ("method_not_allowed", msg("这个地址不支持该方法。")),
    413: ("too_large", msg("请求内容过大。")),
    415: ("unsupported_media_type", msg("请求内容应为 JSON（Content-Type: application/json）。")),
    500: ("failed", msg("服务出错，请稍后再试。如需帮助，请提供响应头 X-Request-ID。")),
}
_PROBLEMS = {
    "missing": msg("请填写。"),
    "extra_forbidden": msg("没有这个字段。"),
    "string_too_long": msg("内容过长。"),
    "greater_than_equal": msg("数值超出范围。"),
    "less_than_equal": msg("数值超出范围。"),
    "literal_error": msg("请从可选的值中选择。"),
}
_WRONG_TYPE = msg("类型不正确。")


def install(api: FastAPI) -> None:
    """Answer every refusal of an application in this form."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _failed)


def told(
    request: Request,
    status: int,
    code: str,
    message: str,
    *,
    fields: Mapping[str, str] | None = None,
    values: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One error; `message` and those of the `fields` are texts of the catalogue, `values` fill their places."""
    language = language_of(request)
    error = {
        "code": code,
        "message": render(message, language, **(values or {})),
        "fields": {name: render(text, language, **(values or {})) for name, text in (fields or {}).items()},
    }
    return JSONResponse({"error": error}, status, headers={"content-language": language, **(headers or {})})


def told_status(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The error of an HTTP status itself."""
    code, message = BY_STATUS.get(status, BY_STATUS[400])
    return told(request, status, code, message, headers=headers)


async def _refused(request: Request, reason: Exception) -> Response:
    refusal = reason if isinstance(reason, Refusal) else Refusal()
    status = next((code for kind, code in STATUSES.items() if isinstance(refusal, kind)), CONFLICT)
    message = NO_TOKEN if isinstance(refusal, SignedOut) else refusal.message
    fields, headers = {}, {}
    if isinstance(refusal, InvalidInput) and refusal.field:
        fields = {FIELD_NAMES.get(refusal.field, refusal.field): message}
    if isinstance(refusal, TooManyRequests):
        headers["retry-after"] = str(refusal.retry_after)
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return told(request, status, refusal.code, message, fields=fields, values=refusal.values, headers=headers)


async def _invalid(request: Request, reason: Exception) -> Response:
    problems: Sequence[Any] = reason.errors() if isinstance(reason, RequestValidationError) else ()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return told_status(request, 400)
    fields: dict[str, str] = {}
    for problem in problems:
        place = [str(part) for part in problem["loc"] if isinstance(part, str)]
        name = ".".join(place[1:]) or "body"
        fields.setdefault(name, _PROBLEMS.get(problem["type"], _WRONG_TYPE))
    return told(request, 422, InvalidInput.code, InvalidInput.default, fields=fields)


async def _http(request: Request, reason: Exception) -> Response:
    status = reason.status_code if isinstance(reason, HTTPException) else 400
    return told_status(request, status, reason.headers if isinstance(reason, HTTPException) else None)


async def _failed(request: Request, _reason: Exception) -> Response:
    return told_status(request, 500)
