"""`/m/verify`: proving who one is (实名认证, 手册 一.2) on a phone."""

from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.errors import Refusal, SignedOut
from gdftu_app.h5.rendering import ask_for_account, draw, problem_of, status_of
from gdftu_app.h5.sign_in import HOME, member_page, sign_in_address
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.identity_checks import PROBLEM_LABELS, CheckProblem
from gdftu_app.queries.accounts import account_profile
from gdftu_app.queries.identity_checks import VerificationState, verification_of
from gdftu_app.security.requests import current_caller
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.identity_checks import submit_check, withdraw_check
from gdftu_app.web.forms import read_form

ADDRESS = "/m/verify"
FIELDS = ("name", "document_type", "document_number", "consent", "next")
LONGEST_VALUE = 100
# While a gateway is asked, the page asks again by itself.
REFRESH_SECONDS = 3


def verify_address(going_to: str = HOME) -> str:
    """Where people prove who they are, and from there go on to where they wanted."""
    return ADDRESS if going_to == HOME else f"{ADDRESS}?{urlencode({'next': going_to}, quote_via=quote)}"


async def show(request: Request) -> Response:
    """`GET /m/verify`: the form, or how far the last try has come."""
    try:
        return await _page(request)
    except SignedOut:
        return RedirectResponse(sign_in_address(verify_address(member_page(_next(request)))), 303)


async def submit(request: Request) -> Response:
    """`POST /m/verify`: `name`, `document_type`, `document_number`, `consent` (the version read); or `withdraw`."""
    fields = await read_form(request)
    back = verify_address(member_page(fields.get("next", "")))
    try:
        if "withdraw" in fields:
            await ask_for_account(withdraw_check)
            return RedirectResponse(back, 303)
        return await _submit(request, back, {name: fields.get(name, "")[:LONGEST_VALUE] for name in FIELDS})
    except SignedOut:
        return RedirectResponse(sign_in_address(back), 303)


async def _submit(request: Request, back: str, typed: dict[str, str]) -> Response:
    try:
        await ask_for_account(
            submit_check,
            name=typed["name"],
            document_type=typed["document_type"],
            document_number=typed["document_number"],
            consent_version=typed["consent"],
            address=current_caller.get().address,
        )
    except SignedOut:
        raise
    except Refusal as refusal:
        return await _page(request, typed=typed, problem=problem_of(refusal), status=status_of(refusal))
    return RedirectResponse(back, 303)


def _next(request: Request) -> str:
    return request.query_params.get("next", "")


async def _page(
    request: Request,
    *,
    typed: dict[str, str] | None = None,
    problem: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    found = await ask_for_account(verification_of)
    profile = await ask_for_account(account_profile)
    return await draw(
        request,
        "verify.html",
        status=status,
        title=msg("实名认证"),
        state=found.state,
        is_open=found.state in (VerificationState.UNVERIFIED, VerificationState.FAILED),
        account=profile,
        reason=PROBLEM_LABELS[CheckProblem(found.problem)] if found.problem else "",
        remark=found.remark,
        submitted_at=found.submitted_at,
        consent=IDENTITY_TEXT,
        documents=list(DocumentType),
        typed=typed or {"document_type": DocumentType.RESIDENT_ID, "name": profile.name, "document_number": ""},
        problem=problem,
        refresh=REFRESH_SECONDS,
        next=member_page((typed or {}).get("next", "") or _next(request)),
    )


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(ADDRESS, submit, methods=["POST"]),
]
