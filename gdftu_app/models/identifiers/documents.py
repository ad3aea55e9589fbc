"""Identity documents (证件): which kinds there are, and the normal form of their numbers."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers.resident_ids import (
    FIELD,
    normalise_resident_id,
    require_birth_date,
    require_check_character,
)
from gdftu_app.models.identifiers.spelling import DIGITS, LETTERS, require_alphabet, require_digits, tidy

_MISSING = msg("请填写证件号码。")
_PASSPORT_LENGTHS = range(5, 16)
_SHOWN_FIRST, _SHOWN_LAST, _SHORTEST_SHOWN = 4, 2, 8


class DocumentType(StrEnum):
    """证件类型; all but the resident ID take the manual route of verification."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PERMANENT_RESIDENCE = "permanent_residence"

    @property
    def label(self) -> str:
        """The Chinese name of the document, to be rendered."""
        return _LABELS[self]


_LABELS: dict[DocumentType, str] = {
    DocumentType.RESIDENT_ID: msg("居民身份证"),
    DocumentType.PASSPORT: msg("护照"),
    DocumentType.HK_MACAO_PERMIT: msg("港澳居民来往内地通行证"),
    DocumentType.TAIWAN_PERMIT: msg("台湾居民来往大陆通行证"),
    DocumentType.PERMANENT_RESIDENCE: msg("外国人永久居留身份证"),
}


def normalise_document(kind: DocumentType | str, number: object, *, today: date | None = None) -> str:
    """The normal form of a document's number, the same at every renewal where the issuer gives lifelong numbers.

    Raises:
        InvalidInput: field `document_type` for an unknown kind, `document_number` for a wrong number.
    """
    try:
        known = DocumentType(kind)
    except ValueError:
        raise InvalidInput(msg("请选择证件类型。"), field="document_type") from None
    if known is DocumentType.RESIDENT_ID:
        return normalise_resident_id(number, today=today)
    if known is DocumentType.PERMANENT_RESIDENCE:
        return _permanent_residence(number, today=today)
    return _PERMITS[known](number)


def mask_document(number: str) -> str:
    """The number with its first 4 and last 2 characters left, stars between; a short one keeps only its first."""
    if len(number) < _SHORTEST_SHOWN:
        return number[:1] + "*" * (len(number) - 1)
    hidden = len(number) - _SHOWN_FIRST - _SHOWN_LAST
    return number[:_SHOWN_FIRST] + "*" * hidden + number[-_SHOWN_LAST:]


def _passport(number: object) -> str:
    """护照 of any country: letters and digits (ICAO 9303), of which at least one is a digit."""
    text = tidy(number, field=FIELD, missing=_MISSING)
    require_alphabet(text, DIGITS + LETTERS, field=FIELD)
    if len(text) not in _PASSPORT_LENGTHS or not any(character in DIGITS for character in text):
        raise InvalidInput(msg("护照号码应为 5 至 15 位的字母和数字，请对照护照资料页核对。"), field=FIELD)
    return text


def _hk_macao_permit(number: object) -> str:
    """H or M and 8 lifelong digits; the count of renewals on cards before 2013 is dropped (公安部, 2010)."""
    text = tidy(number, field=FIELD, missing=_MISSING)
    require_alphabet(text, DIGITS + LETTERS, field=FIELD)
    if len(text) not in {9, 11} or text[0] not in "HM":
        raise InvalidInput(msg("港澳居民来往内地通行证号码应为字母 H 或 M 加 8 位数字，请对照证件核对。"), field=FIELD)
    require_digits(text, 2, len(text), field=FIELD)
    return text[:9]


def _taiwan_permit(number: object) -> str:
    """8 lifelong digits; the count of renewals and the office in brackets of older permits are dropped (2008)."""
    text = tidy(number, field=FIELD, missing=_MISSING)
    require_alphabet(text, DIGITS + LETTERS + "()", field=FIELD)
    lifelong = re.fullmatch(r"([0-9A-Z]{8})(?:([0-9A-Z]{2})(?:\([0-9A-Z]\)|[A-Z])?)?", text)
    if lifelong is None:
        raise InvalidInput(msg("台湾居民来往大陆通行证号码应为 8 位数字，请对照证件核对。"), field=FIELD)
    require_digits(text, 1, 10 if lifelong[2] else 8, field=FIELD)
    return lifelong[1]


def _permanent_residence(number: object, *, today: date | None) -> str:
    """15 characters (3 letters, 12 digits), or 18 from December 2023 (9, 16 digits, check character as GB 11643)."""
    text = tidy(number, field=FIELD, missing=_MISSING)
    require_alphabet(text, DIGITS + LETTERS, field=FIELD)
    if len(text) == 15 and all(character in LETTERS for character in text[:3]):
        require_digits(text, 4, 15, field=FIELD)
        return text
    if len(text) == 18 and text[0] == "9":
        require_digits(text, 1, 17, field=FIELD)
        require_birth_date(text, today=today)
        require_check_character(text)
        return text
    raise InvalidInput(
        msg("外国人永久居留身份证号码应为 3 位字母加 12 位数字，或以 9 开头的 18 位号码，请对照证件核对。"), field=FIELD
    )


_PERMITS: dict[DocumentType, Callable[[object], str]] = {
    DocumentType.PASSPORT: _passport,
    DocumentType.HK_MACAO_PERMIT: _hk_macao_permit,
    DocumentType.TAIWAN_PERMIT: _taiwan_permit,
}
