"""The browsers an account is signed in with (登录设备), ended by the account itself."""

import hmac

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.errors import NotFound
from gdftu_app.models.accounts import SignInSession
from gdftu_app.models.api_tokens import ApiToken
from gdftu_app.queries.accounts import own_sessions
from gdftu_app.services.audit import record
from gdftu_app.services.sessions import end_all


def end_own_session(session: Session, *, account_id: int, key: str) -> None:
    """退出: end one browser or client of the account, named by the key its list gives it.

    `NotFound` for anybody else's.
    """
    for found in own_sessions(session, account_id=account_id):
        if hmac.compare_digest(found.key, key):
            session.get_one(ApiToken if found.is_token else SignInSession, found.id).ended_at = now()
            _record(session, "sessions:end", account_id, 1)
            return
    raise NotFound


def end_other_sessions(session: Session, *, account_id: int, cookie: str) -> int:
    """退出其他登录: end every session and token of the account but that of a cookie; how many there were."""
    count = end_all(session, account_id=account_id, but=cookie)
    _record(session, "sessions:end_others", account_id, count)
    return count


def _record(session: Session, verb: str, account_id: int, count: int) -> None:
    record(session, verb, account_id=account_id, subject=f"accounts:{account_id}", detail={"sessions": count})
    session.flush()
