"""The queue of jobs (Huey): it says at once that there is a job; what is true of it stands in the database.

A file in the data folder, or Redis when there is one. Messages are signed with a secret: what is read back was written
by this installation, or it is not read at all.
"""

import os
from functools import cache
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey
from huey.api import Task
from huey.serializer import SignedSerializer

from gdftu_app.config import settings

NAME = "gdftu"


class WorkOff(Task):
    """A message: the job of this number waits."""


def send(job_id: int, *, secret: str) -> None:
    """Say that a job waits; raises whatever the queue's own trouble is."""
    _queue(secret).enqueue(WorkOff((job_id,)))


def receive(*, secret: str) -> int | None:
    """The number of a job that somebody said waits; None when nobody has said anything more."""
    message = _queue(secret).dequeue()
    return None if message is None else int(message.args[0])


def _queue(secret: str) -> Huey:
    return _made(os.getpid(), settings().redis_url, str(settings().data_dir / "jobs.sqlite3"), secret)


@cache
def _made(_process: int, redis_url: str, path: str, secret: str) -> Huey:
    shared: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret)}
    if redis_url:
        queue: Huey = RedisHuey(NAME, url=redis_url, blocking=False, **shared)
    else:
        settings().data_dir.mkdir(parents=True, exist_ok=True)
        queue = SqliteHuey(NAME, filename=path, **shared)
    queue._registry.register(WorkOff)
    return queue
