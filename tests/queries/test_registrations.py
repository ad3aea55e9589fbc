"""Superiors to choose from, drafts, and own registrations: what an account is told, and what not."""

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.errors import SignedOut
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.registration_drafts import find_draft
from gdftu_app.queries.registrations import is_applicant, own_registrations
from gdftu_app.queries.superiors import HITS, search_superiors
from gdftu_app.services.registrations import revise_registration, submit_registration, withdraw_registration
from gdftu_app.services.unions import rename
from tests.counting import assert_queries
from tests.factories import Federation, id_of, make_account, make_union
from tests.queries.conftest import MakeUnions
from tests.registering import approve_one, fill_in, reject_one, submit_one, type_in


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, name="招新宇")


@pytest.fixture
def street(small_federation: Federation) -> Union:
    return small_federation.street


def found(session: Session, account: Account, keyword: str) -> list[str]:
    return [hit.name for hit in search_superiors(session, account_id=id_of(account), keyword=keyword).hits]


class TestSearchSuperiors:
    @pytest.mark.parametrize("keyword", ["榕树街道", "rsjd", "RSJDZGH", "榕树 街道", " 榕树\u3000 "])
    def test_finds_by_name_and_by_initials(
        self, keyword: str, session: Session, account: Account, small_federation: Federation
    ):
        assert found(session, account, keyword) == ["榕树街道总工会"]

    def test_tells_id_name_and_path_only(self, session: Session, account: Account, street: Union):
        [hit] = search_superiors(session, account_id=id_of(account), keyword="榕树").hits

        assert (hit.id, hit.name, hit.path) == (
            street.id,
            "榕树街道总工会",
            ("南岭省总工会", "云山市总工会", "珠水区总工会"),
        )
        assert set(hit.__slots__) == {"id", "name", "path"}

    def test_reaches_everywhere_in_the_order_of_the_tree(
        self, session: Session, account: Account, small_federation: Federation
    ):
        assert found(session, account, "总工会") == [
            "南岭省总工会",
            "云山市总工会",
            "珠水区总工会",
            "榕树街道总工会",
            "邻江市总工会",
        ]

    def test_never_finds_base_unions(self, session: Session, account: Account, small_federation: Federation):
        assert found(session, account, "榕江电器") == []

    @pytest.mark.parametrize("status", [UnionStatus.PREPARING, UnionStatus.DISSOLVED])
    def test_never_finds_what_is_not_active(
        self, status: UnionStatus, session: Session, account: Account, street: Union
    ):
        street.status = status
        session.flush()

        assert found(session, account, "榕树") == []

    @pytest.mark.parametrize("keyword", ["", "  ", "%", "_", "\\", "'", "\0", "没有这样的工会"])
    def test_finds_nothing_for_nothing(
        self, keyword: str, session: Session, account: Account, small_federation: Federation
    ):
        assert found(session, account, keyword) == []

    def test_says_when_there_are_more(self, session: Session, account: Account, street: Union, make_unions: MakeUnions):
        names = [f"榕树第{number}行业工会联合会" for number in range(HITS + 5)]
        make_unions(street, names, UnionCategory.INDUSTRY_FEDERATION, UnionLevel.TOWN)

        cut = search_superiors(session, account_id=id_of(account), keyword="行业工会")

        assert (len(cut.hits), cut.is_cut) == (HITS, True)

    def test_is_for_verified_accounts_only(self, session: Session, street: Union):
        with pytest.raises(NotVerified):
            search_superiors(session, account_id=id_of(make_account(session, verified=False)), keyword="榕树")
        with pytest.raises(SignedOut):
            search_superiors(session, account_id=999_999_999, keyword="榕树")

    @pytest.mark.parametrize("count", [1, HITS])
    def test_takes_three_statements_however_many_it_finds(
        self, count: int, session: Session, account: Account, street: Union, make_unions: MakeUnions
    ):
        names = [f"榕树第{number}行业工会联合会" for number in range(count)]
        make_unions(street, names, UnionCategory.INDUSTRY_FEDERATION, UnionLevel.TOWN)

        with assert_queries(session, 3):
            assert len(found(session, account, "行业工会")) == count


