"""What a search knows beforehand, up to ten minutes old: which grams are common, and how large a branch is.

It decides how a search goes about, and what is shown of too many matches; never whether a union can be found.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod, sqrt
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, text
from sqlmodel import Session, select

from gdftu_app.db import dialect
from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.tables import run
from gdftu_app.queries.union_matching import grams_of_term, name_of_grams

Known = TypeVar("Known")
KEPT_SECONDS, MOST_KEPT = 600, 10_000
ASKED_FOR, TELLING = 3, 0.05
_STATISTICS = text(
    "SELECT reltuples AS unions, CAST(CAST(most_common_elems AS text) AS integer[]) AS grams, "
    "most_common_elem_freqs AS shares "
    "FROM pg_stats JOIN pg_class ON pg_class.oid = CAST('union_search' AS regclass) "
    "WHERE schemaname = current_schema() AND tablename = 'union_search' AND attname = 'grams'"
)


@dataclass(frozen=True, slots=True)
class GramStatistics:
    """Roughly how many unions there are, and the share of them (0 to 1) that has each common gram.

    With the usual settings these are the thousand commonest, down to about a union in two hundred.
    """

    unions: int = 0
    shares: Mapping[int, float] = field(default_factory=dict[int, float])

    def share_of(self, terms: Sequence[str]) -> float | None:
        """The share of unions that hold all terms, roughly; 0 where one is rare, None where grams tell nothing.

        One term is as rare as its rarest piece. Several: half way between always together and together by chance.
        """
        shares = [self._share(term) for term in terms if grams_of_term(term)]
        return sqrt(min(shares) * prod(shares)) if shares else None

    def grams_of(self, terms: Sequence[str], mark: int | None = None) -> dict[str, list[int]]:
        """The grams to ask the index for, as parameters of `grams_hold`: of each term the rarest, and some rare ones.

        With `mark` (see `union_grams`), the unions of that branch alone are asked for.
        """
        marks = [] if mark is None else [mark]
        return {
            name_of_grams(place, at): self._rarest(grams) + marks
            for place, term in enumerate(terms)
            for at, grams in enumerate(grams_of_term(term))
        }

    def _rarest(self, grams: Sequence[int]) -> list[int]:
        """Reading what is common takes longer than the few unions are worth that it leaves out."""
        first, *others = sorted(grams, key=lambda gram: self.shares.get(gram, 0.0))[:ASKED_FOR]
        return [first, *(gram for gram in others if self.shares.get(gram, 0.0) < TELLING)]

    def _share(self, term: str) -> float:
        return min(1.0, sum(min(self.shares.get(gram, 0.0) for gram in grams) for grams in grams_of_term(term)))


_kept: WeakKeyDictionary[Pool, dict[str | int, tuple[float, Any]]] = WeakKeyDictionary()


def gram_statistics(session: Session) -> GramStatistics:
    """The statistics of this database."""
    return _known(session, "statistics", read_statistics)


def branch_size(session: Session, union_id: int) -> int:
    """How many unions there are below a union."""
    return _known(session, union_id, lambda session: _read_size(session, union_id))


def _known(session: Session, what: str | int, read: Callable[[Session], Known]) -> Known:
    of_database = _kept.setdefault(session.get_bind().engine.pool, {})
    kept, moment = of_database.get(what), time.monotonic()
    if kept is None or moment - kept[0] > KEPT_SECONDS:
        if len(of_database) > MOST_KEPT:
            of_database.clear()
        kept = of_database[what] = moment, read(session)
    return kept[1]


def _read_size(session: Session, union_id: int) -> int:
    return session.exec(select(UnionFigures.unions_sub).where(UnionFigures.union_id == union_id)).first() or 0


def read_statistics(session: Session) -> GramStatistics:
    """The statistics as PostgreSQL last took them; empty before that, and on SQLite."""
    if dialect(session) == "sqlite":
        return GramStatistics()
    row: Any = run(session, _STATISTICS).first()
    if row is None or row.grams is None:
        return GramStatistics()
    return GramStatistics(max(0, int(row.unions)), dict(zip(row.grams, row.shares, strict=False)))
