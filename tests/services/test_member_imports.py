"""Importing members: checked first, written once when confirmed, and every wrong row told in words."""

import threading
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import col, func, select

from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, NotAllowed, NotFound
from gdftu_app.models.accounts import Administrator
from gdftu_app.models.files import StoredFile
from gdftu_app.models.jobs import ImportOutcome, ImportRow, JobStatus
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.queries.jobs import list_problems
from gdftu_app.security.permissions import Role
from gdftu_app.services import import_writing
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.job_files import read_sealed, write_sealed
from gdftu_app.services.job_kinds import RUNNERS
from gdftu_app.services.job_running import work_off
from gdftu_app.services.jobs import JobChanged, cancel
from gdftu_app.services.member_imports import admit_upload, confirm_import, start_member_import
from gdftu_app.services.memberships import admit
from gdftu_app.services.people import PersonDraft, enrol
from tests.factories import id_of
from tests.workbooks_to_import import filled, id_number, member
from tests.working import Office, appoint, job, open_office


@pytest.fixture
def office(own_database: str) -> Office:
    return open_office()


def upload(office: Office, content: bytes) -> int:
    with unit_of_work() as session:
        key = write_sealed(content)
        number = start_member_import(session, office.actor(session), key=key, name="会员.xlsx", size=len(content))
    work_off(RUNNERS)
    return number


def confirm(office: Office, number: int) -> None:
    with unit_of_work() as session:
        confirm_import(session, office.actor(session), job_id=number)


def imported(office: Office, content: bytes) -> int:
    number = upload(office, content)
    confirm(office, number)
    work_off(RUNNERS)
    return number


def members(office: Office) -> list[Membership]:
    with unit_of_work(reading=True) as session:
        mine = select(Membership).where(Membership.union_id == office.union_id).order_by(col(Membership.id))
        return list(session.exec(mine))


def recorded(office: Office, number: int, *, union: Any = None, name: str = "陈一") -> None:
    with unit_of_work() as session:
        person = enrol(session, PersonDraft(name=name, document_number=id_number(number)))
        if union is not None:
            admit(session, person, union)


def counts(number: int) -> dict[str, int]:
    return {key: value for key, value in job(number).summary.items() if value}


def errors(number: int) -> list[dict[str, Any]]:
    sheet = load_workbook(BytesIO(read_sealed(job(number).result_key)))["会员"]
    headings, *rows = sheet.iter_rows(values_only=True)
    headings = [str(heading).rstrip("*") for heading in headings]
    return [dict(zip(headings, row, strict=True)) for row in rows]


class TestChecking:
    def test_it_says_how_many_are_new_here_elsewhere_and_wrong_and_writes_nothing(self, office):
        recorded(office, 2, union=office.world.factory)
        recorded(office, 3, union=office.world.other_factory)
        recorded(office, 4)

        number = upload(office, filled([member(1), member(2), member(3), member(4), member(5, 姓名="")]))

        assert (job(number).status, job(number).done) == (JobStatus.WAITING, 5)
        assert counts(number) == {"new": 2, "here": 1, "elsewhere": 1, "wrong": 1}
        assert len(members(office)) == 1

    def test_the_wrong_rows_come_back_marked_with_the_reasons_in_words(self, office):
        number = upload(office, filled([member(1), member(2, 手机号="12345", 学历="博士后"), member(1)]))

        wrong, repeated = errors(number)
        assert wrong["姓名"] == "陈一"
        assert wrong["错误原因"] == (
            "手机号：手机号应为 11 位，现为 5 位，请核对。；学历：「博士后」不在列表中，请从列表中选择。"
        )
        assert repeated["错误原因"] == "证件号码：与第 2 行是同一个证件号码，请只保留一行。"
        sheet = load_workbook(BytesIO(read_sealed(job(number).result_key)))["会员"]
        fills = {cell.column: cell.fill.fgColor.rgb for cell in sheet[2] if cell.fill.fill_type}
        assert fills == {4: "FFF8D7D3", 12: "FFF8D7D3"}
        with unit_of_work(reading=True) as session:
            told = list_problems(session, account_id=office.account_id, job_id=number)
        assert [(row.number, [each["column"] for each in row.problems]) for row in told] == [
            (3, ["手机号", "学历"]),
            (4, ["证件号码"]),
        ]

    def test_a_mended_error_workbook_is_taken_as_it_is(self, office):
        first = imported(office, filled([member(1), member(2, 手机号="12345")]))
        book = load_workbook(BytesIO(read_sealed(job(first).result_key)))
        book["会员"]["D2"] = "13800000002"
        mended = BytesIO()
        book.save(mended)

        imported(office, mended.getvalue())

        assert len(members(office)) == 2

    def test_of_somebody_recorded_the_name_must_agree(self, office):
        recorded(office, 1, name="李四")

        number = upload(office, filled([member(1)]))

        assert counts(number) == {"wrong": 1}
        assert errors(number)[0]["错误原因"].startswith("姓名：该证件号码已登记在其他姓名下")

    def test_the_uploaded_workbook_is_let_go_and_rows_are_kept_sealed(self, office):
        number = upload(office, filled([member(1)]))

        with unit_of_work(reading=True) as session:
            assert session.exec(select(StoredFile.subject)).all() == [""]
            row = session.exec(select(ImportRow)).one()
        assert id_number(1) not in str(row.model_dump())
        assert "陈一" not in str(row.model_dump())
        assert job(number).source_key == ""

    def test_a_bad_workbook_fails_with_its_reason(self, office):
        number = upload(office, b"MZ this is no workbook")

        assert job(number).status == JobStatus.FAILED
        assert job(number).message.startswith("文件无法读取")

    def test_too_many_rows_are_refused_whole(self, office, monkeypatch):
        monkeypatch.setattr("gdftu_app.services.import_checks.MOST_IMPORTED", 2)

        number = upload(office, filled([member(1), member(2), member(3)]))

        assert (job(number).status, job(number).message_values) == (JobStatus.FAILED, {"limit": "2"})
        with unit_of_work(reading=True) as session:
            assert session.exec(select(ImportRow)).all() == []


