"""An employer nobody knew, whom two approvals record at the same moment: it is recorded once, and both answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from gdftu_app.db import unit_of_work
from gdftu_app.models.unions import Employer, UnionCategory
from gdftu_app.queries.employer_coverage import covering_unions
from gdftu_app.queries.union_values import employers_of
from gdftu_app.security.actors import get_actor
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import Outcome, ReviewQueue, approve
from tests.changing import ask, upload
from tests.factories import (
    id_of,
    make_account,
    make_administrator,
    make_federation,
    make_registration,
    make_union,
    make_uscc,
)

WANTED = make_uscc(881)


@pytest.mark.parametrize("attempt", range(3))
def test_whoever_comes_second_finds_it_recorded(attempt: int, own_database: str):
    with unit_of_work() as session:
        street = make_federation(session).street
        joint = make_union(
            session,
            street,
            name="榕江联合工会委员会",
            category=UnionCategory.JOINT_BASE,
            employers=[
                Employer(name=f"榕江{word}厂", uscc=make_uscc(882 + place)) for place, word in enumerate("甲乙")
            ],
        )
        owner, *reviewers = [make_account(session, name=name) for name in ("负责人", "甲审核", "乙审核")]
        make_administrator(session, owner, joint)
        for reviewer in reviewers:
            make_administrator(session, reviewer, street)
        acting = get_actor(session, account_id=id_of(owner), union_id=id_of(joint))
        typed = {"employers.-1.name": "榕江丙厂", "employers.-1.uscc": WANTED}
        change = ask(session, acting, purpose="新增覆盖单位", documents=[upload(session, acting)], **typed)
        registration = id_of(make_registration(session, street, employer_uscc=WANTED))
        joint_id = id_of(joint)
        union, first, second = id_of(street), id_of(reviewers[0]), id_of(reviewers[1])
    start = Barrier(2)

    def decide(account: int, queue: ReviewQueue, number: int) -> Outcome:
        start.wait()
        with unit_of_work() as session:
            actor = get_actor(session, account_id=account, union_id=union)
            return approve(session, actor, queue=queue, ids=[number])[0]

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(decide, (first, second), (REGISTRATIONS, CHANGES), (registration, change)))

    with unit_of_work() as session:
        [employer] = session.exec(select(Employer).where(Employer.uscc == WANTED)).all()
        assert WANTED in covering_unions(session, [WANTED])
        assert (employer.id in [each.id for each in employers_of(session, joint_id)]) is outcomes[1].is_decided
    assert outcomes[0].is_decided
