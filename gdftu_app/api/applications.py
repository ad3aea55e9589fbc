"""Joining and transferring: `unions`, `join-applications`, `transfer-applications`, `me/applications`."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from gdftu_app.api.asking import LiveToken, SentWrite, Token, ask, write
from gdftu_app.api.operations import errors
from gdftu_app.api.paging import LARGEST_ID, After, limit_for, page_of
from gdftu_app.api.wire import (
    ApplicationAnswer,
    Applications,
    ApplicationTaken,
    JoinRequest,
    TransferRequest,
    UnionHit,
    UnionRef,
    Unions,
)
from gdftu_app.errors import NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.queries.own_applications import ApplicationKind, own_applications
from gdftu_app.queries.unions_to_join import FURTHEST_HIT, HITS, search_unions_to_join
from gdftu_app.services.join_applications import apply_to_join, withdraw_join
from gdftu_app.services.transfer_applications import apply_to_transfer, withdraw_transfer

_WITHDRAW = {ApplicationKind.JOIN.value: withdraw_join, ApplicationKind.TRANSFER.value: withdraw_transfer}
router = APIRouter(tags=[msg("入会和转会")])


@router.get(
    "/unions",
    responses=errors(401),
    summary=msg("查找可以加入的工会"),
    description=msg(
        "按名称、名称首字母或代码查找，每页 20 个，最多 200 个；path 是从上到下的各级上级工会。"
        "next 不为 null 时，用它作 after 取下一页。"
    ),
)
def find_unions(
    token: Token,
    q: Annotated[str, Query(max_length=60, description=msg("关键词。"))] = "",
    after: Annotated[int, Query(ge=0, le=FURTHEST_HIT - HITS, description=msg("上一页的 next。"))] = 0,
) -> Unions:
    """选择工会."""
    keyword = "".join(one for one in q if one.isprintable())
    found = ask(token, search_unions_to_join, keyword=keyword, skip=after)
    goes_on = found.is_cut and len(found.hits) == HITS and after + HITS < FURTHEST_HIT
    return Unions(
        items=[UnionHit(id=hit.id, name=hit.name, path=list(hit.path)) for hit in found.hits],
        next=str(after + HITS) if goes_on else None,
    )


@router.post(
    "/join-applications",
    status_code=201,
    response_model=ApplicationTaken,
    responses=errors(401, 403, 409, takes_a_body=True),
    summary=msg("申请入会"),
    description=msg("409 already_applied：已有申请在审核；already_member：已经是会员，请转会。"),
)
def apply_for_joining(body: JoinRequest, token: LiveToken, sent: SentWrite) -> Response:
    """入会申请."""
    return write(
        token,
        sent,
        201,
        _taken_as(ApplicationKind.JOIN),
        apply_to_join,
        union_id=body.union_id,
        details=body.model_dump(exclude={"union_id"}),
    )


@router.post(
    "/transfer-applications",
    status_code=201,
    response_model=ApplicationTaken,
    responses=errors(401, 403, 409, takes_a_body=True),
    summary=msg("申请转会"),
    description=msg("409 already_applied：已有申请在审核；not_member：还不是会员，请入会。"),
)
def apply_for_transferring(body: TransferRequest, token: LiveToken, sent: SentWrite) -> Response:
    """转会申请."""
    return write(
        token,
        sent,
        201,
        _taken_as(ApplicationKind.TRANSFER),
        apply_to_transfer,
        union_id=body.union_id,
        purpose=body.purpose,
    )


@router.get(
    "/me/applications",
    responses=errors(401),
    summary=msg("我的申请"),
    description=msg("新的在前，每页 20 件；next 不为 null 时，用它作 after 取下一页。"),
)
def read_applications(token: Token, after: After = 0) -> Applications:
    """我的申请."""
    page, following = page_of(ask(token, own_applications, limit=limit_for(after)), after)
    items = [
        ApplicationAnswer(
            id=_id_of(one.kind, one.id),
            kind=one.kind,
            status=one.status,
            reason=one.reason,
            union=UnionRef(id=one.union_id, name=one.union),
        )
        for one in page
    ]
    return Applications(items=items, next=following)


@router.delete(
    "/me/applications/{id}",
    status_code=204,
    responses=errors(401, 404, 409),
    summary=msg("撤回申请"),
    description=msg("只能撤回还没有审核的；重复撤回没有害处。409 already_decided：已经审核。"),
)
def withdraw_application(
    id: Annotated[str, Path(description=msg("GET me/applications 得到的 id。"))],  # noqa: A002  (the name in the address)
    token: Token,
    sent: SentWrite,
) -> Response:
    """撤回."""
    kind, _, number = id.partition("-")
    is_id = number.isascii() and number.isdigit() and len(number) <= len(str(LARGEST_ID))
    known = kind in _WITHDRAW and is_id and int(number) <= LARGEST_ID
    function = _WITHDRAW[kind] if known else _nothing
    return write(token, sent, 204, lambda _: {}, function, application_id=int(number) if known else 0)


def _nothing(_session: object, *, account_id: int, application_id: int) -> None:
    raise NotFound


def _id_of(kind: ApplicationKind, number: int) -> str:
    """Applications of both kinds are numbered apart; outside they share one space of ids."""
    return f"{kind.value}-{number}"


def _taken_as(kind: ApplicationKind):
    return lambda number: {"id": _id_of(kind, number), "status": ReviewStatus.PENDING.value}
