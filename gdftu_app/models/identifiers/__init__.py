"""Identifiers: what a code, a document number or a phone must look like, and its one normal form."""

from gdftu_app.models.identifiers.documents import DocumentType, mask_document, normalise_document
from gdftu_app.models.identifiers.phones import mask_phone, national_phone, normalise_phone
from gdftu_app.models.identifiers.resident_ids import (
    birth_date_of,
    complete_resident_id,
    normalise_resident_id,
    sex_of,
)
from gdftu_app.models.identifiers.spelling import one_line
from gdftu_app.models.identifiers.uscc import check_digit_of, complete_uscc, normalise_uscc, uscc_warnings

__all__ = [
    "DocumentType",
    "birth_date_of",
    "check_digit_of",
    "complete_resident_id",
    "complete_uscc",
    "mask_document",
    "mask_phone",
    "national_phone",
    "normalise_document",
    "normalise_phone",
    "normalise_resident_id",
    "normalise_uscc",
    "one_line",
    "sex_of",
    "uscc_warnings",
]
