"""Announcing jobs: the queue is told once a job is kept, and asked whether there is anything to do.

A message that is lost or comes twice does no harm: whoever works looks into the table, and takes a job there.
"""

import logging

from sqlalchemy import event
from sqlmodel import Session

from gdftu_app.integrations.job_queue import receive, send
from gdftu_app.security.keys import key_for

log = logging.getLogger(__name__)


def announce(session: Session, job_id: int) -> None:
    """Say that a job waits, once the transaction at hand is kept."""

    def tell(_session: Session) -> None:
        try:
            send(job_id, secret=_secret())
        except Exception as reason:  # whatever keeps the queue: the job is found in its table
            log.warning("a job could not be announced: %s", type(reason).__name__)

    event.listen(session, "after_commit", tell, once=True)


def take_in() -> int:
    """Take all that was announced; how much that was."""
    taken = 0
    try:
        while receive(secret=_secret()) is not None:
            taken += 1
    except Exception as reason:  # as above
        log.warning("the queue of jobs does not answer: %s", type(reason).__name__)
    return taken


def _secret() -> str:
    return key_for("job queue").hex()
