"""Compositions when the tree changes: a branch moves, or the industry of a union and its branches becomes another."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Integer, cast, literal, select, true, update
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.cells import Counts, Trait, cell, cells_of_union, counts_in, joint_industry
from gdftu_app.models.figures import CompositionFigures, UnionFigures
from gdftu_app.models.paths import ids_listed, ids_of
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import BELOW_BASE, COVERING, Employer, Union, UnionEmployer, UnionStatus
from gdftu_app.security.actors import within
from gdftu_app.services.composition_recounts import cells_within
from gdftu_app.services.composition_writes import adding_to_cells

_UNIONS, _CELLS, _EMPLOYERS = table_of(Union), table_of(CompositionFigures), table_of(Employer)
_COVERED, _TOTALS = table_of(UnionEmployer), table_of(UnionFigures)


def shift_compositions(
    session: Session, union: Union, superior: Union, *, left: Sequence[int], entered: Sequence[int]
) -> None:
    """Take what a branch counts in each cell from the superiors that it leaves to those that it enters.

    A branch (分会) or team takes the industry of its new base union `superior`. The caller has seized the tree and
    folded the branch, whose paths are still the old ones.
    """
    industry = superior.industry if union.category in BELOW_BASE else union.industry
    if industry != union.industry:
        _change_industry(session, union.path, before=union.industry, after=industry, unions=0)
    counted = Counter({row["cell"]: int(row["count"]) for row in run(session, _cells_of(union)).mappings()})
    if union.status != UnionStatus.DISSOLVED:
        counted.update(cells_of_union(union.level, union.category, industry))
    _add(session, left, {name: -count for name, count in counted.items()})
    _add(session, entered, counted)


def renew_industries(session: Session, union_ids: Collection[int]) -> None:
    """Bring unions up to date that cover other employers now, or employers of another industry.

    Their branches and teams follow, and the compositions of all superiors. The caller has seized the tree.
    """
    known = _industries(session, union_ids)
    unions = select(_UNIONS).where(_UNIONS.c.id.in_(union_ids)).order_by(_UNIONS.c.id)
    for union in run(session, unions).mappings().all():
        before, after = union["industry"], known.get(union["id"], "")
        if before != after:
            is_counted = union["category"] in COVERING and union["status"] != UnionStatus.DISSOLVED
            _change_industry(session, union["path"], before=before, after=after, unions=int(is_counted))


def unions_covering(session: Session, employer_ids: Collection[int]) -> list[int]:
    """The ids of the unions, dissolved ones too, that cover some employers."""
    covering = select(_COVERED.c.union_id).where(_COVERED.c.employer_id.in_(employer_ids)).distinct()
    return list(run(session, covering.order_by(_COVERED.c.union_id)).scalars())


def _industries(session: Session, union_ids: Collection[int]) -> dict[int, str]:
    covered = (
        select(_COVERED.c.union_id, _EMPLOYERS.c.industry)
        .join_from(_COVERED, _EMPLOYERS, _EMPLOYERS.c.id == _COVERED.c.employer_id)
        .where(_COVERED.c.union_id.in_(union_ids))
    )
    found: dict[int, list[str]] = {}
    for row in run(session, covered):
        found.setdefault(row.union_id, []).append(row.industry)
    return {number: joint_industry(industries) for number, industries in found.items()}


def _change_industry(session: Session, path: str, *, before: str, after: str, unions: int) -> None:
    """Count a branch, of one industry throughout, in another; `unions` of it are base unions.

    What is pending is counted in the new one by itself, when it is folded or read.
    """
    *superiors, number = ids_of(path)
    members = run(session, select(_TOTALS.c.members_sub).where(_TOTALS.c.union_id == number)).scalar_one()
    counted = {Trait.INDUSTRY: members, Trait.INDUSTRY_UNIONS: unions}
    changes = {cell(trait, before): -count for trait, count in counted.items()}
    _add(session, superiors, changes | {cell(trait, after): count for trait, count in counted.items()})
    run(session, update(_UNIONS).where(within(Union, path)).values(industry=after))
    for held in session.identity_map.values():
        if isinstance(held, Union):
            session.expire(held, ["industry"])


def _cells_of(union: Union) -> Rows:
    """The cells of a branch: those kept, or, of a base union, counted."""
    if not union.is_above_base:
        return cells_within(union.path)
    return select(_CELLS.c.cell, _CELLS.c["count"]).where(_CELLS.c.union_id == union.id)


def _add(session: Session, union_ids: Sequence[int], counts: Mapping[str, int]) -> None:
    """Add counts to the cells of the above-base unions among some."""
    changes = {name: count for name, count in counts.items() if count}
    if not union_ids or not changes:
        return
    given, listed = counts_in(literal(changes, Counts)), ids_listed(union_ids)
    rows = (
        select(_UNIONS.c.id, given.c.key, cast(given.c.value, Integer))
        .join_from(_UNIONS, given, true())
        .where(_UNIONS.c.id.in_(select(listed.c.value)), _UNIONS.c.is_above_base)
    )
    run(session, adding_to_cells(rows, dialect(session)))
