"""`python -m bench.members`: lists of members in the configured database, which is only read.

Made for one as large as `gdftu demo load --scale province` makes it. Scopes are chosen by their size.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, cycle, islice
from typing import Any

from sqlalchemy import Engine, text

from bench.asking import actor_in, ask
from bench.timing import Timing, measure, timed
from gdftu_app.db import engine
from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.people import Sex
from gdftu_app.queries.member_filters import MemberFilter, MemberSort
from gdftu_app.queries.members import PageAsked, find_members_by_number, list_members

REPEAT, FAR, USERS, ASKED_AT_ONCE = 9, 500, 8, 240
BY_NAME = MemberSort.NAME
CASES: dict[str, dict[str, Any]] = {
    "first page": {},
    "page 500": {},
    "women, unverified": {"wanted": MemberFilter(sex=Sex.FEMALE, verified=False)},
    "4 months of 2019": {"wanted": MemberFilter(joined_from=date(2019, 3, 1), joined_to=date(2019, 6, 30))},
    "retained": {"wanted": MemberFilter(status=MembershipStatus.RETAINED)},
    "left": {"wanted": MemberFilter(status=MembershipStatus.ENDED)},
    "oldest": {"sort": MemberSort.OLDEST},
    "by name": {"sort": BY_NAME},
    "name 陈伟": {"sort": BY_NAME, "wanted": MemberFilter(name="陈伟")},
    "name 陈": {"sort": BY_NAME, "wanted": MemberFilter(name="陈")},
    "couriers": {"wanted": MemberFilter(occupation="courier")},
    "doctorates": {"wanted": MemberFilter(education="11")},
    "doctors who courier": {"wanted": MemberFilter(education="11", occupation="courier")},
    "women doctors by name": {"sort": BY_NAME, "wanted": MemberFilter(education="11", sex=Sex.FEMALE)},
    "retained doctors": {"wanted": MemberFilter(status=MembershipStatus.RETAINED, education="11")},
    "migrants with 21": {"wanted": MemberFilter(is_migrant=True, education="21", occupation="other")},
}
# Each: the name, and which unions are meant, the first of them being taken.
SCOPES = (
    ("province", "category = 'provincial' ORDER BY unions_sub DESC"),
    ("largest city", "category = 'city' ORDER BY unions_sub DESC"),
    ("median city", "category = 'city' ORDER BY abs(unions_sub - 9000)"),
    ("smallest city", "category = 'city' ORDER BY unions_sub"),
    ("largest county", "category = 'county' ORDER BY unions_sub DESC"),
    ("median county", "category = 'county' ORDER BY abs(unions_sub - 1100)"),
    ("smallest county", "category = 'county' ORDER BY unions_sub"),
    ("largest street", "category = 'town' ORDER BY unions_sub DESC"),
    ("median street", "category = 'town' ORDER BY abs(unions_sub - 60)"),
    ("largest base union", "category = 'single_base' ORDER BY members_own DESC"),
    ("largest holder of members", "TRUE ORDER BY members_own DESC"),
)


@dataclass(frozen=True)
class Place:
    """A union whose administrator asks; `below` for one that has others below it."""

    name: str
    union: int
    unions: int
    members: int
    below: bool


def places(database: Engine) -> Iterator[Place]:
    """A place of each kind."""
    with database.connect() as connection:
        for name, meant in SCOPES:
            found = connection.execute(
                text(
                    "SELECT union_id, unions_sub, members_sub, members_own FROM unions"
                    f" JOIN union_figures ON union_id = id WHERE {meant} LIMIT 1"
                )
            ).one()
            own = found.members_own > 0
            yield Place(name, found.union_id, found.unions_sub, found[3 if own else 2], not own)


def listing(database: Engine, place: Place, case: str) -> Callable[[], Any]:
    """One question of a case, as the screen asks it."""
    actor = actor_in(database, place.union)
    asking = partial(ask, database, list_members, actor, below=place.below, **CASES[case])
    if case != f"page {FAR}":
        return asking
    page = asking(page=PageAsked(size=100))
    for _ in range(FAR // 5 - 1):
        if page.after is None:
            break
        last, page = page.after, asking(page=PageAsked(size=100, place=page.after))
        page = page if page.rows else asking(page=PageAsked(size=100, place=last))
    return partial(asking, page=PageAsked(place=page.after or page.before))


def main() -> None:
    """Print medians in milliseconds, the first time in brackets; then many users at once."""
    database = engine()
    found = list(places(database))
    for place in found:
        print(f"{place.name}: {place.unions:,} unions below, {place.members:,} members")
    print(f"\n{'':22}" + "".join(f"{place.name[:14]:>16}" for place in found))
    for case in CASES:
        print(f"{case:22}", end="")
        for place in found:
            asking = listing(database, place, case)
            first = timed(asking)
            print(f"{f'{measure([asking], repeat=REPEAT).median:.1f} ({first:.0f})':>16}", end="", flush=True)
        print()
    _numbers(database, found[0])
    _at_once(database, found)


def _numbers(database: Engine, place: Place) -> None:
    actor = actor_in(database, place.union)
    calls = [
        partial(ask, database, find_members_by_number, actor, number=f"1990000{number:04d}") for number in range(200)
    ]
    timing = measure(calls)
    print(f"\n200 phones: {timing.median:.1f} ms, p95 {timing.p95:.1f}")


def _at_once(database: Engine, found: list[Place]) -> None:
    common = [case for case in CASES if not CASES[case] or case in ("women, unverified", "name 陈伟")]
    questions = [listing(database, place, case) for place in found for case in common]
    with ThreadPoolExecutor(USERS) as users:
        samples = list(users.map(timed, islice(chain(cycle(questions)), ASKED_AT_ONCE)))
    timing = Timing(samples)
    print(f"{USERS} users at once, without a pause: median {timing.median:.0f} ms, p95 {timing.p95:.0f}")


if __name__ == "__main__":
    sys.exit(main())
