"""Exporting members: the same rows as on screen, masked, inert, and never cut silently."""

from datetime import date

import pytest
from sqlmodel import Session, select

from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, NotAllowed
from gdftu_app.models.accounts import Administrator
from gdftu_app.models.identifiers import complete_resident_id
from gdftu_app.models.jobs import JobStatus
from gdftu_app.models.people import Sex
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.member_filters import MemberFilter, MemberSort
from gdftu_app.queries.members import PageAsked, list_members
from gdftu_app.security.permissions import Role
from gdftu_app.services import member_exports
from gdftu_app.services.figures import fold
from gdftu_app.services.job_kinds import RUNNERS
from gdftu_app.services.job_running import RIGHT_ENDED, work_off
from gdftu_app.services.member_exports import TooManyRows, start_member_export
from gdftu_app.services.memberships import admit
from gdftu_app.services.people import PersonDraft, enrol
from tests.factories import make_member
from tests.working import Office, appoint, job, open_office, result

NUMBER = complete_resident_id("44011119900101001")


@pytest.fixture
def office(own_database: str) -> Office:
    office = open_office()
    with unit_of_work() as session:
        for number in range(230):
            make_member(session, office.world.factory, name=f"会员{number:03d}", sex=Sex(number % 2 + 1))
        make_member(session, office.world.factory, name="=HYPERLINK(1)")
        draft = PersonDraft(name="陈一", document_number=NUMBER, phone="13800138000")
        admit(session, enrol(session, draft), office.world.factory, joined_on=date(2020, 5, 1))
        make_member(session, office.world.other_factory, name="别厂")
    return office


def export(office: Office, account_id: int = 0, **asked) -> int:
    with unit_of_work() as session:
        who = Office(office.world, account_id or office.account_id, asked.pop("acting", office.union_id))
        number = start_member_export(session, who.actor(session), **asked)
    work_off(RUNNERS)
    return number


def names(sheet: list[tuple]) -> list[str]:
    return [row[0] for row in sheet[1:]]


def test_it_holds_every_row_of_the_list_in_its_order(office):
    number = export(office, sort=MemberSort.NAME)

    sheets = result(office.account_id, number)
    with unit_of_work(reading=True) as session:
        shown, place = [], None
        while True:
            page = list_members(
                session, office.actor(session), sort=MemberSort.NAME, page=PageAsked(size=100, place=place)
            )
            shown += [row.name for row in page.rows]
            place = page.after
            if place is None:
                break
    assert names(sheets["会员列表"]) == shown
    assert len(shown) == 232
    assert len(sheets["会员列表"][0]) == 12
    assert (job(number).status, job(number).done, job(number).summary) == (JobStatus.DONE, 232, {"rows": 232})


def test_numbers_are_masked_and_dates_are_dates(office):
    rows = result(office.account_id, export(office, wanted=MemberFilter(name="陈一")))["会员列表"]

    [row] = rows[1:]
    assert row[2:4] == ("138****8000", f"4401{'*' * 12}{NUMBER[-2:]}")
    assert row[6].date() == date(2020, 5, 1)


def test_numbers_are_whole_for_a_reason_that_is_kept(office):
    number = export(office, wanted=MemberFilter(name="陈一"), reveals=True, reason="发放慰问品")

    sheets = result(office.account_id, number)
    assert sheets["会员列表"][1][2:4] == ("13800138000", NUMBER)
    assert ("号码", "完整显示，理由：发放慰问品") in sheets["导出说明"]
    with unit_of_work(reading=True) as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "members:export")).one()
        assert (entry.detail["reveals"], entry.detail["reason"]) == (True, "发放慰问品")
        assert "陈一" not in str(entry.detail) + str(job(number).parameters)


def test_what_looks_like_a_formula_is_text(office):
    from io import BytesIO

    from openpyxl import load_workbook

    from gdftu_app.services.job_files import read_sealed

    number = export(office, wanted=MemberFilter(name="=HYPER"))

    cell = load_workbook(BytesIO(read_sealed(job(number).result_key)))["会员列表"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


def test_a_sheet_says_who_exported_what(office):
    told = dict(result(office.account_id, export(office, wanted=MemberFilter(sex=Sex.FEMALE)))["导出说明"])

    assert told["导出人"] == "黄管理"
    assert told["范围"] == "「榕江电器有限公司工会委员会」的会员"
    assert told["性别"] == "女"
    assert told["行数"] == 115


def test_own_and_below_is_asked_by_whoever_reaches_it(office):
    with unit_of_work() as session:
        account = appoint(session, office.world.city)
        fold(session, limit=1000)

    number = export(office, account, acting=office.world.city.id, below=True)

    assert len(result(account, number)["会员列表"]) == 233


def test_more_rows_than_a_workbook_takes_are_refused(office, monkeypatch):
    monkeypatch.setattr(member_exports, "MOST_ROWS", 100)

    with pytest.raises(TooManyRows):
        export(office)
    # Where no figure tells how many there are, the job says so instead of cutting.
    number = export(office, wanted=MemberFilter(name="会员"))

    assert job(number).status == JobStatus.FAILED
    assert job(number).message == TooManyRows.default


@pytest.mark.parametrize(("role", "reveals"), [(Role.ANALYST, False), (Role.ANALYST, True), (Role.REVIEWER, False)])
def test_without_the_permission_nothing_starts(office, role: Role, reveals: bool):
    with unit_of_work() as session:
        account = appoint(session, office.world.factory, role=role)

    with pytest.raises(NotAllowed):
        export(office, account, reveals=reveals, reason="理由")


def test_whole_numbers_need_a_reason(office):
    with pytest.raises(InvalidInput):
        export(office, reveals=True, reason=" ")


def test_whoever_is_dismissed_meanwhile_gets_nothing(office):
    def dismiss(session: Session) -> None:
        session.exec(select(Administrator)).one().permissions = ["members:view"]

    with unit_of_work() as session:
        number = start_member_export(session, office.actor(session))
        dismiss(session)
    work_off(RUNNERS)

    assert (job(number).status, job(number).message) == (JobStatus.FAILED, RIGHT_ENDED)
