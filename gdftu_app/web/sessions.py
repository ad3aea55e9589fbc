"""Signing in and out over HTTP: native forms, so that no credential enters an event (`POST /session`)."""

from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.db import unit_of_work
from gdftu_app.queries.visitors import kept_phone
from gdftu_app.security.addresses import local_path
from gdftu_app.security.tokens import is_session_cookie, new_visitor_cookie, read_visitor_cookie
from gdftu_app.services.sessions import sign_out
from gdftu_app.services.sign_in import PasswordAged
from gdftu_app.web.forms import attempt_sign_in, read_form, sent_on
from gdftu_app.web.requests import is_foreign_origin, read_request


async def open_session(request: Request) -> Response:
    """`POST /session`: form fields `phone` and `password` or `code`, perhaps `next`; 303 in any case of a whole form.

    403 on a foreign Origin, 413 on an oversized form, 422 without a proof.
    """
    incoming = read_request(request.scope)
    fields = await read_form(request)
    if not ("password" in fields or "code" in fields):
        return PlainTextResponse("Unprocessable Content", 422)
    cookie = incoming.cookie
    if not is_session_cookie(cookie) and read_visitor_cookie(cookie) is None:
        cookie = new_visitor_cookie()
    outcome = await attempt_sign_in(fields, incoming, cookie)
    going_to = local_path(fields.get("next", ""))
    if outcome.cookie is not None:
        return sent_on(going_to or "/unions/", incoming, cookie=outcome.cookie, device=outcome.device)
    if isinstance(outcome.refusal, PasswordAged):
        return sent_on("/password/?reason=aged", incoming, cookie=cookie if cookie != incoming.cookie else "")
    asked = {"tab": "password" if "password" in fields else "code"} | ({"next": going_to} if going_to else {})
    back = f"/login/?{urlencode(asked, quote_via=quote)}"
    return sent_on(back, incoming, cookie=cookie if cookie != incoming.cookie else "")


async def close_session(request: Request) -> Response:
    """`POST /session/close`: the session is over everywhere it is used; the browser becomes a visitor's again."""
    incoming = read_request(request.scope)
    if is_foreign_origin(incoming):
        return PlainTextResponse("Forbidden", 403)
    await run_in_threadpool(_sign_out, incoming.cookie)
    return sent_on("/login/", incoming, cookie=new_visitor_cookie())


async def refused_form(request: Request) -> Response:
    """`GET /session/form`: the phone that this visitor typed into a refused form, and only to this visitor."""
    phone = await run_in_threadpool(_kept_phone, read_request(request.scope).cookie)
    return JSONResponse({"phone": phone})


def _sign_out(cookie: str) -> None:
    with unit_of_work() as session:
        sign_out(session, cookie)


def _kept_phone(cookie: str) -> str:
    with unit_of_work(reading=True) as session:
        return kept_phone(session, cookie=cookie)


routes = [
    Route("/session", open_session, methods=["POST"]),
    Route("/session/close", close_session, methods=["POST"]),
    Route("/session/form", refused_form, methods=["GET"]),
]
