"""The exported list of members (会员列表导出): twelve columns, and a sheet that says who exported what, when."""

from dataclasses import dataclass
from datetime import date

from gdftu_app.i18n import msg, render
from gdftu_app.models.member_fields import MEMBER_FIELDS, MIGRANT, NO, YES, label_of_code
from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.people import Sex, VerificationStatus
from gdftu_app.workbooks.sheets import Column, Value

TITLE, NOTES_TITLE = msg("会员列表"), msg("导出说明")
COLUMNS: tuple[tuple[str, int], ...] = (
    (msg("姓名"), 12),
    (msg("性别"), 6),
    (msg("手机号"), 15),
    (msg("证件号码"), 22),
    (msg("实名状态"), 10),
    (msg("会籍状态"), 10),
    (msg("入会时间"), 12),
    (msg("所属工会"), 40),
    (msg("职业群体"), 14),
    (msg("学历"), 12),
    (msg("就业状况"), 10),
    (msg("是否农民工"), 10),
)
SEX_WORDS: dict[int, str] = {Sex.MALE: msg("男"), Sex.FEMALE: msg("女")}
STATUS_WORDS: dict[int, str] = {
    MembershipStatus.CURRENT: msg("在会"),
    MembershipStatus.RETAINED: msg("保留会籍"),
    MembershipStatus.ENDED: msg("已离会"),
}
VERIFICATION_WORDS: dict[str, str] = {
    VerificationStatus.VERIFIED: msg("已实名"),
    VerificationStatus.PENDING: msg("核验中"),
    VerificationStatus.FAILED: msg("未通过"),
    VerificationStatus.UNVERIFIED: msg("未实名"),
}


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member as the list is written: numbers as they shall be read, codes and statuses as they are kept."""

    name: str
    sex: int | None
    phone: str
    document: str
    verification: str
    status: int
    joined_on: date
    union: str
    occupation: str
    education: str
    employment: str
    is_migrant: bool


class Wording:
    """Words of one language, each looked up once."""

    def __init__(self, language: str) -> None:
        self._language, self._words = language, dict[str, str]()

    def columns(self) -> list[Column]:
        """The headings."""
        return [Column(self.of(heading), width) for heading, width in COLUMNS]

    def of(self, text: str) -> str:
        """A text in the language."""
        if text and text not in self._words:
            self._words[text] = render(text, self._language)
        return self._words.get(text, "")

    def row(self, member: ListedMember) -> list[Value]:
        """A member's row, column by column."""
        return [
            member.name,
            self.of(SEX_WORDS.get(member.sex or 0, "")),
            member.phone,
            member.document,
            self.of(VERIFICATION_WORDS.get(member.verification, "")),
            self.of(STATUS_WORDS[member.status]),
            member.joined_on,
            member.union,
            self._code("occupation", member.occupation),
            self._code("education", member.education),
            self._code("employment", member.employment),
            self._code(MIGRANT, YES if member.is_migrant else NO),
        ]

    def _code(self, key: str, code: str) -> str:
        table = MEMBER_FIELDS[key].table
        return self.of(label_of_code(table, code)) if table is not None else code
