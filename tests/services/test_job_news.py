"""Telling the owner of a job how it ended, wherever they are by then."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from sqlmodel import col, select

from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.jobs import JobKind, JobStage, JobStatus
from gdftu_app.models.notifications import Notification
from gdftu_app.queries.waiting import Told
from gdftu_app.services.job_running import FAILED, Result, Run, work_off
from gdftu_app.services.jobs import cancel, start
from gdftu_app.state.bell import told_row
from tests.working import Office, job, open_office


@pytest.fixture
def office(own_database: str) -> Office:
    return open_office()


def ran(office: Office, work: Callable[[Run], Result], kind: JobKind, stage: JobStage) -> int:
    with unit_of_work() as session:
        number = start(session, office.actor(session), kind, stage=stage, parameters={}).id or 0
    work_off({kind: work})
    return number


def news(office: Office) -> list[Notification]:
    with unit_of_work(reading=True) as session:
        mine = select(Notification).where(Notification.account_id == office.account_id)
        return list(session.exec(mine.order_by(col(Notification.id))))


def words(news: Notification, language: str = "zh-CN") -> str:
    told = Told(news.id or 0, news.kind, news.values, news.link, news.union_id, news.created_at, is_read=False)
    return asdict(told_row(told))["texts"][language]


def test_what_is_done_is_told_with_the_way_to_its_result(office):
    ran(office, lambda _run: Result(), JobKind.MEMBER_EXPORT, JobStage.WHOLE)

    [told] = news(office)
    assert (words(told), told.link, told.union_id) == ("任务「导出会员」已完成。", "/jobs/", None)


def test_an_import_that_waits_to_be_confirmed_leads_there(office):
    number = ran(office, lambda _run: Result(JobStatus.WAITING), JobKind.MEMBER_IMPORT, JobStage.CHECK)

    [told] = news(office)
    assert words(told) == "任务「检查导入的会员」已完成。"
    assert (told.link, told.union_id) == (f"/members/import/?job={number}", office.union_id)


def test_a_failure_is_told_with_its_reason_in_words(office):
    def refuse(_run: Run) -> Result:
        raise InvalidInput(msg("理由不能超过 {limit} 个字。"), limit=3)

    ran(office, refuse, JobKind.MEMBER_EXPORT, JobStage.WHOLE)

    [told] = news(office)
    assert (words(told), told.link) == ("任务「导出会员」没有完成：理由不能超过 3 个字。", "/jobs/")


def test_words_within_words_are_in_the_readers_language(office):
    def fail(_run: Run) -> Result:
        raise RuntimeError("out of order")

    ran(office, fail, JobKind.MEMBER_EXPORT, JobStage.WHOLE)

    [told] = news(office)
    assert told.values["reason"] == FAILED
    assert not any("\u4e00" <= character <= "\u9fff" for character in words(told, "en"))


def test_who_cancels_a_job_is_told_nothing(office):
    def work(run: Run) -> Result:
        with unit_of_work() as session:
            cancel(session, account_id=office.account_id, job_id=run.job_id)
        return Result()

    number = ran(office, work, JobKind.MEMBER_EXPORT, JobStage.WHOLE)

    assert (job(number).status, news(office)) == (JobStatus.CANCELLED, [])
