"""Moving a branch (上级工会变更): paths, areas and figures change place in one transaction, and the past stays."""

from sqlalchemy import RowMapping, select, update
from sqlmodel import Session, SQLModel, col

from gdftu_app.clock import today
from gdftu_app.i18n import msg
from gdftu_app.models.carried_days import BranchMove
from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.memberships import Membership
from gdftu_app.models.paths import ids_of, path_below, rebased
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.queries.areas import areas_of
from gdftu_app.queries.pending_figures import COUNTED
from gdftu_app.security.actors import within
from gdftu_app.services.carried_days import keep_past
from gdftu_app.services.composition_shifts import shift_compositions
from gdftu_app.services.figures import fold_branch
from gdftu_app.services.tree_locks import seize_tree
from gdftu_app.services.union_index import reindex_branch
from gdftu_app.services.union_rules import SuperiorNotAllowed, require_superior
from gdftu_app.services.unions import get_union


def move(session: Session, union: Union, new_superior: Union) -> None:
    """Put a union, with everything below it, below another superior.

    Everybody who writes into branches waits meanwhile; readers do not. Totals of the superiors left and entered follow
    in the same transaction; their days change today and keep their past (decision 0033). Unions held by the session are
    read again when next used.
    Raises SuperiorNotAllowed: the new superior is the union itself or below it, or its present one, or not fit.
    """
    seize_tree(session)
    union, superior = get_union(session, union.id), get_union(session, new_superior.id)
    _require_movable(union, superior)
    fold_branch(session, within(Union, union.path))
    before = ids_of(union.path)[:-1]
    after = ids_of(superior.path)
    left, entered = _apart(before, after), _apart(after, before)
    totals = _totals_of(session, union)
    for ids, sign in ((left, -1), (entered, 1)):
        _shift_totals(session, union, totals, ids, sign)
    day, counting = today(), {name: totals[f"{name}_sub"] for name in ("members", "verified")}
    keep_past(session, union, day, left=left, entered=entered, **counting)
    shift_compositions(session, union, superior, left=left, entered=entered)
    _shift_direct(session, union, before[-1], after[-1])
    number = ids_of(union.path)[-1]
    old, new = union.path, path_below(superior.path, number)
    session.add(BranchMove(union_id=number, day=day, before=old.removesuffix(f"{number}/"), after=superior.path))
    _rewrite(session, union, superior, old=old, new=new)
    _rewrite_areas(session, old=old, new=new)
    reindex_branch(session, union)


def _require_movable(union: Union, superior: Union) -> None:
    if union.superior_id is None:
        raise SuperiorNotAllowed(msg("省总工会没有上级工会，不能移动。"), field="superior_id")
    if superior.path.startswith(union.path):
        raise SuperiorNotAllowed(msg("不能把工会移动到它自己或它的下级工会之下。"), field="superior_id")
    if union.superior_id == superior.id:
        raise SuperiorNotAllowed(msg("所选工会已是当前的上级工会，请选择其他工会。"), field="superior_id")
    require_superior(UnionCategory(union.category), UnionLevel(union.level), superior)


def _apart(ids: list[int], others: list[int]) -> list[int]:
    return [number for number in ids if number not in others]


def _totals_of(session: Session, union: Union) -> RowMapping:
    totals = table_of(UnionFigures)
    return run(session, select(totals).where(totals.c.union_id == union.id)).mappings().one()


def _shift_totals(session: Session, union: Union, moved: RowMapping, ids: list[int], sign: int) -> None:
    if not ids:
        return
    totals = table_of(UnionFigures)
    changes = {f"{name}_sub": moved[f"{name}_sub"] for name in COUNTED}
    changes["unions_sub"] = moved["unions_sub"] + _counts(union)
    run(
        session,
        update(totals)
        .where(totals.c.union_id.in_(ids))
        .values({name: totals.c[name] + sign * change for name, change in changes.items()}),
    )


def _shift_direct(session: Session, union: Union, left: int, entered: int) -> None:
    totals = table_of(UnionFigures)
    for union_id, change in ((left, -_counts(union)), (entered, _counts(union))):
        run(
            session,
            update(totals).where(totals.c.union_id == union_id).values(unions_direct=totals.c.unions_direct + change),
        )


def _counts(union: Union) -> int:
    return 0 if union.status == UnionStatus.DISSOLVED else 1


def _rewrite(session: Session, union: Union, superior: Union, *, old: str, new: str) -> None:
    unions = table_of(Union)
    run(session, update(unions).where(within(Union, old)).values(path=rebased(col(Union.path), old=old, new=new)))
    run(
        session,
        update(unions).where(unions.c.id == union.id).values(superior_id=superior.id, version=unions.c.version + 1),
    )
    _expire(session, Union)


def _rewrite_areas(session: Session, *, old: str, new: str) -> None:
    """The memberships of a branch that stands within another area now; a union that is an area takes its own along."""
    areas, members = areas_of(session, [old, new]), table_of(Membership)
    if areas[old] == areas[new]:
        return
    moved = select(col(Union.id)).where(within(Union, new))
    run(
        session,
        update(members)
        .where(members.c.union_id.in_(moved), members.c.area_id == areas[old])
        .values(area_id=areas[new]),
    )
    _expire(session, Membership)


def _expire(session: Session, model: type[SQLModel]) -> None:
    for held in session.identity_map.values():
        if isinstance(held, model):
            session.expire(held)
