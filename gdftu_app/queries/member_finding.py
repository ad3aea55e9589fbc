"""Finding the next members of a branch in an order, without counting or sorting it (decision 0028).

A branch made of whole areas is put together from the first members of each area. One within an area is walked through
with the area's others for a bounded while; what that has not found, its unions are asked for one by one, from where the
walk ended: no row is lost, whichever finds it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.tables import Rows, run
from gdftu_app.queries.member_filters import MemberFilter, Order, Place
from gdftu_app.queries.member_plans import Form, Part, end_of_walk, heads, heads_on_sqlite, own, walk

# Above every character, in the order of bytes.
LAST_CHARACTER = "\U0010ffff"


class Scope(NamedTuple):
    """A union, or its whole branch; `unions` is roughly how many the branch has, and `reach` its bounds.

    `area` is the one that the branch stands within, None for a branch of whole areas.
    """

    union: int
    is_branch: bool
    unions: int
    reach: dict[str, str]
    area: int | None = None


@dataclass(frozen=True, slots=True)
class Budgets:
    """When to walk through an area, and how far: not for branches of up to `small` unions, and `walked` memberships."""

    small: int = 200
    walked: int = 5_000


class Found(NamedTuple):
    """A membership by its place."""

    id: int
    key: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.key, self.id)


def find_members(
    session: Session,
    scope: Scope,
    wanted: MemberFilter,
    order: Order,
    *,
    after: Place | None,
    limit: int,
    budgets: Budgets = Budgets(),
) -> list[Found]:
    """The next `limit` memberships of a scope that match, in the order; fewer only where there are no more."""
    search = _Search(session, scope, wanted, order, after)
    if not scope.is_branch:
        return search.take(own(search.form), limit)
    if scope.area is None:
        return search.take(search.best_of(Part.AREA), limit)
    found: list[Found] = []
    if scope.unions > budgets.small:
        found = search.take(walk(search.form), limit, area=scope.area, walked=budgets.walked)
        if len(found) == limit or not search.goes_beyond(area=scope.area, walked=budgets.walked):
            return found
    return found + search.take(search.best_of(Part.UNION), limit - len(found))


class _Search:
    """One question, and from where on it is asked at the moment."""

    def __init__(self, session: Session, scope: Scope, wanted: MemberFilter, order: Order, after: Place | None) -> None:
        self._session, self._order, self._after = session, order, after
        self._asked: dict[str, Any] = wanted.of_memberships()
        self._conditions = frozenset(self._asked)
        self._is_rare = wanted.status is MembershipStatus.RETAINED
        if "name" in self._asked:
            self._asked["name_end"] = f"{self._asked['name']}{LAST_CHARACTER}"
        self._asked |= scope.reach if scope.is_branch else {"union": scope.union}

    @property
    def form(self) -> Form:
        return Form(self._order, self._conditions, self._is_rare, self._after is not None)

    def best_of(self, part: Part) -> Rows:
        """The statement that asks each part of the branch for its first ones, from where the search stands."""
        return (heads_on_sqlite if dialect(self._session) == "sqlite" else heads)(self.form, part)

    def take(self, statement: Rows, wanted: int, **asked: int) -> list[Found]:
        """The rows of a statement from where the search stands."""
        rows = self._rows(statement, wanted=wanted, **asked)
        return [Found(number, key if isinstance(key, str) else key.isoformat()) for number, key in rows]

    def goes_beyond(self, **walked: int) -> bool:
        """Go on from behind what was walked through; False when there is nothing behind it."""
        ends = self._rows(end_of_walk(self.form), **walked)
        for number, key in ends:
            self._after = Place(key if isinstance(key, str) else key.isoformat(), number)
        return bool(ends)

    def _rows(self, statement: Rows, **asked: int) -> list[Any]:
        after: dict[str, Any] = {}
        if self._after is not None:
            key = self._after.key
            after = {"after_key": key if self._order.by_name else date.fromisoformat(key), "after_id": self._after.id}
        return list(run(self._session, statement, self._asked | after | asked).all())
