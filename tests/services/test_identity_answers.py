"""Tries and the identity gateway: what each answer makes of them, workers that race or are killed, and trouble."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.integrations.identity import IdentityOutcome
from gdftu_app.models.accounts import Account
from gdftu_app.models.identity_checks import IdentityCheck
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry
from gdftu_app.services.identity_answers import answer_waiting
from gdftu_app.services.identity_checks import withdraw_check
from gdftu_app.services.people import PersonDraft, enrol
from tests.factories import id_of
from tests.verifying import Authority, make_stranger, newest_check, resident_id, submit

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
SILENCE = (IdentityOutcome.LATER, IdentityOutcome.UNCERTAIN, IdentityOutcome.REFUSED)


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


def waiting(session: Session, *, number: str = "", name: str = "霍未名") -> IdentityCheck:
    account = make_stranger(session)
    submit(session, account, name=name, document_type="resident_id", document_number=number or resident_id())
    return newest_check(session, account)


def ask(session: Session, gateway: Authority, **how: int) -> int:
    """One round of a worker, within the test's transaction."""

    @contextmanager
    def unit() -> Iterator[Session]:
        yield session
        session.flush()

    return answer_waiting(unit=unit, gateway=gateway, **how)


def stood(check: IdentityCheck) -> tuple[str, str]:
    return check.status, check.problem


class TestAnswers:
    def test_a_match_verifies_the_account(self, session: Session):
        number = resident_id()
        check, gateway = waiting(session, number=number, name="陈依"), Authority()

        assert ask(session, gateway) == 1

        account = session.get_one(Account, check.account_id)
        person = session.get_one(Person, account.person_id)
        assert gateway.asked == [("陈依", number)]
        assert (stood(check), check.gateway, check.doc_enc, check.decided_by_id) == (
            ("verified", ""),
            "authority",
            None,
            None,
        )
        assert (account.name, person.name, person.verified_at) == ("陈依", "陈依", MOMENT)

    def test_a_match_for_the_document_of_another_account_fails(self, session: Session):
        number = resident_id()
        first, second = waiting(session, number=number), waiting(session, number=number)

        assert ask(session, Authority()) == 2

        assert (stood(first), stood(second)) == (("verified", ""), ("failed", "taken"))
        assert session.get_one(Account, second.account_id).person_id is None

    def test_a_match_that_is_not_the_recorded_document_fails(self, session: Session):
        check = waiting(session)
        recorded = enrol(session, PersonDraft(name="霍未名", document_number=resident_id()))
        session.get_one(Account, check.account_id).person_id = id_of(recorded)

        ask(session, Authority())

        assert stood(check) == ("failed", "other_document")
        assert recorded.verified_at is None

    def test_a_mismatch_fails_and_forgets_the_document(self, session: Session):
        check = waiting(session)

        assert ask(session, Authority(IdentityOutcome.MISMATCH)) == 1

        assert (stood(check), check.doc_enc, check.doc_bidx) == (("failed", "mismatch"), None, None)
        assert session.get_one(Account, check.account_id).person_id is None

    @pytest.mark.parametrize(
        ("outcome", "problem"), [(IdentityOutcome.UNKNOWN, "unknown"), (IdentityOutcome.MANUAL, "")]
    )
    def test_what_it_cannot_tell_waits_for_an_administrator_with_its_document(
        self, outcome: IdentityOutcome, problem: str, session: Session
    ):
        check = waiting(session)

        assert ask(session, Authority(outcome)) == 1

        assert stood(check) == ("manual", problem)
        assert check.doc_enc is not None

    def test_are_audited_without_name_and_number(self, session: Session):
        number = resident_id()
        for outcome in (IdentityOutcome.MATCH, IdentityOutcome.MISMATCH, IdentityOutcome.UNKNOWN):
            waiting(session, number=number, name="陈依依")
            ask(session, Authority(outcome))

        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        verbs = [entry.verb for entry in entries if entry.verb.startswith("identity_checks:")]
        assert verbs == [
            *("identity_checks:submit", "identity_checks:confirm"),
            *("identity_checks:submit", "identity_checks:refuse"),
            *("identity_checks:submit", "identity_checks:hand_over"),
        ]
        told = str([entry.model_dump() for entry in entries])
        assert not [secret for secret in (number, number[6:14], "陈依依") if secret in told]

    def test_documents_of_another_kind_are_not_asked_about(self, session: Session):
        account, gateway = make_stranger(session), Authority()
        submit(session, account)

        assert ask(session, gateway) == 0
        assert gateway.asked == []

    def test_the_longest_waiting_is_asked_first_and_no_more_than_the_limit(self, session: Session):
        numbers, gateway = [resident_id() for _ in range(5)], Authority(IdentityOutcome.MISMATCH)
        for number in numbers:
            waiting(session, number=number)

        assert ask(session, gateway, limit=3) == 3

        assert [number for _, number in gateway.asked] == numbers[:3]