class TestWriting:
    def test_confirmed_rows_become_members_with_what_was_filled_in(self, office):
        rows = [
            member(1, 入会时间="2020年5月1日", 学历="本科", 是否农民工="是", 工作单位="榕江电器"),
            member(2, 姓名="李四", 证件类型="护照", 证件号码="E12345678", 性别="女", 出生日期=date(1990, 2, 3)),
        ]

        number = imported(office, filled(rows))

        first, second = members(office)
        with unit_of_work(reading=True) as session:
            people = [session.get_one(Person, each.person_id) for each in (first, second)]
            assert verify(session) == []
        assert (first.joined_on, first.is_migrant, people[0].education, people[0].workplace) == (
            date(2020, 5, 1),
            True,
            "21",
            "榕江电器",
        )
        assert (people[1].doc_type, second.sex, people[1].born_on) == ("passport", 2, date(1990, 2, 3))
        assert (job(number).status, counts(number)) == (JobStatus.DONE, {"admitted": 2})

    def test_confirmed_twice_it_is_written_once(self, office):
        number = imported(office, filled([member(1), member(2)]))

        confirm(office, number)
        work_off(RUNNERS)

        assert len(members(office)) == 2

    def test_the_same_workbook_again_adds_nobody(self, office):
        content = filled([member(1), member(2)])
        imported(office, content)

        again = upload(office, content)

        assert (job(again).status, counts(again)) == (JobStatus.DONE, {"here": 2})

    def test_who_joined_meanwhile_is_passed_over(self, office):
        number = upload(office, filled([member(1), member(2), member(3)]))
        recorded(office, 1, union=office.world.other_factory)
        recorded(office, 2)
        confirm(office, number)

        work_off(RUNNERS)

        assert len(members(office)) == 2
        assert counts(number) == {"admitted": 2, "elsewhere": 1}

    def test_broken_off_between_two_transactions_it_goes_on_where_it_was(self, office, monkeypatch):
        monkeypatch.setattr(import_writing, "WRITTEN_AT_ONCE", 2)
        number = upload(office, filled([member(each) for each in range(5)]))
        confirm(office, number)
        whole, calls = import_writing._write_some, []

        def breaks(session, run, done):
            calls.append(1)
            if len(calls) == 2:
                raise RuntimeError("out of order")
            return whole(session, run, done)

        monkeypatch.setattr(import_writing, "_write_some", breaks)
        work_off(RUNNERS)
        assert (job(number).status, len(members(office))) == (JobStatus.FAILED, 2)

        with unit_of_work() as session:
            from gdftu_app.services.jobs import retry

            retry(session, account_id=office.account_id, job_id=number)
        work_off(RUNNERS)

        assert len(members(office)) == 5
        assert counts(number) == {"admitted": 5}

    def test_two_imports_of_the_same_people_at_once_admit_each_once(self, office):
        content = filled([member(each) for each in range(40)])
        for number in [upload(office, content) for _ in range(2)]:
            confirm(office, number)

        threads = [threading.Thread(target=work_off, args=(RUNNERS,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with unit_of_work(reading=True) as session:
            assert session.exec(select(func.count()).select_from(Membership)).one() == 40
            admitted = select(func.count()).where(ImportRow.outcome == ImportOutcome.ADMITTED)
            assert session.exec(admitted).one() == 40
            assert verify(session) == []

    def test_a_cancelled_import_is_not_written(self, office):
        number = upload(office, filled([member(1)]))
        with unit_of_work() as session:
            cancel(session, account_id=office.account_id, job_id=number)

        with pytest.raises(JobChanged):
            confirm(office, number)


class TestWhoMay:
    def test_only_its_owner_confirms_it_in_its_union(self, office):
        number = upload(office, filled([member(1)]))
        with unit_of_work() as session:
            colleague = appoint(session, office.world.factory)
            make_owner_elsewhere = Administrator(
                account_id=office.account_id,
                union_id=id_of(office.world.other_factory),
                role=Role.OWNER,
                permissions=["members:import"],
            )
            session.add(make_owner_elsewhere)

        for other in (
            Office(office.world, colleague, office.union_id),
            Office(office.world, office.account_id, id_of(office.world.other_factory)),
        ):
            with pytest.raises(NotFound):
                confirm(other, number)

    def test_without_the_permission_nothing_is_taken(self, office):
        with unit_of_work() as session:
            analyst = Office(office.world, appoint(session, office.world.factory, role=Role.ANALYST), office.union_id)

        for act in (lambda: upload(analyst, b"PK"), lambda: confirm(analyst, 1)):
            with pytest.raises(NotAllowed):
                act()

    def test_a_union_that_holds_no_members_imports_none(self, office):
        with unit_of_work() as session:
            city = Office(office.world, appoint(session, office.world.city), id_of(office.world.city))

        with unit_of_work() as session, pytest.raises(InvalidInput):
            admit_upload(session, city.actor(session))

    def test_permission_lost_before_writing_stops_it(self, office):
        number = upload(office, filled([member(1)]))
        confirm(office, number)
        with unit_of_work() as session:
            session.exec(select(Administrator)).one().permissions = ["members:view"]

        work_off(RUNNERS)

        assert (job(number).status, members(office)) == (JobStatus.FAILED, [])
