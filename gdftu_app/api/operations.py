"""What all operations of the API say of themselves in the document."""

from typing import Any

from gdftu_app.api.wire import ErrorAnswer
from gdftu_app.i18n import msg

_REASONS: dict[int, str] = {
    400: msg("不是有效的 JSON。"),
    401: msg("没有令牌，或令牌已失效；登录时：凭证不正确。"),
    403: msg("没有完成实名认证。"),
    404: msg("没有找到。"),
    409: msg("与现在的状态冲突，原因见 code。"),
    413: msg("请求内容过大。"),
    415: msg("不是 JSON。"),
    422: msg("填写的内容不符合要求，fields 逐项说明。"),
    429: msg("过于频繁，Retry-After 是需要等待的秒数。"),
    503: msg("微信没有答复。"),
}


def errors(*statuses: int, takes_a_body: bool = False) -> dict[int | str, dict[str, Any]]:
    """The errors that an operation answers with, all of one shape."""
    every = (*statuses, 422, 429, 413, 415, *((400,) if takes_a_body else ()))
    return {status: {"model": ErrorAnswer, "description": _REASONS[status]} for status in sorted(every)}
