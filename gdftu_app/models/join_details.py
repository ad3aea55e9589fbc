"""What applicants fill in about themselves (入会申请): the fields of a member that no document and no code proves."""

from collections.abc import Mapping

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.member_fields import LONGEST_WORKPLACE, MEMBER_FIELDS, MIGRANT, NAME, PHONE, YES, MemberField

DETAIL_FIELDS: tuple[MemberField, ...] = tuple(
    field for field in MEMBER_FIELDS.values() if field.key not in (NAME, PHONE)
)


def clean_details(typed: Mapping[str, str]) -> dict[str, str]:
    """What somebody typed of these fields, tidy and without the empty ones; raises InvalidInput (the field's key)."""
    cleaned = {field.key: one_line(typed.get(field.key, "")) for field in DETAIL_FIELDS}
    for field in DETAIL_FIELDS:
        value = cleaned[field.key]
        if field.table is not None and value and value not in field.table:
            raise InvalidInput(msg("请从列表中选择。"), field=field.key)
        if len(value) > LONGEST_WORKPLACE:
            raise InvalidInput(msg("不能超过 {limit} 个字。"), field=field.key, limit=LONGEST_WORKPLACE)
    return {key: value for key, value in cleaned.items() if value}


def columns_of(details: Mapping[str, str]) -> dict[str, str | bool]:
    """Cleaned details as columns of `Person`."""
    return {key: value == YES if key == MIGRANT else value for key, value in details.items()}
