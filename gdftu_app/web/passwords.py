"""Passwords and phones over HTTP: native forms, so that none of them enters an event."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.db import unit_of_work
from gdftu_app.errors import SignedOut, TooManyRequests
from gdftu_app.security.tokens import is_session_cookie, new_visitor_cookie, read_visitor_cookie
from gdftu_app.services.own_phones import change_phone
from gdftu_app.services.passwords import FormOutcome, change_password, set_password
from gdftu_app.services.sessions import Form, keep_refused_form
from gdftu_app.web.forms import count_attempt, read_form, sent_on
from gdftu_app.web.requests import read_request

ACCOUNT_PAGE, PASSWORD_PAGE = "/account/", "/password/"
PASSWORD_IS_SET, EXPIRED = "/login/?tab=password&reason=password", "/login/?next=%2Faccount%2F&reason=expired"

Fields = dict[str, str]
Try = Callable[[Fields, str], FormOutcome]


async def set_by_code(request: Request) -> Response:
    """`POST /session/password` (`phone`, `code`, `password`, `again`): 303 to the sign-in page, or back with a reason.

    403 on a foreign Origin, 413 on an oversized form, 422 without a password.
    """
    incoming, fields = read_request(request.scope), await read_form(request)
    if "password" not in fields:
        return PlainTextResponse("Unprocessable Content", 422)
    cookie = incoming.cookie
    if not is_session_cookie(cookie) and read_visitor_cookie(cookie) is None:
        cookie = new_visitor_cookie()
    outcome = await run_in_threadpool(_limited, Form.PASSWORD, _set_password, fields, cookie, incoming.address)
    new_cookie = cookie if cookie != incoming.cookie else ""
    return sent_on(PASSWORD_PAGE if outcome.refusal else PASSWORD_IS_SET, incoming, cookie=new_cookie)


async def change_own(request: Request) -> Response:
    """`POST /session/password/change` (`current` or `code`, `password`, `again`): 303 to the account's page.

    A browser that is signed in with no account is sent to sign in.
    """
    return await _changed(request, "password", Form.OWN_PASSWORD, _change_password)


async def change_own_phone(request: Request) -> Response:
    """`POST /session/phone` (`code`, `phone`, `new_code`): 303 to the account's page; strangers sign in first."""
    return await _changed(request, "phone", Form.OWN_PHONE, _change_phone)


async def _changed(request: Request, needed: str, form: Form, attempt: Try) -> Response:
    incoming, fields = read_request(request.scope), await read_form(request)
    if needed not in fields:
        return PlainTextResponse("Unprocessable Content", 422)
    try:
        outcome = await run_in_threadpool(_limited, form, attempt, fields, incoming.cookie, incoming.address)
    except SignedOut:
        return sent_on(EXPIRED, incoming)
    if outcome.refusal is not None:
        return sent_on(ACCOUNT_PAGE, incoming)
    return sent_on(f"{ACCOUNT_PAGE}?done={needed}", incoming, cookie=outcome.cookie, device=outcome.device)


def _limited(form: Form, attempt: Try, fields: Fields, cookie: str, address: str) -> FormOutcome:
    try:
        count_attempt(address)
    except TooManyRequests as refusal:
        with unit_of_work() as session:
            keep_refused_form(session, cookie, refusal, phone=fields.get("phone", ""), form=form)
        return FormOutcome(refusal)
    return attempt(fields, cookie)


def _set_password(fields: Fields, cookie: str) -> FormOutcome:
    with unit_of_work() as session:
        return set_password(
            session,
            phone=fields.get("phone", ""),
            code=fields.get("code", ""),
            password=fields["password"],
            again=fields.get("again", ""),
            cookie=cookie,
        )


def _change_password(fields: Fields, cookie: str) -> FormOutcome:
    with unit_of_work() as session:
        return change_password(
            session,
            cookie=cookie,
            current=fields.get("current", ""),
            code=fields.get("code", ""),
            password=fields["password"],
            again=fields.get("again", ""),
        )


def _change_phone(fields: Fields, cookie: str) -> FormOutcome:
    with unit_of_work() as session:
        return change_phone(
            session,
            cookie=cookie,
            code=fields.get("code", ""),
            phone=fields["phone"],
            new_code=fields.get("new_code", ""),
        )


routes = [
    Route("/session/password", set_by_code, methods=["POST"]),
    Route("/session/password/change", change_own, methods=["POST"]),
    Route("/session/phone", change_own_phone, methods=["POST"]),
]
