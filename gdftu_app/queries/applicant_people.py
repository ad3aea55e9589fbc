"""Applicants of a union as its reviewers see them (入会、转会审核): masked, and with whoever may be the same person."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from gdftu_app.clock import today
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.codes import ETHNIC_GROUPS
from gdftu_app.models.identifiers import DocumentType, mask_document, mask_phone
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.tables import table_of
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.queries.reviews import ReviewField, Words
from gdftu_app.security.actors import Actor
from gdftu_app.security.personal_data import Unsealable, unseal

SEX_LABELS: dict[int, str] = {Sex.MALE: msg("男"), Sex.FEMALE: msg("女")}
PEOPLE = table_of(Person)
ACCOUNTS = table_of(Account).alias("account")
# The columns of a queue about people, and what they are made from.
PERSON_SHOWN: tuple[ColumnElement[Any], ...] = (
    PEOPLE.c.sex,
    PEOPLE.c.born_on,
    ACCOUNTS.c.phone_enc,
    ACCOUNTS.c.phone_bidx,
)
PERSON_HEADS = (msg("性别 · 年龄"), msg("手机号"))
_CURRENT = (MembershipStatus.CURRENT, MembershipStatus.RETAINED)


def age_of(born_on: date | None) -> int | None:
    """Full years of life today in China; None when the birth date is not known."""
    if born_on is None:
        return None
    day = today()
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def shown_phone(enc: str | None, bidx: str | None, *, of: str = ACCOUNT_PHONE) -> str:
    """A sealed phone, masked; empty when it cannot be opened any more."""
    return mask_phone(_opened(of, enc, bidx))


def person_cells(row: Any) -> tuple[tuple[Words, ...], ...]:
    """性别 · 年龄, 手机号 of a row with `sex`, `born_on`, `phone_enc` and `phone_bidx`."""
    age = age_of(row.born_on)
    sex = SEX_LABELS.get(row.sex, "")
    return (
        (Words(sex, is_message=bool(sex)), Words("" if age is None else f" · {age}")),
        (Words(shown_phone(row.phone_enc, row.phone_bidx)),),
    )


def person_fields(person: Person, phone: str) -> list[ReviewField]:
    """Who applies; the document is masked, and so is `phone` already."""
    age = age_of(person.born_on)
    document = mask_document(_opened("persons.document", person.doc_enc, person.doc_bidx))
    kind = DocumentType(person.doc_type).label if person.doc_type else ""
    sex = SEX_LABELS.get(person.sex or 0, "")
    return [
        ReviewField(msg("姓名"), Words(person.name)),
        ReviewField(msg("性别"), Words(sex, is_message=bool(sex))),
        ReviewField(msg("出生日期"), Words(person.born_on.isoformat() if person.born_on else "")),
        ReviewField(msg("年龄"), Words("" if age is None else str(age))),
        ReviewField(msg("证件类型"), Words(kind, is_message=bool(kind))),
        ReviewField(msg("证件号码"), Words(document)),
        ReviewField(msg("手机号"), Words(phone)),
    ]


def ethnicity_of(person: Person) -> ReviewField:
    """民族, as it is recorded."""
    known = person.ethnicity in ETHNIC_GROUPS
    label = ETHNIC_GROUPS.label(person.ethnicity) if known else ""
    return ReviewField(msg("民族"), Words(label, is_message=known))


def same_person_remarks(
    session: Session, actor: Actor, person: Person, phone_bidx: str
) -> list[tuple[str, dict[str, str]]]:
    """可能重复: members other than this person with the same name and birth date, or with the applicant's phone.

    Of those in other unions only the number is told.
    """
    told: list[tuple[str, dict[str, str]]] = []
    born = _born_alike(person)
    if born is not None:
        told += _remarks(session, actor, person, born, msg("另有 {count} 名会员与申请人同名且出生日期相同"))
    same_phone = PEOPLE.c.phone_bidx == phone_bidx
    told += _remarks(session, actor, person, same_phone, msg("另有 {count} 名会员登记了同一个手机号"))
    return told


def _born_alike(person: Person) -> ColumnElement[bool] | None:
    """The condition that a membership's person has this one's name and birth date; None without a birth date."""
    if person.born_on is None:
        return None
    # By the copy of the name, which is indexed.
    return (col(Membership.name) == person.name) & (PEOPLE.c.born_on == person.born_on)


def _remarks(
    session: Session, actor: Actor, person: Person, condition: ColumnElement[bool], text: str
) -> list[tuple[str, dict[str, str]]]:
    alike = (
        select(func.count(), func.count().filter(col(Membership.union_id) == actor.union_id))
        .select_from(Membership)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(condition, col(Membership.person_id) != person.id, col(Membership.status).in_(_CURRENT))
    )
    count, here = session.exec(alike).one()
    if not count:
        return []
    told = [(text, {"count": str(count)})]
    if here:
        told.append((msg("其中 {count} 名是本工会的会员，请核对是否为同一人。"), {"count": str(here)}))
    return told


def _opened(field: str, enc: str | None, bidx: str | None) -> str:
    try:
        return unseal(field, enc or "", bidx or "")
    except Unsealable:
        return ""
