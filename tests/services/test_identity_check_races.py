"""Identity checks that several people hand in or decide at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Refusal
from gdftu_app.models.accounts import Account
from gdftu_app.models.identity_checks import Consent, IdentityCheck
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.limits import forget_limits
from gdftu_app.services.identity_checks import (
    CheckDecided,
    CheckOpen,
    confirm_check,
    reject_check,
    withdraw_check,
)
from tests.factories import id_of, make_account, make_administrator, make_union
from tests.verifying import make_stranger, make_waiting_check, passport, submit

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
ActAs = Callable[..., Actor]


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


def audited(session: Session) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all())


@pytest.fixture(autouse=True)
def no_earlier_guesses():
    forget_limits()
    yield
    forget_limits()


class TestAtOnce:
    def test_of_tries_handed_in_at_once_one_is_taken_with_one_consent(self, own_database: str):
        with unit_of_work() as session:
            account = make_stranger(session)

        def attempt(_number: int) -> str:
            try:
                with unit_of_work() as session:
                    return submit(session, account)
            except CheckOpen as refusal:
                return refusal.code

        with ThreadPoolExecutor(8) as threads:
            outcomes = list(threads.map(attempt, range(8)))

        assert sorted(outcomes) == ["check_open"] * 7 + ["manual"]
        with unit_of_work(reading=True) as session:
            assert len(session.exec(select(IdentityCheck)).all()) == 1
            assert len(session.exec(select(Consent)).all()) == 1

    def test_of_administrators_who_decide_at_once_one_wins(self, own_database: str):
        number = passport()
        with unit_of_work() as session:
            factory = make_union(session, make_union(session))
            check = make_waiting_check(session, factory, number=number)
            actors = [_owner(session, id_of(factory)) for _ in range(6)]

        def decide(asked: tuple[int, Actor]) -> str:
            place, actor = asked
            try:
                with unit_of_work() as session:
                    if place % 2:
                        reject_check(session, actor, check_id=id_of(check), remark="证件已过期")
                        return "rejected"
                    confirm_check(session, actor, check_id=id_of(check), document_number=number)
                    return "confirmed"
            except Refusal as refusal:
                return refusal.code

        with ThreadPoolExecutor(6) as threads:
            outcomes = list(threads.map(decide, enumerate(actors)))

        assert outcomes.count("check_decided") == 5
        [won] = set(outcomes) - {"check_decided"}
        with unit_of_work(reading=True) as session:
            stored = session.get_one(IdentityCheck, id_of(check))
            assert stored.status == {"confirmed": "verified", "rejected": "failed"}[won]
            entries = session.exec(select(AuditEntry.verb)).all()
            assert sum(verb in ("identity_checks:confirm", "identity_checks:reject") for verb in entries) == 1

    def test_a_withdrawal_and_a_confirmation_at_once_leave_one_decision(self, own_database: str):
        with unit_of_work() as session:
            factory = make_union(session, make_union(session))
            actor = _owner(session, id_of(factory))
            numbers = [passport() for _ in range(6)]
            checks = [make_waiting_check(session, factory, number=number) for number in numbers]

        def withdraw(check: IdentityCheck) -> None:
            with unit_of_work() as session:
                withdraw_check(session, account_id=check.account_id)

        def confirm(check: IdentityCheck, number: str) -> bool:
            try:
                with unit_of_work() as session:
                    return confirm_check(session, actor, check_id=id_of(check), document_number=number) is None
            except CheckDecided:
                return False

        with ThreadPoolExecutor(4) as threads:
            pairs = [
                (threads.submit(withdraw, check), threads.submit(confirm, check, number))
                for check, number in zip(checks, numbers, strict=True)
            ]
            won = [(taken_back.result(), confirmed.result())[1] for taken_back, confirmed in pairs]

        with unit_of_work(reading=True) as session:
            stored = [session.get_one(IdentityCheck, id_of(check)) for check in checks]
            verified = [session.get_one(Account, check.account_id).person_id is not None for check in checks]
        assert [check.status == "verified" for check in stored] == won == verified


def _owner(session: Session, union_id: int) -> Actor:
    account = make_account(session)
    make_administrator(session, account, session.get_one(Union, union_id))
    return get_actor(session, account_id=id_of(account), union_id=union_id)