class TestTrouble:
    @pytest.mark.parametrize("outcome", SILENCE)
    def test_is_asked_again_later_and_after_four_times_handed_to_an_administrator(
        self, outcome: IdentityOutcome, session: Session
    ):
        check, gateway = waiting(session), Authority(outcome)
        asked_at = []

        for _ in range(3_000):
            before = len(gateway.asked)
            ask(session, gateway)
            if len(gateway.asked) > before:
                asked_at.append(int((now() - MOMENT).total_seconds()))
            if check.status != "pending":
                break
            travel(timedelta(seconds=1))

        assert asked_at == [0, 20, 140, 740]
        assert stood(check) == ("manual", "unanswered")
        assert check.doc_enc is not None

    @pytest.mark.parametrize("outcome", SILENCE)
    def test_ends_the_round_so_that_others_do_not_wait_for_it(self, outcome: IdentityOutcome, session: Session):
        gateway = Authority(outcome)
        for _ in range(3):
            waiting(session)

        assert ask(session, gateway) == 0

        assert len(gateway.asked) == 1

    def test_inside_the_gateway_counts_as_no_answer_and_holds_up_nobody(self, session: Session):
        check, gateway = waiting(session), Authority(RuntimeError("number 440199"))
        other = waiting(session)

        ask(session, gateway)
        gateway.says = IdentityOutcome.MATCH
        ask(session, gateway)

        assert (check.status, other.status) == ("pending", "verified")
        travel(timedelta(seconds=20))
        ask(session, gateway)
        assert check.status == "verified"

    def test_with_the_key_ends_a_try_that_nobody_can_open_any_more(self, session: Session):
        check, gateway = waiting(session), Authority()
        check.doc_enc = "v1:00000000:AAAA:AAAA"
        other = waiting(session)

        assert ask(session, gateway) == 1

        assert stood(check) == ("failed", "unreadable")
        assert other.status == "verified"
        assert len(gateway.asked) == 1


class TestMeanwhile:
    def test_a_try_that_was_withdrawn_is_not_decided_by_the_answer(self, session: Session):
        check = waiting(session)
        gateway = Authority(meanwhile=lambda: withdraw_check(session, account_id=check.account_id))

        assert ask(session, gateway, limit=1) == 0

        assert stood(check) == ("failed", "withdrawn")
        assert session.get_one(Account, check.account_id).person_id is None

    def test_a_new_try_after_a_withdrawal_is_not_decided_by_the_old_answer(self, session: Session):
        check = waiting(session)
        account = session.get_one(Account, check.account_id)

        def change_the_mind() -> None:
            withdraw_check(session, account_id=check.account_id)
            submit(session, account, document_type="resident_id", document_number=resident_id())

        ask(session, Authority(meanwhile=change_the_mind), limit=1)

        assert newest_check(session, account).status == "pending"
        assert account.person_id is None

    @pytest.mark.parametrize("outcome", [IdentityOutcome.MATCH, IdentityOutcome.MISMATCH])
    def test_an_account_that_was_disabled_is_not_verified(self, outcome: IdentityOutcome, session: Session):
        check = waiting(session)
        account = session.get_one(Account, check.account_id)

        def disable() -> None:
            account.disabled_at = now()
            session.flush()

        ask(session, Authority(outcome, meanwhile=disable))

        assert (check.status, check.doc_enc, account.person_id) == ("failed", None, None)


