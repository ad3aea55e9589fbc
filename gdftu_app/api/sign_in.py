"""Signing in to the API: `sms-codes`, `tokens`."""

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from gdftu_app.api.asking import SentWrite, Token, answered, ask, ask_for_anybody, caller
from gdftu_app.api.operations import errors
from gdftu_app.api.wire import CodeAnswer, CodeRequest, TokenAnswer, TokenRequest
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import normalise_phone
from gdftu_app.security.keys import blind_index
from gdftu_app.services.api_answers import Kept, answer_once
from gdftu_app.services.api_tokens import end_token, open_token_with_code, open_token_with_wechat
from gdftu_app.services.sign_in_codes import send_code
from gdftu_app.services.wechat_phones import phone_from_wechat
from gdftu_app.web.forms import count_attempt

MINUTE_SECONDS = 60
router = APIRouter(tags=[msg("登录")])


@router.post(
    "/sms-codes",
    status_code=202,
    response_model=CodeAnswer,
    responses=errors(takes_a_body=True),
    summary=msg("获取短信验证码"),
    description=msg("任何手机号得到的答复都相同。同一手机号每分钟一次。"),
)
def send_sms_code(body: CodeRequest, sent: SentWrite) -> Response:
    """获取验证码."""
    address = caller().address

    def once(session: Session) -> Kept:
        def act() -> Kept:
            code = send_code(session, phone=body.phone, address=address)
            return Kept(202, {"retry_after": code.wait_seconds, "expires_in": code.lifetime_minutes * MINUTE_SECONDS})

        return answer_once(session, f"phone {blind_index('phone', normalise_phone(body.phone))}", sent, act)

    return answered(ask_for_anybody(once))


@router.post(
    "/tokens",
    status_code=201,
    response_model=TokenAnswer,
    responses=errors(401, 503, takes_a_body=True),
    summary=msg("登录，得到令牌"),
    description=msg(
        "用 phone 和 code（短信验证码），或用 wechat_code 和 phone_code（微信小程序）。第一次登录的手机号自动开通账号。"
        "验证码只能用一次，所以这里不看 Idempotency-Key。"
    ),
)
def open_token(body: TokenRequest) -> Response:
    """登录."""
    count_attempt(caller().address)
    if body.wechat_code or body.phone_code:
        for field in ("wechat_code", "phone_code"):
            if not getattr(body, field):
                raise InvalidInput(msg("请填写。"), field=field)
        phone = phone_from_wechat(login_code=body.wechat_code, phone_code=body.phone_code)
        outcome = ask_for_anybody(open_token_with_wechat, phone=phone)
    else:
        outcome = ask_for_anybody(open_token_with_code, phone=body.phone, code=body.code)
    if outcome.refusal is not None or outcome.expires_at is None:
        raise outcome.refusal or InvalidInput
    return JSONResponse({"token": outcome.token, "expires_at": outcome.expires_at.isoformat()}, 201)


@router.delete(
    "/tokens/current",
    status_code=204,
    responses=errors(401),
    summary=msg("退出登录"),
    description=msg("这个令牌从此失效。"),
)
def close_token(token: Token) -> Response:
    """退出登录."""
    ask(token, end_token, value=token)
    return Response(status_code=204)
