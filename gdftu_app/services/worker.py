"""The worker: what is done every second (fold figures, seal the audit, deliver messages) and now and then (tidy up)."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from gdftu_app.db import unit_of_work
from gdftu_app.services.audit_chain import seal_entries
from gdftu_app.services.figures import fold
from gdftu_app.services.housekeeping import remove_expired
from gdftu_app.services.outbox import deliver_waiting

log = logging.getLogger(__name__)
TICK_SECONDS = 1.0


def _fold() -> None:
    with unit_of_work() as session:
        fold(session)


def _seal() -> None:
    with unit_of_work() as session:
        seal_entries(session)


def _tidy() -> None:
    removed = 1
    while removed:
        with unit_of_work() as session:
            removed = remove_expired(session)


def _sweep() -> None:
    with unit_of_work() as session:
        seal_entries(session, sweep=True)


SELDOM: dict[Callable[[], None], float] = {_tidy: 300.0, _sweep: 3600.0}


def tick() -> None:
    """One round of what is due every second; a task that fails is logged and does not hold up the others."""
    for task in (_fold, _seal, deliver_waiting):
        _attempt(task)


def run(stop: threading.Event) -> None:
    """Work until told to stop. Any number of workers may run: each task takes its turn in the database."""
    due = dict.fromkeys(SELDOM, time.monotonic())
    while not stop.wait(TICK_SECONDS):
        tick()
        for task, seconds in SELDOM.items():
            if time.monotonic() >= due[task]:
                _attempt(task)
                due[task] = time.monotonic() + seconds


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


def _attempt(task: Callable[[], object]) -> None:
    try:
        task()
    except Exception:
        log.exception("task failed: %s", getattr(task, "__name__", task))
