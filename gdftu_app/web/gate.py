"""The gate: every request passes here first. It gives visitors a cookie, binds sockets to cookies, sets headers."""

import logging
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.security.addresses import local_path
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.security.sessions import find_session
from gdftu_app.security.tokens import bound_token, is_session_cookie, new_visitor_cookie, read_visitor_cookie
from gdftu_app.web.cookies import cookie_header
from gdftu_app.web.frames import is_of_a_page
from gdftu_app.web.headers import cache_control, security_headers
from gdftu_app.web.requests import Incoming, is_own_origin, local_address, read_request

log = logging.getLogger(__name__)
SOCKET_PATH = "/_event"
# The pages for visitors, and where whoever is signed in finds instead what they are for.
PUBLIC_PAGES = {"/login": "/unions/", "/password": "/account/"}
# Reflex's own conveniences that this console does not use.
CLOSED_PATHS = ("/_upload", "/_health", "/ping", "/_all_routes", "/auth-codespace")
REFUSED_SOCKET = 4401
LONGEST_TOKEN = 200


class Gate:
    """ASGI wrapper around the whole application."""

    def __init__(self, app: ASGIApp, *, pages: Callable[[], frozenset[str]]) -> None:
        """`pages` gives the addresses of the console's pages, without trailing slash."""
        self._app = app
        self._pages = pages
        self._sockets: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        incoming = read_request(scope)
        caller = Caller(incoming.cookie, incoming.address, incoming.user_agent[:300], uuid4().hex[:12], incoming.device)
        token = current_caller.set(caller)
        try:
            if scope["type"] == "websocket":
                await self._socket(scope, receive, send, incoming)
            else:
                await self._request(scope, receive, send, incoming, caller)
        finally:
            current_caller.reset(token)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, incoming: Incoming) -> None:
        token = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("token", "")
        limit = settings().sockets_per_session
        is_welcome = (
            incoming.path.rstrip("/") == SOCKET_PATH
            and is_own_origin(incoming)
            and 0 < len(token) <= LONGEST_TOKEN
            and self._sockets[incoming.cookie] < limit
            and await _is_genuine(incoming.cookie)
        )
        if not is_welcome:
            log.warning("socket refused", extra={"path": incoming.path, "origin": incoming.origin})
            await send({"type": "websocket.close", "code": REFUSED_SOCKET})
            return
        bound = bound_token(incoming.cookie, token)
        query = [(name, bound if name == "token" else value) for name, value in _query(scope)]
        self._sockets[incoming.cookie] += 1
        try:
            await self._app({**scope, "query_string": urlencode(query).encode()}, _of_a_page(receive), send)
        finally:
            self._sockets[incoming.cookie] -= 1
            if self._sockets[incoming.cookie] <= 0:
                del self._sockets[incoming.cookie]

    async def _request(self, scope: Scope, receive: Receive, send: Send, incoming: Incoming, caller: Caller) -> None:
        page = incoming.path.rstrip("/") or "/"
        is_page = incoming.method in ("GET", "HEAD") and page in self._pages()
        is_missing_page = incoming.method in ("GET", "HEAD") and incoming.wants_html and not is_page
        cookie = ""
        if incoming.path.startswith((*CLOSED_PATHS, SOCKET_PATH)):
            await _plain(send, 404, "Not Found", incoming, caller)
            return
        if is_page or is_missing_page:
            genuine = await _is_genuine(incoming.cookie)
            is_signed_in = genuine and is_session_cookie(incoming.cookie)
            if not genuine:
                if incoming.cookie:
                    log.warning("cookie refused", extra={"path": page})
                cookie = new_visitor_cookie()
            leads_to = "" if is_missing_page else _elsewhere(scope, incoming, page, is_signed_in=is_signed_in)
            if leads_to:
                await _redirect(send, leads_to, incoming, caller, cookie)
                return
        await self._app(scope, receive, _with_headers(send, incoming, caller, cookie))


def _of_a_page(receive: Receive) -> Receive:
    is_noted = False

    async def received() -> Message:
        nonlocal is_noted
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or is_of_a_page(message):
                return message
            if not is_noted:
                log.warning("frames refused: no page sends such")
                is_noted = True

    return received


async def _is_genuine(cookie: str) -> bool:
    """Whether a cookie is a visitor's of our making, or stands for a live session."""
    if not is_session_cookie(cookie):
        return read_visitor_cookie(cookie) is not None
    return await run_in_threadpool(_stands_for_a_session, cookie)


def _stands_for_a_session(cookie: str) -> bool:
    with unit_of_work(reading=True) as session:
        return find_session(session, cookie) is not None


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)


def _elsewhere(scope: Scope, incoming: Incoming, page: str, *, is_signed_in: bool) -> str:
    """Where a page is not for this caller: strangers sign in first, the signed-in have no use for theirs."""
    if page in PUBLIC_PAGES:
        going_to = local_path(dict(_query(scope)).get("next", ""))
        return (going_to or PUBLIC_PAGES[page]) if is_signed_in else ""
    if not is_signed_in:
        return _sign_in_address(scope, incoming)
    return "/unions/" if page == "/" else ""


def _sign_in_address(scope: Scope, incoming: Incoming) -> str:
    going_to = local_address(incoming.path, scope.get("query_string", b"").decode("latin-1"))
    is_worth_keeping = going_to.rstrip("/") not in ("", "/unions")
    asked = {"next": going_to} if is_worth_keeping else {}
    if is_session_cookie(incoming.cookie):
        asked["reason"] = "expired"
    return f"/login/?{urlencode(asked, quote_via=quote)}" if asked else "/login/"


def _with_headers(send: Send, incoming: Incoming, caller: Caller, cookie: str = "") -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower(): value for name, value in message.get("headers", [])}
            content_type = given.get(b"content-type", b"").decode("latin-1")
            headers = [(name, value) for name, value in message.get("headers", []) if name.lower() != b"cache-control"]
            headers += security_headers(content_type, is_https=incoming.is_https)
            headers.append((b"cache-control", cache_control(incoming.path, content_type).encode()))
            headers.append((b"x-request-id", caller.request_id.encode()))
            if cookie:
                headers.append((b"set-cookie", cookie_header(cookie, is_https=incoming.is_https).encode()))
            message = {**message, "headers": headers}
        await send(message)

    return dressed


async def _redirect(send: Send, address: str, incoming: Incoming, caller: Caller, cookie: str = "") -> None:
    dressed = _with_headers(send, incoming, caller, cookie)
    await dressed({"type": "http.response.start", "status": 303, "headers": [(b"location", address.encode("latin-1"))]})
    await dressed({"type": "http.response.body", "body": b""})


async def _plain(send: Send, status: int, text: str, incoming: Incoming, caller: Caller) -> None:
    dressed = _with_headers(send, incoming, caller)
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await dressed({"type": "http.response.start", "status": status, "headers": headers})
    await dressed({"type": "http.response.body", "body": text.encode()})
