"""Pages of a queue: read from whichever end is nearer, and never a request twice or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from gdftu_app.models.registrations import Registration
from gdftu_app.queries.reviews import ReviewFilter, ReviewTab, review_page
from gdftu_app.security.actors import Actor
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import reject
from tests.factories import Federation, id_of, make_account, make_registration

ActAs = Callable[..., Actor]
MOMENT = datetime(2026, 3, 2, 1, tzinfo=UTC)
MANY = 47


@pytest.fixture
def reviewer(act_as: ActAs, small_federation: Federation) -> Actor:
    return act_as(small_federation.district)


@pytest.fixture
def requests(session: Session, small_federation: Federation) -> list[Registration]:
    """Several that were submitted in the same second, so that their numbers decide."""
    applicant = make_account(session)
    return [
        make_registration(
            session,
            small_federation.district,
            applicant=applicant,
            submitted_at=MOMENT + timedelta(seconds=number // 5),
            employer_name=f"{'甲' if number % 2 else '乙'}厂{number}",
        )
        for number in range(MANY)
    ]


def all_pages(session: Session, reviewer: Actor, tab: ReviewTab, wanted: ReviewFilter) -> list[int]:
    def page(number: int):
        return review_page(session, reviewer, queue=REGISTRATIONS.list, tab=tab, wanted=wanted, page=number)

    return [row.id for number in range(1, page(1).pages + 1) for row in page(number).rows]


@pytest.mark.parametrize("keyword", ["", "甲厂"])
def test_of_what_waits_are_in_the_order_of_waiting(
    keyword: str, session: Session, reviewer: Actor, requests: list[Registration]
):
    found = all_pages(session, reviewer, ReviewTab.PENDING, ReviewFilter(keyword=keyword))

    assert found == [id_of(request) for request in requests if keyword in request.employer_name]


def test_of_what_was_rejected_begin_with_the_latest(session: Session, reviewer: Actor, requests: list[Registration]):
    numbers = [id_of(request) for request in requests]
    for first in range(0, MANY, 8):
        reject(session, reviewer, queue=REGISTRATIONS, ids=numbers[first : first + 8], reason="证件图片不清晰")

    found = all_pages(session, reviewer, ReviewTab.REJECTED, ReviewFilter())

    assert found == numbers[::-1]


def test_behind_the_last_are_the_last(session: Session, reviewer: Actor, requests: list[Registration]):
    page = review_page(session, reviewer, queue=REGISTRATIONS.list, page=99)

    assert ([row.id for row in page.rows], page.page) == ([id_of(request) for request in requests[40:]], 3)
