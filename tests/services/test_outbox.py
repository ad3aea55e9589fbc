from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.integrations.sms import Delivery, DeliveryStatus, TextMessage
from gdftu_app.models.accounts import SignInFailures
from gdftu_app.models.records import OutboxMessage
from gdftu_app.queries.outbox import list_messages, open_message
from gdftu_app.services.outbox import deliver_waiting, post

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
PHONE = "+8619900000001"


class Gateway:
    """A gateway that notes what it is given and answers as it is told."""

    name = "elsewhere"
    keeps_messages_here = False
    at_once = 1

    def __init__(self, *answers: Delivery) -> None:
        self.given: list[TextMessage] = []
        self.answers = list(answers)

    def send(self, message: TextMessage) -> Delivery:
        self.given.append(message)
        return self.answers.pop(0) if self.answers else Delivery(DeliveryStatus.ACCEPTED, "OK", "R-1")

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.given]


LATER = Delivery(DeliveryStatus.LATER, "isv.BUSINESS_LIMIT_CONTROL", "R-0")


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


def deliver(session, gateway=None, **rest):
    return deliver_waiting(unit=lambda: nullcontext(session), gateway=gateway, **rest)


def only(session):
    return session.exec(select(OutboxMessage)).one()


def state(message):
    return (message.status, message.failure, message.gateway_code)


class TestPost:
    def test_text_and_values_are_sealed_together(self, session):
        post(session, PHONE, "sign_in", "验证码 123456", {"code": "123456", "minutes": "5"})

        message = only(session)
        assert "123456" not in str(message.model_dump())
        assert open_message(message) == TextMessage(
            PHONE, "sign_in", "验证码 123456", {"code": "123456", "minutes": "5"}
        )

    def test_what_is_printed_of_a_message_shows_nothing_of_it(self):
        printed = repr(TextMessage(PHONE, "sign_in", "验证码 123456", {"code": "123456"}))

        assert printed == "TextMessage(purpose='sign_in')"


