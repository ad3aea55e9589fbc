"""A review queue on screen (审核): its rows, the one that is open, the ones ticked for a decision."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlencode

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.queries.reviews import (
    PAGE_SIZES,
    ReviewDetails,
    ReviewFilter,
    ReviewTab,
    review_details,
    review_page,
)
from gdftu_app.services.reviews import (
    MOST_AT_ONCE,
    Outcome,
    ReviewQueue,
    approve,
    approve_matching,
    reject,
    reject_matching,
)
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.bell import BellState
from gdftu_app.state.dates import Texts
from gdftu_app.state.documents import DocumentRow
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.review_rows import (
    FieldRow,
    RequestRow,
    Undecided,
    documents_of,
    earlier_of,
    field_of,
    remarks_of,
    row_of,
    undecided_of,
)

RequestId = Annotated[int, Field(ge=1, lt=2**63)]
Keyword = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]
Day = Annotated[str, StringConstraints(max_length=10, pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
Reason = Annotated[str, StringConstraints(max_length=400)]


class ReviewPage(Asking, rx.State, mixin=True):
    """What every queue does; the queue itself is the subclass's."""

    queue: ClassVar[ReviewQueue[Any]]

    tab: rx.Field[str] = rx.field(ReviewTab.PENDING.value)
    rows: rx.Field[list[RequestRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    pending: rx.Field[int] = rx.field(0)
    late: rx.Field[int] = rx.field(0)
    page: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    page_size: rx.Field[int] = rx.field(PAGE_SIZES[0])
    keyword: rx.Field[str] = rx.field("")
    first_day: rx.Field[str] = rx.field("")
    last_day: rx.Field[str] = rx.field("")
    waiting_days: rx.Field[str] = rx.field("")
    filter_round: rx.Field[int] = rx.field(0)
    ticked: rx.Field[list[int]] = rx.field(default_factory=list)
    are_all_ticked: rx.Field[bool] = rx.field(False)
    open_id: rx.Field[int] = rx.field(0)
    fields: rx.Field[list[FieldRow]] = rx.field(default_factory=list)
    changed: rx.Field[list[FieldRow]] = rx.field(default_factory=list)
    unchanged: rx.Field[list[FieldRow]] = rx.field(default_factory=list)
    shows_unchanged: rx.Field[bool] = rx.field(False)
    documents: rx.Field[list[DocumentRow]] = rx.field(default_factory=list)
    remarks: rx.Field[list[Texts]] = rx.field(default_factory=list)
    earlier: rx.Field[list[Texts]] = rx.field(default_factory=list)
    asked: rx.Field[str] = rx.field("")
    asked_id: rx.Field[int] = rx.field(0)
    asked_title: rx.Field[str] = rx.field("")
    asked_count: rx.Field[int] = rx.field(0)
    problem: rx.Field[Texts] = rx.field(default_factory=dict)
    undecided: rx.Field[list[Undecided]] = rx.field(default_factory=list)
    query: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    _seen: int = 0

    @action
    async def load(self):
        """Open the queue as the address says."""
        asked = self.router.url.query_parameters
        typed = self.keyword, self.first_day, self.last_day
        tab = asked.get("tab", "")
        self.tab = tab if tab in list(ReviewTab) else ReviewTab.PENDING.value
        self.keyword = asked.get("q", "").strip()[:60]
        waiting = asked.get("waiting", "")
        self.waiting_days = waiting if waiting in self._choices() else ""
        self.first_day, self.last_day = _iso(asked.get("from", "")), _iso(asked.get("to", ""))
        page = asked.get("page", "")
        self.page = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 8 else 1
        if typed != (self.keyword, self.first_day, self.last_day):
            self.filter_round += 1
        self.undecided = []
        await self._show()

    @action
    async def show_tab(self, tab: Literal["pending", "approved", "rejected"]):
        """待审核, 已通过, 驳回列表."""
        self.tab, self.page, self.waiting_days = tab, 1, ""
        await self._show()

    @action
    async def search(self, keyword: Keyword):
        """Those whose name holds the keyword."""
        if keyword != self.keyword:
            self.keyword, self.page = keyword, 1
            await self._show()

    @action
    async def filter_by_waiting(self, days: Literal["all", "3", "7", "14", "21"]):
        """等待时间: so many days and more."""
        self.waiting_days, self.page = days if days in self._choices() else "", 1
        await self._show()

    @action
    async def filter_from(self, first: Day):
        """From a day on, inclusive."""
        self.first_day, self.page = _iso(first), 1
        await self._show()

    @action
    async def filter_until(self, last: Day):
        """Up to a day, inclusive."""
        self.last_day, self.page = _iso(last), 1
        await self._show()

    @action
    async def clear_filters(self):
        """清除筛选."""
        self.keyword, self.first_day, self.last_day, self.waiting_days, self.page = "", "", "", "", 1
        self.filter_round += 1
        await self._show()

    @action
    async def turn_to(self, page: Annotated[int, Field(ge=1, le=1_000_000)]):
        """Another page."""
        self.page = page
        await self._show()

    @action
    async def choose_page_size(self, size: Literal["20", "50", "100"]):
        """Rows per page."""
        self.page_size, self.page = int(size), 1
        await self._show()

    @action
    async def toggle_row(self, request_id: RequestId):
        """「+」: show what was submitted, or close it again."""
        if self.open_id == request_id:
            self._fold()
            return
        self._open(await self._ask(review_details, queue=self.queue.list, request_id=request_id))

    @action
    async def show_unchanged(self):
        """显示未变更的各项."""
        self.shows_unchanged = not self.shows_unchanged

    @action
    async def tick(self, request_id: RequestId):
        """Tick a row for a decision, or take the tick away."""
        self.are_all_ticked = False
        if request_id in self.ticked:
            self.ticked = [number for number in self.ticked if number != request_id]
        elif any(row.id == request_id for row in self.rows):
            self.ticked = [*self.ticked, request_id]

    @action
    async def tick_page(self):
        """All rows on screen, or none."""
        own = [row.id for row in self.rows if not row.is_own]
        self.are_all_ticked = False
        self.ticked = [] if len(self.ticked) == len(own) else own

    @action
    async def tick_all(self):
        """全部符合条件的: not only those on screen."""
        self.are_all_ticked = True

    @action
    async def untick(self):
        """取消选择."""
        self.ticked, self.are_all_ticked = [], False

    @action
    async def approve_one(self, request_id: RequestId):
        """通过."""
        seen = {request_id: self._seen} if self.open_id == request_id else {}
        await self._tell(await self._ask(approve, queue=self.queue, ids=[request_id], seen=seen))

    @action
    async def ask_approval(self):
        """批量通过: say how many before it happens."""
        self._ask_about("approve", 0)

    @action
    async def ask_rejection(self, request_id: Annotated[int, Field(ge=0, lt=2**63)]):
        """驳回, or with 0 批量驳回: ask for the reason."""
        self._ask_about("reject", request_id)

    @action
    async def forget_problem(self):
        """Another reason was chosen: what was wrong with the one before is over."""
        self.problem = {}

    @action
    async def close_dialog(self, is_open: bool):
        """取消."""
        if not is_open:
            self.asked, self.problem = "", {}

    @action
    async def approve_ticked(self):
        """批量通过."""
        if self.are_all_ticked:
            outcomes = await self._ask(approve_matching, queue=self.queue, wanted=self._wanted())
        else:
            outcomes = await self._ask(approve, queue=self.queue, ids=list(self.ticked))
        await self._tell(outcomes)

    @action
    async def reject_asked(self, reason: Reason):
        """驳回, 批量驳回: with the reason that the applicants read."""
        if self.asked_id:
            outcomes = await self._ask(reject, queue=self.queue, ids=[self.asked_id], reason=reason)
        elif self.are_all_ticked:
            outcomes = await self._ask(reject_matching, queue=self.queue, wanted=self._wanted(), reason=reason)
        else:
            outcomes = await self._ask(reject, queue=self.queue, ids=list(self.ticked), reason=reason)
        await self._tell(outcomes)

    @action
    async def close_undecided(self):
        """The list of what was not decided was read."""
        self.undecided = []

    async def _refuse(self, refusal: Refusal):
        """What is wrong with a reason is told beside it."""
        if isinstance(refusal, InvalidInput) and refusal.field == "reason":
            self.problem = in_every_language(refusal.message, **refusal.values)
            return None
        return await super()._refuse(refusal)

    def _ask_about(self, what: str, request_id: int) -> None:
        self.asked, self.asked_id, self.problem = what, request_id, {}
        titles = {row.id: row.title for row in self.rows}
        chosen = request_id or (self.ticked[0] if len(self.ticked) == 1 and not self.are_all_ticked else 0)
        self.asked_title = titles.get(chosen, "")
        everything = min(self.total, MOST_AT_ONCE)
        self.asked_count = 1 if request_id else everything if self.are_all_ticked else len(self.ticked)

    async def _tell(self, outcomes: list[Outcome]) -> None:
        decided = [outcome for outcome in outcomes if outcome.is_decided]
        is_rejection = self.asked == "reject"
        if decided:
            text = msg("已驳回 {count} 件，申请人会看到原因。") if is_rejection else msg("已通过 {count} 件。")
            await self._notify(text, count=len(decided))
        self.undecided = undecided_of(outcomes)
        self.asked, self.problem = "", {}
        await self._show()
        bell = await self.get_state(BellState)
        await bell._look()

    async def _show(self) -> None:
        tab = ReviewTab(self.tab)
        shown = await self._ask(
            review_page,
            queue=self.queue.list,
            tab=tab,
            wanted=self._wanted(),
            page=self.page,
            page_size=self.page_size,
        )
        self.rows = [row_of(row, self.queue.list) for row in shown.rows]
        self.total, self.page, self.pages = shown.total, shown.page, shown.pages
        if tab is ReviewTab.PENDING:
            self.pending, self.late = shown.total, shown.late
        self.ticked, self.are_all_ticked = [], False
        self._fold()
        self._write_address()
        self.is_loaded = True

    def _choices(self) -> tuple[str, str]:
        return str(self.queue.list.soon_days), str(self.queue.list.late_days)

    def _wanted(self) -> ReviewFilter:
        return ReviewFilter(
            keyword=self.keyword,
            first_day=date.fromisoformat(self.first_day) if self.first_day else None,
            last_day=date.fromisoformat(self.last_day) if self.last_day else None,
            waiting_days=int(self.waiting_days or 0),
        )

    def _fold(self) -> None:
        self.open_id, self.shows_unchanged = 0, False
        self.fields, self.changed, self.unchanged = [], [], []
        self.documents, self.remarks, self.earlier = [], [], []

    def _open(self, details: ReviewDetails) -> None:
        self.open_id, self._seen, self.shows_unchanged = details.id, details.seen, False
        self.fields = [field_of(field) for field in details.fields if not field.is_changed]
        self.changed = [field_of(field) for field in details.fields if field.is_changed]
        self.unchanged = [field_of(field) for field in details.unchanged]
        self.documents = documents_of(details)
        self.remarks, self.earlier = remarks_of(details), earlier_of(details)

    def _write_address(self) -> None:
        asked = {
            "tab": "" if self.tab == ReviewTab.PENDING else self.tab,
            "q": self.keyword,
            "waiting": self.waiting_days,
            "from": self.first_day,
            "to": self.last_day,
            "page": self.page if self.page > 1 else "",
        }
        self.query = urlencode({name: value for name, value in asked.items() if value})


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
