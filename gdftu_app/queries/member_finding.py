"""Finding the next members of a branch in an order: short walks, a longer one, and what never fails at the end.

Where members of all unions come mixed, a short walk finds a page at once. Where they come place by place, as after a
load or an import, it may go by thousands of others: the longer walk is bounded too. What it has not found, the unions
of the branch are asked for one by one, from where it ended: no row is lost, whichever finds it (decision 0023).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.tables import Rows, run
from gdftu_app.queries.member_filters import MemberFilter, Order, Place
from gdftu_app.queries.member_plans import Form, end_of_walk, heads, own, sorted_branch, walk

# Above every character, in the order of bytes.
LAST_CHARACTER = "\U0010ffff"


class Scope(NamedTuple):
    """A union, or its whole branch; `unions` is roughly how many the branch has, and `reach` its bounds."""

    union: int
    is_branch: bool
    unions: int
    reach: dict[str, str]


@dataclass(frozen=True, slots=True)
class Budgets:
    """When to walk, and how far.

    Branches of up to `small` unions are asked union by union at once. Others are walked for `first` memberships, then
    for `long`, with a list of the branch's unions unless it has more than `listed`.
    """

    small: int = 1_500
    first: int = 500
    long: int = 60_000
    listed: int = 100_000


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
    """The next `limit` memberships of a scope that match, in the order; fewer only where there are no more.

    Conditions on people (`MemberFilter.of_people`) are not looked at here.
    """
    search = _Search(session, scope, wanted, order, after)
    if not scope.is_branch:
        return search.take(own(search.form), limit)
    is_sqlite = dialect(session) == "sqlite"
    found: list[Found] = []
    for step, by_list in _walks(scope.unions, budgets):
        found += search.take(walk(search.form, by_list=by_list and not is_sqlite), limit - len(found), walked=step)
        if len(found) == limit or not search.goes_beyond(step):
            return found
    last = sorted_branch(search.form) if is_sqlite else heads(search.form)
    return found + search.take(last, limit - len(found))


def _walks(unions: int, budgets: Budgets) -> Iterator[tuple[int, bool]]:
    if unions > budgets.small:
        yield budgets.first, False
        yield budgets.long, unions <= budgets.listed


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

    def take(self, statement: Rows, wanted: int, **asked: int) -> list[Found]:
        """The rows of a statement from where the search stands."""
        rows = self._rows(statement, wanted=wanted, **asked)
        return [Found(number, key if isinstance(key, str) else key.isoformat()) for number, key in rows]

    def goes_beyond(self, walked: int) -> bool:
        """Go on from behind what was walked through; False when there is nothing behind it."""
        ends = self._rows(end_of_walk(self.form), walked=walked)
        for number, key in ends:
            self._after = Place(key if isinstance(key, str) else key.isoformat(), number)
        return bool(ends)

    def _rows(self, statement: Rows, **asked: int) -> list[Any]:
        after: dict[str, Any] = {}
        if self._after is not None:
            key = self._after.key
            after = {"after_key": key if self._order.by_name else date.fromisoformat(key), "after_id": self._after.id}
        return list(run(self._session, statement, self._asked | after | asked).all())
