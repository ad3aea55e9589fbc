"""`/m/transfer`: applying to be carried over to another union (转会申请, 手册 十四) on a phone."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.errors import Refusal, SignedOut
from gdftu_app.h5.applying import choice_of, here, union_number
from gdftu_app.h5.me import ADDRESS as HOME
from gdftu_app.h5.rendering import ask_for_account, draw, problem_of, status_of
from gdftu_app.h5.sign_in import sign_in_address
from gdftu_app.h5.verify import verify_address
from gdftu_app.i18n import msg
from gdftu_app.services.transfer_applications import LONGEST_PURPOSE, apply_to_transfer
from gdftu_app.web.forms import read_form

ADDRESS = "/m/transfer"


async def show(request: Request) -> Response:
    """`GET /m/transfer`: `q` looks for unions, `union` names the one to go to."""
    try:
        return await _page(request)
    except SignedOut:
        return RedirectResponse(sign_in_address(here(request, ADDRESS)), 303)


async def submit(request: Request) -> Response:
    """`POST /m/transfer`: `union` and `purpose`."""
    fields = await read_form(request)
    union, purpose = fields.get("union", ""), fields.get("purpose", "")
    try:
        await ask_for_account(apply_to_transfer, union_id=union_number(union), purpose=purpose)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)
    except Refusal as refusal:
        return await _page(
            request, union=union, purpose=purpose, problem=problem_of(refusal), status=status_of(refusal)
        )
    return RedirectResponse(HOME, 303)


async def _page(
    request: Request,
    *,
    union: str = "",
    purpose: str = "",
    problem: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    choice = await choice_of(request, union)
    if not choice.standing.member.is_verified and problem is None:
        return RedirectResponse(verify_address(here(request, ADDRESS)), 303)
    return await draw(
        request,
        "transfer.html",
        status=status,
        title=msg("转会申请"),
        address=ADDRESS,
        choice=choice,
        standing=choice.standing,
        purpose=purpose,
        longest=LONGEST_PURPOSE,
        problem=problem,
    )


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(ADDRESS, submit, methods=["POST"]),
]
