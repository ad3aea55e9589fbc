"""Appointments of phones that turn out to be somebody else's."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, select

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.notifications import Notification
from gdftu_app.models.records import AuditEntry
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.limits import forget_limits
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Role
from gdftu_app.services.accounts import open_account
from gdftu_app.services.administrators import appoint
from gdftu_app.services.identities import Proof, prove
from tests.factories import Federation, id_of, make_administrator
from tests.verifying import resident_id

ActAs = Callable[..., Actor]
PHONE, NAME = "19911110000", "陈依依"


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    forget_limits()
    yield
    forget_limits()


@pytest.fixture
def granter(act_as: ActAs, small_federation: Federation) -> Actor:
    return act_as(small_federation.city)


def invite(session: Session, granter: Actor) -> Account:
    made = appoint(session, granter, phone=PHONE, name=NAME, permissions=ROLE_PERMISSIONS[Role.ANALYST])
    return session.get_one(Account, session.get_one(Administrator, made.id).account_id)


def prove_to_be(session: Session, account: Account, name: str) -> None:
    assert prove(session, account, Proof(name, DocumentType.RESIDENT_ID, resident_id())) is None
    session.flush()


def is_dismissed(session: Session, account: Account) -> bool:
    grant = session.exec(select(Administrator).where(Administrator.account_id == account.id)).one()
    return grant.dismissed_at is not None


@pytest.mark.parametrize("name", [NAME, "陈 依依"])
def test_who_proves_the_name_that_was_appointed_may_act(name: str, session: Session, granter: Actor):
    account = invite(session, granter)

    prove_to_be(session, account, name)

    assert get_actor(session, account_id=id_of(account), union_id=granter.union_id).role == Role.ANALYST


def test_an_appointment_lapses_when_the_holder_is_somebody_else(session: Session, granter: Actor):
    account = invite(session, granter)

    prove_to_be(session, account, "黄大文")

    assert is_dismissed(session, account)
    assert account.name == "黄大文"
    [entry] = session.exec(select(AuditEntry).where(AuditEntry.verb == "administrators:lapse")).all()
    assert (entry.account_id, entry.union_id) == (account.id, granter.union_id)


def test_who_appointed_a_stranger_is_told_without_learning_who_it_is(session: Session, granter: Actor):
    prove_to_be(session, invite(session, granter), "黄大文")

    [told] = session.exec(select(Notification).where(Notification.account_id == granter.account_id)).all()
    assert told.kind == "appointment_lapsed"
    assert told.values == {"union": "云山市总工会", "phone": "199****0000"}


def test_what_the_operator_granted_stays(session: Session, granter: Actor, small_federation: Federation):
    account, _ = open_account(session, f"+86{PHONE}", name=NAME)
    make_administrator(session, account, small_federation.city)

    prove_to_be(session, account, "黄大文")

    assert not is_dismissed(session, account)


def test_an_account_without_a_name_takes_that_of_its_appointment(session: Session, granter: Actor):
    opened, _ = open_account(session, f"+86{PHONE}")

    account = invite(session, granter)

    assert (account.id, account.name) == (opened.id, NAME)