class TestDeliverWaiting:
    def test_a_message_is_delivered_once(self, session):
        post(session, PHONE, "notice", "您好", {"name": "值"})
        gateway = Gateway()

        assert (deliver(session, gateway), deliver(session, gateway)) == (1, 0)
        assert gateway.given == [TextMessage(PHONE, "notice", "您好", {"name": "值"})]
        message = only(session)
        assert (message.status, message.delivered_at, message.claimed_at) == ("sent", now(), None)
        assert (message.gateway, message.gateway_code, message.gateway_request) == ("elsewhere", "OK", "R-1")

    def test_the_oldest_go_first_and_no_more_than_asked(self, session):
        for text in ("一", "二", "三"):
            post(session, PHONE, "notice", text)
            session.flush()
        gateway = Gateway()

        assert [deliver(session, gateway, limit=2) for _ in range(2)] == [2, 1]
        assert gateway.texts == ["一", "二", "三"]

    def test_more_than_a_batch_goes_in_one_round(self, session):
        for number in range(40):
            post(session, PHONE, "notice", str(number))

        assert deliver(session, Gateway(), limit=100) == 40

    def test_one_refused_for_now_is_tried_again_after_growing_delays(self, session):
        post(session, PHONE, "notice", "您好")
        gateway = Gateway(*[LATER] * 9)
        tried = []

        for second in range(600):
            deliver(session, gateway)
            if len(gateway.given) > len(tried):
                tried.append(second)
            travel(timedelta(seconds=1))

        assert tried == [0, 5, 20, 65, 200]
        assert state(only(session)) == ("failed", "exhausted", "isv.BUSINESS_LIMIT_CONTROL")

    def test_it_is_not_tried_again_once_it_would_be_useless(self, session):
        post(session, PHONE, "sign_in", "验证码", useful_for=timedelta(seconds=15))
        gateway = Gateway(LATER, LATER)

        deliver(session, gateway)
        travel(timedelta(seconds=5))
        deliver(session, gateway)

        assert (len(gateway.given), state(only(session))[:2]) == (2, ("failed", "exhausted"))

    def test_it_may_succeed_at_a_later_attempt(self, session):
        post(session, PHONE, "notice", "您好")
        gateway = Gateway(LATER)

        deliver(session, gateway)
        travel(timedelta(seconds=5))

        assert deliver(session, gateway) == 1
        assert (only(session).status, only(session).attempts) == ("sent", 2)

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (Delivery(DeliveryStatus.REFUSED, "isv.X", "R"), ("failed", "refused", "isv.X")),
            (Delivery(DeliveryStatus.UNCERTAIN, "ReadTimeout"), ("uncertain", "unanswered", "ReadTimeout")),
        ],
    )
    def test_one_refused_for_good_or_left_open_is_never_offered_again(self, session, caplog, answer, expected):
        post(session, PHONE, "sign_in", "验证码 123456", {"code": "123456"})
        gateway = Gateway(answer)

        for _ in range(5):
            deliver(session, gateway)
            travel(timedelta(minutes=1))

        assert (len(gateway.given), state(only(session))) == (1, expected)
        assert f"code {expected[2]}" in caplog.text
        assert not any(secret in caplog.text for secret in ("19900000001", "123456"))

    def test_an_error_inside_a_gateway_leaves_it_open(self, session):
        class Broken(Gateway):
            def send(self, message: TextMessage) -> Delivery:
                raise ValueError(message.phone)

        post(session, PHONE, "notice", "您好")

        deliver(session, Broken())

        assert state(only(session)) == ("uncertain", "unanswered", "ValueError")

    def test_a_gateway_that_takes_nothing_ends_the_round(self, session):
        for number in range(40):
            post(session, PHONE, "notice", str(number))
        gateway = Gateway(*[Delivery(DeliveryStatus.LATER, "ConnectError")] * 40)

        deliver(session, gateway)

        assert len(gateway.given) == 16

    def test_a_message_that_waited_too_long_is_not_sent_any_more(self, session):
        post(session, PHONE, "notice", "您好")
        session.flush()
        travel(timedelta(minutes=10))
        gateway = Gateway()

        assert deliver(session, gateway) == 0
        assert (gateway.given, state(only(session))[:2]) == ([], ("failed", "expired"))

    def test_one_of_a_series_is_not_sent_once_a_later_one_made_it_void(self, session):
        for text in ("旧", "新"):
            post(session, PHONE, "sign_in", text, series="sign_in:known")
            session.flush()
        post(session, PHONE, "sign_in", "陌生设备", series="sign_in:stranger")
        post(session, "+8619900000002", "sign_in", "别人", series="sign_in:known")
        gateway = Gateway()

        assert deliver(session, gateway) == 3
        assert gateway.texts == ["新", "陌生设备", "别人"]
        assert session.exec(select(OutboxMessage.failure).order_by(col(OutboxMessage.id))).first() == "superseded"

    def test_messages_of_no_series_do_not_replace_each_other(self, session):
        for text in ("一", "二"):
            post(session, PHONE, "notice", text)

        assert deliver(session, Gateway()) == 2

    def test_a_message_moved_to_another_phone_is_not_sent(self, session):
        post(session, PHONE, "notice", "您好")
        session.flush()
        only(session).phone_bidx = "x"
        session.flush()

        assert deliver(session, Gateway()) == 0
        assert state(only(session))[:2] == ("failed", "unreadable")

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
        class Writing(Gateway):
            def send(self, message: TextMessage) -> Delivery:
                with unit_of_work() as session:
                    session.add(SignInFailures(phone_bidx="x"))
                return super().send(message)

        with unit_of_work() as session:
            post(session, PHONE, "notice", "您好")
        gateway = Writing()

        assert deliver_waiting(gateway=gateway) == 1
        assert gateway.texts == ["您好"]


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
