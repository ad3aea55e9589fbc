"""The fields of a union and its employers that may be changed (工会变更), and what kind of value each holds."""

from dataclasses import dataclass
from enum import Enum

from gdftu_app.i18n import msg
from gdftu_app.models.codes import ECONOMIC_TYPES, EMPLOYER_NATURES, INDUSTRIES, CodeTable

EMPLOYER_PREFIX = "employers."


class FieldKind(Enum):
    """How a value is written down: text as it is, dates in ISO, codes as codes, counts as digits, phones masked."""

    TEXT, DATE, CODE, DIVISION, CATEGORY, COUNT, USCC, PHONE = range(8)


@dataclass(frozen=True, slots=True)
class UnionField:
    """One field; a change of one that `needs_document` is handed in with a certificate."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    codes: CodeTable | None = None
    needs_document: bool = False
    is_required: bool = False


UNION_FIELDS: dict[str, UnionField] = {
    field.name: field
    for field in (
        UnionField("name", msg("工会名称"), needs_document=True, is_required=True),
        UnionField("uscc", msg("工会统一社会信用代码"), FieldKind.USCC, needs_document=True),
        UnionField("category", msg("工会类型"), FieldKind.CATEGORY, is_required=True),
        UnionField("division_code", msg("所在政区"), FieldKind.DIVISION, is_required=True),
        UnionField("founded_on", msg("建会日期"), FieldKind.DATE, is_required=True),
        UnionField("principal_name", msg("负责人"), is_required=True),
        UnionField("contact_name", msg("联系人")),
        UnionField("phone", msg("联系电话"), FieldKind.PHONE, is_required=True),
        UnionField("postcode", msg("邮编")),
        UnionField("approval_number", msg("建会批复文号")),
        UnionField("term_starts_on", msg("任期开始日期"), FieldKind.DATE),
        UnionField("term_ends_on", msg("任期结束日期"), FieldKind.DATE),
    )
}
EMPLOYER_FIELDS: dict[str, UnionField] = {
    field.name: field
    for field in (
        UnionField("name", msg("单位名称"), needs_document=True, is_required=True),
        UnionField("uscc", msg("单位统一社会信用代码"), FieldKind.USCC, needs_document=True, is_required=True),
        UnionField("address", msg("单位地址"), is_required=True),
        UnionField("division_code", msg("单位所在政区"), FieldKind.DIVISION, is_required=True),
        UnionField("nature", msg("单位性质"), FieldKind.CODE, EMPLOYER_NATURES, is_required=True),
        UnionField("economy", msg("经济类型"), FieldKind.CODE, ECONOMIC_TYPES, is_required=True),
        UnionField("industry", msg("所属行业"), FieldKind.CODE, INDUSTRIES, is_required=True),
        UnionField("employee_count", msg("职工人数"), FieldKind.COUNT, is_required=True),
    )
}


# The value of an employer itself in a change is its name; without a value it is covered no more.
TAKEN_OFF = UnionField("", msg("移除单位"))


def employer_key(employer_id: int, name: str) -> str:
    """The key of an employer's field in a change: `employers.12.address`; one to be added has a number below 0."""
    return f"{EMPLOYER_PREFIX}{employer_id}.{name}"


def covering_key(employer_id: int) -> str:
    """The key that says whether an employer is covered: `employers.12`."""
    return f"{EMPLOYER_PREFIX}{employer_id}"


def field_of(key: str) -> tuple[UnionField, int | None]:
    """The field behind a key of a change, and the employer it belongs to; raises KeyError for no such field."""
    if not key.startswith(EMPLOYER_PREFIX):
        return UNION_FIELDS[key], None
    number, dot, name = key.removeprefix(EMPLOYER_PREFIX).partition(".")
    digits = number.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise KeyError(key)
    return EMPLOYER_FIELDS[name] if dot else TAKEN_OFF, int(number)