class TestFindDraft:
    def test_of_nobody_is_none(self, session: Session, account: Account):
        assert find_draft(session, account_id=id_of(account)) is None

    def test_tells_what_is_missing_in_the_steps_tried(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")

        told = [find_draft(session, account_id=id_of(account), tried=steps) for steps in range(4)]

        assert [len(draft.checks.problems) if draft else None for draft in told] == [0, 2, 3, 4]

    def test_takes_the_same_few_statements_whatever_was_typed(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street, is_independent=True)
        number = id_of(account)
        session.expire_all()

        with assert_queries(session, 11):
            find_draft(session, account_id=number)


class TestOwnRegistrations:
    def test_tell_what_was_submitted_and_who_reviews_it(self, session: Session, account: Account, street: Union):
        submitted = submit_one(session, account, street, is_independent=True)

        [own] = own_registrations(session, account_id=id_of(account))

        assert (own.id, own.status, own.union_id, own.is_revisable) == (submitted.id, "pending", None, False)
        assert (own.employer_name, own.union_uscc) == (submitted.employer_name, submitted.union_uscc)
        assert (own.superior, own.superior_path[-1]) == ("榕树街道总工会", "珠水区总工会")
        assert own.employer_certificate is not None
        assert own.union_certificate is not None
        assert (own.employer_certificate.name, own.closed_at) == ("证书.png", None)

    def test_are_ones_own_the_newest_first(self, session: Session, account: Account, street: Union):
        mine = [submit_one(session, account, street).id for _ in range(3)]
        submit_one(session, make_account(session), street)

        assert [own.id for own in own_registrations(session, account_id=id_of(account))] == mine[::-1]

    def test_tell_the_reason_and_that_it_may_be_revised_once(self, session: Session, account: Account, street: Union):
        first = reject_one(session, submit_one(session, account, street), reason="证件图片不清晰")
        [before] = own_registrations(session, account_id=id_of(account))
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))
        submit_registration(session, account_id=id_of(account))

        later, earlier = own_registrations(session, account_id=id_of(account))

        assert (before.status, before.reason, before.is_revisable) == ("rejected", "证件图片不清晰", True)
        assert (earlier.is_revisable, later.status, later.is_revisable) == (False, ReviewStatus.PENDING, False)

    def test_that_were_withdrawn_may_be_revised(self, session: Session, account: Account, street: Union):
        submitted = submit_one(session, account, street)
        withdraw_registration(session, account_id=id_of(account), registration_id=id_of(submitted))

        [own] = own_registrations(session, account_id=id_of(account))

        assert (own.status, own.is_revisable) == (ReviewStatus.WITHDRAWN, True)

    def test_that_were_approved_lead_into_the_union_while_it_may_be_entered(
        self, session: Session, account: Account, street: Union
    ):
        approved = approve_one(session, submit_one(session, account, street))
        [entering] = own_registrations(session, account_id=id_of(account))
        grant = session.exec(select(Administrator).where(Administrator.account_id == account.id)).one()
        grant.dismissed_at = now()
        session.flush()
        [dismissed] = own_registrations(session, account_id=id_of(account))

        assert (entering.status, entering.union_id) == (ReviewStatus.APPROVED, approved.union_id)
        assert dismissed.union_id is None

    def test_name_the_superior_as_it_is_called_now(self, session: Session, account: Account, street: Union):
        submit_one(session, account, street)
        rename(session, street, "榕树镇总工会")

        assert own_registrations(session, account_id=id_of(account))[0].superior == "榕树镇总工会"

    @pytest.mark.parametrize("count", [1, 4])
    def test_take_four_statements_however_many_they_are(
        self, count: int, session: Session, account: Account, street: Union
    ):
        for _ in range(count):
            submit_one(session, account, street, is_independent=True)

        with assert_queries(session, 4):
            assert len(own_registrations(session, account_id=id_of(account))) == count


class TestIsApplicant:
    def test_who_submitted_or_has_begun(self, session: Session, account: Account, street: Union):
        beginner = make_account(session)
        type_in(session, beginner, employer_name="榕江电器")
        submit_one(session, account, street)

        told = [is_applicant(session, account_id=id_of(one)) for one in (account, beginner, make_account(session))]

        assert told == [True, True, False]


def test_an_account_may_look_for_a_superior_of_another_kind(session: Session, account: Account, street: Union):
    federation = make_union(
        session,
        street,
        name="榕树物流行业工会联合会",
        category=UnionCategory.INDUSTRY_FEDERATION,
        level=UnionLevel.TOWN,
    )

    [hit] = search_superiors(session, account_id=id_of(account), keyword="物流行业").hits

    assert (hit.id, hit.path[-1]) == (federation.id, "榕树街道总工会")
