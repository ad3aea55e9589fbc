"""Unions (工会): establishing, renaming and dissolving; moving a branch is in `union_moves`.

The verbs of the core, without a guard: guarded services decide who may call them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from gdftu_app.clock import day_of, today
from gdftu_app.db import dialect
from gdftu_app.errors import InvalidInput, NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.cells import cells_of_union
from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.tables import run
from gdftu_app.models.unions import (
    Employer,
    Union,
    UnionCategory,
    UnionEmployer,
    UnionLevel,
    UnionStatus,
)
from gdftu_app.services.figures import Change, record
from gdftu_app.services.initials import initials_of
from gdftu_app.services.tree_locks import seize_tree, share_tree
from gdftu_app.services.union_drafts import UnionDraft, require_sound, row_of, tidy_name
from gdftu_app.services.union_index import index_names, reindex


class UsccTaken(InvalidInput):
    """Another union that is not dissolved bears the code."""

    code = "uscc_taken"
    default = msg("该统一社会信用代码已被其他工会使用，请核对。")


class StillInUse(Refusal):
    """A union with members or subordinates cannot be dissolved: they are moved first, or the members retained."""

    code = "still_in_use"
    default = msg("该工会还有会员或下级工会，请先办理转移，再撤销。")


def establish(
    session: Session,
    *,
    superior: Union | None,
    name: str,
    category: UnionCategory,
    level: UnionLevel,
    **fields: Any,
) -> Union:
    """Establish a union (建会) directly below its superior; only a province has none.

    `fields` are the other fields of `UnionDraft`. Raises InvalidInput (`UsccTaken`, `SuperiorNotAllowed` among them)
    with the field that is wrong, and NotFound when the superior does not exist.
    """
    return establish_many(session, superior, [UnionDraft(name=name, category=category, level=level, **fields)])[0]


def establish_many(session: Session, superior: Union | None, drafts: Sequence[UnionDraft]) -> list[Union]:
    """Establish several unions directly below one superior, in the order given; refuses all of them or none."""
    share_tree(session)
    if superior is not None:
        superior = get_union(session, superior.id)
    for draft in drafts:
        require_sound(draft, superior)
    place: dict[str, Any] = {"superior_id": None, "superior_path": ""}
    if superior is not None:
        place = {
            "superior_id": superior.id,
            "superior_path": superior.path,
            "superior_industry": superior.industry,
        }
    unions = [
        Union(**row_of(draft, number, **place))
        for draft, number in zip(drafts, _new_ids(session, len(drafts)), strict=True)
    ]
    _write(session, unions)
    index_names(session, unions)
    run(session, insert(UnionFigures), [{"union_id": union.id} for union in unions])
    _write_employers(session, unions, drafts)
    if superior is not None and superior.id is not None:
        record(session, *_entered(superior.id, unions))
    return unions


def _entered(superior_id: int, unions: Sequence[Union]) -> list[Change]:
    by_day: defaultdict[date, list[Union]] = defaultdict(list)
    for union in unions:
        by_day[day_of(union.created_at)].append(union)
    return [
        Change(
            union_id=superior_id,
            day=day,
            unions=sum(union.status != UnionStatus.DISSOLVED for union in entered),
            registered=len(entered),
            cells=_cells(entered) or None,
        )
        for day, entered in by_day.items()
    ]


def _cells(unions: Sequence[Union]) -> Counter[str]:
    return Counter(
        cell
        for union in unions
        if union.status != UnionStatus.DISSOLVED
        for cell in cells_of_union(union.level, union.category, union.industry)
    )


def get_union(session: Session, union_id: int | None) -> Union:
    """The union as it is in the database now; raises NotFound."""
    session.flush()
    union = session.get(Union, union_id, populate_existing=True) if union_id else None
    if union is None:
        raise NotFound(msg("没有找到该工会。"))
    return union


def get_unions(session: Session, unions: Sequence[Union]) -> list[Union]:
    """The distinct unions among some as they are in the database now; raises NotFound when one is missing."""
    session.flush()
    ids = {union.id for union in unions}
    fresh = select(Union).where(col(Union.id).in_(ids)).execution_options(populate_existing=True)
    found = list(session.exec(fresh).all())
    if len(found) < len(ids):
        raise NotFound(msg("没有找到该工会。"))
    return found


def known_employers(session: Session, codes: Collection[str]) -> dict[str, Employer]:
    """The employers that are recorded already, by their codes."""
    known = session.exec(select(Employer).where(col(Employer.uscc).in_(codes)))
    return {employer.uscc: employer for employer in known}


def rename(session: Session, union: Union, name: str) -> None:
    """Give a union another name (更名); it is found by the new one from now on."""
    union.name = tidy_name(name)
    union.initials = initials_of(union.name)
    union.version += 1
    session.flush()
    reindex(session, union)


def dissolve(session: Session, union: Union) -> None:
    """Dissolve a union (撤销): its row stays, its code becomes free, it no longer counts as a subordinate.

    Raises StillInUse while it has members who count or subordinates that are not dissolved; the retained may stay.
    """
    seize_tree(session)
    union = get_union(session, union.id)
    if union.status == UnionStatus.DISSOLVED:
        raise NotFound(msg("该工会已撤销，请选择其他工会。"))
    subordinates = select(col(Union.id)).where(
        col(Union.superior_id) == union.id, col(Union.status) != UnionStatus.DISSOLVED
    )
    members = select(col(Membership.id)).where(
        col(Membership.union_id) == union.id, col(Membership.status) == MembershipStatus.CURRENT
    )
    if run(session, subordinates.limit(1)).first() or run(session, members.limit(1)).first():
        raise StillInUse
    counted = _cells([union])
    union.status = UnionStatus.DISSOLVED
    union.version += 1
    session.flush()
    if union.superior_id is not None:
        cells = {cell: -count for cell, count in counted.items()}
        record(session, Change(union_id=union.superior_id, day=today(), unions=-1, cells=cells))


def _new_ids(session: Session, count: int) -> list[int]:
    # A path holds its own union's id, so the id is needed before the row; SQLite's one writer may count on.
    if dialect(session) == "postgresql":
        numbers = text("SELECT nextval(pg_get_serial_sequence('unions', 'id')) FROM generate_series(1, :count)")
        return list(run(session, numbers, {"count": count}).scalars())
    last = run(session, select(func.coalesce(func.max(Union.id), 0))).scalar_one()
    return list(range(last + 1, last + 1 + count))


def _write(session: Session, unions: Sequence[Union]) -> None:
    try:
        with session.begin_nested():
            session.add_all(unions)
    except IntegrityError as reason:
        if "uscc" in str(reason.orig):
            raise UsccTaken(field="uscc") from reason
        raise


def _write_employers(session: Session, unions: Sequence[Union], drafts: Sequence[UnionDraft]) -> None:
    session.add_all(employer for draft in drafts for employer in draft.employers)
    session.flush()
    covered = [
        {"union_id": union.id, "employer_id": employer.id}
        for union, draft in zip(unions, drafts, strict=True)
        for employer in draft.employers
    ]
    if covered:
        run(session, insert(UnionEmployer), covered)
