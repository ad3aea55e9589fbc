"""The reception of the API: no request reaches it with more, or with anything else, than it can read."""

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gdftu_app.api.errors import told_status
from gdftu_app.web.forms import UNREAD

LARGEST_BODY_BYTES = 16_384
# Where the rest of the application finds the body as it was sent.
BODY = "gdftu.body"
_JSON = "application/json"


class Reception:
    """ASGI wrapper that reads the body whole, up to its limit, before anything looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """413 above the limit, 415 for a body that does not say that it is JSON."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return
        if body is None:
            await told_status(request, 413, UNREAD)(scope, receive, send)
            return
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if body and media_type != _JSON:
            await told_status(request, 415)(scope, receive, send)
            return
        await self._app({**scope, BODY: body}, _again(body, receive), send)


async def _read(request: Request) -> bytes | None:
    """The body; None as soon as it is too large."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and (len(said) > 9 or int(said) > LARGEST_BODY_BYTES):
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            return None
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, and after it whatever follows."""
    is_given = False

    async def received() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
