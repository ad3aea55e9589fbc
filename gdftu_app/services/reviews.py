"""Deciding requests (审核): approving and rejecting, one or many, whatever the queue (design §5).

Only the reviewing union decides, only what is pending, and nobody their own. A batch is one transaction and answers per
request; whoever comes second is told who was first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

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
from gdftu_app.services.notifications import Told, notify_each
from gdftu_app.services.tree_locks import share_tree

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


@dataclass(frozen=True)
class ReviewQueue(Generic[R]):
    """A queue of requests: how it is listed, and what follows a decision.

    `on_approval(session, actor, requests, seen)` does what was asked for and answers per id with the columns it sets
    beside the decision, with the union that decides next (`HandedOn`), or with the Refusal that keeps a request
    pending; `seen` tells which state of the world the reviewer was shown, by id. `link` is where the applicant looks
    next; `reasons` are common grounds for rejection. `told_of` names what the words to the applicants are filled with,
    by id, if that is not the title as `union`; `on_decision(session, requests, kind)` follows both decisions.
    """

    list: ReviewList[R]
    on_approval: Callable[[Session, Actor, Sequence[R], Mapping[int, int]], Approvals]
    titles_of: Callable[[Session, Sequence[R]], dict[int, str]]
    subject_of: Callable[[R], int | None]
    approved: NotificationKind
    rejected: NotificationKind
    link: str
    reasons: tuple[str, ...]
    told_of: Callable[[Session, Sequence[R]], Mapping[int, Mapping[str, str]]] | None = None
    on_decision: Callable[[Session, Sequence[R], NotificationKind], None] | None = None

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
    share_tree(session)
    taken, outcomes = _take(session, actor, queue, ids)
    titles = queue.titles_of(session, list(taken.values()))
    answers = queue.on_approval(session, actor, list(taken.values()), seen or {}) if taken else {}
    columns: dict[int, Mapping[str, Any]] = {}
    handed_on: dict[int, HandedOn] = {}
    for number, answer in answers.items():
        if isinstance(answer, Refusal):
            outcomes[number] = Outcome(number, titles[number], Verdict.REFUSED, answer.message, answer.values)
        elif isinstance(answer, HandedOn):
            handed_on[number] = answer
            outcomes[number] = Outcome(number, titles[number], Verdict.HANDED_ON)
        else:
            columns[number] = answer
            outcomes[number] = Outcome(number, titles[number], Verdict.APPROVED)
    _close(session, actor, queue, {number: taken[number] for number in columns}, ReviewStatus.APPROVED, columns)
    _tell(session, actor, queue, {number: taken[number] for number in columns}, titles, queue.approved, "")
    _hand_on(session, actor, queue, taken, handed_on)
    return [outcomes[number] for number in dict.fromkeys(ids)]


def reject(session: Session, actor: Actor, *, queue: ReviewQueue[R], ids: Sequence[int], reason: str) -> list[Outcome]:
    """驳回, 批量驳回: with a reason that the applicants read. Raises NotAllowed, InvalidInput (field `reason`)."""
    actor.require(queue.list.permission)
    why = one_line(reason)
    if not why:
        raise InvalidInput(msg("请填写驳回原因，申请人会看到。"), field="reason")
    if len(why) > LONGEST_REASON:
        raise InvalidInput(msg("驳回原因不能超过 {limit} 个字。"), field="reason", limit=LONGEST_REASON)
    taken, outcomes = _take(session, actor, queue, ids)
    titles = queue.titles_of(session, list(taken.values()))
    outcomes |= {number: Outcome(number, titles[number], Verdict.REJECTED) for number in taken}
    _close(session, actor, queue, taken, ReviewStatus.REJECTED, {number: {"reason": why} for number in taken})
    _tell(session, actor, queue, taken, titles, queue.rejected, why)
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
) -> tuple[dict[int, R], dict[int, Outcome]]:
    """Lock the requests named, in one order for everybody; those that may be decided, and the answer for the others."""
    wanted = set(ids)
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidInput(msg("一次最多处理 {limit} 件，请分批操作。"), limit=MOST_AT_ONCE)
    model = queue.list.model
    locked = (
        select(model)
        .where(col(model.id).in_(sorted(wanted)), col(model.reviewing_union_id) == actor.union_id)
        .order_by(col(model.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {request.id or 0: request for request in session.exec(locked)}
    titles = queue.titles_of(session, list(found.values()))
    outcomes: dict[int, Outcome] = {}
    taken: dict[int, R] = {}
    for number in wanted:
        request = found.get(number)
        if request is None or request.status == ReviewStatus.WITHDRAWN:
            outcomes[number] = Outcome(number, "", Verdict.NOT_FOUND, msg("没有找到这件申请，可能已撤回。"))
        elif request.status != ReviewStatus.PENDING:
            outcomes[number] = _already_closed(session, request, titles[number])
        elif request.submitted_by_id == actor.account_id:
            outcomes[number] = Outcome(number, titles[number], Verdict.REFUSED, OWN)
        else:
            taken[number] = request
    return {number: taken[number] for number in sorted(taken)}, outcomes


def _already_closed(session: Session, request: Reviewed, title: str) -> Outcome:
    text = msg("{name}已先通过。") if request.status == ReviewStatus.APPROVED else msg("{name}已先驳回。")
    name = {"name": decided_by(session, request)}
    return Outcome(request.id or 0, title, Verdict.ALREADY_CLOSED, text, name)


def _close(
    session: Session,
    actor: Actor,
    queue: ReviewQueue[R],
    requests: Mapping[int, R],
    status: ReviewStatus,
    columns: Mapping[int, Mapping[str, Any]],
) -> None:
    if not requests:
        return
    table = table_of(queue.list.model)
    names = sorted({name for values in columns.values() for name in values})
    closing = (
        update(table)
        .where(table.c.id == bindparam("request"), table.c.status == ReviewStatus.PENDING.value)
        .values(
            status=status.value,
            closed_at=now(),
            closed_by_id=actor.account_id,
            **{name: bindparam(f"new_{name}") for name in names},
        )
    )
    asked = [{"request": number, **{f"new_{name}": columns[number][name] for name in names}} for number in requests]
    run(session, closing, asked)


def _hand_on(
    session: Session, actor: Actor, queue: ReviewQueue[R], requests: Mapping[int, R], answers: Mapping[int, HandedOn]
) -> None:
    table = table_of(queue.list.model)
    for number, answer in answers.items():
        going_on = update(table).where(table.c.id == number, table.c.status == ReviewStatus.PENDING.value)
        run(session, going_on.values(reviewing_union_id=answer.union_id, **answer.columns))
        notify_each(session, answer.kind, [Told(requests[number].submitted_by_id, answer.values, link=queue.link)])
        session.expire(requests[number])
    details = {f"{table.name}:{number}": {"to": answer.union_id} for number, answer in answers.items()}
    record_each(session, f"{queue.list.key}:hand_on", actor=actor, details=details)


def _tell(
    session: Session,
    actor: Actor,
    queue: ReviewQueue[R],
    requests: Mapping[int, R],
    titles: Mapping[int, str],
    kind: NotificationKind,
    reason: str,
) -> None:
    verb = "reject" if kind is queue.rejected else "approve"
    table = table_of(queue.list.model).name
    named: Mapping[int, Mapping[str, str]] = {}
    if queue.told_of:
        named = queue.told_of(session, list(requests.values()))
    told_why = {"reason": reason} if reason else {}
    values = {number: {"union": titles[number], **named.get(number, {}), **told_why} for number in requests}
    details = {f"{table}:{number}": values[number] for number in requests}
    record_each(session, f"{queue.list.key}:{verb}", actor=actor, details=details)
    told = [
        Told(request.submitted_by_id, values[number], queue.subject_of(request), queue.link)
        for number, request in requests.items()
    ]
    notify_each(session, kind, told)
    if queue.on_decision and requests:
        queue.on_decision(session, list(requests.values()), kind)
    for request in requests.values():
        session.expire(request)
