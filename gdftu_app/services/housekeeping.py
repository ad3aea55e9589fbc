"""Housekeeping (清理): what has served its time is removed, a small batch at each round."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.models.accounts import SignInCode, SignInFailures, SignInSession
from gdftu_app.models.api_tokens import ApiAnswer, ApiToken
from gdftu_app.models.records import OutboxMessage
from gdftu_app.models.registrations import RegistrationDraft
from gdftu_app.services.api_answers import KEPT_FOR

# Sign-in records count as network logs, which are kept for six months at least (domain facts §7).
KEEP_SESSIONS = timedelta(days=183)
# The longest limit on codes looks back a day.
KEEP_CODES = timedelta(days=2)
KEEP_FAILURES = timedelta(days=2)
KEEP_MESSAGES = timedelta(days=30)
# As long as the files that a draft mentions.
KEEP_DRAFTS = timedelta(days=30)


def remove_expired(session: Session, *, limit: int = 500) -> int:
    """One round: at most `limit` rows of each kind; how many went. More than 0 says that another round may help.

    Visitors' sessions go when their cookie has expired (seven days), the signed-in ones half a year later, codes and
    failures after two days, messages after thirty, drafts thirty days after they were last touched. Tokens of the API
    go like signed-in sessions, the answers kept for its writes after a day.
    """
    moment = now()
    return (
        _remove_visitors(session, moment, limit)
        + _remove_sessions(session, moment - KEEP_SESSIONS, limit)
        + _remove_oldest(session, SignInCode, moment - KEEP_CODES, limit)
        + _remove_oldest(session, OutboxMessage, moment - KEEP_MESSAGES, limit)
        + _remove_failures(session, moment - KEEP_FAILURES, limit)
        + _remove_drafts(session, moment - KEEP_DRAFTS, limit)
        + _remove_tokens(session, moment - KEEP_SESSIONS, limit)
        + _remove_answers(session, moment - KEPT_FOR, limit)
    )


def _remove_visitors(session: Session, before: datetime, limit: int) -> int:
    expired = select(SignInSession.id).where(
        col(SignInSession.account_id).is_(None), col(SignInSession.expires_at) <= before
    )
    return session.exec(delete(SignInSession).where(col(SignInSession.id).in_(expired.limit(limit)))).rowcount


def _remove_sessions(session: Session, before: datetime, limit: int) -> int:
    expired = select(SignInSession.id).where(col(SignInSession.expires_at) <= before)
    doomed = expired.order_by(col(SignInSession.expires_at)).limit(limit)
    return session.exec(delete(SignInSession).where(col(SignInSession.id).in_(doomed))).rowcount


def _remove_oldest(
    session: Session, table: type[SignInCode] | type[OutboxMessage], before: datetime, limit: int
) -> int:
    # Rows come in the order of time: only the first ones need to be looked at.
    first = select(table.id, table.created_at).order_by(col(table.id)).limit(limit).subquery()
    doomed = select(first.c.id).where(first.c.created_at <= before)
    return session.exec(delete(table).where(col(table.id).in_(doomed))).rowcount


def _remove_failures(session: Session, before: datetime, limit: int) -> int:
    old = select(SignInFailures.phone_bidx).where(col(SignInFailures.last_at) <= before).limit(limit)
    return session.exec(delete(SignInFailures).where(col(SignInFailures.phone_bidx).in_(old))).rowcount


def _remove_drafts(session: Session, before: datetime, limit: int) -> int:
    old = select(RegistrationDraft.account_id).where(col(RegistrationDraft.updated_at) <= before).limit(limit)
    return session.exec(delete(RegistrationDraft).where(col(RegistrationDraft.account_id).in_(old))).rowcount


def _remove_tokens(session: Session, before: datetime, limit: int) -> int:
    expired = select(ApiToken.id).where(col(ApiToken.expires_at) <= before)
    doomed = expired.order_by(col(ApiToken.expires_at)).limit(limit)
    return session.exec(delete(ApiToken).where(col(ApiToken.id).in_(doomed))).rowcount


def _remove_answers(session: Session, before: datetime, limit: int) -> int:
    old = select(ApiAnswer.key).where(col(ApiAnswer.created_at) <= before).limit(limit)
    return session.exec(delete(ApiAnswer).where(col(ApiAnswer.key).in_(old))).rowcount
