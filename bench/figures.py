"""`python -m bench.figures`: what overview and statistics cost in the configured database, which is left as it is.

Made for one as large as `gdftu demo load --scale province` makes it. Unions are chosen by their size. Beside each page
stands what the same numbers cost when they are counted, and, as the floor, one row read by its key.
"""

import argparse
import sys
from functools import partial
from typing import Any

from sqlalchemy import Engine, text

from bench.figure_cases import Measured, Place, comparisons, kept, measured, naive, pages, places
from bench.floors import Floor
from bench.results import day, figures_name, machine, save
from bench.timing import measure
from gdftu_app.config import settings
from gdftu_app.db import engine
from gdftu_app.web.memory import settle

FLOOR, FLOORS = "SELECT members_sub, verified_sub FROM union_figures WHERE union_id = ?", 200


def main() -> None:
    """Measure and print; with `--keep`, the results are kept for the document."""
    asked = _asked()
    database = engine()
    settle()
    result: dict[str, Any] = _database(database) | {"machine": machine(_server(database)), "measured_on": day()}
    print(f"{result['kind']}, {result['unions']:,} unions, {result['members']:,} members: {result['machine']}")
    found = places(database)
    result["floor"] = _floor(found[0])
    result["places"] = [_place(database, place, is_counted=not asked.quick) for place in found]
    street = next(place for place in found if place.name == "largest street")
    result["comparisons"] = {name: _told(name, each) for name, each in comparisons(database, street)}
    if asked.keep:
        save(figures_name(result["kind"], result["members"]), result)


def _database(database: Engine) -> dict[str, Any]:
    with database.connect() as connection:
        unions, members = connection.execute(
            text(
                "SELECT unions_sub + 1, members_sub FROM unions JOIN union_figures ON union_id = id ORDER BY id LIMIT 1"
            )
        ).one()
    return {"kind": database.dialect.name, "unions": unions, "members": members}


def _server(database: Engine) -> str:
    with database.connect() as connection:
        if database.dialect.name == "sqlite":
            return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"
        version = connection.exec_driver_sql("SHOW server_version").scalar_one().split()[0]
        return f"PostgreSQL {version}, shared_buffers {connection.exec_driver_sql('SHOW shared_buffers').scalar_one()}"


def _floor(place: Place) -> list[float]:
    floor = Floor(settings().database)
    timing = measure([partial(floor.rows, FLOOR, [place.union])], repeat=FLOORS)
    print(f"{'floor':>48}{timing.median:9.2f} / {timing.p95:.2f}")
    return [timing.median, timing.p95]


def _place(database: Engine, place: Place, *, is_counted: bool) -> dict[str, Any]:
    print(f"{place.name}: {place.unions:,} unions below, {place.direct:,} directly; {place.members:,} members")
    asked = {name: _told(name, measured(database, page)) for name, page in pages(database, place).items()}
    counted = list(naive(database, place)) if is_counted else []
    if counted:
        print(f"{'counted: members, months':>48}{counted[0]:9.1f}, {counted[1]:.1f}", flush=True)
    same = list(kept(database, place))
    print(f"{'the same, kept':>48}{same[0]:9.2f}, {same[1]:.2f}", flush=True)
    return {
        "name": place.name,
        "direct": place.direct,
        "unions": place.unions,
        "members": place.members,
        "pages": asked,
        "counted": counted,
        "kept": [round(each, 2) for each in same],
    }


def _told(name: str, found: Measured) -> list[float]:
    print(f"{name:>48}{found.timing.median:9.1f} / {found.timing.p95:.1f} ({found.statements} statements)", flush=True)
    return [round(found.timing.median, 2), round(found.timing.p95, 2), found.statements]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep the results in bench/results")
    parser.add_argument("--quick", action="store_true", help="without counting")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
