"""Moving a branch (上级工会变更): paths, areas, figures and daily history change place in one transaction."""

from sqlalchemy import literal, select, update
from sqlmodel import Session, SQLModel, col

from gdftu_app.db import dialect
from gdftu_app.i18n import msg
from gdftu_app.models.figures import DailyFigures, UnionFigures
from gdftu_app.models.memberships import Membership
from gdftu_app.models.paths import ids_listed, ids_of, path_below, rebased
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.queries.areas import areas_of
from gdftu_app.queries.pending_figures import COUNTED, DAILY
from gdftu_app.security.actors import within
from gdftu_app.services.figure_recounts import movements_within, registrations_of
from gdftu_app.services.figure_writes import adding_to_days
from gdftu_app.services.figures import fold_branch
from gdftu_app.services.tree_locks import seize_tree
from gdftu_app.services.union_index import reindex_branch
from gdftu_app.services.union_rules import SuperiorNotAllowed, require_superior
from gdftu_app.services.unions import get_union


def move(session: Session, union: Union, new_superior: Union) -> None:
    """Put a union, with everything below it, below another superior.

    Everybody who writes into branches waits meanwhile; readers do not. Figures and days of the superiors left and
    entered follow in the same transaction. Unions held by the session are read again when next used.
    Raises SuperiorNotAllowed: the new superior is the union itself or below it, or its present one, or not fit.
    """
    seize_tree(session)
    union, superior = get_union(session, union.id), get_union(session, new_superior.id)
    _require_movable(union, superior)
    fold_branch(session, within(Union, union.path))
    before = ids_of(union.path)[:-1]
    after = ids_of(superior.path)
    for ids, sign in ((_apart(before, after), -1), (_apart(after, before), 1)):
        _shift_totals(session, union, ids, sign)
        _shift_days(session, union, ids, sign)
    _shift_direct(session, union, before[-1], after[-1])
    old, new = union.path, path_below(superior.path, ids_of(union.path)[-1])
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


def _shift_totals(session: Session, union: Union, ids: list[int], sign: int) -> None:
    if not ids:
        return
    totals = table_of(UnionFigures)
    moved = run(session, select(totals).where(totals.c.union_id == union.id)).mappings().one()
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


def _shift_days(session: Session, union: Union, ids: list[int], sign: int) -> None:
    if not ids:
        return
    superiors = ids_listed(ids)
    for history in (part.subquery() for part in _history(union)):
        rows = select(superiors.c.value, history.c.day, *(sign * history.c[name] for name in DAILY)).where(
            literal(1) == 1
        )
        run(session, adding_to_days(rows, dialect(session)))


def _history(union: Union) -> tuple[Rows, Rows]:
    """Day and figures of a branch, and its own registration, which counts for its superiors only.

    Those of a base union are kept for its superiors only and so recounted.
    """
    unions = table_of(Union)
    if not union.is_above_base:
        return movements_within(union.path), registrations_of(within(Union, union.path))
    days = table_of(DailyFigures)
    own = select(days.c.day, *(days.c[name] for name in DAILY)).where(days.c.union_id == union.id)
    return own, registrations_of(unions.c.id == union.id)


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
