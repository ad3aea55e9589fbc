"""Putting a member's record right."""

import pytest
from sqlmodel import select

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.identifiers import complete_resident_id
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.queries.member_details import get_member
from gdftu_app.services.member_corrections import NameProven, NothingCorrected, ReadsOtherwise, correct_member
from gdftu_app.services.members_within import HasLeft
from gdftu_app.services.membership_rows import person_of
from gdftu_app.services.memberships import admit, remove
from gdftu_app.services.people import PersonDraft, enrol
from gdftu_app.services.verifications import mark_verified
from tests.factories import id_of
from tests.recounts import recount, shown


@pytest.fixture
def member(session, small_federation):
    draft = PersonDraft(
        name="陈甲", document_number=complete_resident_id("44019919900101122"), phone="17800001234", education="31"
    )
    return admit(session, enrol(session, draft), small_federation.factory)


@pytest.fixture
def correct(session, act_as, small_federation, member):
    """Correct fields of the member for its union, having seen them as they are."""
    actor = act_as(small_federation.factory)

    def run(shown=None, reason="填写有误", **typed):
        seen = shown or get_member(session, actor, member=id_of(member)).values
        return correct_member(session, actor, member=id_of(member), typed=typed, shown=seen, reason=reason)

    return run


class TestCorrectMember:
    def test_fields_read_as_typed_and_copies_and_figures_follow(self, session, member, correct):
        changed = correct(name=" 陈 乙 ", is_migrant="yes", workplace="榕江电器", education="", phone="178 0000 5678")

        person = person_of(session, member)
        assert changed == ["name", "is_migrant", "workplace", "education", "phone"]
        assert (person.name, person.is_migrant, person.workplace, person.education) == ("陈 乙", True, "榕江电器", "")
        assert (member.name, member.is_migrant) == ("陈 乙", True)
        assert shown(session) == recount(session)

    def test_the_trail_says_from_what_to_what_and_keeps_no_number(self, session, correct):
        correct(phone="17800005678", education="21")

        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "members:correct")).one()
        assert entry.detail == {
            "reason": "填写有误",
            "changes": [
                {"field": "phone", "before": "178****1234", "after": "178****5678"},
                {"field": "education", "before": "31", "after": "21"},
            ],
        }

    def test_what_reads_the_same_is_no_correction(self, correct):
        with pytest.raises(NothingCorrected):
            correct(phone="17800001234", education="31", is_migrant="no")

    def test_a_proven_name_stays(self, session, member, correct):
        mark_verified(session, person_of(session, member))

        with pytest.raises(NameProven):
            correct(name="陈乙")

    def test_what_somebody_else_changed_meanwhile_is_not_typed_over(self, correct):
        with pytest.raises(ReadsOtherwise) as refusal:
            correct(shown={"education": "11"}, education="21")

        assert refusal.value.field == "education"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("education", "99"),
            ("is_migrant", ""),
            ("is_migrant", "maybe"),
            ("phone", "123"),
            ("name", ""),
            ("name", "陈1"),
            ("workplace", "长" * 101),
            ("doc_enc", "x"),
            ("verified_at", "x"),
        ],
    )
    def test_what_a_field_cannot_be_is_told_beside_it(self, correct, field, value):
        with pytest.raises(InvalidInput) as refusal:
            correct(**{field: value})

        assert refusal.value.field == field

    def test_is_for_the_members_own_union(self, session, act_as, small_federation, member):
        with pytest.raises(NotFound):
            correct_member(
                session,
                act_as(small_federation.city),
                member=id_of(member),
                typed={"education": "21"},
                shown={"education": "31"},
                reason="填写有误",
            )

    def test_who_left_is_past_correcting(self, session, member, correct):
        remove(session, member, RemovalReason.WITHDRAWN)

        with pytest.raises(HasLeft):
            correct(education="21")
