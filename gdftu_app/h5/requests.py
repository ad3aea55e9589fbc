"""`/m/requests`: personal data (个人信息): seeing it, asking for correction, deletion, or the end of the account."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.errors import NotFound, Refusal, SignedOut
from gdftu_app.h5.me import number_of
from gdftu_app.h5.rendering import ask_for_account, draw, problem_of, status_of
from gdftu_app.h5.sign_in import sign_in_address
from gdftu_app.i18n import msg
from gdftu_app.models.join_details import DETAIL_FIELDS
from gdftu_app.models.member_fields import LONGEST_WORKPLACE, MIGRANT
from gdftu_app.models.personal_requests import REQUEST_KIND_LABELS, PersonalRequestKind
from gdftu_app.models.reviews import REVIEW_STATUS_LABELS
from gdftu_app.queries.own_requests import request_desk
from gdftu_app.services.personal_requests import (
    LONGEST_REMARK,
    request_closure,
    request_correction,
    request_deletion,
    withdraw_request,
)
from gdftu_app.web.forms import read_form

ADDRESS = "/m/requests"
OWN_PHONE, REMARK, SURE, ASK, WITHDRAW, DELETE = "own_phone", "remark", "sure", "ask", "withdraw", "delete."


async def show(request: Request) -> Response:
    """`GET /m/requests`: what was asked, where it stands, and the forms to ask."""
    try:
        return await _page(request)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)


async def submit(request: Request) -> Response:
    """`POST /m/requests`: `ask` names a kind and comes with its fields; or `withdraw` a request of one's own."""
    fields = await read_form(request)
    try:
        await _act(fields)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)
    except Refusal as refusal:
        try:
            return await _page(request, typed=fields, problem=problem_of(refusal), status=status_of(refusal))
        except SignedOut:
            return RedirectResponse(sign_in_address(ADDRESS), 303)
    return RedirectResponse(ADDRESS, 303)


async def _act(fields: dict[str, str]) -> None:
    kind, remark = fields.get(ASK, ""), fields.get(REMARK, "")
    if WITHDRAW in fields:
        number = number_of(fields[WITHDRAW])
        if not number:
            raise NotFound
        await ask_for_account(withdraw_request, request_id=number)
    elif kind == PersonalRequestKind.CORRECTION:
        typed = {field.key: fields[field.key] for field in DETAIL_FIELDS if field.key in fields}
        await ask_for_account(request_correction, typed=typed, own_phone=OWN_PHONE in fields, remark=remark)
    elif kind == PersonalRequestKind.DELETION:
        chosen = [name.removeprefix(DELETE) for name in fields if name.startswith(DELETE)]
        await ask_for_account(request_deletion, fields=chosen, remark=remark)
    elif kind == PersonalRequestKind.CLOSURE:
        await ask_for_account(request_closure, is_sure=SURE in fields, remark=remark)
    else:
        await ask_for_account(request_desk)
        raise NotFound(msg("请选择要办理的事项。"))


async def _page(
    request: Request,
    *,
    typed: dict[str, str] | None = None,
    problem: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    desk = await ask_for_account(request_desk)
    return await draw(
        request,
        "requests.html",
        status=status,
        title=msg("个人信息"),
        desk=desk,
        fields=DETAIL_FIELDS,
        migrant=MIGRANT,
        longest=LONGEST_WORKPLACE,
        longest_remark=LONGEST_REMARK,
        kinds=REQUEST_KIND_LABELS,
        labels=REVIEW_STATUS_LABELS,
        asked=(typed or {}).get(ASK, ""),
        typed=typed or {},
        problem=problem,
    )


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(ADDRESS, submit, methods=["POST"]),
]
