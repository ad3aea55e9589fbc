"""What may be corrected in a member's record (会员信息更正), and how each field is kept and shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from gdftu_app.i18n import msg
from gdftu_app.models.codes import (
    EDUCATION_LEVELS,
    EMPLOYMENT_STATUSES,
    ETHNIC_GROUPS,
    HOUSEHOLD_TYPES,
    OCCUPATION_GROUPS,
    POLITICAL_AFFILIATIONS,
    SKILL_LEVELS,
    CodeTable,
)

YES, NO = "yes", "no"
NAME, PHONE, MIGRANT, WORKPLACE = "name", "phone", "is_migrant", "workplace"
LONGEST_WORKPLACE = 100


@dataclass(frozen=True, slots=True)
class MemberField:
    """A field by its column, with its label, and the codes it takes if it takes codes."""

    key: str
    label: str
    table: CodeTable | None = None


_FIELDS = (
    MemberField(NAME, msg("姓名")),
    MemberField(PHONE, msg("手机号")),
    MemberField(WORKPLACE, msg("工作单位")),
    MemberField("occupation", msg("职业群体"), OCCUPATION_GROUPS),
    MemberField(MIGRANT, msg("是否农民工"), CodeTable(msg("是否农民工"), {YES: msg("是"), NO: msg("否")})),
    MemberField("employment", msg("就业状况"), EMPLOYMENT_STATUSES),
    MemberField("education", msg("学历"), EDUCATION_LEVELS),
    MemberField("skill", msg("技术等级"), SKILL_LEVELS),
    MemberField("politics", msg("政治面貌"), POLITICAL_AFFILIATIONS),
    MemberField("household", msg("户籍类型"), HOUSEHOLD_TYPES),
    MemberField("ethnicity", msg("民族"), ETHNIC_GROUPS),
)
MEMBER_FIELDS: Mapping[str, MemberField] = {field.key: field for field in _FIELDS}


def label_of_code(table: CodeTable, code: str) -> str:
    """The label of a code, to be rendered; empty for none, or for one that the table does not know."""
    return table.label(code) if code in table else ""
