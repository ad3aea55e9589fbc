"""Recording people."""

from datetime import date

import pytest
from sqlmodel import Session

from gdftu_app.errors import InvalidInput
from gdftu_app.models.identifiers import DocumentType, complete_resident_id
from gdftu_app.models.people import Sex, VerificationStatus
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD, AlreadyRecorded, PersonDraft, enrol, enrol_many

NUMBER = complete_resident_id("44019919880808002")


def test_a_resident_id_tells_sex_and_birth_date(session: Session):
    person = enrol(session, PersonDraft(name=" 陈  依 ", document_number=NUMBER))

    assert (person.name, person.sex, person.born_on) == ("陈 依", Sex.FEMALE, date(1988, 8, 8))
    assert person.verification == VerificationStatus.UNVERIFIED


def test_document_and_phone_are_sealed(session: Session):
    person = enrol(session, PersonDraft(name="陈依", document_number=NUMBER, phone="138 0000 0000"))

    assert NUMBER not in (person.doc_enc or "")
    assert unseal(DOCUMENT_FIELD, person.doc_enc or "", person.doc_bidx or "") == NUMBER
    assert unseal(PHONE_FIELD, person.phone_enc or "", person.phone_bidx or "") == "+8613800000000"


def test_a_document_is_recorded_once(session: Session):
    enrol(session, PersonDraft(name="陈依", document_number=NUMBER))

    with pytest.raises(AlreadyRecorded):
        enrol(session, PersonDraft(name="陈二", document_number=f" {NUMBER} "))


def test_numbers_of_other_documents_are_another_matter(session: Session):
    first, second = enrol_many(
        session,
        [
            PersonDraft(name="陈依", document_number=NUMBER),
            PersonDraft(name="陈依", document_type=DocumentType.PASSPORT, document_number="EA1234567", sex=Sex.FEMALE),
        ],
    )

    assert first.id != second.id
    assert second.sex == Sex.FEMALE


@pytest.mark.parametrize(("name", "number"), [("", NUMBER), ("陈依", "440199198808080029")])
def test_what_is_wrong_is_refused(session: Session, name: str, number: str):
    with pytest.raises(InvalidInput):
        enrol(session, PersonDraft(name=name, document_number=number))
