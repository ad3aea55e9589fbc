"""`/m/join`: applying to join a union (入会申请, 手册 十三) on a phone."""

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
from gdftu_app.models.join_details import DETAIL_FIELDS
from gdftu_app.models.member_fields import LONGEST_WORKPLACE, WORKPLACE
from gdftu_app.queries.own_applications import latest_details
from gdftu_app.services.join_applications import apply_to_join
from gdftu_app.web.forms import read_form

ADDRESS = "/m/join"


async def show(request: Request) -> Response:
    """`GET /m/join`: `q` looks for unions, `union` names the one to join (入会码)."""
    try:
        return await _page(request)
    except SignedOut:
        return RedirectResponse(sign_in_address(here(request, ADDRESS)), 303)


async def submit(request: Request) -> Response:
    """`POST /m/join`: `union`, and what else is filled in of `DETAIL_FIELDS`."""
    fields = await read_form(request)
    union, typed = fields.get("union", ""), {field.key: fields.get(field.key, "") for field in DETAIL_FIELDS}
    try:
        await ask_for_account(apply_to_join, union_id=union_number(union), details=typed)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)
    except Refusal as refusal:
        return await _page(request, union=union, typed=typed, problem=problem_of(refusal), status=status_of(refusal))
    return RedirectResponse(HOME, 303)


async def _page(
    request: Request,
    *,
    union: str = "",
    typed: dict[str, str] | None = None,
    problem: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    choice = await choice_of(request, union)
    if not choice.standing.member.is_verified and problem is None:
        return RedirectResponse(verify_address(here(request, ADDRESS)), 303)
    return await draw(
        request,
        "join.html",
        status=status,
        title=msg("入会申请"),
        address=ADDRESS,
        choice=choice,
        standing=choice.standing,
        fields=[field for field in DETAIL_FIELDS if field.key != WORKPLACE],
        longest=LONGEST_WORKPLACE,
        typed=typed or await ask_for_account(latest_details),
        problem=problem,
    )


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(ADDRESS, submit, methods=["POST"]),
]
