"""Asking the identity gateway (实名核验): the tries that wait for it, and what its answers make of them."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotFound
from gdftu_app.integrations.identity import IdentityAnswer, IdentityGateway, IdentityOutcome, identity_gateway
from gdftu_app.models.identity_checks import CheckProblem, CheckStatus, IdentityCheck
from gdftu_app.security.personal_data import Unsealable, unseal
from gdftu_app.services.audit import record
from gdftu_app.services.identity_checks import close, settle
from gdftu_app.services.people import DOCUMENT_FIELD

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=1)
# A call connects, sends and waits for the answer, each as long as a gateway may take; one step is to spare.
STEPS_OF_A_CALL = 4
DELAYS = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=10))
AT_ONCE = 20
Units: TypeAlias = Callable[[], AbstractContextManager[Session]]
_SILENCE = frozenset({IdentityOutcome.LATER, IdentityOutcome.UNCERTAIN, IdentityOutcome.REFUSED})


@dataclass(frozen=True, slots=True)
class _Asked:
    check_id: int
    name: str = field(repr=False)
    number: str = field(repr=False)


def answer_waiting(*, unit: Units = unit_of_work, gateway: IdentityGateway | None = None, limit: int = AT_ONCE) -> int:
    """Put the tries that are due to the gateway, the oldest first; how many it answered.

    Each is claimed in one transaction and settled in another; the gateway is asked in none. A claim lasts a minute, so
    what a killed worker held is asked again: a check may be repeated. What the gateway cannot tell, or does not answer
    after four times, goes to an administrator. A gateway that does not tell ends the round, so that it does not hold up
    the worker.
    """
    asked_of = gateway or identity_gateway(settings())
    answered = 0
    for _ in range(limit):
        with unit() as session:
            asked = _claim(session, asked_of.name)
        if asked is None:
            break
        answer = _answer_of(asked_of, asked)
        with unit() as session:
            answered += _take(session, asked.check_id, answer)
        if answer.outcome in _SILENCE:
            break
    return answered


def _claim(session: Session, gateway: str) -> _Asked | None:
    """The next try that is due, in this worker's hands; those that cannot be asked about are settled on the way."""
    due = (
        select(IdentityCheck)
        .where(IdentityCheck.status == CheckStatus.PENDING, col(IdentityCheck.due_at) <= now())
        .order_by(col(IdentityCheck.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (check := session.exec(due).first()) is not None:
        check.gateway = gateway
        if check.attempts > len(DELAYS):
            _hand_over(session, check, CheckProblem.UNANSWERED)
        elif (number := _number_of(check)) is None:
            _refuse(session, check, CheckProblem.UNREADABLE)
        else:
            check.due_at = now() + _claim_lasts()
            check.attempts += 1
            session.flush()
            return _Asked(check.id or 0, check.name, number)
        session.flush()
    return None


def _number_of(check: IdentityCheck) -> str | None:
    try:
        return unseal(DOCUMENT_FIELD, check.doc_enc or "", check.doc_bidx or "")
    except Unsealable:
        log.exception("identity check %s cannot be opened", check.id)
        return None


def _answer_of(gateway: IdentityGateway, asked: _Asked) -> IdentityAnswer:
    """What the gateway says; an error inside it counts as no answer."""
    try:
        return gateway.check(asked.name, asked.number)
    except Exception as reason:
        return IdentityAnswer(IdentityOutcome.UNCERTAIN, gateway.name, type(reason).__name__)


def _take(session: Session, check_id: int, answer: IdentityAnswer) -> bool:
    """Let an answer count, unless the try was withdrawn in the meantime; whether it is one."""
    check = session.exec(select(IdentityCheck).where(IdentityCheck.id == check_id).with_for_update()).one()
    if check.status != CheckStatus.PENDING:
        return False
    match answer.outcome:
        case IdentityOutcome.MATCH:
            _settle(session, check)
        case IdentityOutcome.MISMATCH:
            _refuse(session, check, CheckProblem.MISMATCH)
        case IdentityOutcome.UNKNOWN:
            _hand_over(session, check, CheckProblem.UNKNOWN)
        case IdentityOutcome.MANUAL:
            _hand_over(session, check, None)
        case IdentityOutcome.LATER | IdentityOutcome.UNCERTAIN | IdentityOutcome.REFUSED:
            _put_off(session, check, answer)
    session.flush()
    return answer.outcome not in _SILENCE


def _settle(session: Session, check: IdentityCheck) -> None:
    try:
        settle(session, check)
    except NotFound:  # the account was disabled in the meantime
        _refuse(session, check, CheckProblem.WITHDRAWN)


def _refuse(session: Session, check: IdentityCheck, problem: CheckProblem) -> None:
    close(check, problem)
    detail = {"gateway": check.gateway, "problem": problem}
    record(session, "identity_checks:refuse", subject=f"identity_checks:{check.id}", detail=detail)


def _put_off(session: Session, check: IdentityCheck, answer: IdentityAnswer) -> None:
    log.warning("identity gateway %s did not tell: %s %s", answer.gateway, answer.outcome, answer.code)
    if check.attempts > len(DELAYS):
        _hand_over(session, check, CheckProblem.UNANSWERED)
    else:
        check.due_at = now() + DELAYS[check.attempts - 1]


def _hand_over(session: Session, check: IdentityCheck, problem: CheckProblem | None) -> None:
    check.status, check.problem = CheckStatus.MANUAL, problem or ""
    detail = {"problem": problem} if problem else {}
    record(session, "identity_checks:hand_over", subject=f"identity_checks:{check.id}", detail=detail)


def _claim_lasts() -> timedelta:
    return max(LEASE, STEPS_OF_A_CALL * timedelta(seconds=settings().gateway_timeout_seconds))
