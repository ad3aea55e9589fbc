"""Rows written by the hundred: every kind of value comes back as it was, and whoever was first stays."""

from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from gdftu_app.models.jobs import ImportRow, Job
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.models.tables import table_of
from gdftu_app.services.many_rows import Unless, write_new_rows, write_rows
from tests.factories import id_of, make_account, make_federation, make_member, make_person, make_union

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
