"""`/m/consents`: what one agreed to (同意记录), and taking it back (个人信息保护法 15)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.errors import Refusal, SignedOut
from gdftu_app.h5.rendering import ask_for_account, draw, problem_of, status_of
from gdftu_app.h5.sign_in import sign_in_address
from gdftu_app.i18n import msg
from gdftu_app.queries.own_consents import own_consents
from gdftu_app.queries.own_memberships import own_member
from gdftu_app.services.consent_withdrawals import withdraw_consent
from gdftu_app.services.consents import CHANNEL_LABELS, PURPOSE_LABELS, text_agreed_to
from gdftu_app.web.forms import read_form

ADDRESS = "/m/consents"
SURE = "sure"


async def show(request: Request) -> Response:
    """`GET /m/consents`: each with the text that was agreed to."""
    try:
        return await _page(request)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)


async def withdraw(request: Request) -> Response:
    """`POST /m/consents`: `sure` takes the consent to prove one's identity back."""
    fields = await read_form(request)
    try:
        await ask_for_account(withdraw_consent, is_sure=SURE in fields)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)
    except Refusal as refusal:
        try:
            return await _page(request, problem=problem_of(refusal), status=status_of(refusal))
        except SignedOut:
            return RedirectResponse(sign_in_address(ADDRESS), 303)
    return RedirectResponse(ADDRESS, 303)


async def _page(request: Request, *, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    await ask_for_account(own_member)
    consents = await ask_for_account(own_consents)
    return await draw(
        request,
        "consents.html",
        status=status,
        title=msg("同意记录"),
        consents=consents,
        texts={one.version: text_agreed_to(one.version) for one in consents},
        purposes=PURPOSE_LABELS,
        channels=CHANNEL_LABELS,
        has_open=any(one.withdrawn_at is None for one in consents),
        problem=problem,
    )


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(ADDRESS, withdraw, methods=["POST"]),
]
