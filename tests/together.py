"""Several at once: jobs that begin together, each in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from gdftu_app.errors import Refusal


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What each of some jobs, begun together, gives, or the refusal that it ends with."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return job()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [one.result() for one in [pool.submit(run, job) for job in jobs]]
