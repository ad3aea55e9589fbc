"""History (变更记录) of a union: who changed what, when, from what to what; the latest first, in pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, text
from sqlmodel import Session

from gdftu_app.errors import NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.records import UNION_HISTORY, AuditEntry
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import STATUS_LABELS, Union, UnionStatus
from gdftu_app.queries.changed_fields import ChangedField, changed_fields, names_apart
from gdftu_app.queries.reviews import Words
from gdftu_app.queries.unions import reference_within
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

PAGE_SIZE = 20
VERB_LABELS: dict[str, str] = {
    "unions:establish": msg("上级建立"),
    "unions:register": msg("组织登记"),
    "unions:change": msg("信息变更"),
    "unions:move": msg("调整上级工会"),
    "unions:dissolve": msg("撤销工会"),
}
_SUPERIOR, _STATUS = msg("上级工会"), msg("状态")
_ENTRIES, _ACCOUNTS, _UNIONS = map(table_of, (AuditEntry, Account, Union))
_SHOWN = (
    select(
        *(_ENTRIES.c[name] for name in ("id", "at", "verb", "union_id", "detail")),
        _ACCOUNTS.c.name.label("account"),
        _UNIONS.c.name.label("acting"),
    )
    .select_from(
        _ENTRIES.outerjoin(_ACCOUNTS, _ACCOUNTS.c.id == _ENTRIES.c.account_id).outerjoin(
            _UNIONS, _UNIONS.c.id == _ENTRIES.c.union_id
        )
    )
    .where(
        _ENTRIES.c.subject == bindparam("subject"),
        _ENTRIES.c.id < bindparam("before"),
        # Word for word, for both databases find these entries in the index that says the same.
        text(UNION_HISTORY),
        _ENTRIES.c.verb.in_(VERB_LABELS),
    )
    .order_by(_ENTRIES.c.id.desc())
    .limit(PAGE_SIZE + 1)
)
_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to a union; `verb` is a message. `who` is empty for the platform itself.

    `acting` is the union that `who` acted for, empty when it was this one.
    """

    id: int
    at: datetime
    verb: str
    who: str
    acting: str
    changes: list[ChangedField]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some entries, the latest first; `before` asks for the next page, 0 when there is none."""

    entries: list[HistoryEntry]
    before: int


@requires(Permission.UNIONS_VIEW)
def own_history(session: Session, actor: Actor, *, before: int = 0) -> HistoryPage:
    """The history of the acting union."""
    return _page(session, actor.union_id, before)


@requires(Permission.SUBORDINATES_VIEW)
def union_history(session: Session, actor: Actor, *, union: int, before: int = 0) -> HistoryPage:
    """The history of a union within reach; raises NotFound."""
    if reference_within(session, actor, union) is None:
        raise NotFound
    return _page(session, union, before)


def _page(session: Session, union: int, before: int) -> HistoryPage:
    rows = run(session, _SHOWN, {"subject": f"unions:{union}", "before": before or _LATEST}).all()
    employers = names_apart(session, union) if rows else {}
    return HistoryPage(
        [_entry(row, union, employers) for row in rows[:PAGE_SIZE]],
        before=rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else 0,
    )


def _entry(row: Row[*tuple[Any, ...]], union: int, employers: Mapping[int, str]) -> HistoryEntry:
    changes = _changes(row.detail)
    return HistoryEntry(
        id=row.id,
        at=row.at,
        verb=VERB_LABELS[row.verb],
        who=row.account or "",
        acting=(row.acting or "") if row.union_id != union else "",
        changes=[*changed_fields(changes, employers), *map(_of_place, filter(_is_of_place, changes))],
    )


def _changes(detail: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The differences of an entry; a registration tells the name and the superior instead."""
    if "changes" in detail:
        return list(detail["changes"])
    return [{"field": name, "after": detail[name]} for name in ("name", "superior") if name in detail]


def _is_of_place(change: Mapping[str, Any]) -> bool:
    return change.get("field") in ("superior", "status")


def _of_place(change: Mapping[str, Any]) -> ChangedField:
    before, after = str(change.get("before", "")), str(change.get("after", ""))
    if change["field"] == "superior":
        return ChangedField(_SUPERIOR, "", Words(before or "—"), Words(after or "—"))
    return ChangedField(_STATUS, "", _status(before), _status(after))


def _status(word: str) -> Words:
    return Words(STATUS_LABELS[UnionStatus(word)], is_message=True) if word in list(UnionStatus) else Words("—")
