"""工会变更申请 as the union itself sees it: what was asked for last and where it stands, and the form (手册 五)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session
from sqlmodel import select as select_rows

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.files import StoredFile
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.union_fields import EMPLOYER_PREFIX
from gdftu_app.models.unions import BELOW_BASE, Union
from gdftu_app.queries.change_checks import categories_of
from gdftu_app.queries.changed_fields import ChangedField, changed_fields, names_apart
from gdftu_app.queries.employer_coverage import COVERING, employers_in, require_known_key
from gdftu_app.queries.reviews import Attachment
from gdftu_app.queries.union_values import values_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

_REQUESTS, _UNIONS, _ACCOUNTS, _FILES = map(table_of, (ChangeRequest, Union, Account, StoredFile))
_SUBMITTER, _CLOSER = _ACCOUNTS.alias("submitter"), _ACCOUNTS.alias("closer")


@dataclass(frozen=True, slots=True)
class OwnChange:
    """The last change the acting union asked for; `reviewer` is the union that decides, itself for the province."""

    id: int
    status: str
    reviewer: str
    is_own_review: bool
    submitted_by: str
    submitted_at: datetime
    closed_by: str
    closed_at: datetime | None
    reason: str
    purpose: str
    fields: list[ChangedField]
    documents: list[Attachment]


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What the form of a change is filled with.

    `present` are the live values by key, `asked` those of a rejected request that is taken up; phones are masked in
    both. `employers` names the employers by their ids; where the union `may_cover` others, they may be added and taken
    off. `categories` are those that may be chosen, none when the category is fixed. `documents` of the rejected request
    may be handed in again.
    """

    present: dict[str, str]
    employers: dict[int, str]
    categories: list[str]
    is_above_base: bool
    has_code: bool
    may_cover: bool = False
    asked: dict[str, str] = field(default_factory=dict[str, str])
    purpose: str = ""
    documents: list[Attachment] = field(default_factory=list[Attachment])


@requires(Permission.UNIONS_VIEW)
def last_change(session: Session, actor: Actor) -> OwnChange | None:
    """What the acting union asked for last, whatever became of it; None when it never asked for a change."""
    reviewer = _UNIONS.alias("reviewer")
    found = (
        select(
            _REQUESTS,
            reviewer.c.name.label("reviewer"),
            _SUBMITTER.c.name.label("submitter"),
            _CLOSER.c.name.label("closer"),
        )
        .join_from(_REQUESTS, reviewer, reviewer.c.id == _REQUESTS.c.reviewing_union_id)
        .join(_SUBMITTER, _SUBMITTER.c.id == _REQUESTS.c.submitted_by_id)
        .outerjoin(_CLOSER, _CLOSER.c.id == _REQUESTS.c.closed_by_id)
        .where(_REQUESTS.c.union_id == actor.union_id)
        .order_by(_REQUESTS.c.id.desc())
        .limit(1)
    )
    row = run(session, found).first()
    if row is None:
        return None
    return OwnChange(
        id=row.id,
        status=row.status,
        reviewer=row.reviewer,
        is_own_review=row.reviewing_union_id == actor.union_id,
        submitted_by=row.submitter,
        submitted_at=row.submitted_at,
        closed_by=row.closer or "",
        closed_at=row.closed_at,
        reason=row.reason,
        purpose=row.purpose,
        fields=changed_fields(row.changes, names_apart(session, actor.union_id)),
        # Whoever only looks on may not open them.
        documents=documents_of(session, row.id) if actor.may(Permission.UNIONS_EDIT) else [],
    )


@requires(Permission.UNIONS_EDIT)
def change_form(session: Session, actor: Actor, *, again: int = 0) -> ChangeForm:
    """The form of a change, filled with what a rejected one asked for if `again` is its id; raises NotFound."""
    union = session.get_one(Union, actor.union_id, populate_existing=True)
    earlier = rejected_change(session, actor.union_id, again) if again else None
    present = values_of(session, union)
    return ChangeForm(
        present=present,
        employers={number: present[f"{EMPLOYER_PREFIX}{number}.name"] for number in employers_in(present)},
        categories=[category.value for category in categories_of(union)],
        is_above_base=union.is_above_base,
        has_code=union.category not in BELOW_BASE,
        may_cover=union.category in COVERING,
        asked=_asked(earlier, union, present) if earlier else {},
        purpose=earlier.purpose if earlier else "",
        documents=documents_of(session, again) if again else [],
    )


def rejected_change(session: Session, union_id: int, request_id: int) -> ChangeRequest:
    """A rejected request of a union; raises NotFound for anything else."""
    rejected = select_rows(ChangeRequest).where(
        ChangeRequest.id == request_id,
        ChangeRequest.union_id == union_id,
        ChangeRequest.status == ReviewStatus.REJECTED,
    )
    found = session.exec(rejected).first()
    if found is None:
        raise NotFound
    return found


def pending_change_of(session: Session, union_id: int) -> ChangeRequest | None:
    """The change request of a union that waits, if there is one."""
    pending = select_rows(ChangeRequest).where(
        ChangeRequest.union_id == union_id, ChangeRequest.status == ReviewStatus.PENDING
    )
    return session.exec(pending.execution_options(populate_existing=True)).first()


def _asked(request: ChangeRequest, union: Union, present: Mapping[str, str]) -> dict[str, str]:
    """What a request asked for, as far as the form still has it."""
    asked: dict[str, str] = {}
    for change in request.changes:
        with suppress(InvalidInput):
            require_known_key(union, present, change["field"])
            asked[change["field"]] = change["after"]
    return asked


def documents_of(session: Session, request_id: int) -> list[Attachment]:
    """What was handed in with a change request, in that order."""
    columns = (_FILES.c[name] for name in ("key", "name", "content_type"))
    handed_in = select(*columns).where(_FILES.c.subject == f"change_requests:{request_id}").order_by(_FILES.c.id)
    return [Attachment(row.key, row.name, row.content_type, msg("变更材料")) for row in run(session, handed_in)]
