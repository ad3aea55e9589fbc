"""查看完整号码: one number of one member, in plain, for a reason that is kept (domain facts §7)."""

from enum import StrEnum

from sqlmodel import Session

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import mask_document, mask_phone, national_phone
from gdftu_app.models.people import Person
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.limits import hit
from gdftu_app.security.permissions import Permission
from gdftu_app.security.personal_data import Unsealable, unseal
from gdftu_app.services.audit import record
from gdftu_app.services.members_within import member_within_reach, sound_reason
from gdftu_app.services.membership_rows import person_of
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD

MOST_AN_HOUR, MOST_A_DAY = 60, 200
_HOUR, _DAY = 3_600, 86_400


class NumberKind(StrEnum):
    """Which number is asked for."""

    PHONE, DOCUMENT = "phone", "document"


class NoNumber(Refusal):
    """Nothing is recorded, or what is recorded cannot be opened any more."""

    code = "no_number"
    default = msg("没有登记这项号码。")


@requires(Permission.MEMBERS_REVEAL)
def reveal(session: Session, actor: Actor, *, member: int, number: NumberKind, reason: str) -> str:
    """A member's phone or document number in plain, once, with an entry in the audit trail that says why.

    Of members within reach who have not left. An account may do so 60 times an hour and 200 times a day.
    Raises NotFound, HasLeft, NoNumber, InvalidInput (field `reason`), TooManyRequests.
    """
    why = sound_reason(reason)
    membership = member_within_reach(session, actor, member)
    plain = _opened(person_of(session, membership), number)
    for limit, seconds in ((MOST_AN_HOUR, _HOUR), (MOST_A_DAY, _DAY)):
        hit("members:reveal", f"{actor.account_id}", limit=limit, seconds=seconds)
    masked = mask_phone(plain) if number is NumberKind.PHONE else mask_document(plain)
    detail = {"number": number.value, "masked": masked, "reason": why, "member_union": membership.union_id}
    record(session, "members:reveal", actor=actor, subject=f"memberships:{member}", detail=detail)
    return plain


def _opened(person: Person, number: NumberKind) -> str:
    sealed = {
        NumberKind.PHONE: (PHONE_FIELD, person.phone_enc, person.phone_bidx),
        NumberKind.DOCUMENT: (DOCUMENT_FIELD, person.doc_enc, person.doc_bidx),
    }
    field, enc, bidx = sealed[number]
    if not enc or not bidx:
        raise NoNumber
    try:
        return national_phone(unseal(field, enc, bidx))
    except Unsealable as reason:
        raise NoNumber from reason
