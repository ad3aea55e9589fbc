"""The API put together, and where it is mounted."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import Mount

from gdftu_app.api import applications, errors, me, personal_requests, sign_in
from gdftu_app.api.asking import KEY_HEADER
from gdftu_app.api.document import routes_of
from gdftu_app.api.reception import Reception
from gdftu_app.i18n import msg

PREFIX, VERSION = "/api/v1", "1"
TITLE = msg("工会会员服务接口")
DESCRIPTION = msg(
    "供微信小程序和其他会员端使用，一个令牌只代表一个会员。请求和答复都是 JSON，请求头 Authorization: Bearer 带令牌，"
    "Accept-Language 选择提示的语言（zh-CN、zh-Hant、en）。"
    "写操作可以带 Idempotency-Key：24 小时内重发同一请求，得到同一答复，只生效一次。"
)
KEY_PARAMETER: dict[str, Any] = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "description": msg("同一次操作重发时保持不变的字符串，1 至 128 个可见的 ASCII 字符。"),
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
}
# Signing in and out have nothing to repeat.
_WITHOUT_KEY = ("/tokens", "/tokens/current")


class Api(FastAPI):
    """A FastAPI application whose document is the one of `document.py`."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, in Chinese; made once."""
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                routes=self.routes,
                servers=[{"url": PREFIX}],
            )
            for path, methods in document["paths"].items():
                for method, operation in methods.items():
                    if method != "get" and path not in _WITHOUT_KEY:
                        operation.setdefault("parameters", []).append(KEY_PARAMETER)
            self.openapi_schema = document
        return self.openapi_schema


def make_api() -> Api:
    """The application behind `PREFIX`."""
    api = Api(
        title=TITLE,
        version=VERSION,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for part in (sign_in, me, applications, personal_requests):
        api.include_router(part.router)
    api.router.routes.extend(routes_of(api))
    errors.install(api)
    return api


routes = [Mount(PREFIX, app=Reception(make_api()))]
