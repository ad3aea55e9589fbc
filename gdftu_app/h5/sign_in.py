"""`/m/login`: signing in on a phone, with a text-message code."""

import re
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.errors import Refusal, SignedOut
from gdftu_app.h5.rendering import ask_for_account, ask_for_visitor, draw, problem_of, status_of
from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.queries.identity_checks import verification_of
from gdftu_app.queries.preferences import preferences_of
from gdftu_app.security.addresses import local_path
from gdftu_app.security.requests import current_caller
from gdftu_app.security.tokens import new_visitor_cookie
from gdftu_app.services.preferences import Preferences, keep_preferences
from gdftu_app.services.sessions import sign_out
from gdftu_app.services.sign_in_codes import send_code
from gdftu_app.web.cookies import cookie_header
from gdftu_app.web.forms import attempt_sign_in, read_form, sent_on
from gdftu_app.web.requests import read_request

HOME = "/m/me"
LONGEST_PHONE = 40
# Without dots and escapes an address stays where it says.
_MEMBER_PAGE = re.compile(r"/m/[\w/-]+(?:\?[!-~]*)?", re.ASCII)


def sign_in_address(going_to: str) -> str:
    """Where strangers are sent, and from there back to where they were going."""
    return f"/m/login?{urlencode({'next': going_to}, quote_via=quote)}"


async def show(request: Request) -> Response:
    """`GET /m/login`: phone and code on one page; whoever is signed in goes on at once."""
    going_to = member_page(request.query_params.get("next", ""))
    try:
        await ask_for_account(verification_of)
    except SignedOut:
        return await _page(request, going_to)
    return RedirectResponse(going_to, 303)


async def submit(request: Request) -> Response:
    """`POST /m/login`: `ask=code` sends a code to `phone`; otherwise `phone` and `code` sign in."""
    fields = await read_form(request)
    incoming = read_request(request.scope)
    phone, going_to = fields.get("phone", "")[:LONGEST_PHONE], member_page(fields.get("next", ""))
    if fields.get("ask") == "code":
        return await _send_code(request, phone, going_to)
    asked = {"phone": phone, "code": fields.get("code", "")}
    outcome = await attempt_sign_in(asked, incoming, incoming.cookie)
    if outcome.cookie is not None:
        return sent_on(going_to, incoming, cookie=outcome.cookie, device=outcome.device)
    refusal = outcome.refusal or Refusal()
    problem = problem_of(refusal)
    problem["field"] = {"proof": "code", "": "code"}.get(problem["field"], problem["field"])
    return await _page(request, going_to, phone=phone, problem=problem, status=status_of(refusal))


async def leave(request: Request) -> Response:
    """`POST /m/close`: the session is over; the browser becomes a visitor's again."""
    await read_form(request)
    await ask_for_visitor(sign_out, cookie=current_caller.get().cookie)
    return sent_on("/m/login", read_request(request.scope), cookie=new_visitor_cookie())


async def choose_language(request: Request) -> Response:
    """`POST /m/language`: the language of everything that follows."""
    fields = await read_form(request)
    language, cookie = fields.get("language", ""), current_caller.get().cookie
    answer = RedirectResponse(member_page(fields.get("next", "")), 303)
    kept = await ask_for_visitor(preferences_of, cookie=cookie)
    if kept is None:
        cookie = new_visitor_cookie()
        answer.headers.append("set-cookie", cookie_header(cookie, is_https=read_request(request.scope).is_https))
    if language in LANGUAGES:
        chosen = Preferences(language=language, scaling=kept[1] if kept else "100%")
        await ask_for_visitor(keep_preferences, cookie=cookie, chosen=chosen)
    return answer


async def _send_code(request: Request, phone: str, going_to: str) -> Response:
    try:
        sent = await ask_for_visitor(
            send_code, phone=phone, purpose=CodePurpose.SIGN_IN, address=current_caller.get().address
        )
    except Refusal as refusal:
        problem: dict[str, object] = {**problem_of(refusal), "field": "phone"}
        return await _page(request, going_to, phone=phone, problem=problem, status=status_of(refusal))
    return await _page(request, going_to, phone=phone, sent_minutes=sent.lifetime_minutes)


async def _page(
    request: Request,
    going_to: str,
    *,
    phone: str = "",
    problem: dict[str, object] | None = None,
    sent_minutes: int = 0,
    status: int = 200,
) -> Response:
    return await draw(
        request,
        "login.html",
        status=status,
        title=msg("登录"),
        next=going_to,
        phone=phone,
        problem=problem,
        sent_minutes=sent_minutes,
    )


def member_page(asked: str, otherwise: str = HOME) -> str:
    """The address asked for, if it is one of a member page; otherwise another."""
    return asked if local_path(asked) and _MEMBER_PAGE.fullmatch(asked) else otherwise


routes = [
    Route("/m/login", show, methods=["GET"]),
    Route("/m/login", submit, methods=["POST"]),
    Route("/m/close", leave, methods=["POST"]),
    Route("/m/language", choose_language, methods=["POST"]),
]
