"""Private files found again: by their uploader, by those who decide, and by nobody else."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.registrations import Registration
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.files import READERS, FileInfo, files_by_id, find_file, waiting_bytes
from gdftu_app.security.permissions import Permission, Role
from gdftu_app.services.files import attach, keep_upload
from tests.attachments import drawing
from tests.factories import Federation, id_of, make_account, make_administrator
from tests.statements import statements


@dataclass
class Case:
    """A file and everybody around it."""

    key: str
    file_id: int
    applicant: Account


Grant = Callable[..., Administrator]


@pytest.fixture
def grant(session: Session) -> Grant:
    """Appoint somebody new in a union."""

    def appoint(union: Union, role: Role = Role.REVIEWER, *, verified: bool = True) -> Administrator:
        return make_administrator(session, make_account(session, verified=verified), union, role=role)

    return appoint


@pytest.fixture
def registration(session: Session, small_federation: Federation) -> Case:
    """A factory's certificate, handed in to the street union."""
    applicant = make_account(session)
    number = id_of(applicant)
    kept = keep_upload(session, account_id=number, name="营业执照.png", content=drawing())
    file_id = attach(session, account_id=number, key=kept.key, subject="registrations:71", field="f")
    session.add(
        Registration(
            id=71,
            reviewing_union_id=id_of(small_federation.street),
            submitted_by_id=number,
            employer_name="新厂",
            employer_uscc="91440101MA5TEST000",
            employer_certificate_id=file_id,
            union_name="新厂工会委员会",
        )
    )
    session.flush()
    return Case(kept.key, file_id, applicant)


@pytest.fixture
def change(session: Session, small_federation: Federation) -> Case:
    """The factory's new certificate, handed in to the street union by its owner."""
    owner = make_account(session)
    number = id_of(owner)
    kept = keep_upload(session, account_id=number, name="登记证.png", content=drawing())
    file_id = attach(session, account_id=number, key=kept.key, subject="change_requests:72", field="f")
    session.add(
        ChangeRequest(
            id=72,
            reviewing_union_id=id_of(small_federation.street),
            submitted_by_id=number,
            union_id=id_of(small_federation.factory),
            union_version=1,
            purpose="更名",
        )
    )
    session.flush()
    return Case(kept.key, file_id, owner)


def sees(session: Session, who: Account | Administrator, case: Case) -> bool:
    account_id = who.account_id if isinstance(who, Administrator) else id_of(who)
    return find_file(session, account_id=account_id, key=case.key) is not None


class TestNotHandedIn:
    def test_is_its_uploaders_alone(self, session, small_federation, grant):
        account_id = id_of(make_account(session))
        kept = keep_upload(session, account_id=account_id, name="a.png", content=drawing())

        found = find_file(session, account_id=account_id, key=kept.key)

        assert found == FileInfo(kept.key, "a.png", "image/png", kept.size, True)
        for other in (make_account(session), grant(small_federation.province, Role.OWNER)):
            number = other.account_id if isinstance(other, Administrator) else id_of(other)
            assert find_file(session, account_id=number, key=kept.key) is None

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "A" * 43,
            "a",
            "%",
            "_" * 43,
            "A" * 44,
            "' OR 1=1 --",
            "\0" * 43,
            "甲" * 43,
            "../" * 14 + "a",
            "A" * 42 + "\n",
        ],
    )
    def test_is_found_by_no_guess(self, key: str, session):
        account_id = id_of(make_account(session))
        keep_upload(session, account_id=account_id, name="a.png", content=drawing())

        assert find_file(session, account_id=account_id, key=key) is None


