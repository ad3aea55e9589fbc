"""Asking for a change: what is handed in, what stays as it is meanwhile, and what is refused."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
from sqlmodel import Session, col, select

from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, NotAllowed, NotFound, Refusal
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.files import StoredFile
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Employer, Union
from gdftu_app.queries.change_requests import last_change
from gdftu_app.queries.files import find_file
from gdftu_app.queries.union_checks import SeveralInvalid
from gdftu_app.queries.union_values import plain_phone, values_of
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.change_requests import (
    AlreadyClosed,
    NothingChanged,
    RequestOpen,
    submit_change,
    withdraw_change,
)
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.reviews import approve
from gdftu_app.services.unions import rename
from tests.changing import NEW_PHONE, OLD_PHONE, ask, make_whole_union, upload
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_federation,
    make_union,
    make_uscc,
)


@pytest.fixture
def factory(session: Session, small_federation: Federation) -> Union:
    """A base union of which everything is recorded, with its one employer."""
    return make_whole_union(session, small_federation.street)


def refused(session: Session, actor: Actor, **typed) -> set[str]:
    """The fields beside which something is told when a change is handed in."""
    with pytest.raises(SeveralInvalid) as refusal:
        ask(session, actor, **typed)
    assert not session.exec(select(ChangeRequest)).all()
    return set(refusal.value.problems)


class TestSubmitting:
    def test_keeps_what_changed_and_leaves_the_live_data(self, session, act_as, small_federation, factory):
        actor = act_as(factory)

        number = ask(session, actor, principal_name=" 何伟杰 ", term_ends_on="2028-06-30", contact_name="")

        request = session.get_one(ChangeRequest, number)
        assert request.changes == [
            {"field": "principal_name", "before": "梁婉婷", "after": "何伟杰"},
            {"field": "term_ends_on", "before": "2027-06-30", "after": "2028-06-30"},
        ]
        assert (request.reviewing_union_id, request.status) == (small_federation.street.id, "pending")
        assert (request.submitted_by_id, request.purpose, request.union_version) == (actor.account_id, "换届", 1)
        session.refresh(factory)
        assert (factory.principal_name, factory.term_ends_on) == ("梁婉婷", date(2027, 6, 30))

    def test_is_recorded(self, session, act_as, factory):
        actor = act_as(factory)

        number = ask(session, actor, principal_name="何伟杰")

        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "changes:submit")).one()
        assert (entry.subject, entry.account_id) == (f"change_requests:{number}", actor.account_id)
        assert entry.detail["changes"][0]["after"] == "何伟杰"

    def test_takes_effect_once_the_superior_agrees(self, session, act_as, small_federation, factory):
        actor = act_as(factory)
        employer = values_of(session, factory)
        number_of_employer = next(key for key in employer if key.endswith(".address")).split(".")[1]
        document = upload(session, actor)
        number = ask(
            session,
            actor,
            documents=[document],
            name="粤泓新能源有限公司工会委员会",
            category="joint_base",
            phone=NEW_PHONE,
            **{f"employers__{number_of_employer}__employee_count": "0"},
        )

        [outcome] = approve(session, act_as(small_federation.street), queue=CHANGES, ids=[number])

        assert outcome.is_decided
        session.refresh(factory)
        assert (factory.name, factory.category) == ("粤泓新能源有限公司工会委员会", "joint_base")
        assert plain_phone(factory) == f"+86{NEW_PHONE}"
        assert session.get_one(Employer, int(number_of_employer)).employee_count == 0

    def test_writes_phones_masked_and_keeps_them_sealed(self, session, act_as, factory):
        number = ask(session, act_as(factory), phone=NEW_PHONE)

        request = session.get_one(ChangeRequest, number)
        assert request.changes == [{"field": "phone", "before": "138****2046", "after": "139****9999"}]
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "changes:submit")).one()
        assert NEW_PHONE not in f"{request.model_dump()}{entry.detail}"
        assert request.phone_bidx

    def test_of_a_phone_that_differs_in_the_middle_only_is_a_change(self, session, act_as, factory):
        number = ask(session, act_as(factory), phone="13899992046")

        [change] = session.get_one(ChangeRequest, number).changes
        assert change["before"] == change["after"] == "138****2046"

    def test_of_nothing_new_is_refused(self, session, act_as, factory):
        for typed in ({}, {"principal_name": "梁婉婷 "}, {"phone": OLD_PHONE}, {"founded_on": "2009-06-18"}):
            with pytest.raises(NothingChanged):
                ask(session, act_as(factory), **typed)

    def test_goes_to_the_province_itself_where_there_is_no_superior(self, session, act_as, small_federation):
        province = small_federation.province
        actor = act_as(province)

        number = ask(session, actor, principal_name="何伟杰")

        assert session.get_one(ChangeRequest, number).reviewing_union_id == province.id
        [own] = approve(session, actor, queue=CHANGES, ids=[number])
        [second] = approve(session, act_as(province), queue=CHANGES, ids=[number])
        assert (own.is_decided, second.is_decided) == (False, True)


class TestWhatIsWrong:
    def test_is_told_beside_every_field_at_once(self, session, act_as, factory):
        wrong = refused(
            session,
            act_as(factory),
            purpose=" ",
            name="",
            uscc="8144",
            founded_on="2999-01-01",
            phone="110",
            postcode="1",
            term_starts_on="2030-01-01",
        )

        assert wrong == {"name", "uscc", "founded_on", "phone", "postcode", "term_starts_on", "purpose"}

    def test_is_a_new_name_or_code_without_a_document(self, session, act_as, factory):
        assert refused(session, act_as(factory), name="粤泓新能源有限公司工会委员会") == {"documents"}
        assert refused(session, act_as(factory), uscc="") == {"documents"}

    def test_is_a_code_of_another_union_or_of_the_own_employer(self, session, act_as, small_federation, factory):
        other = make_uscc(13, prefix="8144")
        make_union(session, small_federation.other_city, uscc=other)

        assert refused(session, act_as(factory), documents=["x"], uscc=other) == {"uscc"}
        assert refused(session, act_as(factory), documents=["x"], uscc=make_uscc(12)) == {"uscc"}

    def test_is_a_category_across_the_base(self, session, act_as, small_federation, factory):
        for category in ("town", "branch", "nonsense", ""):
            assert refused(session, act_as(factory), category=category) == {"category"}
        assert refused(session, act_as(small_federation.street), category="county") == {"category"}

    def test_is_single_for_a_union_that_covers_several(self, session, act_as, small_federation):
        joint = make_union(
            session,
            small_federation.street,
            employers=[Employer(name=f"第{number}厂", uscc=make_uscc(number)) for number in (21, 22)],
        )
        joint.category = "joint_base"
        session.flush()

        assert refused(session, act_as(joint), category="single_base") == {"category"}

    def test_is_a_code_for_what_has_none(self, session, act_as, factory):
        branch = make_union(session, factory, category="branch", name="一分会")

        assert refused(session, act_as(branch), documents=["x"], uscc=make_uscc(14, prefix="8144")) == {"uscc"}

    def test_is_an_explanation_too_long_and_too_many_documents(self, session, act_as, factory):
        actor = act_as(factory)

        assert refused(session, actor, purpose="长" * 201, postcode="528311") == {"purpose"}
        assert refused(session, actor, documents=["a", "b", "c", "d"], postcode="528311") == {"documents"}

    def test_is_a_field_of_somebody_else_or_of_none(self, session, act_as, small_federation, factory):
        foreign = Employer(name="外单位", uscc=make_uscc(15))
        make_union(session, small_federation.street, employers=[foreign])

        for key in (f"employers.{foreign.id}.name", "path", "superior_id", "version", "employers.x.name"):
            with pytest.raises(InvalidInput) as refusal:
                submit_change(session, act_as(factory), typed={key: "1"}, shown={}, purpose="x")
            assert refusal.value.field == ""

    def test_is_what_reads_otherwise_by_now(self, session, act_as, factory):
        shown = {"name": factory.name, "postcode": ""}
        rename(session, factory, "粤泓集团工会委员会")

        with pytest.raises(SeveralInvalid) as refusal:
            submit_change(
                session,
                act_as(factory),
                typed={"name": "粤泓新能源工会委员会", "postcode": "528311"},
                shown=shown,
                purpose="更名",
                documents=["x"],
            )

        assert {key: problem.code for key, problem in refusal.value.problems.items()} == {"name": "read_otherwise"}

    def test_is_nothing_for_what_was_never_recorded(self, session, act_as, small_federation):
        """A required field that is empty may stay so: whoever changes a phone need not know the founding day."""
        number = ask(session, act_as(small_federation.factory), founded_on="", contact_name="陈明")

        assert [change["field"] for change in session.get_one(ChangeRequest, number).changes] == ["contact_name"]


class TestOneAtATime:
    def test_sent_twice_it_is_one(self, session, act_as, factory):
        actor = act_as(factory)

        first = ask(session, actor, principal_name="何伟杰", phone=NEW_PHONE)
        again = ask(session, actor, principal_name="何伟杰", phone=NEW_PHONE)

        assert first == again
        assert len(session.exec(select(AuditEntry).where(AuditEntry.verb == "changes:submit")).all()) == 1

    def test_another_waits_for_the_first(self, session, act_as, factory):
        actor = act_as(factory)
        ask(session, actor, principal_name="何伟杰")

        for who, typed in ((actor, "何杰"), (act_as(factory), "何伟杰")):
            with pytest.raises(RequestOpen):
                ask(session, who, principal_name=typed)

    def test_two_windows_at_once_hand_in_one(self, own_database):
        with unit_of_work() as session:
            union = make_federation(session).factory
            account = make_account(session)
            make_administrator(session, account, union)
            account_id, union_id = id_of(account), id_of(union)

        def submit(name: str) -> bool:
            with suppress(RequestOpen), unit_of_work() as session:
                ask(session, get_actor(session, account_id=account_id, union_id=union_id), principal_name=name)
                return True
            return False

        with ThreadPoolExecutor(6) as pool:
            kept = list(pool.map(submit, [f"第{number}人" for number in range(6)]))

        assert kept.count(True) == 1
        with unit_of_work() as session:
            assert len(session.exec(select(ChangeRequest)).all()) == 1


class TestDocuments:
    def test_belong_to_the_request_and_are_seen_by_those_concerned(self, session, act_as, small_federation, factory):
        actor = act_as(factory)
        key = upload(session, actor)

        number = ask(session, actor, documents=[key, key], name="粤泓新能源工会委员会")

        [file] = session.exec(select(StoredFile)).all()
        assert (file.subject, file.kept_until) == (f"change_requests:{number}", None)
        reviewer, stranger = act_as(small_federation.street, Role.REVIEWER), act_as(small_federation.other_city)
        assert find_file(session, account_id=reviewer.account_id, key=key)
        assert find_file(session, account_id=act_as(factory).account_id, key=key)
        assert not find_file(session, account_id=stranger.account_id, key=key)
        assert not find_file(session, account_id=act_as(factory, Role.ANALYST).account_id, key=key)

    @pytest.mark.parametrize("key", ["", "x" * 43, "../../etc/passwd"])
    def test_that_are_nobodys_are_refused_and_nothing_is_kept(self, session, act_as, factory, key):
        attempt = session.begin_nested()
        with pytest.raises(InvalidInput) as refusal:
            ask(session, act_as(factory), documents=[key], name="粤泓新能源工会委员会")
        attempt.rollback()

        assert refusal.value.field == "documents"
        assert not session.exec(select(ChangeRequest)).all()

    def test_of_somebody_else_cannot_be_handed_in(self, session, act_as, factory, small_federation):
        foreign = upload(session, act_as(small_federation.street))

        with pytest.raises(InvalidInput):
            ask(session, act_as(factory), documents=[foreign], name="粤泓新能源工会委员会")


class TestWithdrawing:
    def test_closes_the_request_and_makes_room_for_another(self, session, act_as, small_federation, factory):
        actor, colleague = act_as(factory), act_as(factory)
        number = ask(session, actor, principal_name="何伟杰")

        withdraw_change(session, colleague, request_id=number)

        request = session.get_one(ChangeRequest, number, populate_existing=True)
        assert (request.status, request.closed_by_id) == (ReviewStatus.WITHDRAWN, colleague.account_id)
        assert session.exec(select(AuditEntry.verb).order_by(col(AuditEntry.id).desc())).first() == "changes:withdraw"
        [outcome] = approve(session, act_as(small_federation.street), queue=CHANGES, ids=[number])
        assert not outcome.is_decided
        ask(session, actor, principal_name="何伟杰")

    def test_comes_too_late_once_it_is_decided(self, session, act_as, small_federation, factory):
        actor = act_as(factory)
        number = ask(session, actor, principal_name="何伟杰")
        approve(session, act_as(small_federation.street), queue=CHANGES, ids=[number])

        for _ in range(2):
            with pytest.raises(AlreadyClosed):
                withdraw_change(session, actor, request_id=number)

    @pytest.mark.parametrize("place", ["street", "district", "other_factory", "factory"])
    def test_of_another_unions_request_finds_nothing(self, session, act_as, small_federation, factory, place):
        number = ask(session, act_as(factory), principal_name="何伟杰")

        for request_id in (number, 10**9):
            with pytest.raises(NotFound):
                withdraw_change(session, act_as(getattr(small_federation, place)), request_id=request_id)
        assert session.get_one(ChangeRequest, number).status == ReviewStatus.PENDING

    def test_needs_the_permission(self, session, act_as, factory):
        number = ask(session, act_as(factory), principal_name="何伟杰")

        with pytest.raises(NotAllowed):
            withdraw_change(session, act_as(factory, Role.ANALYST), request_id=number)


def test_whoever_may_not_edit_may_not_ask(session, act_as, factory):
    for role in set(Role) - {Role.OWNER}:
        with pytest.raises(NotAllowed):
            ask(session, act_as(factory, role), contact_name="陈明")


def test_what_is_refused_speaks_in_whole_sentences(session, act_as, factory):
    texts = []
    for typed in ({"name": ""}, {"uscc": "1"}, {"phone": "1"}, {"category": "x"}, {"postcode": "1"}):
        with suppress(Refusal):
            ask(session, act_as(factory), purpose="", **typed)
    with pytest.raises(SeveralInvalid) as refusal:
        ask(session, act_as(factory), purpose="", name="", uscc="1", phone="1", category="x", postcode="1")
    texts = [problem.text("zh-CN") for problem in refusal.value.problems.values()]

    assert len(texts) == 6
    assert all(re.search(r"。$", text) for text in texts)
    assert last_change(session, act_as(factory)) is None
