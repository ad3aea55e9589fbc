"""The worker: what is done every second (figures, audit, messages, identities), now and then (files), and jobs."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from gdftu_app.db import unit_of_work
from gdftu_app.services.audit_chain import seal_entries
from gdftu_app.services.figures import fold
from gdftu_app.services.file_garbage import SHARD_SECONDS, collect_abandoned, sweep_strays
from gdftu_app.services.housekeeping import remove_expired
from gdftu_app.services.identity_answers import answer_waiting
from gdftu_app.services.job_kinds import look_for_jobs
from gdftu_app.services.job_running import begin_jobs, end_jobs
from gdftu_app.services.jobs import expire_jobs
from gdftu_app.services.outbox import deliver_waiting

log = logging.getLogger(__name__)
Task: TypeAlias = Callable[[], object]
TICK_SECONDS = 1.0
FOLDED_AT_ONCE, SEALED_AT_ONCE, REMOVED_AT_ONCE = 5000, 1000, 500


def _fold() -> None:
    _until_done(fold, FOLDED_AT_ONCE)


def _seal() -> None:
    _until_done(seal_entries, SEALED_AT_ONCE)


def _until_done(task: Callable[..., int], limit: int) -> None:
    done = limit
    while done >= limit:
        with unit_of_work() as session:
            done = task(session, limit=limit)


def _tidy() -> None:
    _until_done(remove_expired, REMOVED_AT_ONCE)


def _sweep() -> None:
    with unit_of_work() as session:
        seal_entries(session, sweep=True)


AT_HOME: tuple[Task, ...] = (_fold, _seal)
# By the seconds from one time to the next.
ABROAD: dict[Task, float] = {
    deliver_waiting: TICK_SECONDS,
    answer_waiting: TICK_SECONDS,
    look_for_jobs: TICK_SECONDS,
    expire_jobs: 300.0,
    collect_abandoned: 300.0,
    sweep_strays: float(SHARD_SECONDS),
}
SELDOM: dict[Task, float] = {_tidy: 300.0, _sweep: 3600.0}


def tick() -> None:
    """One round of what is due every second; a task that fails is logged and does not hold up the others."""
    abroad = (task for task, seconds in ABROAD.items() if seconds == TICK_SECONDS)
    for task in (*AT_HOME, *abroad):
        _attempt(task)


def run(stop: threading.Event) -> None:
    """Work until told to stop. Any number of workers may run: each task takes its turn in the database.

    Gateways and file stores that do not answer hold up nothing else: each of their tasks has a thread of its own.
    """
    threads = [
        threading.Thread(target=_repeat, args=(stop, task, seconds), name=f"worker:{_name(task)}")
        for task, seconds in ABROAD.items()
    ]
    for thread in threads:
        thread.start()
    due = dict.fromkeys(SELDOM, time.monotonic())
    while not stop.wait(TICK_SECONDS):
        for task in AT_HOME:
            _attempt(task)
        for task, seconds in SELDOM.items():
            if time.monotonic() >= due[task]:
                _attempt(task)
                due[task] = time.monotonic() + seconds
    end_jobs()
    for thread in threads:
        thread.join()
    begin_jobs()


def _repeat(stop: threading.Event, task: Task, seconds: float) -> None:
    while not stop.wait(seconds):
        _attempt(task)


@asynccontextmanager
async def running() -> AsyncGenerator[None]:
    """The worker as a thread of the server, for the installation that is one process."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, 10)


def _attempt(task: Task) -> None:
    try:
        task()
    except Exception:
        log.exception("task failed: %s", _name(task))


def _name(task: Task) -> str:
    return str(getattr(task, "__name__", task))
