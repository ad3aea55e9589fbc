"""One member's record on screen (会员详情): what is recorded and happened, and what is done about it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.clock import today
from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut
from gdftu_app.i18n import msg
from gdftu_app.models.member_fields import MEMBER_FIELDS, PHONE
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.queries.member_details import MemberDetails, get_member
from gdftu_app.security.permissions import Permission
from gdftu_app.services.member_corrections import correct_member
from gdftu_app.services.member_removals import RemovalOutcome, remove_members
from gdftu_app.services.member_retentions import restore_member, retain_member
from gdftu_app.services.member_reveals import NumberKind, reveal
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts
from gdftu_app.state.member_lists import MAY_VIEW, Day, MemberId
from gdftu_app.state.member_removals import MAY_REMOVE, Word, day_typed, is_confirmed
from gdftu_app.state.member_rows import STATUS_WORDS
from gdftu_app.state.member_words import HistoryRow, fields_of, history_of
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.union_details import DetailField

MAY_REVEAL, MAY_CORRECT = Permission.MEMBERS_REVEAL, Permission.MEMBERS_IMPORT
Reason = Annotated[str, StringConstraints(max_length=400)]
Typed = Annotated[str, StringConstraints(max_length=200)]
# A choice of nothing, for a list cannot hold the empty word.
NOTHING = "none"
DONE = {
    "retain": msg("已保留会籍，不再计入会员数。"),
    "restore": msg("已恢复会籍，重新计入会员数。"),
}


@dataclass
class CurrentPlace:
    """Where somebody who left is a member now; id 0 when that is nowhere within reach."""

    id: int = 0
    union: str = ""


class MemberState(Asking, rx.State):
    """会员详情. `asked` names the dialog that is open; a number shown in plain is gone once its dialog is closed."""

    member_id: rx.Field[int] = rx.field(0)
    name: rx.Field[str] = rx.field("")
    status: rx.Field[str] = rx.field("")
    path: rx.Field[str] = rx.field("")
    fields: rx.Field[list[DetailField]] = rx.field(default_factory=list)
    history: rx.Field[list[HistoryRow]] = rx.field(default_factory=list)
    current: rx.Field[CurrentPlace] = rx.field(default_factory=CurrentPlace)
    values: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_verified: rx.Field[bool] = rx.field(False)
    may_change: rx.Field[bool] = rx.field(False)
    may_correct: rx.Field[bool] = rx.field(False)
    may_reveal: rx.Field[bool] = rx.field(False)
    is_missing: rx.Field[bool] = rx.field(False)
    asked: rx.Field[str] = rx.field("")
    asked_round: rx.Field[int] = rx.field(0)
    plain: rx.Field[str] = rx.field("")
    is_typed: rx.Field[bool] = rx.field(False)
    today: rx.Field[str] = rx.field("")
    reason: rx.Field[str] = rx.field("")
    problem: rx.Field[Texts] = rx.field(default_factory=dict)
    problem_field: rx.Field[str] = rx.field("")
    _typed: dict[str, str] = {}

    @action(MAY_VIEW)
    async def load(self):
        """The record that the address names, if it names one."""
        number = self.router.url.query_parameters.get("member", "")
        self._close()
        self.is_missing = False
        if not (number.isascii() and number.isdigit() and 0 < len(number) < 19):
            self.member_id = 0
            return
        self.member_id = int(number)
        try:
            await self._show(self.member_id)
        except NotFound:
            self.is_missing = True

    @action(MAY_VIEW)
    async def open(self, member: MemberId):
        """详情."""
        self._close()
        self.is_missing = False
        await self._show(member)

    @action(MAY_VIEW)
    async def leave(self):
        """Back to the list."""
        self._close()
        self.member_id, self.is_missing = 0, False

    @action(MAY_VIEW)
    async def ask(self, what: Literal["phone", "document", "correct", "retain", "restore", "remove"]):
        """Open one of the dialogs."""
        self._close()
        self.asked, self.today = what, today().isoformat()
        self.asked_round += 1

    @action(MAY_VIEW)
    async def close_dialog(self, is_open: bool):
        """取消, 关闭: what was shown in plain is forgotten."""
        if not is_open:
            self._close()

    @action(MAY_REVEAL)
    async def reveal_number(self, reason: Reason):
        """查看完整号码, for a reason that is kept."""
        if self.asked not in list(NumberKind):
            return
        self._forget_problem()
        self.plain = await self._ask(reveal, member=self.member_id, number=NumberKind(self.asked), reason=reason)

    @action(MAY_CORRECT)
    async def type_field(self, key: Annotated[str, StringConstraints(max_length=30)], value: Typed):
        """One field of the correction, as typed or chosen; it is checked when all of it is sent."""
        if key in MEMBER_FIELDS and key != PHONE:
            self._typed = self._typed | {key: "" if value == NOTHING else value}
            if self.problem_field == key:
                self._forget_problem()

    @action(MAY_CORRECT)
    async def correct(self, reason: Reason, phone: Typed):
        """保存更正; the phone comes along only here, for it is not kept, and empty it stays as it is."""
        self._forget_problem()
        typed = {PHONE: phone} if phone.strip() else {}
        typed |= {key: value for key, value in self._typed.items() if value != self.values.get(key)}
        await self._ask(correct_member, member=self.member_id, typed=typed, shown=self.values, reason=reason)
        await self._notify(msg("已更正 {name} 的信息。"), name=self.name)
        await self._show_again()

    @action(MAY_REMOVE)
    async def change_standing(self, reason: Reason):
        """保留会籍 or 恢复会籍, whichever was asked."""
        if self.asked not in DONE:
            return
        self._forget_problem()
        what = self.asked
        if what == "retain":
            await self._ask(retain_member, member=self.member_id, reason=reason)
        else:
            await self._ask(restore_member, member=self.member_id, reason=reason)
        await self._notify(DONE[what])
        await self._show_again()

    @action(MAY_REMOVE)
    async def choose_reason(self, reason: Word):
        """移出原因."""
        self.reason = reason if reason in list(RemovalReason) else ""

    @action(MAY_REMOVE)
    async def type_word(self, typed: Typed):
        """The word as confirmation."""
        self.is_typed = is_confirmed(typed)

    @action(MAY_REMOVE)
    async def remove(self, typed: Typed, day: Day):
        """移出, on a day, today unless it was earlier: it cannot be undone; sent twice, it happens once."""
        if not is_confirmed(typed) or not self.reason:
            raise InvalidInput(msg("请选择移出原因，并输入「移出」。"))
        [outcome] = await self._remove(day_typed(day))
        if not outcome.is_removed:
            self.problem = in_every_language(outcome.problem, **outcome.values)
            return
        await self._notify(msg("已移出 {count} 名会员。"), count=1)
        await self._show_again()

    async def _remove(self, day: date | None) -> list[RemovalOutcome]:
        reason = RemovalReason(self.reason)
        return await self._ask(remove_members, members=[self.member_id], reason=reason, day=day)

    async def _show_again(self) -> None:
        self._close()
        await self._show(self.member_id)

    async def _show(self, member: int) -> None:
        found: MemberDetails = await self._ask(get_member, member=member)
        self.member_id = member
        self.name, self.status = found.row.name, STATUS_WORDS[found.row.status]
        self.path = " › ".join(union.name for union in found.path)
        self.fields, self.history = fields_of(found), history_of(found)
        self.current = CurrentPlace(found.current.id, found.current.union.name) if found.current else CurrentPlace()
        self.values, self.is_verified = found.values, found.verified_at is not None
        self.may_change, self.may_correct, self.may_reveal = found.may_change, found.may_correct, found.may_reveal

    def _close(self) -> None:
        self.asked, self.plain, self.reason, self.is_typed, self._typed = "", "", "", False, {}
        self._forget_problem()

    def _forget_problem(self) -> None:
        self.problem, self.problem_field = {}, ""

    async def _refuse(self, refusal: Refusal) -> Any:
        """While a dialog is open, what is wrong is told in it."""
        if not self.asked or isinstance(refusal, NotFound | SignedOut):
            return await super()._refuse(refusal)
        self.problem = in_every_language(refusal.message, **refusal.values)
        self.problem_field = refusal.field if isinstance(refusal, InvalidInput) else ""
        return None
