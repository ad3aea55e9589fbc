"""`python -m bench.approvals`: how many applications to join are approved in a second, and whether figures stay exact.

Eight processes approve through the services, each with a connection of its own, while the worker's tasks run each
second, a branch moves now and then and readers look at pages. It makes its own server and removes it;
with `--prepare` it only makes the applications, and leaves them in `--folder` for the next run there.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bench.approval_server import Server
    from bench.approval_world import Applicants

WRITERS, READERS = 8, 2
FOLD_SECONDS, MOVE_SECONDS, READ_SECONDS, WARM_UP_SECONDS = 1.0, 5.0, 0.1, 5.0
# As many as can be approved in a second, by the size of the batch; a run that finds no more ends earlier.
FASTEST = {1: 400, 20: 2_000, 100: 2_500}
NOTES = (
    "`python -m bench.approvals`: applications to join approved through the services, audit, figures, compositions,"
    " notifications and text messages included, by eight processes with a connection each. The tasks of the worker run"
    " each second, a street moves to another county every five seconds, two readers look at overviews, at statistics"
    " of three years and at lists of members, pausing a tenth of a second after each.",
    "Milliseconds, except where said: `median` and `p95` of one request, processor time of Python and of the server"
    " for one approval (that of the folding, the moves and the readers' questions is counted to the server), the"
    " median of one page that is read. `killed`: ended without warning during the run, and started again. `drift`:"
    " figures that differ from their recount afterwards.",
)
HEADS = ("", "a second", "median", "p95", "Python", "server", "reads", "median", "moves", "killed", "drift")


class Run(NamedTuple):
    """One line of the table: what was asked for, and what came of it."""

    batch: int
    flush: int
    seconds: float
    approved: int
    milliseconds: list[float]
    python: float
    server: float
    reads: int
    reading: list[float]
    moves: int
    killed: str
    drift: int

    def cells(self) -> tuple[str, ...]:
        """The line in words; processor time is milliseconds for one approval, None where the server was killed."""
        each = 1_000 / max(self.approved, 1)
        return (
            f"batches of {self.batch}, flush + {self.flush / 1_000:.0f} ms, {self.seconds:.0f} s",
            f"{self.approved / self.seconds:.0f}",
            *(f"{value:.1f}" for value in _median_and_p95(self.milliseconds)),
            f"{self.python * each:.2f}",
            "-" if "server" in self.killed else f"{self.server * each:.2f}",
            f"{self.reads / self.seconds:.0f}",
            f"{_median_and_p95(self.reading)[0]:.1f}",
            str(self.moves),
            self.killed or "-",
            str(self.drift),
        )


def main() -> None:
    """Measure what is asked for and print it, one line a run; then storm."""
    asked = _asked()
    with _place(asked) as folder:
        os.environ |= {
            "GDFTU_ENV": "demo",
            "GDFTU_DATA_DIR": f"{folder}/data",
            "GDFTU_SECRET_KEY": "for benchmarks only, nothing secret here",
            "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", str(folder)),
        }
        # Imported only now: the package reads its configuration from the environment set above.
        from bench.approval_server import scratch

        runs: list[Run] = []
        with scratch(folder / "pg") as server:
            if asked.prepare:
                _world(server, asked, folder)
                return
            if asked.minutes:
                runs = _approvals(server, asked, folder)
            storm = _storm(server, asked.storm * 60) if asked.storm else ""
            if asked.keep:
                _keep(runs, storm)


@contextmanager
def _place(asked: argparse.Namespace) -> Iterator[Path]:
    """Where a run keeps its files: where they were prepared, which uses them up, or a folder of its own."""
    prepared = Path(asked.folder or tempfile.gettempdir()) / "gdftu-bench-prepared"
    if not asked.prepare and not prepared.exists():
        with tempfile.TemporaryDirectory(prefix="gdftu-bench-", dir=asked.folder) as folder:
            yield Path(folder)
        return
    if asked.prepare:
        prepared.mkdir(mode=0o700, parents=True)
    try:
        yield prepared
    except BaseException:
        rmtree(prepared)
        raise
    if not asked.prepare:
        rmtree(prepared)


def _world(server: "Server", asked: argparse.Namespace, folder: Path) -> "Applicants":
    """The applications of all runs, made now or read from where they were prepared."""
    from bench.approval_world import make_applicants, read_applicants, told_applicants
    from gdftu_app.db import make_engine
    from gdftu_app.services.migrations import upgrade

    began, notes = time.perf_counter(), folder / "applicants"
    is_there = notes.exists()
    # Before anything reads the configuration, which is kept, also for the processes made later.
    os.environ["GDFTU_DATABASE_URL"] = url = server.address("approvals") if is_there else server.database("approvals")
    if is_there:
        world = read_applicants(notes.read_text())
        upgrade(url)
    else:
        engine = make_engine(url)
        waiting = asked.waiting or sum(_needed(asked))
        world = make_applicants(engine, unions=asked.unions, members=asked.members, waiting=waiting)
        engine.dispose()
        notes.write_text(told_applicants(world))
    waiting = sum(len(queue.ids) for queue in world.queues)
    print(
        f"{world.unions:,} unions, {world.members:,} members, {waiting:,} applications"
        f" (made in {time.perf_counter() - began:.0f} s)"
    )
    return world


def _needed(asked: argparse.Namespace) -> list[int]:
    """How many applications each run may need."""
    fastest = [FASTEST.get(batch, max(FASTEST.values())) for _ in asked.flushes for batch in asked.batches]
    return [int((asked.minutes * 60 + WARM_UP_SECONDS) * each) + 1_000 for each in fastest]


def _approvals(server: "Server", asked: argparse.Namespace, folder: Path) -> list[Run]:
    runs = [(batch, flush) for flush in asked.flushes for batch in asked.batches]
    seconds, needed, world = asked.minutes * 60, _needed(asked), _world(server, asked, folder)
    print(_line(HEADS), flush=True)
    taken = 0
    done: list[Run] = []
    for (batch, flush), wanted in zip(runs, needed, strict=True):
        share = world.queues[taken : taken + max(WRITERS, len(world.queues) * wanted // sum(needed))]
        taken += len(share)
        run = _run(server, world, share, batch=batch, flush=flush, seconds=seconds, asked=asked)
        done.append(run)
        print(_line(run.cells()), flush=True)
    return done


def _keep(runs: list[Run], storm: str) -> None:
    from bench.results import Section, Table, save_section

    table = Table("Approvals", HEADS, [run.cells() for run in runs])
    save_section("approvals", Section("Approvals while pages are read", [*NOTES, *filter(None, [storm])], [table]))


def _run(
    server: "Server",
    world: "Applicants",
    queues: list[Any],
    *,
    batch: int,
    flush: int,
    seconds: float,
    asked: argparse.Namespace,
) -> Run:
    from bench.approval_board import Board, Team
    from bench.approval_work import approving, fold_all, keeping_house, moving, reading

    server.slow_flushes(flush)
    board = Board(WRITERS + 2 + READERS)
    writers, worker, mover = range(WRITERS), WRITERS, WRITERS + 1
    readers = range(WRITERS + 2, WRITERS + 2 + READERS)
    watched = [world.province, queues[0].union, *(queue.union for queue in queues[1:3])]
    keepers = Team(keeping_house, [(board, worker, FOLD_SECONDS)])
    others = [
        Team(moving, [(board, mover, MOVE_SECONDS)]),
        Team(reading, [(board, place, watched, READ_SECONDS) for place in readers]),
    ]
    team = Team(approving, [(board, number, queues[number::WRITERS], batch) for number in writers])
    # Each process begins with empty caches, as a worker of the platform does only once.
    time.sleep(WARM_UP_SECONDS)
    board.begin()
    busy_before, began = server.processor_seconds(), time.monotonic()
    killed = list(_wait(server, team, keepers, began + seconds, asked.kill))
    took = time.monotonic() - began
    board.stop.value = 1
    for each in (team, keepers, *others):
        each.end()
    busy = 0.0 if "server" in killed else server.processor_seconds() - busy_before
    _in_process(fold_all)
    return Run(
        batch=batch,
        flush=flush,
        seconds=took,
        approved=sum(board.done[number] for number in writers),
        milliseconds=board.milliseconds(writers),
        python=sum(board.used(number) for number in writers),
        server=busy,
        reads=sum(board.done[number] for number in readers),
        reading=board.milliseconds(readers),
        moves=board.done[mover],
        killed=" ".join(f"{what} {killed.count(what)}×" for what in dict.fromkeys(killed)),
        drift=_drift(),
    )


def _wait(server: "Server", team: Any, keepers: Any, until: float, kill: list[str]) -> Iterator[str]:
    """Let them work, and kill what is to be killed, in turn, over and over; gives what was killed."""
    began, count = time.monotonic(), 0
    pause = max(3.0, (until - began) / 12)
    while time.monotonic() < until and team.are_at_work():
        time.sleep(0.2)
        if not kill or time.monotonic() < began + (count + 1) * pause or time.monotonic() > until - 3:
            continue
        what = kill[count % len(kill)]
        count += 1
        if what == "clients":
            for number in (count % WRITERS, (count + 3) % WRITERS):
                team.kill(number)
        elif what == "worker":
            keepers.kill(0)
        else:
            server.kill()
        yield what


def _storm(server: "Server", seconds: float) -> str:
    from bench.approval_board import Board, Team
    from bench.approval_work import fold_all, keeping_house, storming
    from gdftu_app.config import settings
    from gdftu_app.db import make_engine
    from gdftu_app.services.migrations import upgrade
    from tests.storms import set_scene

    url = server.database("storm")
    os.environ["GDFTU_DATABASE_URL"] = url
    settings.cache_clear()
    upgrade(url)
    engine = make_engine(url)
    scene = set_scene(engine)
    engine.dispose()
    server.slow_flushes(0)
    board = Board(WRITERS + 1)
    teams = [
        Team(keeping_house, [(board, WRITERS, FOLD_SECONDS)]),
        Team(storming, [(board, number, scene, number) for number in range(WRITERS)]),
    ]
    time.sleep(seconds)
    board.stop.value = 1
    for team in teams:
        team.end()
    done, failed = (sum(counts[number] for number in range(WRITERS)) for counts in (board.done, board.failed))
    before = _drift()
    _in_process(fold_all)
    told = (
        f"A storm of {WRITERS} writers for {seconds:.0f} s: {done:,} operations of every kind, {failed} broken off;"
        f" figures that differ from their recount: {before} with changes pending, {_drift()} when all are folded."
    )
    print(told, flush=True)
    return told


def _drift() -> int:
    """How many figures differ from their recount."""
    return _in_process(_count_drift)


def _count_drift() -> int:
    from gdftu_app.db import unit_of_work
    from gdftu_app.services.figure_checks import verify

    with unit_of_work() as session:
        return len(verify(session))


def _in_process(work: Any) -> Any:
    """What some work gives, done in a process of its own: this one keeps no connections that others would inherit."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(work).result()


def _median_and_p95(milliseconds: list[float]) -> tuple[float, float]:
    if not milliseconds:
        return 0.0, 0.0
    return median(milliseconds), milliseconds[int(len(milliseconds) * 0.95)]


def _line(cells: tuple[str, ...]) -> str:
    return f"{cells[0]:38}" + "".join(f" {cell:>9}" for cell in cells[1:])


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.approvals", description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.5, help="of each run; 0 for none")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 20, 100], metavar="APPLICATIONS")
    parser.add_argument("--flushes", type=int, nargs="+", default=[0, 5_000], metavar="MICROSECONDS")
    parser.add_argument("--kill", nargs="*", default=[], choices=["clients", "worker", "server"])
    parser.add_argument("--storm", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--unions", type=int, default=20_000)
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--waiting", type=int, default=0, help="applications; enough for all runs by default")
    parser.add_argument("--keep", action="store_true", help="as a section of docs/benchmarks.md")
    parser.add_argument("--folder", default=None, help="where the server keeps its files meanwhile")
    parser.add_argument("--prepare", action="store_true", help="only make what the same command without it uses up")
    return parser.parse_args()


if __name__ == "__main__":
    main()
