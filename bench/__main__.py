"""`python -m bench`: measures in databases of its own, and makes docs/benchmarks.md from what it keeps of that."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from bench.core_cases import Row
    from bench.databases import Database

SMALL, LARGE, MEMBERS = 3_000, 300_000, 1_000_000
MINUTES = 0.5


def main() -> None:
    """Measure trees of several sizes, figures of as many members as asked for, and the approvals; make the document."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="gdftu-bench-") as folder:
        os.environ |= {
            "GDFTU_ENV": "demo",
            "GDFTU_DATA_DIR": f"{folder}/data",
            "GDFTU_SECRET_KEY": "for benchmarks only, nothing secret here",
            "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", folder),
        }
        _measure(asked, Path(folder))
    if not asked.tree_only:
        keeping = _keeping(asked, "section-approvals", is_whole=asked.minutes >= MINUTES)
        _in_process("bench.approvals", "--minutes", str(asked.minutes), *keeping)
    _in_process("bench.document")


def _measure(asked: argparse.Namespace, folder: Path) -> None:
    # Imported only now: the package reads its configuration from the environment set above.
    from bench.databases import empty_database, on_postgresql, on_sqlite, scratch_server

    with scratch_server(folder / "pg") as server:
        for size in asked.sizes:
            _report(lambda size=size: on_postgresql(server, size))
        for members in () if asked.tree_only else asked.members:
            _figures(empty_database(server, f"figures_{members}"), members, asked)
    _report(lambda: on_sqlite(folder, asked.sizes[0]))
    if not asked.tree_only:
        _figures(f"sqlite:///{folder / 'figures.sqlite3'}", asked.members[0], asked)


def _figures(url: str, members: int, asked: argparse.Namespace) -> None:
    """Load a province with so many members and measure overview and statistics there."""
    from bench.results import figures_name

    name, is_whole = figures_name(make_url(url).get_backend_name(), members), asked.unions == LARGE
    size = ("--unions", str(asked.unions), "--members", str(members))
    for command in (
        ("gdftu_app.cli", "db", "upgrade"),
        ("gdftu_app.cli", "demo", "load", "--scale", "province", *size),
        ("bench.figures", *_keeping(asked, name, is_whole=is_whole and members >= MEMBERS)),
    ):
        _in_process(*command, url=url)


def _keeping(asked: argparse.Namespace, name: str, *, is_whole: bool) -> list[str]:
    """What tells a benchmark to keep its results: only those that can be compared, and others of that name if asked."""
    from bench.results import is_kept

    return ["--keep"] if is_whole and (asked.renew or not is_kept(name)) else []


def _in_process(module: str, *arguments: str, url: str = "") -> None:
    """Run a module in a process of its own, on a database where an address is given."""
    environment = os.environ | ({"GDFTU_DATABASE_URL": url} if url else {})
    subprocess.run([sys.executable, "-m", module, *arguments], env=environment, check=True)


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


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[SMALL, LARGE], metavar="UNIONS")
    parser.add_argument("--members", type=int, nargs="+", default=[MEMBERS], metavar="MEMBERS")
    parser.add_argument("--unions", type=int, default=LARGE, help="of the province; with others nothing is kept")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of each run of approvals; shorter: not kept")
    parser.add_argument("--renew", action="store_true", help="replace results that are kept already")
    parser.add_argument("--tree-only", action="store_true", help="neither figures nor approvals")
    return parser.parse_args()


if __name__ == "__main__":
    main()
