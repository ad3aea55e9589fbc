"""组织登记: submitted once, withdrawn, taken up again; refused with nothing half-written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, func, select

from gdftu_app.clock import frozen_at, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotFound, Refusal, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.files import StoredFile
from gdftu_app.models.registration_fields import RegistrationField, RegistrationValues
from gdftu_app.models.registrations import Registration, RegistrationDraft
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union
from gdftu_app.queries.registration_drafts import find_draft
from gdftu_app.services.files import KEPT_FOR_DRAFTS
from gdftu_app.services.registration_drafts import (
    explain,
    fill,
)
from gdftu_app.services.registrations import (
    MOST_A_DAY,
    MOST_PENDING,
    AlreadyDecided,
    DraftInTheWay,
    NothingToSubmit,
    NotSound,
    NotToBeRevised,
    TooManyPending,
    revise_registration,
    submit_registration,
    withdraw_registration,
)
from tests.factories import Federation, id_of, make_account, make_federation
from tests.registering import (
    draft,
    employer_code,
    fill_in,
    make_certificate,
    reject_one,
    rows,
    submit,
    submit_one,
    type_in,
    verbs,
)

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
Field = RegistrationField


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, name="招新宇")


@pytest.fixture
def street(small_federation: Federation) -> Union:
    return small_federation.street


class TestSubmit:
    def test_keeps_what_was_typed_and_waits_for_the_superior(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street, is_independent=True, employer_name="珠水电器有限公司")
        values = draft(session, account).values

        registration = submit(session, account)

        assert (registration.status, registration.submitted_by_id) == (ReviewStatus.PENDING, account.id)
        assert (registration.reviewing_union_id, registration.submitted_at) == (street.id, MOMENT)
        assert (registration.employer_name, registration.union_name) == (
            "珠水电器有限公司",
            "珠水电器有限公司工会委员会",
        )
        assert (registration.employer_uscc, registration.union_uscc) == (values.employer_uscc, values.union_uscc)
        assert find_draft(session, account_id=id_of(account)) is None
        assert verbs(session)[-1] == "registrations:submit"

    def test_hands_the_certificates_in(self, session: Session, account: Account, street: Union):
        registration = submit_one(session, account, street, is_independent=True)

        files = [
            session.get_one(StoredFile, number, populate_existing=True)
            for number in (registration.employer_certificate_id, registration.union_certificate_id or 0)
        ]
        assert {file.subject for file in files} == {f"registrations:{registration.id}"}
        assert len({file.id for file in files}) == 2

    def test_sent_twice_makes_one(self, session: Session, account: Account, street: Union):
        submit_one(session, account, street)

        with pytest.raises(NothingToSubmit):
            submit(session, account)

        assert rows(session) == 1

    def test_tells_everything_that_is_missing(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert refused.value.field == "employer_uscc"
        assert set(refused.value.problems) == {
            Field.EMPLOYER_USCC,
            Field.EMPLOYER_CERTIFICATE,
            Field.IS_INDEPENDENT,
            Field.SUPERIOR,
        }

    @pytest.mark.parametrize("whose", ["another", "nobody", "handed in by another"])
    def test_with_a_certificate_that_is_not_ones_own_is_refused(
        self, whose: str, session: Session, account: Account, street: Union
    ):
        other = make_account(session)
        key = make_certificate(session, other)
        if whose == "handed in by another":
            submit_one(session, other, street, employer_certificate=key)
        if whose == "nobody":
            key = "k" * 43
        before = rows(session)
        fill_in(session, account, street, employer_certificate=key)

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert (refused.value.field, refused.value.message) == ("employer_certificate", "附件已失效，请重新上传。")
        assert rows(session) == before

    def test_with_a_certificate_whose_time_is_over_is_refused(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street)
        travel(KEPT_FOR_DRAFTS)

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert refused.value.field == "employer_certificate"

    def test_with_one_file_for_both_certificates_is_refused(self, session: Session, account: Account, street: Union):
        key = make_certificate(session, account)
        fill_in(session, account, street, is_independent=True, employer_certificate=key, union_certificate=key)

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert refused.value.field == "union_certificate"

    def test_is_limited_in_what_waits_at_once(self, session: Session, account: Account, street: Union):
        for _ in range(MOST_PENDING):
            submit_one(session, account, street)
        fill_in(session, account, street)

        with pytest.raises(TooManyPending):
            submit(session, account)

        assert rows(session) == MOST_PENDING
        assert draft(session, account).checks.problems == {}

    def test_is_limited_in_a_day(self, session: Session, account: Account, street: Union):
        for _ in range(MOST_A_DAY):
            registration = submit_one(session, account, street)
            withdraw_registration(session, account_id=id_of(account), registration_id=id_of(registration))
        fill_in(session, account, street)

        with pytest.raises(TooManyRequests):
            submit(session, account)
        travel(timedelta(days=1))

        assert submit(session, account).status == ReviewStatus.PENDING

    def test_leaves_out_notes_on_what_is_no_longer_unusual(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street, union_name="榕江工会")
        explain(session, account_id=id_of(account), field=Field.UNION_NAME, text="沿用旧名")
        type_in(session, account, union_name=draft(session, account).values.employer_name + "工会委员会")

        assert submit(session, account).notes == {}


class TestWithdraw:
    def test_closes_it_by_the_applicant(self, session: Session, account: Account, street: Union):
        registration = submit_one(session, account, street)

        for _ in range(2):
            withdraw_registration(session, account_id=id_of(account), registration_id=id_of(registration))

        kept = session.get_one(Registration, registration.id, populate_existing=True)
        assert (kept.status, kept.closed_by_id, kept.closed_at) == (ReviewStatus.WITHDRAWN, account.id, MOMENT)
        assert verbs(session).count("registrations:withdraw") == 1

    def test_of_somebody_elses_is_not_found(self, session: Session, account: Account, street: Union):
        registration = submit_one(session, make_account(session), street)

        for number in (id_of(registration), 999_999):
            with pytest.raises(NotFound):
                withdraw_registration(session, account_id=id_of(account), registration_id=number)
        assert session.get_one(Registration, registration.id).status == ReviewStatus.PENDING

    def test_comes_too_late_once_it_is_decided(self, session: Session, account: Account, street: Union):
        registration = rejected(session, account, street)

        with pytest.raises(AlreadyDecided):
            withdraw_registration(session, account_id=id_of(account), registration_id=id_of(registration))


def rejected(session: Session, account: Account, superior: Union, *, is_independent: bool = False) -> Registration:
    return reject_one(session, submit_one(session, account, superior, is_independent=is_independent))


class TestRevise:
    def test_makes_a_draft_of_it_and_links_the_two(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street, is_independent=True)

        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))
        taken_up = draft(session, account)
        second = submit(session, account)

        assert taken_up.checks.problems == {}
        assert taken_up.earlier is not None
        assert (taken_up.earlier.superior, taken_up.earlier.reason) == ("榕树街道总工会", "证件图片不清晰")
        assert (second.earlier_id, second.status) == (first.id, ReviewStatus.PENDING)
        assert (second.employer_uscc, second.union_uscc) == (first.employer_uscc, first.union_uscc)

    def test_copies_the_certificates_and_leaves_the_earlier_ones(
        self, session: Session, account: Account, street: Union
    ):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        second = submit(session, account)

        earlier, later = (
            session.get_one(StoredFile, number, populate_existing=True)
            for number in (first.employer_certificate_id, second.employer_certificate_id)
        )
        assert (earlier.subject, later.subject) == (f"registrations:{first.id}", f"registrations:{second.id}")
        assert (earlier.id != later.id, earlier.key != later.key) == (True, True)

    def test_with_another_certificate_keeps_the_earlier_one(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        type_in(session, account, employer_certificate=make_certificate(session, account))
        submit(session, account)

        kept = session.get_one(StoredFile, first.employer_certificate_id, populate_existing=True)
        assert (kept.subject, kept.kept_until) == (f"registrations:{first.id}", None)

    def test_goes_on_with_the_same_draft_when_asked_again(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))
        type_in(session, account, employer_name="珠水电器有限公司")

        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        assert draft(session, account).values.employer_name == "珠水电器有限公司"

    def test_does_not_overwrite_another_draft(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        type_in(session, account, employer_name="珠水电器有限公司")

        with pytest.raises(DraftInTheWay):
            revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        assert draft(session, account).values == RegistrationValues(
            employer_name="珠水电器有限公司", union_name="珠水电器有限公司工会委员会"
        )

    def test_is_not_for_what_waits_or_was_taken_up_already(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))
        second = submit(session, account)

        for registration in (first, second):
            with pytest.raises(NotToBeRevised):
                revise_registration(session, account_id=id_of(account), registration_id=id_of(registration))

    def test_of_somebody_elses_is_not_found(self, session: Session, account: Account, street: Union):
        other = rejected(session, make_account(session), street)

        with pytest.raises(NotFound):
            revise_registration(session, account_id=id_of(account), registration_id=id_of(other))
        assert find_draft(session, account_id=id_of(account)) is None


def fill_both(count: int, *, same_code: bool) -> list[int]:
    """Accounts with whole drafts for the same employer, or one account if `count` is 1."""
    with unit_of_work() as session:
        street, code = make_federation(session).street, employer_code()
        accounts = [make_account(session) for _ in range(count)]
        for account in accounts:
            fill_in(session, account, street, employer_uscc=code if same_code else employer_code())
        return [id_of(account) for account in accounts]


def submit_at_once(accounts: list[int]) -> list[int | Refusal]:
    together = Barrier(len(accounts))

    def send(account_id: int) -> int | Refusal:
        together.wait()
        try:
            with unit_of_work() as session:
                return submit_registration(session, account_id=account_id)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(accounts)) as pool:
        return list(pool.map(send, accounts))


class TestAtOnce:
    def test_the_same_employer_by_several_is_submitted_once_and_the_others_told(self, own_database: str):
        answers = submit_at_once(fill_both(4, same_code=True))

        assert sum(isinstance(answer, int) for answer in answers) == 1
        refusals = [answer for answer in answers if isinstance(answer, Refusal)]
        assert {refusal.text("zh-CN") for refusal in refusals} == {
            "已有人用这个代码提交登记申请，正由「榕树街道总工会」审核，不能重复提交。"
        }
        with unit_of_work() as session:
            assert (rows(session), session.exec(select(func.count()).select_from(RegistrationDraft)).one()) == (1, 3)
            attached = select(func.count()).select_from(StoredFile).where(StoredFile.subject != "")
            assert session.exec(attached).one() == 1

    def test_a_double_click_submits_once(self, own_database: str):
        [account_id] = fill_both(1, same_code=False)

        answers = submit_at_once([account_id] * 4)

        assert sum(isinstance(answer, int) for answer in answers) == 1
        assert all(isinstance(answer, int | NothingToSubmit) for answer in answers)
        with unit_of_work() as session:
            assert rows(session) == 1

    def test_two_windows_that_begin_a_draft_share_it(self, own_database: str):
        with unit_of_work() as session:
            account_id = id_of(make_account(session))
        together = Barrier(2)

        def typed(field: Field) -> None:
            together.wait()
            with unit_of_work() as session:
                fill(session, account_id=account_id, field=field, text="榕江电器")

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(typed, (Field.EMPLOYER_NAME, Field.EMPLOYER_USCC)))

        with unit_of_work() as session:
            found = find_draft(session, account_id=account_id)
            assert found is not None
            assert (found.values.employer_name, found.values.employer_uscc) == ("榕江电器", "榕江电器")
