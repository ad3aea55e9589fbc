"""会员导入 on screen: a workbook sent, its check looked at, and confirmed."""

from dataclasses import dataclass

import reflex as rx

from gdftu_app.errors import NotAllowed, NotFound, TooManyRequests
from gdftu_app.i18n import LANGUAGES, msg, render
from gdftu_app.models.jobs import JobKind, JobStatus
from gdftu_app.queries.jobs import RowProblem, get_job, list_jobs, list_problems
from gdftu_app.security.permissions import Permission
from gdftu_app.services.jobs import TooManyJobs, cancel
from gdftu_app.services.member_imports import admit_import, confirm_import
from gdftu_app.state.actions import account_action, action, unattended_account_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.dates import Texts
from gdftu_app.state.figures import whole
from gdftu_app.state.jobs import GOES_ON, JobRow, row_of
from gdftu_app.state.notices import in_every_language
from gdftu_app.workbooks.reading import LARGEST_WORKBOOK_BYTES, BadWorkbook, TooLarge

MAY_IMPORT = Permission.MEMBERS_IMPORT
COUNTED = ("new", "here", "elsewhere", "wrong")
# What the upload may be refused for, by the word it leaves in the address.
REFUSALS: dict[str, str] = {
    TooLarge.code: TooLarge.default,
    BadWorkbook.code: BadWorkbook.default,
    TooManyJobs.code: TooManyJobs.default,
    TooManyRequests.code: TooManyRequests.default,
    NotAllowed.code: NotAllowed.default,
    NotFound.code: NotFound.default,
    "no_file": msg("没有收到文件，请重新选择。"),
    "unavailable": msg("文件暂时不能保存，请稍后再试。"),
    "foreign_origin": msg("只能从本平台的页面上传。"),
}
_LIMITS = {TooLarge.code: LARGEST_WORKBOOK_BYTES // 1024**2, TooManyJobs.code: 5}


@dataclass
class WrongRow:
    """A row that cannot be taken: its number in the sheet, and in every language what to mend."""

    number: int
    reasons: Texts


def wrong_row(row: RowProblem) -> WrongRow:
    """A row's problems in words."""
    return WrongRow(
        row.number,
        {
            language: "；".join(
                f"{problem['column']}：{render(problem['message'], language, **problem['values'])}"
                for problem in row.problems
            )
            for language in LANGUAGES
        },
    )


NO_JOB = JobRow(0, "", {}, "", "", "", -1, {}, {}, {}, {}, False, False, False, True)


class MemberImportState(Asking, rx.State):
    """会员导入: the import that the address names, or the last one that is not over."""

    job: rx.Field[JobRow] = rx.field(default_factory=lambda: NO_JOB)
    counts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    wrong: rx.Field[list[WrongRow]] = rx.field(default_factory=list)
    stage: rx.Field[str] = rx.field("")
    goes_on: rx.Field[bool] = rx.field(False)
    may_offer: rx.Field[bool] = rx.field(False)
    offers: rx.Field[bool] = rx.field(False)
    holds_members: rx.Field[bool] = rx.field(True)
    refused: rx.Field[Texts] = rx.field(default_factory=dict)
    sent_to: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)

    @action(MAY_IMPORT)
    async def load(self):
        """Open the page as its address says."""
        asked = self.router.url.query_parameters
        word, number = asked.get("refused", ""), asked.get("job", "")
        union = await self.get_state(CurrentUnion)
        self.sent_to = f"/imports?union={union._acting_id}"
        self.holds_members = await self._ask(admit_import)
        self.refused = in_every_language(REFUSALS[word], limit=_LIMITS.get(word, 0)) if word in REFUSALS else {}
        self._clear()
        if number.isascii() and number.isdigit() and len(number) < 19:
            await self._show(int(number))
        elif not self.refused:
            mine = await self._ask_as_account(list_jobs, kind=JobKind.MEMBER_IMPORT, union_id=union._acting_id)
            open_one = next((job.id for job in mine if job.status in (*GOES_ON, JobStatus.WAITING)), 0)
            if open_one:
                await self._show(open_one)
        self.is_loaded = True

    @unattended_account_action
    async def look_again(self):
        """Every few seconds, by the page itself, while the import goes on."""
        if self.job.id:
            await self._show(self.job.id)

    @action(MAY_IMPORT)
    async def choose_offers(self, offers: bool):
        """Whether members of other unions are offered a transfer."""
        self.offers = offers

    @action(MAY_IMPORT)
    async def confirm(self):
        """确认导入."""
        await self._ask(confirm_import, job_id=self.job.id, offers=self.offers)
        await self._show(self.job.id)

    @account_action
    async def cancel(self):
        """取消导入."""
        await self._ask_as_account(cancel, job_id=self.job.id)
        await self._show(self.job.id)

    @action(MAY_IMPORT)
    async def begin_again(self):
        """导入另一个文件."""
        self._clear()
        self.refused = {}

    def _clear(self) -> None:
        self.job, self.counts, self.wrong, self.stage = NO_JOB, {}, [], ""
        self.goes_on = self.may_offer = self.offers = False

    async def _show(self, number: int) -> None:
        try:
            info = await self._ask_as_account(get_job, job_id=number)
        except NotFound:
            return
        row = row_of(info)
        if row == self.job:
            return
        if info.status not in GOES_ON and info.summary.get("wrong"):
            problems = await self._ask_as_account(list_problems, job_id=number)
            self.wrong = [wrong_row(problem) for problem in problems]
        self.counts = {key: whole(int(info.summary.get(key, 0))) for key in (*COUNTED, "admitted", "offered")}
        self.may_offer = info.status == JobStatus.WAITING and int(info.summary.get("elsewhere", 0)) > 0
        self.job, self.stage, self.goes_on = row, info.stage, info.status in GOES_ON
