"""Benchmarks of the core: tree, list and search, against the floor."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bench.asking import actor_in, ask
from bench.databases import Database
from bench.floors import CHILDREN, SUBORDINATES, Floor
from bench.keywords import keywords_of
from bench.timing import Timing, measure
from gdftu_app.queries.subordinates import list_subordinates
from gdftu_app.queries.union_search import SearchPage, search_unions
from gdftu_app.queries.union_tree import branch, trail

REPEAT = 60


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, and its floor."""

    name: str
    timing: Timing
    floor: Timing


def tree_and_list(database: Database) -> Iterator[Row]:
    """Opening the union with 1,000 children, and its list."""
    engine, world, floor = database.engine, database.world, Floor(database.url)
    province = actor_in(engine, world.province)
    wide = partial(ask, engine, actor=province)
    children = measure([partial(floor.rows, CHILDREN, [world.wide])], repeat=REPEAT)
    yield Row("tree: open 1,000 children", measure([partial(wide, branch, parent=world.wide)], repeat=REPEAT), children)
    later = partial(wide, branch, parent=world.wide, offset=800)
    yield Row("tree: their last page", measure([later], repeat=REPEAT), children)
    last = ask(engine, branch, province, parent=world.wide, offset=800).nodes[-1].id
    yield Row("tree: the way to the last of them", measure([partial(wide, trail, union=last)], repeat=REPEAT), children)
    listed = measure([partial(wide, list_subordinates, union=world.wide)], repeat=REPEAT)
    yield Row(
        "list: first 20 of 1,000 by members",
        listed,
        measure([partial(floor.rows, SUBORDINATES, [world.wide])], repeat=REPEAT),
    )


def searches(database: Database) -> Iterator[Row]:
    """One user searching, by kind of keyword, below the province, its largest city and a county of that in turn."""
    engine, world, floor = database.engine, database.world, Floor(database.url)
    actors = [actor_in(engine, union) for union in (world.province, world.city, world.county)]
    for kind, keywords in keywords_of(engine).items():
        asked = [(actor, keyword) for keyword in keywords for actor in actors]
        calls = [partial(ask, engine, search_unions, actor, keyword=keyword) for actor, keyword in asked]
        known = [ids_in(call()) for call in calls]
        yield Row(
            f"search: {kind}", measure(calls, repeat=3), measure([partial(floor.known, ids) for ids in known], repeat=3)
        )


def ids_in(page: SearchPage) -> list[int]:
    """Every union that an answer shows."""
    return sorted({number for hit in page.hits for number in (hit.id, *(step.id for step in hit.path))})
