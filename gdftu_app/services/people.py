"""People (自然人): recorded once by their document, whatever unions they come to belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import (
    DocumentType,
    birth_date_of,
    normalise_document,
    normalise_phone,
    sex_of,
)
from gdftu_app.models.people import Person, VerificationStatus
from gdftu_app.models.tables import table_of
from gdftu_app.security.personal_data import Sealer
from gdftu_app.services.many_rows import Unless, write_new_rows

DOCUMENT_FIELD, PHONE_FIELD = "persons.document", "persons.phone"


class AlreadyRecorded(Refusal):
    """Somebody with this document is recorded already; the words do not say who."""

    code = "already_recorded"
    default = msg("该证件号码已经登记过，请核对，或按已登记的人员办理。")


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonDraft:
    """What is recorded of a person; document number and phone are plain. A resident ID tells sex and birth date."""

    name: str
    document_type: DocumentType = DocumentType.RESIDENT_ID
    document_number: str
    phone: str | None = None
    sex: int | None = None
    born_on: date | None = None
    ethnicity: str = ""
    education: str = ""
    politics: str = ""
    household: str = ""
    employment: str = ""
    skill: str = ""
    workplace: str = ""
    is_migrant: bool = False
    occupation: str = ""


def enrol(session: Session, draft: PersonDraft) -> Person:
    """Record a person, not yet verified. Raises InvalidInput and AlreadyRecorded."""
    return enrol_many(session, [draft])[0]


def enrol_many(session: Session, drafts: Sequence[PersonDraft]) -> list[Person]:
    """Record several people, in the order given; refuses all of them or none."""
    documents, phones = Sealer(DOCUMENT_FIELD), Sealer(PHONE_FIELD)
    rows = [row_of(draft, documents, phones) for draft in drafts]
    persons = table_of(Person)
    new = write_new_rows(session, persons, rows, Unless(("doc_type", "doc_bidx")), persons.c.id)
    ids = [number for (number,) in new]
    if len(ids) < len(rows):
        raise AlreadyRecorded
    recorded = {person.doc_bidx: person for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
    return [recorded[row["doc_bidx"]] for row in rows]


def row_of(draft: PersonDraft, documents: Sealer, phones: Sealer) -> dict[str, Any]:
    """The columns of a draft, checked and sealed, ready to be written."""
    name = " ".join(draft.name.split())
    if not name:
        raise InvalidInput(msg("请填写姓名。"), field="name")
    number = normalise_document(draft.document_type, draft.document_number)
    told = draft.document_type is DocumentType.RESIDENT_ID
    document = documents.seal(number)
    phone = phones.seal(normalise_phone(draft.phone)) if draft.phone else None
    return {
        "name": name,
        "sex": sex_of(number) if told else draft.sex,
        "born_on": birth_date_of(number) if told else draft.born_on,
        "ethnicity": draft.ethnicity,
        "doc_type": draft.document_type,
        "doc_enc": document.enc,
        "doc_bidx": document.bidx,
        "phone_enc": phone.enc if phone else None,
        "phone_bidx": phone.bidx if phone else None,
        "education": draft.education,
        "politics": draft.politics,
        "household": draft.household,
        "employment": draft.employment,
        "skill": draft.skill,
        "workplace": draft.workplace,
        "is_migrant": draft.is_migrant,
        "occupation": draft.occupation,
        "verification": VerificationStatus.UNVERIFIED,
        "verified_at": None,
        "created_at": now(),
    }
