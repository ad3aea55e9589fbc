"""The values of a union's fields as a change request writes them down, and as they are shown."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.models.identifiers import mask_phone
from gdftu_app.models.union_fields import (
    EMPLOYER_FIELDS,
    UNION_FIELDS,
    FieldKind,
    UnionField,
    employer_key,
)
from gdftu_app.models.unions import CATEGORY_LABELS, Employer, Union, UnionCategory, UnionEmployer
from gdftu_app.queries.divisions import division_name
from gdftu_app.queries.reviews import Words
from gdftu_app.security.personal_data import unseal

UNION_PHONE = "unions.phone"


def values_of(session: Session, union: Union) -> dict[str, str]:
    """Every field of a union and of its employers by its key, in the order of the form; the phone is masked."""
    values = {name: written(field, getattr(union, name, None)) for name, field in UNION_FIELDS.items()}
    values["phone"] = masked_phone(union)
    for employer in employers_of(session, union.id or 0):
        for name, field in EMPLOYER_FIELDS.items():
            values[employer_key(employer.id or 0, name)] = written(field, getattr(employer, name))
    return values


def employers_of(session: Session, union_id: int) -> list[Employer]:
    """The employers a union covers, the first to be recorded first."""
    covered = (
        select(Employer)
        .join(UnionEmployer, col(UnionEmployer.employer_id) == Employer.id)
        .where(UnionEmployer.union_id == union_id)
        .order_by(col(Employer.id))
    )
    return list(session.exec(covered))


def masked_phone(union: Union) -> str:
    """The telephone of a union, masked; empty when there is none."""
    phone = plain_phone(union)
    return mask_phone(phone) if phone else ""


def plain_phone(union: Union) -> str:
    """The telephone of a union (E.164), for masking; empty when there is none."""
    return unseal(UNION_PHONE, union.phone_enc, union.phone_bidx) if union.phone_enc and union.phone_bidx else ""


def written(field: UnionField, value: Any) -> str:
    """A value as a change request holds it; empty when there is none."""
    if value is None or (field.kind is FieldKind.COUNT and not value):
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def shown(field: UnionField, value: str) -> Words:
    """A written value as it is shown; a code as its label, a missing one as a dash."""
    if not value:
        return Words("—")
    if field.kind is FieldKind.CODE and field.codes is not None and value in field.codes:
        return Words(field.codes.label(value), is_message=True)
    if field.kind is FieldKind.CATEGORY:
        return Words(CATEGORY_LABELS[UnionCategory(value)], is_message=True)
    if field.kind is FieldKind.DIVISION:
        return Words(division_name(value))
    return Words(value)
