"""A worker killed in the middle of an import: another one goes on, and every row is written once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

from sqlmodel import func, select

from gdftu_app.clock import now
from gdftu_app.db import unit_of_work
from gdftu_app.models.jobs import ImportOutcome, ImportRow, Job, JobStatus
from gdftu_app.models.memberships import Membership, MembershipEvent
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.job_files import write_sealed
from gdftu_app.services.job_kinds import RUNNERS
from gdftu_app.services.job_running import DEAD_AFTER, work_off
from gdftu_app.services.member_imports import confirm_import, start_member_import
from tests.workbooks_to_import import filled, member
from tests.working import job, open_office

ROWS = 120
# Ten rows at a time and a rest after each, so that there is a middle to be killed in.
WORKER = """
import time
from gdftu_app.services import import_writing
from gdftu_app.services.job_kinds import RUNNERS
from gdftu_app.services.job_running import work_off

import_writing.WRITTEN_AT_ONCE, write = 10, import_writing._write_some

def slowly(session, run, done):
    time.sleep(0.1)
    return write(session, run, done)

import_writing._write_some = slowly
work_off(RUNNERS)
"""


def test_an_import_survives_its_worker(own_database):
    office = open_office()
    content = filled([member(number) for number in range(ROWS)])
    with unit_of_work() as session:
        key = write_sealed(content)
        number = start_member_import(session, office.actor(session), key=key, name="会员.xlsx", size=len(content))
    work_off(RUNNERS)
    with unit_of_work() as session:
        confirm_import(session, office.actor(session), job_id=number)

    with subprocess.Popen([sys.executable, "-c", WORKER], env=os.environ) as worker:
        deadline = time.monotonic() + 60
        while job(number).done < 20 and time.monotonic() < deadline:
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
    written = job(number).done
    assert 20 <= written < ROWS
    assert (job(number).status, work_off(RUNNERS)) == (JobStatus.RUNNING, 0)

    with unit_of_work() as session:
        session.get_one(Job, number).heartbeat_at = now() - DEAD_AFTER - timedelta(seconds=1)
    assert work_off(RUNNERS) == 1

    with unit_of_work(reading=True) as session:
        counted = [
            session.exec(select(func.count()).select_from(table)).one() for table in (Membership, MembershipEvent)
        ]
        admitted = select(func.count()).where(ImportRow.outcome == ImportOutcome.ADMITTED)
        assert (*counted, session.exec(admitted).one()) == (ROWS, ROWS, ROWS)
        assert verify(session) == []
    assert (job(number).status, job(number).attempts, job(number).summary["admitted"]) == (JobStatus.DONE, 2, ROWS)