class TestOfARegistration:
    def test_is_seen_by_the_applicant(self, session, registration):
        assert sees(session, registration.applicant, registration)

    @pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER])
    def test_is_seen_by_the_reviewers_of_the_very_union(self, role, session, small_federation, registration, grant):
        assert sees(session, grant(small_federation.street, role), registration)

    @pytest.mark.parametrize("role", [Role.MEMBERS, Role.EDITOR, Role.ANALYST, Role.AUDITOR])
    def test_is_not_seen_by_its_other_administrators(self, role, session, small_federation, registration, grant):
        assert not sees(session, grant(small_federation.street, role), registration)

    @pytest.mark.parametrize("where", ["province", "city", "district", "factory", "other_city", "other_factory"])
    def test_is_not_seen_from_above_below_or_beside(self, where, session, small_federation, registration, grant):
        assert not sees(session, grant(getattr(small_federation, where), Role.OWNER), registration)

    def test_is_not_seen_by_strangers(self, session, registration):
        assert not sees(session, make_account(session), registration)

    def test_is_not_seen_any_more_once_dismissed(self, session, small_federation, registration, grant):
        reviewer = grant(small_federation.street)
        assert sees(session, reviewer, registration)

        reviewer.dismissed_at = now()
        session.flush()

        assert not sees(session, reviewer, registration)

    def test_is_not_seen_without_a_verified_name(self, session, small_federation, registration, grant):
        assert not sees(session, grant(small_federation.street, verified=False), registration)

    def test_is_not_seen_by_a_disabled_reviewer(self, session, small_federation, registration, grant):
        reviewer = grant(small_federation.street)
        session.get_one(Account, reviewer.account_id).disabled_at = now()
        session.flush()

        assert not sees(session, reviewer, registration)

    def test_is_not_seen_for_a_union_that_is_dissolved(self, session, small_federation, registration, grant):
        reviewer = grant(small_federation.street)
        small_federation.street.status = UnionStatus.DISSOLVED
        session.flush()

        assert not sees(session, reviewer, registration)

    def test_is_not_seen_with_permissions_of_another_kind(self, session, small_federation, registration, grant):
        reviewer = grant(small_federation.street)
        reviewer.permissions = [Permission.CHANGES_REVIEW.value, Permission.UNIONS_EDIT.value]
        session.flush()

        assert not sees(session, reviewer, registration)


class TestOfAChangeRequest:
    def test_is_seen_by_who_submitted_it(self, session, change):
        assert sees(session, change.applicant, change)

    def test_is_seen_by_who_edits_the_union_and_by_the_reviewers(self, session, small_federation, change, grant):
        assert sees(session, grant(small_federation.factory, Role.OWNER), change)
        assert sees(session, grant(small_federation.street, Role.REVIEWER), change)

    def test_is_not_seen_by_others_of_both_unions(self, session, small_federation, change, grant):
        for union in (small_federation.factory, small_federation.street):
            assert not sees(session, grant(union, Role.ANALYST), change)
        assert not sees(session, grant(small_federation.factory, Role.REVIEWER), change)

    @pytest.mark.parametrize("where", ["province", "city", "district", "other_city", "other_factory"])
    def test_is_not_seen_from_elsewhere(self, where, session, small_federation, change, grant):
        assert not sees(session, grant(getattr(small_federation, where), Role.OWNER), change)

    def test_is_not_seen_by_strangers(self, session, change, registration):
        assert not sees(session, registration.applicant, change)


class TestReaders:
    def test_a_subject_without_one_is_seen_by_nobody(self, session):
        account_id = id_of(make_account(session))
        kept = keep_upload(session, account_id=account_id, name="a.png", content=drawing())
        attach(session, account_id=account_id, key=kept.key, subject="secrets:1", field="f")

        assert find_file(session, account_id=account_id, key=kept.key) is None

    @pytest.mark.parametrize("table", READERS)
    def test_a_subject_that_is_gone_is_seen_by_nobody(self, table: str, session):
        account_id = id_of(make_account(session))
        kept = keep_upload(session, account_id=account_id, name="a.png", content=drawing())
        attach(session, account_id=account_id, key=kept.key, subject=f"{table}:999999", field="f")

        assert find_file(session, account_id=account_id, key=kept.key) is None

    def test_cost_a_few_queries(self, session, small_federation, change, grant):
        reviewer = grant(small_federation.street)

        with statements(session) as sent:
            assert sees(session, reviewer, change)

        assert len(sent) == 4


class TestTogether:
    def test_files_of_rows_come_in_one_query(self, session, registration, change):
        ids = [registration.file_id, change.file_id, 999_999]

        with statements(session) as sent:
            found = files_by_id(session, ids)

        assert len(sent) == 1
        assert {number: file.name for number, file in found.items()} == {
            registration.file_id: "营业执照.png",
            change.file_id: "登记证.png",
        }

    def test_no_files_take_no_query(self, session):
        with statements(session) as sent:
            assert files_by_id(session, []) == {}

        assert sent == []


class TestWaiting:
    def test_counts_what_was_not_handed_in(self, session, registration):
        account_id = id_of(registration.applicant)
        assert waiting_bytes(session, account_id=account_id) == 0

        kept = keep_upload(session, account_id=account_id, name="a.png", content=drawing())

        assert waiting_bytes(session, account_id=account_id) == kept.size
