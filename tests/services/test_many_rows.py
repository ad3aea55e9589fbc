"""Rows written by the hundred: every kind of value comes back as it was, and whoever was first stays."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from gdftu_app.db import dialect
from gdftu_app.errors import Refusal
from gdftu_app.models.jobs import ImportRow, Job
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership
from gdftu_app.models.notifications import Notification, NotificationKind
from gdftu_app.models.people import Person
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import table_of
from gdftu_app.services.many_rows import Unless, change_rows, write_new_rows, write_rows, written_together
from gdftu_app.services.notifications import notify
from gdftu_app.services.reviews import withdraw
from tests.factories import (
    id_of,
    make_account,
    make_federation,
    make_join_application,
    make_member,
    make_person,
    make_union,
)
from tests.statements import statements

HOSTILE = "\"'; DROP TABLE persons; -- \\u0041 {x} %s 𠮷 \n"


def test_every_kind_of_value_comes_back(session: Session):
    seen = datetime(2026, 5, 1, 23, 59, 59, 123456, tzinfo=UTC)
    fixed = {"verification": "verified", "verified_at": seen, "created_at": seen}
    rows = [
        {"name": HOSTILE, "sex": 1, "born_on": date(1990, 2, 3), "is_migrant": True, **fixed},
        {"name": "李四", "sex": None, "born_on": None, "is_migrant": False, **fixed},
    ]
    blank = dict.fromkeys(("ethnicity", "education", "politics", "household", "employment", "skill"), "")
    more = {**blank, "workplace": "", "occupation": ""}

    write_rows(session, table_of(Person), [{**row, **more} for row in rows])

    found = session.exec(select(Person).order_by(col(Person.id).desc()).limit(2)).all()
    assert [(one.name, one.sex, one.born_on, one.is_migrant) for one in reversed(found)] == [
        (HOSTILE, 1, date(1990, 2, 3), True),
        ("李四", None, None, False),
    ]
    assert {(one.verified_at, one.created_at) for one in found} == {(seen, seen)}


def test_what_is_json_stays_json(session: Session):
    union = make_union(session)
    job = Job(kind="member_import", account_id=id_of(make_account(session)), union_id=id_of(union))
    session.add(job)
    session.flush()
    problems = [{"column": "姓名", "message": HOSTILE, "values": {"limit": 3}}]
    row = {"job_id": job.id, "number": 2, "outcome": "wrong", "document": None, "values": "", "problems": problems}

    write_rows(session, table_of(ImportRow), [row])

    assert session.exec(select(ImportRow)).one().problems == problems


def test_who_was_there_already_is_left_and_only_the_others_are_given(session: Session):
    union = make_federation(session).factory
    member, newcomer = make_member(session, union), make_person(session)
    rows = [{**member.model_dump(exclude={"id"}), "person_id": number} for number in (member.person_id, newcomer.id)]
    memberships, unless = table_of(Membership), Unless(("person_id",), text("status IN (1, 2)"))

    new = write_new_rows(session, memberships, rows, unless, memberships.c.person_id)

    assert [tuple(row) for row in new] == [(newcomer.id,)]


def test_nothing_is_written_of_no_rows(session: Session):
    write_rows(session, table_of(Person), [])

    assert write_new_rows(session, table_of(Person), [], Unless(("id",)), table_of(Person).c.id) == []


class TestChanging:
    def test_every_kind_of_value_comes_back_and_other_rows_stay(self, session: Session):
        changed, other = make_person(session, name="陈一"), make_person(session, name="李二")
        seen = datetime(2026, 5, 1, 23, 59, 59, 123456, tzinfo=UTC)
        row = {"name": HOSTILE, "born_on": date(1990, 2, 3), "is_migrant": True, "sex": None, "verified_at": seen}

        change_rows(session, table_of(Person), [{"id": changed.id, **row}])

        for person in (changed, other):
            session.refresh(person)
        assert {name: getattr(changed, name) for name in row} == row
        assert other.name == "李二"

    def test_a_row_that_is_no_longer_so_stays_as_it_is(self, session: Session):
        factory = make_federation(session).factory
        waiting, closed = make_join_application(session, factory), make_join_application(session, factory)
        withdraw(session, closed, account_id=closed.submitted_by_id)
        rows = [{"id": each.id, "reason": "甲"} for each in (waiting, closed)]

        change_rows(session, table_of(JoinApplication), rows, status=ReviewStatus.PENDING.value)

        for each in (waiting, closed):
            session.refresh(each)
        assert (waiting.reason, closed.reason) == ("甲", "")


def tell(session: Session, *accounts: int) -> None:
    for account in accounts:
        notify(session, [account], NotificationKind.APPOINTED, union="甲")


def rename_and_tell(session: Session, person: Person, *accounts: int) -> None:
    with written_together(session):
        change_rows(session, table_of(Person), [{"id": person.id, "name": "甲"}])
        tell(session, *accounts)


def tell_and_refuse(session: Session, account: int) -> None:
    with written_together(session):
        tell(session, account)
        raise Refusal("甲")


class TestTogether:
    def test_rows_of_several_tables_are_written_by_one_statement_in_the_order_given(self, session: Session):
        first, second = id_of(make_account(session)), id_of(make_account(session))
        person = make_person(session)

        with statements(session) as sent, written_together(session):
            tell(session, second, first)
            change_rows(session, table_of(Person), [{"id": person.id, "name": "甲"}])
            with written_together(session):
                tell(session, second)

        assert len(sent) == (1 if dialect(session) == "postgresql" else 4)
        told = session.exec(select(Notification).order_by(col(Notification.id))).all()
        assert [each.account_id for each in told] == [second, first, second]
        session.refresh(person)
        assert person.name == "甲"

    def test_all_of_them_are_written_or_none(self, session: Session):
        account = id_of(make_account(session))
        person = make_person(session, name="陈一")

        with pytest.raises(IntegrityError), session.begin_nested():
            rename_and_tell(session, person, account, account + 1)

        session.refresh(person)
        assert (person.name, session.exec(select(Notification)).all()) == ("陈一", [])

    def test_nothing_is_written_after_a_failure(self, session: Session):
        account = id_of(make_account(session))

        with pytest.raises(Refusal), session.begin_nested():
            tell_and_refuse(session, account)

        tell(session, account)
        assert len(session.exec(select(Notification)).all()) == 1
