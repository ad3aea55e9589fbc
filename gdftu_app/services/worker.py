"""The worker: what is done every second (fold figures, seal the audit, deliver messages) and now and then (tidy up)."""

import logging
import threading
import time
from collections.abc import Callable

from gdftu_app.db import unit_of_work
from gdftu_app.services.audit_chain import seal_entries
from gdftu_app.services.figures import fold
from gdftu_app.services.housekeeping import tidy
from gdftu_app.services.outbox import deliver_waiting

log = logging.getLogger(__name__)
TICK_SECONDS, TIDY_SECONDS = 1.0, 300.0


def _fold() -> None:
    with unit_of_work() as session:
        fold(session)


def _seal() -> None:
    with unit_of_work() as session:
        seal_entries(session)


def _tidy() -> None:
    with unit_of_work() as session:
        tidy(session)


def tick() -> None:
    """One round of what is due every second; a task that fails is logged and does not hold up the others."""
    for task in (_fold, _seal, deliver_waiting):
        _attempt(task)


def run(stop: threading.Event) -> None:
    """Work until told to stop. Any number of workers may run: each task takes its turn in the database."""
    tidied = 0.0
    while not stop.wait(TICK_SECONDS):
        tick()
        if time.monotonic() - tidied > TIDY_SECONDS:
            _attempt(_tidy)
            tidied = time.monotonic()


def _attempt(task: Callable[[], object]) -> None:
    try:
        task()
    except Exception:
        log.exception("task failed: %s", getattr(task, "__name__", task))
