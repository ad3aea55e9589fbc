"""Deciding requests (审核): approving and rejecting, one or many, whatever the queue (design §5).

Only the reviewing union decides, only what is pending, and nobody their own. A batch is one transaction and answers per
request; whoever comes second is told who was first.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.reviews import Reviewed, ReviewStatus
from gdftu_app.models.tables import run, table_of
from gdftu_app.queries.reviews import ReviewFilter, ReviewList, decided_by, enter_operations, matching_ids
from gdftu_app.security.actors import Actor
from gdftu_app.services.audit import record_each
from gdftu_app.services.many_rows import change_rows, written_together
from gdftu_app.services.notifications import Told, notify_each
from gdftu_app.services.tree_locks import seize_tree, share_tree

R = TypeVar("R", bound=Reviewed)
MOST_AT_ONCE = 1_000
LONGEST_REASON = 200
OWN = msg("这是你自己提交的申请，请由其他管理员审核。")


class Verdict(StrEnum):
    """What became of one request in a batch."""

    APPROVED, REJECTED, HANDED_ON = "approved", "rejected", "handed_on"
    ALREADY_CLOSED, NOT_FOUND, REFUSED = "already_closed", "not_found", "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer for one request; `message` with `values` says why, where it was not decided now."""

    id: int
    title: str
    verdict: Verdict
    message: str = ""
    values: Mapping[str, object] | None = None

    @property
    def is_decided(self) -> bool:
        """Whether this call decided it."""
        return self.verdict in (Verdict.APPROVED, Verdict.REJECTED, Verdict.HANDED_ON)


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The answer to an approval that is not the last: the request goes on to another union, with columns to set.

    `kind` with `values` is what the applicant is told.
    """

    union_id: int
    columns: Mapping[str, Any]
    kind: NotificationKind
    values: Mapping[str, str]


Approvals = dict[int, Refusal | HandedOn | Mapping[str, Any]]
# What fills the words to the applicants, and what was read with the lock, by the request's id.
ToldOf: TypeAlias = Mapping[int, Mapping[str, str]]
ReadWith: TypeAlias = Mapping[int, Any]


@dataclass(frozen=True)
class ReviewQueue(Generic[R]):
    """A queue of requests: how it is listed, and what follows a decision.

    `on_approval(session, actor, requests, seen)` does what was asked for and answers per id with the columns it sets
    beside the decision, with the union that decides next (`HandedOn`), or with the Refusal that keeps a request
    pending; `seen` tells which state of the world the reviewer was shown, by id. `link` is where the applicant looks
    next; `reasons` are common grounds for rejection. `seizes_tree(session, actor, ids)` says whether an approval needs
    the tree for itself (see `tree_locks`). `told_of` names what the words to the applicants are filled with, by id, if
    that is not the title as `union`; `on_decision(session, requests, kind, told, read)` follows both decisions. Both
    are given the columns of `read_with`, which come with the lock.
    `finds_by_keys` says that an approval looks for rows by their keys only (`tree_locks.share_tree`), and that nothing
    that follows a decision reads what is `written_together`.
    """

    list: ReviewList[R]
    on_approval: Callable[[Session, Actor, Sequence[R], Mapping[int, int]], Approvals]
    subject_of: Callable[[R], int | None]
    approved: NotificationKind
    rejected: NotificationKind
    link: str
    reasons: tuple[str, ...]
    seizes_tree: Callable[[Session, Actor, Sequence[int]], bool] | None = None
    read_with: tuple[ColumnElement[Any], ...] = ()
    told_of: Callable[[Session, Sequence[R], ReadWith], ToldOf] | None = None
    on_decision: Callable[[Session, Sequence[R], NotificationKind, ToldOf, ReadWith], None] | None = None
    finds_by_keys: bool = False

    def __post_init__(self) -> None:
        verbs = (approve, reject, approve_matching, reject_matching)
        enter_operations(self.list.key, self.list.permission, *verbs, queue=self)


def approve(
    session: Session, actor: Actor, *, queue: ReviewQueue[R], ids: Sequence[int], seen: Mapping[int, int] | None = None
) -> list[Outcome]:
    """通过, 批量通过: approve the requests named; an answer for each, in the order given.

    Raises NotAllowed, and InvalidInput for more than `MOST_AT_ONCE`.
    """
    actor.require(queue.list.permission)
    if queue.seizes_tree and queue.seizes_tree(session, actor, ids):
        seize_tree(session)
    else:
        share_tree(session, keeping_plans=queue.finds_by_keys)
    taken, outcomes, read = _take(session, actor, queue, ids)
    with written_together(session) if queue.finds_by_keys else nullcontext():
        outcomes |= _approve(session, actor, queue, taken, read, seen or {})
    _forget(session, taken)
    return [outcomes[number] for number in dict.fromkeys(ids)]


def _approve(
    session: Session,
    actor: Actor,
    queue: ReviewQueue[R],
    taken: Mapping[int, R],
    read: ReadWith,
    seen: Mapping[int, int],
) -> dict[int, Outcome]:
    """Do what follows an approval, and decide what nothing kept from it."""
    answers = queue.on_approval(session, actor, list(taken.values()), seen) if taken else {}
    outcomes: dict[int, Outcome] = {}
    columns: dict[int, Mapping[str, Any]] = {}
    handed_on: dict[int, HandedOn] = {}
    for number, answer in answers.items():
        if isinstance(answer, Refusal):
            outcomes[number] = Outcome(number, read[number].title, Verdict.REFUSED, answer.message, answer.values)
        elif isinstance(answer, HandedOn):
            handed_on[number] = answer
            outcomes[number] = Outcome(number, read[number].title, Verdict.HANDED_ON)
        else:
            columns[number] = answer
            outcomes[number] = Outcome(number, read[number].title, Verdict.APPROVED)
    approved = {number: taken[number] for number in columns}
    _decide(session, actor, queue, approved, ReviewStatus.APPROVED, columns, read)
    _hand_on(session, actor, queue, taken, handed_on)
    return outcomes


def reject(session: Session, actor: Actor, *, queue: ReviewQueue[R], ids: Sequence[int], reason: str) -> list[Outcome]:
    """驳回, 批量驳回: with a reason that the applicants read. Raises NotAllowed, InvalidInput (field `reason`)."""
    actor.require(queue.list.permission)
    why = one_line(reason)
    if not why:
        raise InvalidInput(msg("请填写驳回原因，申请人会看到。"), field="reason")
    if len(why) > LONGEST_REASON:
        raise InvalidInput(msg("驳回原因不能超过 {limit} 个字。"), field="reason", limit=LONGEST_REASON)
    taken, outcomes, read = _take(session, actor, queue, ids)
    outcomes |= {number: Outcome(number, read[number].title, Verdict.REJECTED) for number in taken}
    columns = {number: {"reason": why} for number in taken}
    _decide(session, actor, queue, taken, ReviewStatus.REJECTED, columns, read)
    _forget(session, taken)
    return [outcomes[number] for number in dict.fromkeys(ids)]


def approve_matching(session: Session, actor: Actor, *, queue: ReviewQueue[R], wanted: ReviewFilter) -> list[Outcome]:
    """批量通过 of all that match the filter, the longest waiting first, at most `MOST_AT_ONCE`."""
    ids = matching_ids(session, actor, queue=queue.list, wanted=wanted, most=MOST_AT_ONCE)
    return approve(session, actor, queue=queue, ids=ids)


def reject_matching(
    session: Session, actor: Actor, *, queue: ReviewQueue[R], wanted: ReviewFilter, reason: str
) -> list[Outcome]:
    """批量驳回 of all that match the filter, the longest waiting first, at most `MOST_AT_ONCE`."""
    ids = matching_ids(session, actor, queue=queue.list, wanted=wanted, most=MOST_AT_ONCE)
    return reject(session, actor, queue=queue, ids=ids, reason=reason)


def withdraw(session: Session, request: Reviewed, *, account_id: int) -> bool:
    """撤回: close a pending request on the applicant's side; false when it was decided meanwhile."""
    table = table_of(type(request))
    closing = (
        update(table)
        .where(table.c.id == request.id, table.c.status == ReviewStatus.PENDING.value)
        .values(status=ReviewStatus.WITHDRAWN.value, closed_at=now(), closed_by_id=account_id)
        .returning(table.c.id)
    )
    is_withdrawn = run(session, closing).first() is not None
    session.expire(request)
    return is_withdrawn


