import pytest
from sqlmodel import col, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, NotAllowed, NotFound
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.unions import UnionStatus
from gdftu_app.security.actors import get_actor
from gdftu_app.security.permissions import Permission, Role
from gdftu_app.services.administrators import AlreadyAdministrator
from gdftu_app.services.installations import create_administrator
from tests.factories import id_of, make_account, make_union

PHONE = "19900000001"


@pytest.fixture
def union(session):
    return make_union(session, name="南岭省总工会")


def create(session, union, *, phone=PHONE, name="陈一", role=Role.OWNER):
    return create_administrator(session, phone=phone, name=name, union_id=id_of(union), role=role)


class TestCreateAdministrator:
    def test_the_account_is_verified_and_may_act_at_once(self, session, union):
        created = create(session, union)

        actor = get_actor(session, account_id=created.account_id, union_id=id_of(union))
        assert actor.permissions == frozenset(Permission)
        assert (created.union_name, created.was_there) == ("南岭省总工会", False)

    def test_every_step_is_audited_as_the_operators(self, session, union):
        create(session, union)

        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        assert [entry.verb for entry in entries] == ["accounts:create", "people:verify", "administrators:appoint"]
        assert {entry.detail["by"] for entry in entries} == {"operator"}
        assert PHONE not in str([entry.model_dump() for entry in entries])

    def test_again_it_changes_nothing(self, session, union):
        first = create(session, union)

        again = create(session, union, phone="+86 199 0000 0001", name=" 陈一 ")

        assert again.was_there
        assert again.account_id == first.account_id
        assert len(session.exec(select(AuditEntry)).all()) == 3

    def test_an_account_that_is_there_keeps_its_person(self, session, union):
        account = make_account(session, phone=f"+86{PHONE}", name="陈一", verified=False)

        created = create(session, union)

        assert created.account_id == account.id
        person = session.get(Person, account.person_id)
        assert (person.verification, person.verified_at is not None) == ("verified", True)

    def test_a_second_union_is_a_second_grant(self, session, union):
        other = make_union(session)

        create(session, union)
        created = create(session, other, role=Role.AUDITOR)

        grants = session.exec(select(Administrator).where(Administrator.account_id == created.account_id)).all()
        assert {grant.role for grant in grants} == {"owner", "auditor"}

    def test_another_role_in_the_same_union_is_refused(self, session, union):
        create(session, union)

        with pytest.raises(AlreadyAdministrator):
            create(session, union, role=Role.AUDITOR)

    def test_the_phone_of_somebody_else_is_refused(self, session, union):
        make_account(session, phone=f"+86{PHONE}", name="李二")

        with pytest.raises(InvalidInput) as refused:
            create(session, union)
        assert refused.value.field == "name"

    def test_a_disabled_account_is_refused(self, session, union):
        make_account(session, phone=f"+86{PHONE}", name="陈一").disabled_at = now()

        with pytest.raises(NotAllowed):
            create(session, union)

    @pytest.mark.parametrize(
        ("phone", "name", "field"), [("123", "陈一", "phone"), (PHONE, " ", "name"), (PHONE, "陈" * 51, "name")]
    )
    def test_wrong_values_are_refused(self, session, union, phone, name, field):
        with pytest.raises(InvalidInput) as refused:
            create(session, union, phone=phone, name=name)

        assert refused.value.field == field
        assert session.exec(select(Account)).all() == []

    def test_a_missing_or_dissolved_union_is_not_found(self, session, union):
        union.status = UnionStatus.DISSOLVED
        session.flush()

        with pytest.raises(NotFound):
            create(session, union)
        with pytest.raises(NotFound):
            create_administrator(session, phone=PHONE, name="陈一", union_id=999_999_999, role=Role.OWNER)
