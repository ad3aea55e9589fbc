"""Members as the lists show them."""

from dataclasses import dataclass

from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.people import Sex
from gdftu_app.queries.members import MemberRow

STATUS_WORDS = {
    MembershipStatus.CURRENT: "current",
    MembershipStatus.RETAINED: "retained",
    MembershipStatus.ENDED: "ended",
}
STATUSES = {word: status for status, word in STATUS_WORDS.items()}
SEX_WORDS = {Sex.MALE: "male", Sex.FEMALE: "female"}
SEXES = {word: sex for sex, word in SEX_WORDS.items()}


@dataclass
class ListedMember:
    """A row: numbers masked, codes as kept, days as ISO; a dash where nothing is recorded."""

    id: int
    name: str
    sex: str
    phone: str
    document: str
    verification: str
    status: str
    joined_on: str
    ended_on: str
    union: str
    occupation: str
    education: str
    employment: str
    is_migrant: str


def listed(member: MemberRow) -> ListedMember:
    """A row of the core as the table shows it."""
    return ListedMember(
        id=member.id,
        name=member.name,
        sex=SEX_WORDS[Sex(member.sex)] if member.sex else "",
        phone=member.phone or "—",
        document=member.document or "—",
        verification=member.verification,
        status=STATUS_WORDS[member.status],
        joined_on=member.joined_on.isoformat(),
        ended_on=member.ended_on.isoformat() if member.ended_on else "",
        union=member.union.name,
        occupation=member.occupation,
        education=member.education,
        employment=member.employment,
        is_migrant="yes" if member.is_migrant else "no",
    )
