"""Jobs: each run once, taken up again after a death, stopped, tried again, and gone in the end."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.files import StoredFile
from gdftu_app.models.jobs import Job, JobKind, JobStatus
from gdftu_app.queries.jobs import find_result, get_job, list_jobs
from gdftu_app.services import job_kinds
from gdftu_app.services.file_garbage import collect_abandoned
from gdftu_app.services.job_announcements import take_in
from gdftu_app.services.job_files import read_sealed
from gdftu_app.services.job_running import (
    BROKEN_OFF,
    DEAD_AFTER,
    FAILED,
    Result,
    Run,
    Runner,
    begin_jobs,
    end_jobs,
    work_off,
)
from gdftu_app.services.jobs import MOST_OPEN, JobChanged, TooManyJobs, cancel, expire_jobs, retry, start
from tests.working import Office, job, open_office

KIND = JobKind.MEMBER_EXPORT


@pytest.fixture
def office(own_database: str) -> Office:
    return open_office()


def begin(office: Office) -> int:
    with unit_of_work() as session:
        return start(session, office.actor(session), KIND, parameters={}).id or 0


def running(work: Runner) -> int:
    return work_off({KIND: work})


def make_a_file(run: Run) -> Result:
    with unit_of_work() as session:
        run.step(session, done=3, total=3)
    return Result(summary={"rows": 3}, workbook=b"PK workbook", name="会员列表.xlsx")


def die() -> None:
    """As a worker that was killed leaves it: running, and silent for too long."""
    with unit_of_work() as session:
        for row in session.exec(select(Job)):
            row.status, row.runner, row.attempts = JobStatus.RUNNING, "dead", row.attempts + 1
            row.heartbeat_at = now() - DEAD_AFTER - timedelta(seconds=1)


class TestRunning:
    def test_a_job_is_done_and_its_file_is_its_owners(self, office):
        number = begin(office)

        assert running(make_a_file) == 1

        with unit_of_work(reading=True) as session:
            info = get_job(session, account_id=office.account_id, job_id=number)
            file = find_result(session, account_id=office.account_id, job_id=number)
            assert find_result(session, account_id=office.account_id + 1, job_id=number) is None
            assert list_jobs(session, account_id=office.account_id + 1) == []
        assert (info.status, info.done, info.total, info.summary) == ("done", 3, 3, {"rows": 3})
        assert file is not None
        assert read_sealed(file.key) == b"PK workbook"

    def test_what_lies_in_the_store_is_sealed(self, office):
        number = begin(office)
        running(make_a_file)

        from gdftu_app.integrations.file_store import file_store

        assert b"workbook" not in file_store().read(job(number).result_key)

    def test_of_two_workers_one_runs_it(self, office):
        begin(office)
        ran: list[int] = []

        def work(run: Run) -> Result:
            ran.append(run.job_id)
            return Result()

        threads = [threading.Thread(target=running, args=(work,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(ran) == 1

    def test_it_is_announced_once_it_is_kept(self, office):
        take_in()

        begin(office)

        assert take_in() == 1
        assert take_in() == 0

    def test_a_refusal_is_told_in_its_words(self, office):
        number = begin(office)

        def refuse(_run: Run) -> Result:
            raise InvalidInput(msg("理由不能超过 {limit} 个字。"), limit=3)

        running(refuse)

        failed = job(number)
        assert (failed.status, failed.message, failed.message_values) == (
            JobStatus.FAILED,
            "理由不能超过 {limit} 个字。",
            {"limit": "3"},
        )

    def test_a_fault_is_told_as_one_and_can_be_tried_again(self, office):
        number = begin(office)

        def fail(_run: Run) -> Result:
            raise RuntimeError("out of order")

        running(fail)
        assert (job(number).status, job(number).message) == (JobStatus.FAILED, FAILED)

        with unit_of_work() as session:
            retry(session, account_id=office.account_id, job_id=number)
        running(make_a_file)

        assert job(number).status == JobStatus.DONE


class TestDying:
    def test_the_job_of_a_dead_worker_is_taken_up(self, office):
        number = begin(office)
        die()

        assert running(make_a_file) == 1

        assert (job(number).status, job(number).attempts) == (JobStatus.DONE, 2)

    def test_a_worker_that_breathes_keeps_its_job(self, office):
        begin(office)
        inner: list[int] = []

        def work(_run: Run) -> Result:
            inner.append(running(make_a_file))
            return Result()

        running(work)

        assert inner == [0]

    def test_a_worker_thought_dead_writes_nothing_more(self, office):
        number = begin(office)

        def work(run: Run) -> Result:
            die()
            running(make_a_file)
            with unit_of_work() as session:
                run.step(session, done=99)
            raise AssertionError("not reached")

        running(work)

        assert (job(number).status, job(number).done) == (JobStatus.DONE, 3)

    def test_a_job_that_kills_its_workers_is_given_up(self, office):
        number = begin(office)
        for _ in range(3):
            die()

        assert running(make_a_file) == 0

        assert (job(number).status, job(number).message) == (JobStatus.FAILED, BROKEN_OFF)

    def test_a_worker_that_ends_hands_its_job_back(self, office):
        number = begin(office)

        def work(run: Run) -> Result:
            end_jobs()
            return make_a_file(run)

        try:
            running(work)
            assert (job(number).status, job(number).attempts) == (JobStatus.QUEUED, 0)
        finally:
            begin_jobs()
        running(make_a_file)

        assert job(number).status == JobStatus.DONE


class TestOwners:
    def test_a_cancelled_job_stops_at_its_next_step(self, office):
        number = begin(office)

        def work(run: Run) -> Result:
            with unit_of_work() as session:
                cancel(session, account_id=office.account_id, job_id=number)
            return make_a_file(run)

        running(work)

        assert (job(number).status, job(number).result_key) == (JobStatus.CANCELLED, "")
        with unit_of_work() as session, pytest.raises(JobChanged):
            cancel(session, account_id=office.account_id, job_id=number)

    def test_nobody_touches_anothers_job(self, office):
        number = begin(office)

        for verb in (cancel, retry):
            with unit_of_work() as session, pytest.raises(NotFound):
                verb(session, account_id=office.account_id + 1, job_id=number)

    def test_only_so_many_are_open_at_a_time(self, office):
        for _ in range(MOST_OPEN):
            begin(office)

        with pytest.raises(TooManyJobs):
            begin(office)

    def test_without_the_right_there_is_no_file(self, office):
        number = begin(office)
        running(make_a_file)

        from gdftu_app.models.accounts import Administrator

        with unit_of_work() as session:
            session.exec(select(Administrator)).one().dismissed_at = now()

        with unit_of_work(reading=True) as session:
            assert find_result(session, account_id=office.account_id, job_id=number) is None

    def test_a_week_later_everything_is_gone(self, office):
        with frozen_at(now()):
            begin(office)
            running(make_a_file)
            travel(timedelta(days=7, minutes=1))

            assert expire_jobs() == 1
            travel(timedelta(hours=2))
            assert collect_abandoned() == 1

        with unit_of_work(reading=True) as session:
            assert session.exec(select(Job)).all() == []
            assert session.exec(select(StoredFile)).all() == []


def test_every_kind_has_its_work():
    assert job_kinds.RUNNERS.keys() <= set(JobKind)
