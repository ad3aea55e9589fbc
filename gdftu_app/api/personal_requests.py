"""Personal data (个人信息): `me/data` to read it, `me/requests` to ask for correction, deletion, closing."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from gdftu_app.api.asking import LiveToken, SentWrite, Token, ask, write
from gdftu_app.api.operations import errors
from gdftu_app.api.paging import LARGEST_ID, After, limit_for, page_of
from gdftu_app.api.wire import Body, Text
from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.personal_requests import PersonalRequestKind
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.queries.own_requests import own_requests
from gdftu_app.services.own_data import read_own_data
from gdftu_app.services.personal_requests import (
    request_closure,
    request_correction,
    request_deletion,
    withdraw_request,
)

FieldKey = Literal[
    "workplace",
    "occupation",
    "is_migrant",
    "employment",
    "education",
    "skill",
    "politics",
    "household",
    "ethnicity",
]
router = APIRouter(tags=[msg("个人信息")])


class RequestBody(Body):
    """`POST me/requests`: of the fields, those of the kind count."""

    kind: Literal["correction", "deletion", "closure"] = Field(
        description=msg("correction 更正，deletion 删除，closure 注销账号。")
    )
    changes: dict[FieldKey, Text] = Field(
        default_factory=dict, description=msg("更正：字段和更正后的值，代码与入会申请相同。")
    )
    fields: list[FieldKey] = Field(default_factory=list, max_length=9, description=msg("删除：要删除的字段。"))
    sure: bool = Field(False, description=msg("注销：用户已确认办理后不能撤回。"))
    remark: Text = Field("", description=msg("说明，不超过 100 个字。"))


class RequestTaken(BaseModel):
    """A request handed in."""

    id: int
    status: Literal["pending"]


class RequestAnswer(BaseModel):
    """A request of one's own; `union` answers it by `due_on`, `reason` says why it was declined."""

    id: int
    kind: PersonalRequestKind
    status: ReviewStatus
    reason: str
    union: str
    submitted_at: datetime
    due_on: date


class Requests(BaseModel):
    """A list of requests; `next` is what to ask on with as `after`."""

    items: list[RequestAnswer]
    next: str | None = None


class DataAnswer(BaseModel):
    """Everything that is kept about the holder of the token, by section."""

    made_at: datetime
    sections: dict[str, list[dict[str, str | None]]]


@router.get(
    "/me/data",
    responses=errors(401),
    summary=msg("查阅个人信息"),
    description=msg("平台保存的与本人有关的全部信息，号码只显示一部分，每小时最多 30 次。"),
)
def read_data(token: Token) -> DataAnswer:
    """查阅."""
    return DataAnswer(made_at=now(), sections={section.key: section.records for section in ask(token, read_own_data)})


@router.get(
    "/me/requests",
    responses=errors(401),
    summary=msg("我的个人信息请求"),
    description=msg("新的在前，每页 20 件；next 不为 null 时，用它作 after 取下一页。"),
)
def read_requests(token: Token, after: After = 0) -> Requests:
    """我的请求."""
    page, following = page_of(ask(token, own_requests, limit=limit_for(after)), after)
    items = [
        RequestAnswer(
            id=one.id,
            kind=one.kind,
            status=one.status,
            reason=one.reason,
            union=one.union,
            submitted_at=one.submitted_at,
            due_on=one.due_on,
        )
        for one in page
    ]
    return Requests(items=items, next=following)


@router.post(
    "/me/requests",
    status_code=201,
    response_model=RequestTaken,
    responses=errors(401, 403, 409, takes_a_body=True),
    summary=msg("请求更正、删除或注销账号"),
    description=msg(
        "由所在工会在 15 个工作日内答复。409 already_applied：已有同类请求在办理；still_administrator：还是管理员。"
    ),
)
def hand_in(body: RequestBody, token: LiveToken, sent: SentWrite) -> Response:
    """提交请求."""
    return write(token, sent, 201, lambda number: {"id": number, "status": "pending"}, _hand_in, asked=body)


@router.delete(
    "/me/requests/{id}",
    status_code=204,
    responses=errors(401, 404, 409),
    summary=msg("撤回请求"),
    description=msg("只能撤回还没有办理的；重复撤回没有害处。409 already_decided：已经办理。"),
)
def take_back(
    id: Annotated[int, Path(ge=1, le=LARGEST_ID, description=msg("GET me/requests 得到的 id。"))],  # noqa: A002  (the name in the address)
    token: LiveToken,
    sent: SentWrite,
) -> Response:
    """撤回."""
    return write(token, sent, 204, lambda _: {}, withdraw_request, request_id=id)


def _hand_in(session: Session, *, account_id: int, asked: RequestBody) -> int:
    if asked.kind == PersonalRequestKind.CORRECTION:
        typed = {str(key): value for key, value in asked.changes.items()}
        return request_correction(session, account_id=account_id, typed=typed, remark=asked.remark)
    if asked.kind == PersonalRequestKind.DELETION:
        return request_deletion(session, account_id=account_id, fields=list(asked.fields), remark=asked.remark)
    return request_closure(session, account_id=account_id, is_sure=asked.sure, remark=asked.remark)
