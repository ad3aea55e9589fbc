"""The search index compared with the unions themselves."""

from sqlalchemy import select
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union, union_search
from gdftu_app.queries.union_grams import grams_of_union


def require_in_step(session: Session) -> None:
    """Each union is found by what it is called now, where it stands now."""
    unions, indexed = table_of(Union).c, union_search.c
    rows = run(
        session,
        select(unions.name, unions.initials, unions.uscc, unions.path, indexed.grams)
        .join_from(table_of(Union), union_search, indexed.union_id == unions.id)
        .order_by(unions.path),
    ).all()

    assert rows
    for name, initials, uscc, path, grams in rows:
        expected = grams_of_union(name, initials, uscc, path) if dialect(session) == "postgresql" else ""
        assert grams == expected, path
