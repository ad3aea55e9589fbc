"""Native forms: read within limits, tried as a sign-in, answered with a redirect that may set cookies."""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive

from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import TooManyRequests
from gdftu_app.security.limits import hit
from gdftu_app.security.requests import current_caller
from gdftu_app.services.sessions import keep_refused_form
from gdftu_app.services.sign_in import SignInOutcome, sign_in_with_code, sign_in_with_password
from gdftu_app.web.cookies import cookie_header, device_cookie_header
from gdftu_app.web.requests import Incoming, is_foreign_origin, read_request

LARGEST_FORM_BYTES = 8_192
MOST_FIELDS = 12
MINUTE_SECONDS = 60
# The rest of the body is still on its way: nothing else can follow on this connection.
UNREAD = {"connection": "close"}


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a form from one of the console's own pages.

    Raises `HTTPException`: 403 on a foreign Origin, 413 on an oversized form.
    """
    if is_foreign_origin(read_request(request.scope)):
        raise HTTPException(403, headers=UNREAD)
    if int(request.headers.get("content-length") or 0) > LARGEST_FORM_BYTES:
        raise HTTPException(413, headers=UNREAD)
    async with Request(request.scope, _capped(request.receive)).form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


async def attempt_sign_in(fields: dict[str, str], incoming: Incoming, cookie: str) -> SignInOutcome:
    """Try the phone and the password or code of a form; `cookie` is the visitor's, where a refusal is kept."""
    return await run_in_threadpool(_attempt, fields, cookie, incoming.address, incoming.user_agent)


def sent_on(address: str, incoming: Incoming, *, cookie: str = "", device: str = "") -> Response:
    """303 to an address of the console, with new cookies where they are given."""
    answer = RedirectResponse(address, 303)
    if cookie:
        answer.headers.append("set-cookie", cookie_header(cookie, is_https=incoming.is_https))
    if device:
        answer.headers.append("set-cookie", device_cookie_header(device, is_https=incoming.is_https))
    return answer


def count_attempt(address: str) -> None:
    """Count one try to prove who one is, from an address; TooManyRequests beyond what a minute allows."""
    limit = settings().login_attempts_per_address_minute
    hit("sign-in", current_caller.get().address or address, limit=limit, seconds=MINUTE_SECONDS)


def _capped(receive: Receive) -> Receive:
    """A body that does not say its size beforehand is read no further than one that does."""
    size = 0

    async def received() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_FORM_BYTES:
            raise HTTPException(413, headers=UNREAD)
        return message

    return received


def _attempt(fields: dict[str, str], cookie: str, address: str, user_agent: str) -> SignInOutcome:
    phone = fields.get("phone", "")
    with unit_of_work() as session:
        try:
            count_attempt(address)
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
