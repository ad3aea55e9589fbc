from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.integrations.sms import DeliveryFailed
from gdftu_app.models.records import OutboxMessage
from gdftu_app.queries.outbox import list_messages
from gdftu_app.services.outbox import deliver_waiting, post

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
PHONE = "+8619900000001"


class OtherSide:
    """A gateway that notes what it is given, or fails."""

    keeps_messages_here = False

    def __init__(self, *, fails: bool = False) -> None:
        self.given: list[tuple[str, str]] = []
        self.fails = fails

    def send(self, phone: str, text: str) -> None:
        self.given.append((phone, text))
        if self.fails:
            raise DeliveryFailed


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


def deliver(session, gateway=None, **rest):
    return deliver_waiting(unit=lambda: nullcontext(session), gateway=gateway, **rest)


def only(session):
    return session.exec(select(OutboxMessage)).one()


class TestDeliverWaiting:
    def test_a_message_is_delivered_once(self, session):
        post(session, PHONE, "notice", "您好")
        other_side = OtherSide()

        assert (deliver(session, other_side), deliver(session, other_side)) == (1, 0)
        assert other_side.given == [(PHONE, "您好")]
        assert (only(session).status, only(session).delivered_at) == ("sent", now())

    def test_the_oldest_go_first_and_no_more_than_asked(self, session):
        for text in ("一", "二", "三"):
            post(session, PHONE, "notice", text)
            session.flush()
        other_side = OtherSide()

        assert [deliver(session, other_side, limit=2) for _ in range(2)] == [2, 1]
        assert [text for _, text in other_side.given] == ["一", "二", "三"]

    def test_a_failure_is_tried_again_a_minute_later_and_three_times_in_all(self, session):
        post(session, PHONE, "notice", "您好")
        other_side = OtherSide(fails=True)
        counts = []

        for _ in range(5):
            deliver(session, other_side)
            deliver(session, other_side)
            counts.append((len(other_side.given), only(session).status))
            travel(timedelta(minutes=1))

        assert counts == [(1, "waiting"), (2, "waiting"), (3, "waiting"), (3, "failed"), (3, "failed")]

    def test_a_message_that_waited_too_long_is_not_sent_any_more(self, session):
        post(session, PHONE, "notice", "您好")
        session.flush()
        travel(timedelta(minutes=10))
        other_side = OtherSide()

        assert deliver(session, other_side) == 0
        assert (other_side.given, only(session).status) == ([], "failed")

    def test_a_message_moved_to_another_phone_is_not_sent(self, session):
        post(session, PHONE, "notice", "您好")
        session.flush()
        only(session).phone_bidx = "x"
        session.flush()

        assert deliver(session, OtherSide()) == 0
        assert only(session).status == "failed"

    def test_what_is_rolled_back_is_never_sent(self, own_database):
        def post_and_fail():
            with unit_of_work() as session:
                post(session, PHONE, "notice", "您好")
                session.flush()
                raise RuntimeError

        with pytest.raises(RuntimeError):
            post_and_fail()

        assert deliver_waiting() == 0

    def test_the_gateway_is_called_outside_any_transaction(self, own_database):
        class Writing(OtherSide):
            def send(self, phone: str, text: str) -> None:
                with unit_of_work() as session:
                    post(session, phone, "notice", "另一条")
                super().send(phone, text)

        with unit_of_work() as session:
            post(session, PHONE, "notice", "您好")
        other_side = Writing()

        assert deliver_waiting(gateway=other_side) == 1
        assert other_side.given == [(PHONE, "您好")]


class TestListMessages:
    def test_the_newest_come_first_and_phones_are_masked(self, session):
        post(session, PHONE, "notice", "一")
        session.flush()
        post(session, "+8613800138000", "notice", "二")
        session.flush()

        rows = list_messages(session)

        assert [(row.phone, row.text) for row in rows] == [("138****8000", "二"), ("199****0001", "一")]

    def test_those_of_one_phone_show_it(self, session):
        post(session, PHONE, "notice", "一")
        post(session, "+8613800138000", "notice", "二")

        [row] = list_messages(session, phone="199 0000 0001")

        assert (row.phone, row.text, row.status) == ("19900000001", "一", "waiting")
