"""What waits for a union when it is dissolved: closed and told, or answered by its superior."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from gdftu_app.models.memberships import Membership
from gdftu_app.models.notifications import Notification
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.transfer_applications import TransferStage
from gdftu_app.models.unions import Union
from gdftu_app.queries.outbox import list_messages
from gdftu_app.queries.own_applications import own_applications
from gdftu_app.security.actors import Actor
from gdftu_app.services.dissolutions import dissolve_below
from gdftu_app.services.join_applications import apply_to_join
from gdftu_app.services.memberships import retain
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_join_application,
    make_personal_request,
    make_transfer_application,
)

ActAs = Callable[..., Actor]


@pytest.fixture
def dissolve(session: Session, small_federation: Federation, act_as: ActAs) -> Callable[[Union], None]:
    """Dissolve a union as the province."""
    actor = act_as(small_federation.province)

    def done(union: Union) -> None:
        dissolve_below(session, actor, union=id_of(union), typed_name=union.name)
        session.expire_all()

    return done


def test_applications_to_join_are_closed_and_told(session, small_federation, dissolve):
    waiting = make_join_application(session, small_federation.factory)

    dissolve(small_federation.factory)

    [own] = own_applications(session, account_id=waiting.submitted_by_id)
    assert (own.status, own.is_closed_with_union, own.is_stranded) == ("withdrawn", True, False)
    told = session.exec(select(Notification).where(Notification.account_id == waiting.submitted_by_id)).one()
    assert (told.kind, told.values) == ("application_closed", {"union": small_federation.factory.name})
    [message] = list_messages(session)
    assert (message.purpose, small_federation.factory.name in message.text) == ("application_closed", True)
    entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "joins:close")).one()
    assert entry.subject == f"join_applications:{waiting.id}"


def test_the_applicant_may_ask_another_union_at_once(session, small_federation, dissolve):
    waiting = make_join_application(session, small_federation.factory)

    dissolve(small_federation.factory)

    apply_to_join(
        session, account_id=waiting.submitted_by_id, union_id=id_of(small_federation.other_factory), details={}
    )


def test_transfers_to_it_are_closed_whoever_is_asked(session, small_federation, dissolve):
    wanted = small_federation.other_factory
    plain = make_transfer_application(session, wanted, left=small_federation.factory)
    asking = make_transfer_application(session, wanted, left=small_federation.factory, applicant=make_account(session))
    asking.stage, asking.reviewing_union_id = TransferStage.CONSENT, id_of(small_federation.factory)
    session.flush()

    dissolve(wanted)

    for request in (plain, asking):
        assert session.get_one(type(request), request.id).status == "withdrawn"
    assert {message.purpose for message in list_messages(session)} == {"application_closed"}


def test_a_transfer_from_it_needs_its_consent_no_more(session, small_federation, dissolve):
    leaving = make_transfer_application(session, small_federation.other_factory, left=small_federation.factory)
    leaving.stage, leaving.reviewing_union_id = TransferStage.CONSENT, id_of(small_federation.factory)
    session.flush()
    retain(session, session.get_one(Membership, leaving.membership_id))

    dissolve(small_federation.factory)

    assert (leaving.status, leaving.stage) == ("pending", "admission")
    assert leaving.reviewing_union_id == small_federation.other_factory.id


def test_requests_about_personal_data_go_to_its_superior(session, small_federation, dissolve):
    waiting = make_personal_request(session, small_federation.factory)

    dissolve(small_federation.factory)

    assert (waiting.status, waiting.reviewing_union_id) == ("pending", small_federation.street.id)
    entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "personal_requests:hand_on")).one()
    assert entry.detail == {"to": small_federation.street.id}


def test_what_was_decided_or_waits_elsewhere_is_left_alone(session, small_federation, dissolve):
    elsewhere = make_join_application(session, small_federation.other_factory)

    dissolve(small_federation.factory)

    assert session.get_one(type(elsewhere), elsewhere.id).status == "pending"
    assert list_messages(session) == []