class TestKilledWorkers:
    def test_what_they_held_is_asked_again_after_a_minute_and_not_before(self, session: Session):
        class Killed(BaseException):
            pass

        def be_killed() -> None:
            raise Killed

        check, gateway = waiting(session), Authority()
        with pytest.raises(Killed):
            ask(session, Authority(meanwhile=be_killed))

        travel(timedelta(seconds=59))
        assert ask(session, gateway) == 0
        travel(timedelta(seconds=1))
        assert ask(session, gateway) == 1

        assert (check.status, len(gateway.asked)) == ("verified", 1)

    def test_what_is_never_answered_is_asked_four_times_at_most(self, session: Session):
        check, gateway = waiting(session), Authority()
        check.attempts = 4
        session.flush()

        assert ask(session, gateway) == 0

        assert (stood(check), gateway.asked) == (("manual", "unanswered"), [])

    def test_a_claim_outlasts_the_slowest_answer_that_is_waited_for(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("GDFTU_GATEWAY_TIMEOUT_SECONDS", "60")
        settings.cache_clear()
        check, other = waiting(session), Authority()

        def another_worker() -> None:
            with frozen_at(MOMENT + timedelta(seconds=180)):
                ask(session, other)

        ask(session, Authority(meanwhile=another_worker))
        monkeypatch.undo()
        settings.cache_clear()

        assert (check.status, other.asked) == ("verified", [])


class TestWorkersAtOnce:
    def test_ask_about_every_try_once(self, own_database: str):
        with unit_of_work() as session:
            numbers = [resident_id() for _ in range(12)]
            for number in numbers:
                waiting(session, number=number)
        gateway, start = Authority(), threading.Barrier(3)

        def work(_number: int) -> int:
            start.wait(10)
            answered = 0
            while found := answer_waiting(gateway=gateway, limit=3):
                answered += found
            return answered

        with ThreadPoolExecutor(3) as threads:
            answered = sum(threads.map(work, range(3)))

        assert answered == 12
        assert sorted(number for _, number in gateway.asked) == sorted(numbers)
        with unit_of_work(reading=True) as session:
            assert {check.status for check in session.exec(select(IdentityCheck))} == {"verified"}

    def test_the_gateway_is_asked_outside_any_transaction(self, own_database: str):
        with unit_of_work() as session:
            waiting(session)

        def write_something() -> None:
            with unit_of_work() as session:
                make_stranger(session)

        assert answer_waiting(gateway=Authority(meanwhile=write_something)) == 1

    def test_two_answers_to_one_try_count_once(self, own_database: str):
        with unit_of_work() as session:
            check = waiting(session)

        def another_worker() -> None:
            travel(timedelta(minutes=2))
            answer_waiting(gateway=Authority(IdentityOutcome.MISMATCH))

        assert answer_waiting(gateway=Authority(meanwhile=another_worker), limit=1) == 0

        with unit_of_work(reading=True) as session:
            assert stood(session.get_one(IdentityCheck, id_of(check))) == ("failed", "mismatch")
            assert session.get_one(Account, check.account_id).person_id is None


class TestTheLocalGateway:
    @pytest.mark.parametrize(("env", "status"), [("demo", "verified"), ("production", "manual")])
    def test_believes_everybody_in_a_demo_only(
        self, env: str, status: str, own_database: str, monkeypatch: pytest.MonkeyPatch
    ):
        with unit_of_work() as session:
            check = waiting(session)
        monkeypatch.setenv("GDFTU_ENV", env)
        settings.cache_clear()

        answer_waiting()

        with unit_of_work(reading=True) as session:
            assert session.get_one(IdentityCheck, id_of(check)).status == status
