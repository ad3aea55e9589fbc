"""会员信息更正: what is recorded of a member of the acting union is put right, and the trail says from what to what.

Name and document of somebody verified are what was proven, and are nobody's to type over; neither is a document.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import mask_phone, normalise_phone, one_line
from gdftu_app.models.member_fields import (
    LONGEST_WORKPLACE,
    MEMBER_FIELDS,
    MIGRANT,
    NAME,
    PHONE,
    WORKPLACE,
    YES,
)
from gdftu_app.models.people import Person
from gdftu_app.queries.member_details import values_of_member
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.security.personal_data import seal
from gdftu_app.services.audit import record
from gdftu_app.services.members_within import own_member, sound_reason
from gdftu_app.services.membership_rows import CURRENT, person_of, take
from gdftu_app.services.people import PHONE_FIELD
from gdftu_app.services.person_names import clean_name
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.verifications import renew_copies


class NothingCorrected(Refusal):
    """All that was typed reads as it does already."""

    code = "nothing_changed"
    default = msg("没有改动任何一项，请修改后再提交。")


class ReadsOtherwise(InvalidInput):
    """A field that was typed over reads otherwise by now than the form showed."""

    code = "read_otherwise"
    default = msg("填写期间，这一项的现值已有变动，请核对后再提交。")


class NameProven(InvalidInput):
    """The name was proven with the document."""

    code = "name_proven"
    default = msg("该会员已实名认证，姓名与证件一致，不能更正。")


@requires(Permission.MEMBERS_IMPORT)
def correct_member(
    session: Session, actor: Actor, *, member: int, typed: Mapping[str, str], shown: Mapping[str, str], reason: str
) -> list[str]:
    """Put right what was typed over, by `MEMBER_FIELDS`; gives the keys of what really changed.

    `shown` is what the form showed for them, the phone masked. Raises NotFound, HasLeft, MembershipChanged,
    NothingCorrected, and InvalidInput with the field that is wrong.
    """
    why = sound_reason(reason)
    share_tree(session)
    membership = take(session, own_member(session, actor, member), *CURRENT)
    person = person_of(session, membership)
    changes = put_right(session, person, typed, shown)
    detail = {"reason": why, "changes": changes}
    record(session, "members:correct", actor=actor, subject=f"memberships:{member}", detail=detail)
    return [change["field"] for change in changes]


def put_right(
    session: Session, person: Person, typed: Mapping[str, str], shown: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """Write what a person's fields are to read, with the copies and figures; gives each change, the phone masked.

    Without `shown` it does not matter how the fields read when somebody typed. All of it or nothing: raises
    NothingCorrected, NameProven, ReadsOtherwise, and InvalidInput with the field that is wrong.
    """
    present = values_of_member(person)
    changes: list[dict[str, str]] = []
    wanted: dict[str, str] = {}
    for key, value in typed.items():
        if key not in MEMBER_FIELDS:
            raise InvalidInput(field=key)
        before, after = present[key], _sound(key, value)
        if after == before or (key == PHONE and _is_same_phone(person, after)):
            continue
        if key == NAME and person.verified_at is not None:
            raise NameProven(field=key)
        if shown is not None and shown.get(key, "") != before:
            raise ReadsOtherwise(field=key)
        wanted[key] = after
        changes.append({"field": key, "before": before, "after": mask_phone(after) if key == PHONE else after})
    if not changes:
        raise NothingCorrected
    for key, after in wanted.items():
        _put(person, key, after)
    session.add(person)
    session.flush()
    renew_copies(session, person)
    return changes


def _sound(key: str, typed: str) -> str:
    if key == PHONE:
        return normalise_phone(typed)
    if key == NAME:
        return clean_name(typed)
    value = one_line(typed)
    if key == WORKPLACE:
        if len(value) > LONGEST_WORKPLACE:
            raise InvalidInput(msg("不能超过 {limit} 个字。"), field=key, limit=LONGEST_WORKPLACE)
        return value
    table = MEMBER_FIELDS[key].table
    if (value or key == MIGRANT) and (table is None or value not in table):
        raise InvalidInput(msg("请从列表中选择。"), field=key)
    return value


def _is_same_phone(person: Person, phone: str) -> bool:
    return seal(PHONE_FIELD, phone).bidx == person.phone_bidx


def _put(person: Person, key: str, value: Any) -> None:
    if key == PHONE:
        sealed = seal(PHONE_FIELD, value)
        person.phone_enc, person.phone_bidx = sealed.enc, sealed.bidx
    elif key == MIGRANT:
        person.is_migrant = value == YES
    else:
        setattr(person, key, value)
