"""The search index of unions (name, initials, code), kept beside them; SQLite reads the names themselves."""

from collections.abc import Sequence

from sqlalchemy import insert, update
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.tables import run
from gdftu_app.models.unions import Union, union_search
from gdftu_app.queries.union_grams import grams_of_union


def reindex(session: Session, union: Union) -> None:
    """Make a union findable by its present name, initials and code; for whoever changes one of them."""
    run(session, update(union_search).where(union_search.c.union_id == union.id).values(grams=_grams(session, union)))


def index_names(session: Session, unions: Sequence[Union]) -> None:
    """Make new unions findable."""
    run(session, insert(union_search), [{"union_id": union.id, "grams": _grams(session, union)} for union in unions])


def _grams(session: Session, union: Union) -> list[int] | str:
    return grams_of_union(union.name, union.initials, union.uscc) if dialect(session) == "postgresql" else ""
