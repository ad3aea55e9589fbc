"""The search index of unions (name, initials, code), kept beside them; SQLite reads the names themselves."""

from collections.abc import Sequence

from sqlalchemy import Integer, Subquery, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union, union_search
from gdftu_app.queries.union_grams import MARKED, grams_of_union
from gdftu_app.security.actors import within

_UNIONS = table_of(Union)


def reindex(session: Session, union: Union) -> None:
    """Make a union findable by its present name, initials and code; for whoever changes one of them."""
    run(session, update(union_search).where(union_search.c.union_id == union.id).values(grams=_grams(session, union)))


def reindex_branch(session: Session, union: Union) -> int:
    """Mark a union and everything below it by the present paths; for whoever gives a branch another place.

    Tells how many were marked anew: none of them unless the branch came into another city or county.
    """
    if dialect(session) == "sqlite":
        return 0
    grams, placed = union_search.c.grams, _ids_below(union.path)
    marks = array([placed.c.ids[func.least(depth + 1, func.cardinality(placed.c.ids))] for depth in MARKED])
    anew = (
        update(union_search)
        .where(union_search.c.union_id == placed.c.id, grams[1 : len(MARKED)] != marks)
        .values(grams=marks + grams[len(MARKED) + 1 : func.cardinality(grams)])
    )
    return run(session, anew).rowcount


def index_names(session: Session, unions: Sequence[Union]) -> None:
    """Make new unions findable."""
    run(session, insert(union_search), [{"union_id": union.id, "grams": _grams(session, union)} for union in unions])


def _grams(session: Session, union: Union) -> list[int] | str:
    if dialect(session) == "sqlite":
        return ""
    return grams_of_union(union.name, union.initials, union.uscc, union.path)


def _ids_below(path: str) -> Subquery:
    """The ids along the path of each union of a branch, for `union_grams.marks_of` on all of them at once."""
    ids = cast(func.string_to_array(func.btrim(_UNIONS.c.path, "/"), "/"), ARRAY(Integer))
    return select(_UNIONS.c.id, ids.label("ids")).where(within(Union, path)).subquery("placed")
