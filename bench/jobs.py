"""Jobs at their full size: an import of 100 000 rows checked and written, and its members exported again."""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROWS = int(os.environ.get("BENCH_JOB_ROWS", "100000"))
TARGETS = {"check": 60.0, "write": 60.0, "export": 20.0}


def measure(database_url: str, folder: Path) -> list[tuple[str, float, float, float]]:
    """Seconds, those of them on a processor, and the highest memory so far (MB) of each stage."""
    os.environ |= {
        "GDFTU_DATA_DIR": str(folder),
        "GDFTU_DATABASE_URL": database_url,
        "GDFTU_SECRET_KEY": "a-secret-for-benchmarks-of-sufficient-length",
        "GDFTU_ENV": "demo",
    }
    from gdftu_app.db import unit_of_work
    from gdftu_app.models.jobs import Job
    from gdftu_app.services.job_files import write_sealed
    from gdftu_app.services.job_kinds import RUNNERS
    from gdftu_app.services.job_running import work_off
    from gdftu_app.services.member_exports import start_member_export
    from gdftu_app.services.member_imports import confirm_import, start_member_import
    from gdftu_app.services.migrations import upgrade
    from gdftu_app.workbooks.import_columns import COLUMNS
    from gdftu_app.workbooks.sheets import Column, write_list
    from tests.working import open_office

    upgrade(database_url)
    office = open_office()
    content = write_list([Column(column.heading, 12) for column in COLUMNS], _people(), title="会员")
    found: list[tuple[str, float, float, float]] = []

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began, busy = time.perf_counter(), time.process_time()
        yield
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found.append((name, time.perf_counter() - began, time.process_time() - busy, peak))

    with unit_of_work() as session:
        key = write_sealed(content)
        number = start_member_import(session, office.actor(session), key=key, name="会员.xlsx", size=len(content))
    del content
    with timed("check"):
        work_off(RUNNERS)
    with unit_of_work() as session:
        job = session.get_one(Job, number)
        assert job.summary["new"] + job.summary["wrong"] == ROWS, (job.status, job.message, job.summary)
        confirm_import(session, office.actor(session), job_id=number)
    with timed("write"):
        work_off(RUNNERS)
    with unit_of_work() as session:
        assert session.get_one(Job, number).summary["admitted"] >= ROWS - 50
        exported = start_member_export(session, office.actor(session))
    with timed("export"):
        work_off(RUNNERS)
    with unit_of_work() as session:
        assert session.get_one(Job, exported).summary["rows"] >= ROWS - 50
    return found


def _people() -> Iterator[list[str]]:
    from tests.workbooks_to_import import id_number

    for number in range(ROWS):
        wrong = number % (ROWS // 50 or 1) == 7
        phone = "12345" if wrong else f"138{number:08d}"
        yield [
            *("陈小明", "居民身份证", id_number(number), phone, "", "", f"20{number % 20 + 5:02d}-05-01"),
            *("榕江电器有限公司", "其他", "否", "在岗", "本科", "无", "群众", "家庭户口", "汉族"),
        ]


def main() -> None:
    """Print the figures; a database address may be given, an empty one."""
    with tempfile.TemporaryDirectory(prefix="gdftu-bench-") as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        for name, seconds, busy, peak in measure(url, Path(folder)):
            told = f"{seconds:6.1f} s (target {TARGETS[name]:.0f}), {busy:6.1f} s busy, peak {peak:4.0f} MB"
            print(f"{name:8} {ROWS:>8,} rows {told}", flush=True)


if __name__ == "__main__":
    main()
