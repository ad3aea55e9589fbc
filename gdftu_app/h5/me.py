"""`/m/me`: where a member stands (我的会籍), and what they asked for."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.errors import NotFound, Refusal, SignedOut
from gdftu_app.h5.rendering import ask_for_account, draw, problem_of, status_of
from gdftu_app.h5.sign_in import sign_in_address
from gdftu_app.h5.verify import verify_address
from gdftu_app.i18n import msg
from gdftu_app.models.reviews import REVIEW_STATUS_LABELS
from gdftu_app.queries.accounts import account_profile
from gdftu_app.queries.own_applications import ApplicationKind, own_standing
from gdftu_app.queries.transfer_offers import own_offers
from gdftu_app.services.join_applications import withdraw_join
from gdftu_app.services.transfer_applications import withdraw_transfer
from gdftu_app.services.transfer_offers import accept_offer, decline_offer
from gdftu_app.web.forms import read_form

ADDRESS = "/m/me"
LARGEST_ID = 2**63 - 1
_ANSWERS = {"accept": accept_offer, "decline": decline_offer}
_WITHDRAW = {ApplicationKind.JOIN.value: withdraw_join, ApplicationKind.TRANSFER.value: withdraw_transfer}


async def show(request: Request) -> Response:
    """`GET /m/me`: the membership, its history and the applications; whoever is not verified does that first."""
    try:
        return await _page(request)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)


async def act(request: Request) -> Response:
    """`POST /m/me`: `withdraw` names an application of one's own, as `join:7` or `transfer:7`.

    `accept` and `decline` name an offer to transfer.
    """
    fields = await read_form(request)
    try:
        await _act(fields)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)
    except Refusal as refusal:
        try:
            return await _page(request, problem=problem_of(refusal), status=status_of(refusal))
        except SignedOut:
            return RedirectResponse(sign_in_address(ADDRESS), 303)
    return RedirectResponse(ADDRESS, 303)


async def _act(fields: Mapping[str, str]) -> None:
    for name, answer in _ANSWERS.items():
        if number := number_of(fields.get(name, "")):
            await ask_for_account(answer, offer_id=number)
            return
    kind, _, number = fields.get("withdraw", "").partition(":")
    if kind not in _WITHDRAW or not number_of(number):
        raise NotFound
    await ask_for_account(_WITHDRAW[kind], application_id=number_of(number))


def number_of(typed: str) -> int:
    """The id in a text; 0 when there is none."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(LARGEST_ID))
    return int(typed) if is_number and int(typed) <= LARGEST_ID else 0


async def _page(request: Request, *, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    standing = await ask_for_account(own_standing)
    if not standing.member.is_verified and problem is None:
        return RedirectResponse(verify_address(ADDRESS), 303)
    return await draw(
        request,
        "me.html",
        status=status,
        title=msg("我的会籍"),
        standing=standing,
        offers=await ask_for_account(own_offers),
        account=await ask_for_account(account_profile),
        labels=REVIEW_STATUS_LABELS,
        problem=problem,
    )


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(ADDRESS, act, methods=["POST"]),
]