def _take(
    session: Session, actor: Actor, queue: ReviewQueue[R], ids: Sequence[int]
) -> tuple[dict[int, R], dict[int, Outcome], ReadWith]:
    """Lock the requests named, in one order for everybody; those that may be decided, the answer for the others, and
    the `title` and what else is `read_with` both."""
    wanted = set(ids)
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidInput(msg("一次最多处理 {limit} 件，请分批操作。"), limit=MOST_AT_ONCE)
    asked = {"ids": sorted(wanted), "union": actor.union_id}
    read: dict[int, Any] = {
        row[0].id or 0: row for row in session.exec(_locking(queue.list, queue.read_with), params=asked)
    }
    outcomes: dict[int, Outcome] = {}
    taken: dict[int, R] = {}
    for number in wanted:
        request = read[number][0] if number in read else None
        if request is None or request.status == ReviewStatus.WITHDRAWN:
            outcomes[number] = Outcome(number, "", Verdict.NOT_FOUND, msg("没有找到这件申请，可能已撤回。"))
        elif request.status != ReviewStatus.PENDING:
            outcomes[number] = _already_closed(session, request, read[number].title)
        elif request.submitted_by_id == actor.account_id:
            outcomes[number] = Outcome(number, read[number].title, Verdict.REFUSED, OWN)
        else:
            taken[number] = request
    return {number: taken[number] for number in sorted(taken)}, outcomes, read


