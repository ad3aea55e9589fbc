"""Who the holder of a token is: `me`, `me/identity`."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gdftu_app.api.asking import LiveToken, SentWrite, Token, ask, caller, write
from gdftu_app.api.languages import language_of
from gdftu_app.api.operations import errors
from gdftu_app.api.wire import (
    ConsentAnswer,
    IdentityAnswer,
    IdentityRequest,
    IdentityTaken,
    MeAnswer,
    MembershipAnswer,
    UnionRef,
)
from gdftu_app.i18n import msg, render
from gdftu_app.models.identity_checks import PROBLEM_LABELS, CheckProblem
from gdftu_app.queries.identity_checks import verification_of
from gdftu_app.queries.own_profiles import own_profile
from gdftu_app.services.consents import IDENTITY_TEXT, Channel
from gdftu_app.services.identity_checks import submit_check

router = APIRouter(tags=[msg("我")])


@router.get(
    "/me",
    responses=errors(401),
    summary=msg("我的账号和会籍"),
    description=msg("手机号只显示一部分；没有会籍时 membership 为 null。"),
)
def read_me(token: Token) -> MeAnswer:
    """我的会籍."""
    own = ask(token, own_profile)
    held = own.membership
    return MeAnswer(
        id=own.account.id,
        name=own.account.name,
        phone=own.account.phone,
        verified=own.account.is_verified,
        membership=held
        and MembershipAnswer(union=UnionRef(id=held.union_id, name=held.union), joined_on=held.joined_on),
    )


@router.get(
    "/me/identity",
    responses=errors(401),
    summary=msg("实名认证的进度，和需要同意的说明"),
    description=msg("提交前向用户显示 consent 的全文，并在提交时带上它的版本。"),
)
def read_identity(token: Token, request: Request) -> IdentityAnswer:
    """实名认证."""
    found, language = ask(token, verification_of), language_of(request)
    told = (render(PROBLEM_LABELS[CheckProblem(found.problem)], language) if found.problem else "", found.remark)
    return IdentityAnswer(
        status=found.state,
        reason=" ".join(text for text in told if text),
        consent=ConsentAnswer(
            version=IDENTITY_TEXT.version,
            paragraphs=[render(text, language) for text in IDENTITY_TEXT.paragraphs],
        ),
    )


@router.post(
    "/me/identity",
    status_code=202,
    response_model=IdentityTaken,
    responses=errors(401, 409, takes_a_body=True),
    summary=msg("提交实名认证"),
    description=msg("pending：正在核验，几秒后用 GET me 查看结果；manual：由工会管理员当面核对。"),
)
def prove_identity(body: IdentityRequest, token: LiveToken, sent: SentWrite) -> Response:
    """实名认证."""
    return write(
        token,
        sent,
        202,
        lambda status: {"status": status.value},
        submit_check,
        name=body.name,
        document_type=body.document_type,
        document_number=body.document_number,
        consent_version=body.consent_version,
        channel=Channel.API,
        address=caller().address,
    )
