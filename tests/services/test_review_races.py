"""Two reviewers at once, and a process killed in the middle: each request is decided once, or not at all."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import Session, func, select

from gdftu_app.db import unit_of_work
from gdftu_app.models.accounts import Administrator
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import get_actor
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import Verdict, approve, reject, withdraw
from tests.factories import id_of, make_account, make_administrator, make_federation, make_file, make_registration
from tests.recounts import recount, shown

BATCH = 200
# Approves a batch and stops for ever once the unions are written, before anything is committed.
HALF_WAY = """
import sys, time
from sqlalchemy import event
from gdftu_app.db import engine, unit_of_work
from gdftu_app.security.actors import get_actor
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import approve

account, union, *ids = map(int, sys.argv[1:])

def stop(connection, cursor, statement, *rest):
    if "union_employers" in statement:
        print("half way", flush=True)
        time.sleep(600)

with unit_of_work() as session:
    event.listen(engine(), "after_cursor_execute", stop)
    approve(session, get_actor(session, account_id=account, union_id=union), queue=REGISTRATIONS, ids=ids)
"""


@pytest.fixture
def waiting(own_database: str) -> tuple[int, list[int], list[int]]:
    """A street's id, two accounts that review for it, and the requests that wait there."""
    with unit_of_work() as session:
        street = make_federation(session).street
        reviewers = [make_account(session, name=name) for name in ("甲审核", "乙审核")]
        for reviewer in reviewers:
            make_administrator(session, reviewer, street)
        applicant = make_account(session)
        certificate = id_of(make_file(session, id_of(applicant)))
        requests = [
            make_registration(session, street, applicant=applicant, employer_certificate_id=certificate)
            for _ in range(BATCH)
        ]
        return id_of(street), [id_of(each) for each in reviewers], [id_of(each) for each in requests]


def statuses(session: Session) -> dict[str, int]:
    return dict(session.exec(select(Registration.status, func.count()).group_by(Registration.status)).all())


def figures_are_right(session: Session) -> bool:
    return shown(session) == recount(session)


def decide(verb: str, account_id: int, union_id: int, ids: list[int], start: Barrier):
    start.wait()
    with unit_of_work() as session:
        actor = get_actor(session, account_id=account_id, union_id=union_id)
        if verb == "approve":
            return approve(session, actor, queue=REGISTRATIONS, ids=ids)
        return reject(session, actor, queue=REGISTRATIONS, ids=ids, reason="重复提交")


@pytest.mark.parametrize("second", ["approve", "reject"])
def test_two_reviewers_with_the_same_rows_decide_each_exactly_once(waiting, second: str):
    street, reviewers, requests = waiting
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(decide, verb, account, street, ids, start)
            for verb, account, ids in (
                ("approve", reviewers[0], requests),
                (second, reviewers[1], list(reversed(requests))),
            )
        ]
        first, other = [{outcome.id: outcome for outcome in answer.result()} for answer in answers]

    for number in requests:
        verdicts = {first[number].verdict, other[number].verdict}
        assert len(verdicts & {Verdict.APPROVED, Verdict.REJECTED}) == 1
        assert Verdict.ALREADY_CLOSED in verdicts
    late = next(outcome for outcome in (*first.values(), *other.values()) if not outcome.is_decided)
    assert late.values is not None
    assert late.values["name"] in ("甲审核", "乙审核")
    with unit_of_work(reading=True) as session:
        approved = statuses(session).get(ReviewStatus.APPROVED, 0)
        assert approved in (0, BATCH)
        assert session.exec(select(func.count()).where(Union.superior_id == street)).one() == approved + 1
        assert session.exec(select(func.count()).select_from(Administrator)).one() == approved + 2
        assert figures_are_right(session)


def test_an_applicant_who_withdraws_meanwhile_either_does_or_does_not(waiting):
    street, reviewers, requests = waiting
    start = Barrier(2)

    def withdraw_all() -> list[int]:
        withdrawn: list[int] = []
        start.wait()
        for number in reversed(requests):
            with unit_of_work() as session:
                request = session.get_one(Registration, number)
                if withdraw(session, request, account_id=request.submitted_by_id):
                    withdrawn.append(number)
        return withdrawn

    with ThreadPoolExecutor(2) as pool:
        withdrawing = pool.submit(withdraw_all)
        approving = pool.submit(decide, "approve", reviewers[0], street, requests, start)
        withdrawn, outcomes = set(withdrawing.result()), approving.result()

    approved = {outcome.id for outcome in outcomes if outcome.is_decided}
    assert approved | withdrawn == set(requests)
    assert not approved & withdrawn
    with unit_of_work(reading=True) as session:
        assert figures_are_right(session)


def test_a_process_killed_in_the_middle_leaves_nothing_behind(waiting):
    street, reviewers, requests = waiting
    asked = [str(number) for number in (reviewers[0], street, *requests)]

    with subprocess.Popen([sys.executable, "-c", HALF_WAY, *asked], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.kill()

    with unit_of_work(reading=True) as session:
        assert statuses(session) == {ReviewStatus.PENDING: BATCH}
        assert session.exec(select(func.count()).where(Union.superior_id == street)).one() == 1
        assert figures_are_right(session)
    with unit_of_work() as session:
        actor = get_actor(session, account_id=reviewers[1], union_id=street)
        outcomes = approve(session, actor, queue=REGISTRATIONS, ids=requests)
    assert all(outcome.is_decided for outcome in outcomes)
