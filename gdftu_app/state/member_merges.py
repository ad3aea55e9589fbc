"""重复记录 on screen: what may be a second record of a member, what merging it would leave, and the merge."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.member_fields import MEMBER_FIELDS, label_of_code
from gdftu_app.models.people import Sex, VerificationStatus
from gdftu_app.queries.member_merges import DOCUMENT, DOCUMENT_TYPE, MergedField, MergePreview, preview_merge
from gdftu_app.queries.possible_duplicates import Likeness, PossibleDuplicate, possible_duplicates
from gdftu_app.services.member_merges import PreviewOutdated, merge_members
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import NONE, Texts
from gdftu_app.state.member_details import MemberState, Reason, Typed
from gdftu_app.state.member_lists import MemberId
from gdftu_app.state.member_removals import MAY_REMOVE, is_confirmed
from gdftu_app.state.member_rows import STATUS_WORDS
from gdftu_app.state.member_words import SEX_LABELS, VERIFICATION_LABELS
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.union_details import same

MERGE_CONFIRMATION = msg("输入「合并」以确认")
LIKENESS_LABELS: dict[Likeness, str] = {
    Likeness.NAME_AND_BIRTH: msg("同名且出生日期相同"),
    Likeness.PHONE: msg("手机号相同"),
}
_LABELS = {
    **{key: field.label for key, field in MEMBER_FIELDS.items()},
    "sex": msg("性别"),
    "born_on": msg("出生日期"),
    "verification": msg("实名状态"),
    DOCUMENT_TYPE: msg("证件类型"),
    DOCUMENT: msg("证件号码"),
}


@dataclass
class DuplicateRow:
    """Another record that may be of the same person."""

    id: int
    name: str
    phone: str
    document: str
    verification: str
    status: str
    union: str
    joined_on: str
    alike: list[Texts]


@dataclass
class MergedRow:
    """One field of both records, and of what is left; `changes` the record that is kept, or not."""

    key: str
    label: Texts
    kept: Texts
    given_up: Texts
    left: Texts
    changes: bool


class MemberMergeState(Asking, rx.State):
    """重复记录合并: the records found, or, once one is chosen (`other`), the preview of merging it."""

    is_open: rx.Field[bool] = rx.field(False)
    is_found: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[DuplicateRow]] = rx.field(default_factory=list)
    other: rx.Field[int] = rx.field(0)
    fields: rx.Field[list[MergedRow]] = rx.field(default_factory=list)
    follows: rx.Field[list[Texts]] = rx.field(default_factory=list)
    obstacle: rx.Field[Texts] = rx.field(default_factory=dict)
    problem: rx.Field[Texts] = rx.field(default_factory=dict)
    is_typed: rx.Field[bool] = rx.field(False)
    _member: int = 0
    _seal: str = ""

    @action(MAY_REMOVE)
    async def ask(self):
        """查找重复记录 of the member whose record is open."""
        record = await self.get_state(MemberState)
        self._forget()
        self.rows, self.is_found = [], False
        self._member, self.is_open = record.member_id, True
        yield
        found: list[PossibleDuplicate] = await self._ask(possible_duplicates, member=self._member)
        self.rows, self.is_found = [_row(each) for each in found], True

    @action(MAY_REMOVE)
    async def choose(self, other: MemberId):
        """合并预览 with one of the records found."""
        self._forget()
        await self._preview(other)

    @action(MAY_REMOVE)
    async def go_back(self):
        """Back to the records found."""
        self._forget()

    @action(MAY_REMOVE)
    async def type_word(self, typed: Typed):
        """The word as confirmation."""
        self.is_typed = is_confirmed(typed, MERGE_CONFIRMATION)

    @action(MAY_REMOVE)
    async def close_dialog(self, is_open: bool):
        """取消, 关闭."""
        if not is_open:
            self._close()

    @action(MAY_REMOVE)
    async def merge(self, reason: Reason, typed: Typed):
        """合并: it cannot be undone."""
        self.problem = {}
        if not self.other or not is_confirmed(typed, MERGE_CONFIRMATION):
            raise InvalidInput(msg("请填写理由，并输入「合并」。"))
        await self._ask(merge_members, member=self._member, other=self.other, seen=self._seal, reason=reason)
        member = self._member
        self._close()
        await self._notify(msg("已合并重复记录。"))
        return MemberState.open(member)

    async def _preview(self, other: int) -> None:
        found: MergePreview = await self._ask(preview_merge, member=self._member, other=other)
        self.other, self._seal = other, found.seal
        self.fields = [_field(each) for each in found.fields]
        self.follows = _follows(found)
        self.obstacle = in_every_language(found.problem) if found.problem else {}

    def _forget(self) -> None:
        self.other, self.fields, self.follows, self._seal = 0, [], [], ""
        self.obstacle, self.problem, self.is_typed = {}, {}, False

    def _close(self) -> None:
        self._forget()
        self.is_open, self.rows = False, []

    async def _refuse(self, refusal: Refusal) -> Any:
        """While the dialog is open, what is wrong is told in it; what was outdated is shown anew."""
        if not self.is_open:
            return await super()._refuse(refusal)
        if isinstance(refusal, NotFound | SignedOut):
            self._close()
            return await super()._refuse(refusal)
        if isinstance(refusal, PreviewOutdated):
            await self._preview(self.other)
        self.problem = in_every_language(refusal.message, **refusal.values)
        return None


def _row(found: PossibleDuplicate) -> DuplicateRow:
    row = found.row
    return DuplicateRow(
        id=row.id,
        name=row.name,
        phone=row.phone or "—",
        document=row.document or "—",
        verification=row.verification,
        status=STATUS_WORDS[row.status],
        union=row.union.name,
        joined_on=row.joined_on.isoformat(),
        alike=[in_every_language(LIKENESS_LABELS[each]) for each in found.alike],
    )


def _field(field: MergedField) -> MergedRow:
    values = [_value(field.key, value) for value in (field.kept, field.given_up, field.left)]
    return MergedRow(field.key, in_every_language(_LABELS[field.key]), *values, changes=field.left != field.kept)


def _value(key: str, value: str) -> Texts:
    if not value:
        return NONE
    if key == "sex":
        return in_every_language(SEX_LABELS["male" if int(value) == Sex.MALE else "female"])
    if key == "verification":
        return in_every_language(VERIFICATION_LABELS[VerificationStatus(value)])
    if key == DOCUMENT_TYPE:
        return in_every_language(DocumentType(value).label)
    table = MEMBER_FIELDS[key].table if key in MEMBER_FIELDS else None
    if table is None:
        return same(value)
    label = label_of_code(table, value)
    return in_every_language(label) if label else NONE


def _follows(found: MergePreview) -> list[Texts]:
    """What goes over, and what ends, in sentences."""
    told = [
        in_every_language(msg("另一条记录的 {count} 段会籍及其变动记录归入本条记录。"), count=found.memberships),
        in_every_language(msg("入会时间保留较早的 {day}。"), day=found.joined_on.isoformat()),
    ]
    if found.ends:
        told.append(in_every_language(msg("另一条记录在本工会的会籍随即终止，不再重复计数。")))
    if found.applications:
        told.append(in_every_language(msg("{count} 件入会、转会申请归入本条记录。"), count=found.applications))
    if found.has_account:
        told.append(in_every_language(msg("登录账号、同意记录和实名核验记录归入本条记录。")))
    return told
