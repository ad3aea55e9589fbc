"""Members of the demo who were recorded twice, the second time under a number typed wrongly (重复记录)."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from gdftu_app.models.identifiers import complete_resident_id
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.demo.people import BASE_IN_TIANHE, BASE_IN_YUEXIU
from gdftu_app.services.memberships import admit_many
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD, PersonDraft, enrol_many

RECORDED_TWICE = 3


def record_twice(session: Session, unions: Mapping[str, Union]) -> None:
    """Record some members of two base unions once more; `unions` by the keys of the sign-ins."""
    for key in (BASE_IN_TIANHE, BASE_IN_YUEXIU):
        union = unions[key]
        members = (
            select(Person)
            .join(Membership, col(Membership.person_id) == Person.id)
            .where(
                Membership.union_id == union.id,
                Membership.status == MembershipStatus.CURRENT,
                col(Person.verified_at).is_not(None),
                col(Person.phone_enc).is_not(None),
            )
            .order_by(col(Membership.id))
            .limit(RECORDED_TWICE)
        )
        people = enrol_many(session, [_again(person) for person in session.exec(members)])
        admit_many(session, [(person, union) for person in people])


def _again(person: Person) -> PersonDraft:
    number = unseal(DOCUMENT_FIELD, person.doc_enc or "", person.doc_bidx or "")
    # Ten further on: the last digit of the order, which tells the sex, stays.
    order = (int(number[14:17]) + 10) % 1_000
    return PersonDraft(
        name=person.name,
        document_number=complete_resident_id(f"{number[:14]}{order:03d}"),
        phone=unseal(PHONE_FIELD, person.phone_enc or "", person.phone_bidx or "").removeprefix("+86"),
        workplace=person.workplace,
    )
