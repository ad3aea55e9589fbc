"""Confirming by hand (实名人工核验) who no gateway can vouch for."""

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.identity_checks import PROBLEM_LABELS, CheckProblem
from gdftu_app.queries.identity_checks import WaitingCheck, count_waiting_checks, waiting_checks
from gdftu_app.security.permissions import Permission
from gdftu_app.services.identity_checks import confirm_check, reject_check
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import short_moment
from gdftu_app.state.notices import in_every_language

PAGE_SIZE = 50
CheckId = Annotated[int, Field(ge=1, lt=2**63)]
Typed = Annotated[str, StringConstraints(max_length=200)]


@dataclass
class WaitingRow:
    """A try in the list; the texts are in every language."""

    id: int
    name: str
    phone: str
    document: dict[str, str]
    number: str
    reason: dict[str, str]
    submitted_at: dict[str, str]
    unions: str


class IdentityReviewsState(Asking, rx.State):
    """实名人工核验."""

    rows: rx.Field[list[WaitingRow]] = rx.field(default_factory=list)
    count: rx.Field[int] = rx.field(0)
    is_loaded: rx.Field[bool] = rx.field(False)
    opened: rx.Field[int] = rx.field(0)
    problem: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problem_field: rx.Field[str] = rx.field("")

    @action(Permission.IDENTITIES_CONFIRM)
    async def load(self):
        """The tries that wait, the longest first."""
        self.opened = 0
        await self._show()

    @action(Permission.IDENTITIES_CONFIRM)
    async def show_more(self):
        """The next ones, below those on screen."""
        await self._show(after=self.rows[-1].id if self.rows else 0)

    @action(Permission.IDENTITIES_CONFIRM)
    async def open_check(self, check_id: CheckId):
        """核验: look at one of them."""
        self._forget_problem()
        self.opened = check_id if any(row.id == check_id for row in self.rows) else 0

    @action(Permission.IDENTITIES_CONFIRM)
    async def close_check(self, is_open: bool):
        """Leave it undecided."""
        if not is_open:
            self._forget_problem()
            self.opened = 0

    @action(Permission.IDENTITIES_CONFIRM)
    async def confirm(self, check_id: CheckId, document_number: Typed):
        """通过: the number as it stands on the document itself."""
        self._forget_problem()
        problem = await self._ask(confirm_check, check_id=check_id, document_number=document_number)
        if problem is None:
            await self._notify(msg("已确认，申请人的账号已实名。"))
        else:
            await self._notify(msg("没有通过：{reason}"), reason=PROBLEM_LABELS[problem])
        await self._show()

    @action(Permission.IDENTITIES_CONFIRM)
    async def reject(self, check_id: CheckId, remark: Typed):
        """驳回: with a reason that the applicant reads."""
        self._forget_problem()
        await self._ask(reject_check, check_id=check_id, remark=remark)
        await self._notify(msg("已驳回，申请人会看到原因并可重新提交。"))
        await self._show()

    async def _show(self, *, after: int = 0) -> None:
        found = await self._ask(waiting_checks, limit=PAGE_SIZE, after=after)
        kept = self.rows if after else []
        self.rows = [*kept, *(_row(check) for check in found)]
        self.count = await self._ask(count_waiting_checks)
        self.opened, self.is_loaded = 0, True

    def _forget_problem(self) -> None:
        self.problem, self.problem_field = {}, ""

    async def _refuse(self, refusal: Refusal):
        """What concerns a field is told beside it; the rest as everywhere."""
        if isinstance(refusal, InvalidInput) and refusal.field:
            self.problem, self.problem_field = in_every_language(refusal.message, **refusal.values), refusal.field
            return None
        return await super()._refuse(refusal)


def _row(check: WaitingCheck) -> WaitingRow:
    return WaitingRow(
        id=check.id,
        name=check.name,
        phone=check.phone,
        document=in_every_language(DocumentType(check.document_type).label),
        number=check.document_number,
        reason=in_every_language(PROBLEM_LABELS[CheckProblem(check.problem)]) if check.problem else {},
        submitted_at=short_moment(check.submitted_at),
        unions="、".join(check.unions) or "—",
    )
