"""Signing in and out over HTTP: native forms, so that no credential enters an event (`POST /session`)."""

from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive

from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import TooManyRequests
from gdftu_app.queries.visitors import kept_phone
from gdftu_app.security.addresses import local_path
from gdftu_app.security.limits import hit
from gdftu_app.security.requests import current_caller
from gdftu_app.security.tokens import is_session_cookie, new_visitor_cookie, read_visitor_cookie
from gdftu_app.services.sessions import keep_refused_form, sign_out
from gdftu_app.services.sign_in import SignInOutcome, sign_in_with_code, sign_in_with_password
from gdftu_app.web.cookies import cookie_header
from gdftu_app.web.requests import is_foreign_origin, read_request

LARGEST_FORM_BYTES = 8_192
MINUTE_SECONDS = 60


async def open_session(request: Request) -> Response:
    """`POST /session`: form fields `phone` and `password` or `code`, perhaps `next`; 303 in any case of a whole form.

    403 on a foreign Origin, 413 on an oversized form, 422 without a proof.
    """
    incoming = read_request(request.scope)
    if is_foreign_origin(incoming):
        return PlainTextResponse("Forbidden", 403)
    if int(request.headers.get("content-length") or 0) > LARGEST_FORM_BYTES:
        return PlainTextResponse("Content Too Large", 413)
    async with Request(request.scope, _capped(request.receive)).form(max_files=0, max_fields=8) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
    if not ("password" in fields or "code" in fields):
        return PlainTextResponse("Unprocessable Content", 422)
    cookie = incoming.cookie
    if not is_session_cookie(cookie) and read_visitor_cookie(cookie) is None:
        cookie = new_visitor_cookie()
    outcome = await run_in_threadpool(_try_to_sign_in, fields, cookie, incoming.address, incoming.user_agent)
    going_to = local_path(fields.get("next", ""))
    if outcome.cookie is not None:
        return _sent_on(going_to or "/unions/", outcome.cookie, is_https=incoming.is_https)
    asked = {"tab": "password" if "password" in fields else "code"} | ({"next": going_to} if going_to else {})
    back = f"/login/?{urlencode(asked, quote_via=quote)}"
    return _sent_on(back, cookie if cookie != incoming.cookie else "", is_https=incoming.is_https)


async def close_session(request: Request) -> Response:
    """`POST /session/close`: the session is over everywhere it is used; the browser becomes a visitor's again."""
    incoming = read_request(request.scope)
    if is_foreign_origin(incoming):
        return PlainTextResponse("Forbidden", 403)
    await run_in_threadpool(_sign_out, incoming.cookie)
    return _sent_on("/login/", new_visitor_cookie(), is_https=incoming.is_https)


async def refused_form(request: Request) -> Response:
    """`GET /session/form`: the phone that this visitor typed into a refused form, and only to this visitor."""
    phone = await run_in_threadpool(_kept_phone, read_request(request.scope).cookie)
    return JSONResponse({"phone": phone})


def _capped(receive: Receive) -> Receive:
    """A body that does not say its size beforehand is read no further than one that does."""
    size = 0

    async def received() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_FORM_BYTES:
            raise HTTPException(413)
        return message

    return received


def _try_to_sign_in(fields: dict[str, str], cookie: str, address: str, user_agent: str) -> SignInOutcome:
    phone = fields.get("phone", "")
    with unit_of_work() as session:
        try:
            limit = settings().login_attempts_per_address_minute
            hit("sign-in", current_caller.get().address or address, limit=limit, seconds=MINUTE_SECONDS)
        except TooManyRequests as refusal:
            keep_refused_form(session, cookie, refusal, phone=phone)
            return SignInOutcome(refusal=refusal)
        if "password" in fields:
            return sign_in_with_password(
                session,
                phone=phone,
                password=fields["password"],
                visitor_cookie=cookie,
                address=address,
                user_agent=user_agent,
            )
        return sign_in_with_code(
            session,
            phone=phone,
            code=fields["code"],
            visitor_cookie=cookie,
            address=address,
            user_agent=user_agent,
        )


def _sign_out(cookie: str) -> None:
    with unit_of_work() as session:
        sign_out(session, cookie)


def _kept_phone(cookie: str) -> str:
    with unit_of_work(reading=True) as session:
        return kept_phone(session, cookie=cookie)


def _sent_on(address: str, cookie: str, *, is_https: bool) -> Response:
    answer = RedirectResponse(address, 303)
    if cookie:
        answer.headers.append("set-cookie", cookie_header(cookie, is_https=is_https))
    return answer


routes = [
    Route("/session", open_session, methods=["POST"]),
    Route("/session/close", close_session, methods=["POST"]),
    Route("/session/form", refused_form, methods=["GET"]),
]
