"""Identity checks handed in, withdrawn, confirmed, rejected: each once, and forgotten when decided."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotFound, SignedOut, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import mask_document
from gdftu_app.models.identity_checks import CheckProblem, CheckStatus, Consent, IdentityCheck
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.limits import forget_limits
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.identity_checks import (
    AlreadyVerified,
    CheckDecided,
    CheckOpen,
    confirm_check,
    reject_check,
    submit_check,
    withdraw_check,
)
from gdftu_app.services.people import DOCUMENT_FIELD
from tests.factories import Federation, id_of, make_account, make_administrator
from tests.verifying import make_stranger, make_waiting_check, newest_check, passport, resident_id, submit

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


class TestSubmit:
    def test_a_resident_id_goes_to_the_gateway_and_other_documents_to_an_administrator(self, session: Session):
        by_gateway = submit(session, make_stranger(session), document_type="resident_id", document_number=resident_id())
        by_hand = submit(session, make_stranger(session))

        assert (by_gateway, by_hand) == (CheckStatus.PENDING, CheckStatus.MANUAL)

    def test_name_and_number_are_kept_in_their_normal_form(self, session: Session):
        account = make_stranger(session)

        submit(session, account, name=" 陈\u3000依\u202e\x00 ", document_number=" ea１２３ ４５６ ")

        check = newest_check(session, account)
        assert check.name == "陈 依"
        assert unseal(DOCUMENT_FIELD, check.doc_enc or "", check.doc_bidx or "") == "EA123456"

    def test_the_consent_is_kept_with_it(self, session: Session):
        account = make_stranger(session)

        submit(session, account)

        consent = session.exec(select(Consent)).one()
        assert newest_check(session, account).consent_id == consent.id
        assert (consent.account_id, consent.version, consent.text_digest, consent.address, consent.given_at) == (
            account.id,
            IDENTITY_TEXT.version,
            IDENTITY_TEXT.digest,
            "1.2.3.4",
            MOMENT,
        )

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": " \u3000 "}, "name"),
            ({"name": "\u200b\x00\u202e"}, "name"),
            ({"name": "陈" * 51}, "name"),
            ({"name": "陈1"}, "name"),
            ({"name": "陈②"}, "name"),
            ({"document_type": ""}, "document_type"),
            ({"document_type": "driving_licence"}, "document_type"),
            ({"document_number": ""}, "document_number"),
            ({"document_number": "EA"}, "document_number"),
            ({"document_number": "';--"}, "document_number"),
            ({"document_type": "resident_id", "document_number": "440199199001011230"}, "document_number"),
            ({"document_type": "resident_id", "document_number": "EA1234567"}, "document_number"),
            ({"consent_version": ""}, "consent"),
            ({"consent_version": "2020-01"}, "consent"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_kept(
        self, changed: dict[str, Any], field: str, session: Session
    ):
        account = make_stranger(session)

        with pytest.raises(InvalidInput) as refused:
            submit(session, account, **changed)

        assert refused.value.field == field
        assert session.exec(select(IdentityCheck)).all() == []
        assert session.exec(select(Consent)).all() == []

    def test_is_not_possible_while_one_is_open(self, session: Session):
        account = make_stranger(session)
        submit(session, account)

        with pytest.raises(CheckOpen):
            submit(session, account)

        assert len(session.exec(select(Consent)).all()) == 1

    def test_the_database_itself_holds_one_open_try_of_an_account(self, session: Session):
        account = make_stranger(session)
        submit(session, account)
        first = newest_check(session, account)

        attempt = session.begin_nested()
        session.add(IdentityCheck(**first.model_dump(exclude={"id"})))
        with pytest.raises(IntegrityError):
            session.flush()
        attempt.rollback()

    def test_is_not_possible_for_who_is_verified(self, session: Session):
        with pytest.raises(AlreadyVerified):
            submit(session, make_account(session))

    @pytest.mark.parametrize("is_there", [True, False], ids=["disabled", "unknown"])
    def test_is_not_possible_for_an_account_that_is(self, is_there: bool, session: Session):
        account = make_stranger(session)
        account.disabled_at = now() if is_there else None
        session.flush()
        number = id_of(account) if is_there else id_of(account) + 1000

        with pytest.raises(SignedOut):
            submit_check(
                session, account_id=number, name="陈依", document_type="x", document_number="x", consent_version="x"
            )

    def test_five_a_day_are_enough(self, session: Session):
        account = make_stranger(session)
        for _ in range(5):
            submit(session, account)
            withdraw_check(session, account_id=id_of(account))
            travel(timedelta(hours=1))

        with pytest.raises(TooManyRequests) as refused:
            submit(session, account)
        assert refused.value.message.startswith("今天提交的次数过多")

        submit(session, make_stranger(session))
        travel(timedelta(hours=19))
        submit(session, account)

    def test_what_was_refused_is_not_counted(self, session: Session):
        account = make_stranger(session)
        for _ in range(20):
            with pytest.raises(InvalidInput):
                submit(session, account, document_number="EA")

        assert submit(session, account) is CheckStatus.MANUAL

    def test_neither_name_nor_number_is_in_the_audit_nor_in_any_text_column(self, session: Session):
        account, number = make_stranger(session), resident_id()

        submit(session, account, name="陈依依", document_type="resident_id", document_number=number)

        assert [(entry.verb, entry.account_id, entry.detail) for entry in audited(session)][-1] == (
            "identity_checks:submit",
            account.id,
            {"document": "resident_id"},
        )
        assert "陈依依" not in str([entry.model_dump() for entry in audited(session)])
        rows = [row for table in (IdentityCheck, Consent, AuditEntry) for row in session.exec(select(table)).all()]
        assert number not in str([row.model_dump() for row in rows])
        assert number[6:14] not in str([row.model_dump() for row in rows])


class TestWithdraw:
    def test_ends_the_try_and_forgets_the_document(self, session: Session):
        account = make_stranger(session)
        submit(session, account)

        withdraw_check(session, account_id=id_of(account))

        check = newest_check(session, account)
        assert (check.status, check.problem, check.decided_at) == ("failed", CheckProblem.WITHDRAWN, MOMENT)
        assert (check.doc_enc, check.doc_bidx, check.decided_by_id) == (None, None, None)
        assert audited(session)[-1].verb == "identity_checks:withdraw"

    def test_takes_nobody_elses_back_and_nothing_twice(self, session: Session):
        account, other = make_stranger(session), make_stranger(session)
        submit(session, other)

        withdraw_check(session, account_id=id_of(account))

        assert newest_check(session, other).status == CheckStatus.MANUAL
        assert "identity_checks:withdraw" not in [entry.verb for entry in audited(session)]


class TestConfirm:
    def test_the_number_copied_from_the_document_verifies_the_account(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        number = passport()
        check = make_waiting_check(session, small_federation.factory, number=number)
        actor = act_as(small_federation.city)

        problem = confirm_check(session, actor, check_id=id_of(check), document_number=f" {number.lower()} ")

        account = session.get_one(Account, check.account_id)
        assert problem is None
        assert session.get_one(Person, account.person_id).verified_at == MOMENT
        assert (check.status, check.decided_by_id, check.doc_enc, check.doc_bidx) == (
            "verified",
            actor.account_id,
            None,
            None,
        )

    def test_is_audited_with_its_actor_and_without_personal_data(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        number = passport()
        check = make_waiting_check(session, small_federation.factory, number=number, name="陈依依")
        actor = act_as(small_federation.city)

        confirm_check(session, actor, check_id=id_of(check), document_number=number)

        entries = audited(session)
        assert [entry.verb for entry in entries[-2:]] == ["people:verify", "identity_checks:confirm"]
        assert (entries[-1].account_id, entries[-1].union_id) == (actor.account_id, actor.union_id)
        told = str([entry.model_dump() for entry in entries])
        assert not [secret for secret in (number, mask_document(number), "陈依依") if secret in told]

    def test_the_number_cannot_be_guessed_at_length(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory, number="EA7654321")
        actor = act_as(small_federation.city)
        for guess in range(settings().identity_confirmations_per_hour):
            with pytest.raises(InvalidInput):
                confirm_check(session, actor, check_id=id_of(check), document_number=f"EA76540{guess:02d}")

        with pytest.raises(TooManyRequests):
            confirm_check(session, actor, check_id=id_of(check), document_number="EA7654321")

        assert check.status == "manual"

    @pytest.mark.parametrize("typed", ["", "EA0000000", "EA", "99", "；"])
    def test_another_number_is_refused_beside_the_field_and_decides_nothing(
        self, typed: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory, number="EA7654321")

        with pytest.raises(InvalidInput) as refused:
            confirm_check(session, act_as(small_federation.factory), check_id=id_of(check), document_number=typed)

        assert refused.value.field == "document_number"
        assert "7654321" not in refused.value.text("zh-CN")
        assert check.status == CheckStatus.MANUAL

    def test_the_document_of_another_account_fails_and_changes_no_person(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        number, actor = passport(), act_as(small_federation.city)
        first = make_waiting_check(session, small_federation.factory, number=number, name="陈依")
        confirm_check(session, actor, check_id=id_of(first), document_number=number)
        second = make_waiting_check(session, small_federation.factory, number=number, name="别人")

        problem = confirm_check(session, actor, check_id=id_of(second), document_number=number)

        assert problem is CheckProblem.TAKEN
        assert (second.status, second.problem, second.doc_enc) == ("failed", "taken", None)
        assert session.get_one(Account, second.account_id).person_id is None
        assert "陈依" in session.exec(select(Person.name)).all()
        assert audited(session)[-1].detail == {"gateway": "", "problem": "taken"}

    def test_a_try_that_waits_for_the_gateway_is_not_the_administrators(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account, number = make_stranger(session, small_federation.factory), resident_id()
        submit(session, account, document_type="resident_id", document_number=number)

        with pytest.raises(CheckDecided):
            confirm_check(
                session,
                act_as(small_federation.city),
                check_id=id_of(newest_check(session, account)),
                document_number=number,
            )

    @pytest.mark.parametrize("decide", ["confirm", "reject", "withdraw"])
    def test_one_that_is_decided_stays_as_it_is(
        self, decide: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        number, actor = passport(), act_as(small_federation.city)
        check = make_waiting_check(session, small_federation.factory, number=number)
        if decide == "confirm":
            confirm_check(session, actor, check_id=id_of(check), document_number=number)
        elif decide == "reject":
            reject_check(session, actor, check_id=id_of(check), remark="证件已过期")
        else:
            withdraw_check(session, account_id=check.account_id)
        before = check.model_dump()

        with pytest.raises(CheckDecided):
            confirm_check(session, actor, check_id=id_of(check), document_number=number)
        with pytest.raises(CheckDecided):
            reject_check(session, actor, check_id=id_of(check), remark="再来一次")

        session.refresh(check)
        assert check.model_dump() == before

    def test_nobody_confirms_themselves(self, session: Session, small_federation: Federation):
        account, number = make_account(session), passport()
        make_administrator(session, account, small_federation.city)
        actor = get_actor(session, account_id=id_of(account), union_id=id_of(small_federation.city))
        person = session.get_one(Person, account.person_id)
        person.verified_at, person.verification = None, "unverified"
        submit(session, account, document_number=number)

        with pytest.raises(NotFound):
            confirm_check(session, actor, check_id=id_of(newest_check(session, account)), document_number=number)

    def test_an_account_that_was_disabled_meanwhile_is_out_of_reach(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        number = passport()
        check = make_waiting_check(session, small_federation.factory, number=number)
        session.get_one(Account, check.account_id).disabled_at = now()
        session.flush()

        with pytest.raises(NotFound):
            confirm_check(session, act_as(small_federation.city), check_id=id_of(check), document_number=number)


class TestReject:
    def test_the_reason_is_kept_for_the_applicant_and_the_document_forgotten(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check, actor = make_waiting_check(session, small_federation.factory), act_as(small_federation.factory)

        reject_check(session, actor, check_id=id_of(check), remark=" 证件已过期，\n请换领\x00\ud800后再来 ")

        assert (check.status, check.problem, check.remark) == ("failed", "rejected", "证件已过期， 请换领后再来")
        assert (check.decided_by_id, check.doc_enc, check.doc_bidx) == (actor.account_id, None, None)
        assert audited(session)[-1].verb == "identity_checks:reject"
        assert "过期" not in str([entry.model_dump() for entry in audited(session)])

    @pytest.mark.parametrize("remark", ["", "  ", "\u200b", "长" * 201])
    def test_without_a_reason_it_is_refused(
        self, remark: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory)

        with pytest.raises(InvalidInput) as refused:
            reject_check(session, act_as(small_federation.city), check_id=id_of(check), remark=remark)

        assert refused.value.field == "remark"
        assert check.status == CheckStatus.MANUAL

    def test_the_applicant_may_hand_in_again(self, session: Session, act_as: ActAs, small_federation: Federation):
        check = make_waiting_check(session, small_federation.factory)
        reject_check(session, act_as(small_federation.city), check_id=id_of(check), remark="证件已过期")

        assert submit(session, session.get_one(Account, check.account_id)) is CheckStatus.MANUAL
