"""Queues of requests (审核): what waits for the acting union, what it rejected and approved, and one request in full.

A queue is described by a `ReviewList`; everything here works for any of them (design §5).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, FromClause, and_, func, literal_column, or_, select
from sqlmodel import Session, col

from gdftu_app.clock import BEIJING, now
from gdftu_app.errors import NotFound
from gdftu_app.models.accounts import Account
from gdftu_app.models.files import StoredFile
from gdftu_app.models.reviews import Reviewed, ReviewStatus
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.security.actors import OPERATIONS, Actor, Operation
from gdftu_app.security.permissions import Permission

R = TypeVar("R", bound=Reviewed)
PAGE_SIZES = (20, 50, 100)
SOON_DAYS, LATE_DAYS = 3, 7

_ACCOUNTS = table_of(Account)
_APPLICANT, _CLOSER = _ACCOUNTS.alias("applicant"), _ACCOUNTS.alias("closer")


class ReviewTab(StrEnum):
    """待审核, 已通过, 驳回列表."""

    PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"


class Words(NamedTuple):
    """Something to show: a text as it stands, or, if `is_message`, a text to be translated."""

    text: str
    is_message: bool = False


@dataclass(frozen=True, slots=True)
class ReviewField:
    """A field of a request; with `before`, one that is to change.

    `note` is told beside it, and so is what is unusual about its value: `warnings` are messages with what fills them.
    `owner` tells fields of the same label apart: the name of what it is a field of.
    """

    label: str
    value: Words
    before: Words | None = None
    note: Words | None = None
    is_wide: bool = False
    warnings: tuple[tuple[str, Mapping[str, object]], ...] = ()
    owner: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether it reads otherwise afterwards."""
        return self.before is not None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document handed in with a request; `label` is a message."""

    key: str
    name: str
    content_type: str
    label: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A request in a list; `cells` fill the columns of its queue, each several words."""

    id: int
    title: str
    cells: tuple[tuple[Words, ...], ...]
    applicant: str
    is_own: bool
    submitted_at: datetime
    waiting_days: int
    closed_at: datetime | None
    closed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of a queue; `total` and `late` (waiting for the queue's `late_days` and more) count all that match."""

    rows: list[ReviewRow]
    total: int
    late: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ReviewDetails:
    """One request in full. `remarks` are what a reviewer has to know; `seen` says which state of the world it shows."""

    id: int
    status: str
    fields: list[ReviewField]
    unchanged: list[ReviewField] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    remarks: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    earlier: list[tuple[datetime, str]] = field(default_factory=list)
    seen: int = 0


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which requests: a part of what they are called, the days on which they were submitted (closed, in the lists of
    closed ones), both inclusive, and how many days they have waited at least."""

    keyword: str = ""
    first_day: date | None = None
    last_day: date | None = None
    waiting_days: int = 0


@dataclass(frozen=True)
class ReviewList(Generic[R]):
    """How a queue is listed.

    `title` names a request and is searched with `searched`; `source` is the table, or a join of it; `columns` are the
    heads (messages) of what `cells` makes of a row of `shown`, drawn as tags if it `has_tags`; `details` shows one
    request in full. With `is_of_people` a title is the name of whoever applies. A request that waits is marked from
    `soon_days` on, and as late from `late_days` on.
    """

    key: str
    model: type[R]
    permission: Permission
    title: ColumnElement[str]
    columns: tuple[str, ...]
    shown: tuple[ColumnElement[Any], ...]
    cells: Callable[[Any], tuple[tuple[Words, ...], ...]]
    details: Callable[[Session, Actor, R], ReviewDetails]
    searched: tuple[ColumnElement[str], ...] = ()
    source: FromClause | None = None
    has_tags: bool = False
    is_of_people: bool = False
    soon_days: int = SOON_DAYS
    late_days: int = LATE_DAYS

    def __post_init__(self) -> None:
        enter_operations(self.key, self.permission, review_page, review_details, queue=self)


def enter_operations(key: str, permission: Permission, *verbs: Callable[..., Any], **asked: Any) -> None:
    """Name what a queue lets do among the guarded operations, as `queries.reviews.registrations.review_page`."""
    for verb in verbs:
        OPERATIONS[f"{verb.__module__}.{key}.{verb.__name__}"] = Operation(permission, partial(verb, **asked))


def review_page(
    session: Session,
    actor: Actor,
    *,
    queue: ReviewList[R],
    tab: ReviewTab = ReviewTab.PENDING,
    wanted: ReviewFilter = ReviewFilter(),
    page: int = 1,
    page_size: int = PAGE_SIZES[0],
) -> ReviewPage:
    """A page of what the acting union has to decide, the longest waiting first, or decided, the latest first.

    Raises NotAllowed without the queue's permission.
    """
    actor.require(queue.permission)
    table = table_of(queue.model).c
    condition = _wanted(queue, actor, tab, wanted)
    # Two ranges of one index, and no row of it counted twice.
    long_ago = table.submitted_at <= now() - timedelta(days=queue.late_days)
    late, others = (
        _from(queue, wanted, select(func.count())).where(condition, is_so).scalar_subquery()
        for is_so in (long_ago, ~long_ago)
    )
    overdue, rest = run(session, select(late, others)).one()
    total = overdue + rest
    size = page_size if page_size in PAGE_SIZES else PAGE_SIZES[0]
    pages = max(1, -(-total // size))
    at = min(max(page, 1), pages)
    numbers = _from(queue, wanted, select(table.id)).where(condition)
    first = (at - 1) * size
    ids = _slice(session, numbers, tab, table, first, min(size, total - first), total)
    rows = {row.id: row for row in run(session, _rows(queue).where(table.id.in_(ids)))} if ids else {}
    moment = now()
    return ReviewPage([_row(queue, actor, rows[number], moment) for number in ids], total, overdue, at, pages)


def matching_ids(session: Session, actor: Actor, *, queue: ReviewList[R], wanted: ReviewFilter, most: int) -> list[int]:
    """The pending requests that match a filter, the longest waiting first, at most so many."""
    actor.require(queue.permission)
    table = table_of(queue.model).c
    condition = _wanted(queue, actor, ReviewTab.PENDING, wanted)
    numbers = _from(queue, wanted, select(table.id)).where(condition).order_by(table.submitted_at, table.id).limit(most)
    return list(run(session, numbers).scalars())


def review_details(session: Session, actor: Actor, *, queue: ReviewList[R], request_id: int) -> ReviewDetails:
    """A request in full, to the union that decides it; raises NotFound for any other."""
    actor.require(queue.permission)
    found = session.get(queue.model, request_id, populate_existing=True)
    if found is None or found.reviewing_union_id != actor.union_id or found.status == ReviewStatus.WITHDRAWN:
        raise NotFound
    return queue.details(session, actor, found)


def attachments_of(session: Session, labelled: Sequence[tuple[int | None, str]]) -> list[Attachment]:
    """The files of some ids, each with its label, in the order given."""
    ids = [number for number, _ in labelled if number is not None]
    files = table_of(StoredFile).c
    rows = run(session, select(files.id, files.key, files.name, files.content_type).where(files.id.in_(ids))).all()
    found = {row.id: row for row in rows}
    return [
        Attachment(found[number].key, found[number].name, found[number].content_type, label)
        for number, label in labelled
        if number in found
    ]


def _from(queue: ReviewList[R], wanted: ReviewFilter, columns: Rows) -> Rows:
    """Of the requests alone, unless words are searched for that may stand in what is joined to them."""
    joined = queue.source if wanted.keyword else None
    return columns.select_from(table_of(queue.model) if joined is None else joined)


def _slice(session: Session, numbers: Rows, tab: ReviewTab, table: Any, first: int, size: int, total: int) -> list[int]:
    """The ids of a page, found in the index alone and from whichever end is nearer."""
    order = (table.submitted_at, table.id) if tab is ReviewTab.PENDING else (table.closed_at.desc(), table.id.desc())
    from_the_end = total - first - size
    if first <= from_the_end:
        return list(run(session, numbers.order_by(*order).offset(first).limit(size)).scalars())
    turned = (table.submitted_at.desc(), table.id.desc()) if tab is ReviewTab.PENDING else (table.closed_at, table.id)
    return list(run(session, numbers.order_by(*turned).offset(from_the_end).limit(size)).scalars())[::-1]


def _of_tab(queue: ReviewList[R], actor: Actor, tab: ReviewTab) -> ColumnElement[bool]:
    table = table_of(queue.model).c
    # Written out, for the indexes of what is pending hold nothing else.
    status = table.status == tab.value if tab is not ReviewTab.PENDING else pending_of(queue.model)
    return and_(table.reviewing_union_id == actor.union_id, status)


def pending_of(model: type[Reviewed]) -> ColumnElement[bool]:
    """The condition that a request is pending, as the partial indexes spell it."""
    return table_of(model).c.status == literal_column("'pending'")


def _wanted(queue: ReviewList[R], actor: Actor, tab: ReviewTab, wanted: ReviewFilter) -> ColumnElement[bool]:
    table = table_of(queue.model).c
    moment = table.submitted_at if tab is ReviewTab.PENDING else table.closed_at
    conditions = [_of_tab(queue, actor, tab)]
    if wanted.keyword:
        searched = (queue.title, *queue.searched, *(() if tab is ReviewTab.PENDING else (table.reason,)))
        # Ten times as fast as comparing without case, which only Latin letters have.
        spellings = dict.fromkeys((wanted.keyword, wanted.keyword.upper(), wanted.keyword.lower()))
        conditions.append(or_(*(column.contains(each, autoescape=True) for column in searched for each in spellings)))
    if wanted.first_day:
        conditions.append(moment >= _begin(wanted.first_day))
    if wanted.last_day:
        conditions.append(moment < _begin(wanted.last_day + timedelta(days=1)))
    if wanted.waiting_days:
        conditions.append(table.submitted_at <= now() - timedelta(days=wanted.waiting_days))
    return and_(*conditions)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, BEIJING)


def _rows(queue: ReviewList[R]) -> Rows:
    table = table_of(queue.model).c
    source = table_of(queue.model) if queue.source is None else queue.source
    joined = source.join(_APPLICANT, _APPLICANT.c.id == table.submitted_by_id).outerjoin(
        _CLOSER, _CLOSER.c.id == table.closed_by_id
    )
    return select(
        table.id,
        queue.title.label("title"),
        _APPLICANT.c.name.label("applicant"),
        table.submitted_by_id,
        table.submitted_at,
        table.closed_at,
        _CLOSER.c.name.label("closer"),
        table.reason,
        *queue.shown,
    ).select_from(joined)


def _row(queue: ReviewList[R], actor: Actor, row: Any, moment: datetime) -> ReviewRow:
    return ReviewRow(
        id=row.id,
        title=row.title,
        cells=queue.cells(row),
        applicant=row.applicant,
        is_own=row.submitted_by_id == actor.account_id,
        submitted_at=row.submitted_at,
        waiting_days=(moment - row.submitted_at).days,
        closed_at=row.closed_at,
        closed_by=row.closer or "",
        reason=row.reason,
    )


def decided_by(session: Session, request: Reviewed) -> str:
    """The name of whoever closed a request."""
    closer = select(_ACCOUNTS.c.name).where(_ACCOUNTS.c.id == request.closed_by_id)
    return run(session, closer).scalar() or ""


def earlier_rejections(session: Session, model: type[R], condition: ColumnElement[bool]) -> list[tuple[datetime, str]]:
    """When, and why, the same was rejected before; the latest first, at most five."""
    table = table_of(model).c
    rejected = select(table.closed_at, table.reason).where(condition, table.status == ReviewStatus.REJECTED.value)
    return [(row.closed_at, row.reason) for row in run(session, rejected.order_by(col(model.id).desc()).limit(5))]
