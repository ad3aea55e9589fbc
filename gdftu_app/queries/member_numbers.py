"""Numbers by which a member is found exactly: a whole phone or document number, through its blind index."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, and_, bindparam, literal, or_

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import (
    DocumentType,
    mask_document,
    mask_phone,
    national_phone,
    normalise_document,
    normalise_phone,
)
from gdftu_app.models.people import Person
from gdftu_app.models.tables import table_of
from gdftu_app.models.types import Digest, Word
from gdftu_app.security.keys import blind_index

NUMBER_FIELD, PHONE = "keyword", "phone"
# Digits alone that are fewer are the beginning or the end of a phone rather than a passport.
FEWEST_DIGITS = 8
_PEOPLE = table_of(Person)


class NoWholeNumber(InvalidInput):
    """Part of a number finds nobody: only whole ones can be looked up."""

    default = msg("号码只能整个查找，请输入完整的手机号或证件号码。")


def is_number(typed: str) -> bool:
    """Whether what was typed is meant as a number: it has a digit, and no name has one."""
    return any(character.isdigit() for character in typed)


def asked_by(typed: str) -> dict[str, str]:
    """Blind indexes of what was typed, by the kind of number it may be; raises NoWholeNumber."""
    phone, documents = _phone(typed), _documents(typed)
    bare = "".join(typed.split())
    if (bare.isdigit() and len(bare) < FEWEST_DIGITS) or not (phone or documents):
        raise NoWholeNumber(field=NUMBER_FIELD)
    asked = {kind.value: blind_index("document", number) for kind, number in documents.items()}
    return asked | ({PHONE: blind_index("phone", phone)} if phone else {})


def people_with(kinds: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a person has one of the numbers of `asked_by`, which are its parameters."""
    return or_(*(_has(kind) for kind in sorted(kinds)))


def _has(kind: str) -> ColumnElement[bool]:
    asked = bindparam(kind, type_=Digest)
    if kind == PHONE:
        return _PEOPLE.c.phone_bidx == asked
    return and_(_PEOPLE.c.doc_type == literal(kind, Word), _PEOPLE.c.doc_bidx == asked)


def masked_number(typed: str) -> str:
    """The number as a page may repeat it."""
    phone = _phone(typed)
    if phone:
        return mask_phone(phone)
    return mask_document(next(iter(_documents(typed).values()), national_phone(typed)))


def _phone(typed: str) -> str:
    return _tried(normalise_phone, typed)


def _documents(typed: str) -> dict[DocumentType, str]:
    tried = {kind: _tried(lambda number, kind=kind: normalise_document(kind, number), typed) for kind in DocumentType}
    return {kind: number for kind, number in tried.items() if number}


def _tried(normalise: Callable[[str], str], typed: str) -> str:
    try:
        return normalise(typed)
    except InvalidInput:
        return ""