@cache
def _locking(queue: ReviewList[Any], read_with: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    model, table = queue.model, table_of(queue.model)
    return (
        select(model, queue.title.label("title"), *read_with)
        .select_from(table if queue.source is None else queue.source)
        .where(col(model.id).in_(bindparam("ids", expanding=True)), col(model.reviewing_union_id) == bindparam("union"))
        .order_by(col(model.id))
        .with_for_update(of=table)
        .execution_options(populate_existing=True)
    )


def _already_closed(session: Session, request: Reviewed, title: str) -> Outcome:
    text = msg("{name}已先通过。") if request.status == ReviewStatus.APPROVED else msg("{name}已先驳回。")
    name = {"name": decided_by(session, request)}
    return Outcome(request.id or 0, title, Verdict.ALREADY_CLOSED, text, name)


def _decide(
    session: Session,
    actor: Actor,
    queue: ReviewQueue[R],
    requests: Mapping[int, R],
    status: ReviewStatus,
    columns: Mapping[int, Mapping[str, Any]],
    read: ReadWith,
) -> None:
    """Close requests with the columns that their decision sets, write it down, and tell whoever sent them in."""
    if not requests:
        return
    kind = queue.approved if status is ReviewStatus.APPROVED else queue.rejected
    named: ToldOf = queue.told_of(session, list(requests.values()), read) if queue.told_of else {}
    why = {number: {"reason": columns[number]["reason"]} if "reason" in columns[number] else {} for number in requests}
    values = {number: {"union": read[number].title, **named.get(number, {}), **why[number]} for number in requests}
    told = [
        Told(request.submitted_by_id, values[number], queue.subject_of(request), queue.link)
        for number, request in requests.items()
    ]
    verb, table = "approve" if kind is queue.approved else "reject", table_of(queue.list.model).name
    with written_together(session):
        _close(session, actor, queue, status, columns)
        details = {f"{table}:{number}": values[number] for number in requests}
        record_each(session, f"{queue.list.key}:{verb}", actor=actor, details=details)
        notify_each(session, kind, told)
    if queue.on_decision:
        queue.on_decision(session, list(requests.values()), kind, named, read)


def _close(
    session: Session,
    actor: Actor,
    queue: ReviewQueue[R],
    status: ReviewStatus,
    columns: Mapping[int, Mapping[str, Any]],
) -> None:
    names = sorted({name for values in columns.values() for name in values})
    shared = {"status": status.value, "closed_at": now(), "closed_by_id": actor.account_id}
    # By name, so that a decision that lacks a column of the others fails: PostgreSQL would write NULL for it.
    rows = [{"id": number, **shared, **{name: values[name] for name in names}} for number, values in columns.items()]
    change_rows(session, table_of(queue.list.model), rows, status=ReviewStatus.PENDING.value)


def _hand_on(
    session: Session, actor: Actor, queue: ReviewQueue[R], requests: Mapping[int, R], answers: Mapping[int, HandedOn]
) -> None:
    table = table_of(queue.list.model)
    for number, answer in answers.items():
        going_on = update(table).where(table.c.id == number, table.c.status == ReviewStatus.PENDING.value)
        run(session, going_on.values(reviewing_union_id=answer.union_id, **answer.columns))
        notify_each(session, answer.kind, [Told(requests[number].submitted_by_id, answer.values, link=queue.link)])
    details = {f"{table.name}:{number}": {"to": answer.union_id} for number, answer in answers.items()}
    record_each(session, f"{queue.list.key}:hand_on", actor=actor, details=details)


def _forget(session: Session, requests: Mapping[int, Reviewed]) -> None:
    """They have been written to since they were read."""
    for request in requests.values():
        session.expire(request)
