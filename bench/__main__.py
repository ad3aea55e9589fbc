"""`python -m bench`: prints what reading the tree costs, and how that compares with the raw SQL floor."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.core_cases import Row
    from bench.databases import Database

SMALL, LARGE = 3_000, 300_000


def main() -> None:
    """Measure, at two sizes on PostgreSQL and at the small one on SQLite."""
    sizes = _sizes()
    with tempfile.TemporaryDirectory(prefix="gdftu-bench-") as folder:
        os.environ |= {
            "GDFTU_ENV": "demo",
            "GDFTU_DATA_DIR": f"{folder}/data",
            "GDFTU_SECRET_KEY": "for benchmarks only, nothing secret here",
            "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", folder),
        }
        _measure(sizes, Path(folder))


def _measure(sizes: list[int], folder: Path) -> None:
    # Imported only now: the package reads its configuration from the environment set above.
    from bench.databases import on_postgresql, on_sqlite, scratch_server

    with scratch_server(folder / "pg") as server:
        for size in sizes:
            _report(lambda size=size: on_postgresql(server, size))
    _report(lambda: on_sqlite(folder, sizes[0]))


def _report(make: "Callable[[], Database]") -> None:
    from bench.console_cases import console
    from bench.core_cases import searches, tree_and_list
    from bench.known_phones import known_phones
    from bench.reviews import reviewing
    from bench.users import searching

    started = time.perf_counter()
    database = make()
    print(f"\n{database.kind}, {database.world.unions:,} unions (made in {time.perf_counter() - started:.0f} s)")
    print(f"{'milliseconds':42}{'median':>9}{'p95':>9}{'floor':>9}{'ratio':>8}")
    for rows in (tree_and_list(database), searches(database)):
        _print(rows)
    for users, pause in ((1, 0.0), (8, 0.0), (8, 1.0)):
        timing, rate = searching(database.url, database.world, users, pause=pause)
        name = f"search: users at once: {users}, pausing {pause:.0f} s"
        print(f"{name:42}{timing.median:9.2f}{timing.p95:9.2f}{rate:9.0f} a second", flush=True)
    seen, rate = console(database)
    for line in seen:
        print(f"{line.name:42}{line.timing.median:9.2f}{line.timing.p95:9.2f}{line.size / 1_000:9.1f} KB")
    print(f"{'events of one worker, 8 users at once':42}{'':18}{rate:9.0f} a second", flush=True)
    print(f"{'known and unknown phones':42}{'known':>9}{'unknown':>9}{'':9}{'ratio':>8}")
    for told in known_phones(database):
        print(f"{told.name:42}{told.known.median:9.2f}{told.unknown.median:9.2f}{'':9}{told.ratio:8.2f}", flush=True)
    for line in reviewing(database):
        print(f"{line.name:42}{line.timing.median:9.2f}{line.timing.p95:9.2f}", flush=True)


def _print(rows: "Iterable[Row]") -> None:
    for row in rows:
        ratio = row.timing.median / row.floor.median
        print(
            f"{row.name:42}{row.timing.median:9.2f}{row.timing.p95:9.2f}{row.floor.median:9.2f}{ratio:7.1f}×",
            flush=True,
        )


def _sizes() -> list[int]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[SMALL, LARGE], metavar="UNIONS")
    return parser.parse_args().sizes


if __name__ == "__main__":
    main()
