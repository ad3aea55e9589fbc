"""Seeing one whole number of one member, for a reason that stays."""

import pytest
from sqlmodel import select

from gdftu_app.errors import InvalidInput, NotFound, TooManyRequests
from gdftu_app.models.identifiers import complete_resident_id
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.security.limits import forget_limits
from gdftu_app.services.member_reveals import MOST_AN_HOUR, NoNumber, NumberKind, reveal
from gdftu_app.services.members_within import HasLeft
from gdftu_app.services.memberships import admit, remove
from gdftu_app.services.people import PersonDraft, enrol
from tests.factories import id_of, make_member

DOCUMENT = complete_resident_id("44019919900101122")


@pytest.fixture
def member(session, small_federation):
    draft = PersonDraft(name="陈甲", document_number=DOCUMENT, phone="17800001234")
    return admit(session, enrol(session, draft), small_federation.factory)


@pytest.fixture(autouse=True)
def _limits_of_its_own():
    forget_limits()


class TestReveal:
    @pytest.mark.parametrize(
        ("number", "plain", "masked"),
        [
            (NumberKind.PHONE, "17800001234", "178****1234"),
            (NumberKind.DOCUMENT, DOCUMENT, f"4401************{DOCUMENT[-2:]}"),
        ],
    )
    def test_gives_the_number_and_leaves_an_entry(
        self, session, act_as, small_federation, member, number, plain, masked
    ):
        actor = act_as(small_federation.city)

        seen = reveal(session, actor, member=id_of(member), number=number, reason=" 核对  身份 ")

        assert seen == plain
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "members:reveal")).one()
        assert (entry.account_id, entry.subject) == (actor.account_id, f"memberships:{member.id}")
        assert (entry.detail["number"], entry.detail["masked"]) == (number.value, masked)
        assert entry.detail["reason"] == "核对 身份"
        assert plain not in str(entry.detail)

    @pytest.mark.parametrize("reason", ["", " \n", "长" * 101])
    def test_needs_a_reason_of_some_length(self, session, act_as, small_federation, member, reason):
        with pytest.raises(InvalidInput) as refusal:
            reveal(session, act_as(small_federation.city), member=id_of(member), number=NumberKind.PHONE, reason=reason)

        assert refusal.value.field == "reason"

    def test_out_of_reach_looks_missing(self, session, act_as, small_federation, member):
        with pytest.raises(NotFound):
            reveal(
                session,
                act_as(small_federation.other_city),
                member=id_of(member),
                number=NumberKind.PHONE,
                reason="核对",
            )

    def test_who_left_is_nobodys_to_look_up(self, session, act_as, small_federation, member):
        remove(session, member, RemovalReason.WITHDRAWN)

        with pytest.raises(HasLeft):
            reveal(session, act_as(small_federation.city), member=id_of(member), number=NumberKind.PHONE, reason="核对")

    def test_where_nothing_is_recorded_nothing_is_counted(self, session, act_as, small_federation):
        bare = make_member(session, small_federation.factory)

        with pytest.raises(NoNumber):
            reveal(session, act_as(small_federation.city), member=id_of(bare), number=NumberKind.PHONE, reason="核对")

    def test_an_account_may_do_so_only_so_often(self, session, act_as, small_federation, member):
        actor = act_as(small_federation.city)
        for _ in range(MOST_AN_HOUR):
            reveal(session, actor, member=id_of(member), number=NumberKind.PHONE, reason="核对")

        with pytest.raises(TooManyRequests):
            reveal(session, actor, member=id_of(member), number=NumberKind.PHONE, reason="核对")
        colleague = act_as(small_federation.city)
        assert reveal(session, colleague, member=id_of(member), number=NumberKind.PHONE, reason="核对")
