"""Messages between the outbox and a real gateway: workers that race, that are killed, and what the database allows."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from gdftu_app.clock import frozen_at, now
from gdftu_app.config import PROJECT_FOLDER
from gdftu_app.db import unit_of_work
from gdftu_app.models.records import OutboxMessage
from gdftu_app.services.outbox import deliver_waiting, post
from tests.clouds import aliyun, as_json, installed
from tests.other_side import Silence, other_side

TAKEN = {"Code": "OK", "Message": "OK", "BizId": "1^0"}
DELIVER = "from gdftu_app.services.outbox import deliver_waiting; deliver_waiting()"


def post_codes(count):
    with unit_of_work() as session:
        for number in range(count):
            values = {"code": f"{number:06d}", "minutes": "5"}
            post(session, f"+86178{number:08d}", "sign_in", f"验证码 {number:06d}", values)


def statuses():
    with unit_of_work(reading=True) as session:
        return Counter((message.status, message.failure) for message in session.exec(select(OutboxMessage)))


def codes_in(side):
    return Counter(json.loads(seen.query["TemplateParam"])["code"] for seen in side.seen)


def installed_with(side):
    return installed(sms_gateway="aliyun", aliyun_sms_url=side.url, gateway_timeout_seconds=10)


class TestWorkersAtOnce:
    def test_two_workers_send_every_message_once(self, own_database):
        def take_a_moment(_parameters):
            time.sleep(0.01)
            return TAKEN

        post_codes(60)
        start = threading.Barrier(2)

        def work():
            start.wait(10)
            while deliver_waiting(limit=10):
                pass

        with other_side(aliyun(take_a_moment)) as side, installed_with(side):
            workers = [threading.Thread(target=work) for _ in range(2)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join(60)
            sent = codes_in(side)

        assert (len(sent), set(sent.values())) == (60, {1})
        assert statuses() == {("sent", None): 60}

    def test_a_second_worker_does_not_wait_for_the_messages_of_the_first(self, own_database):
        released = threading.Event()

        def first_waits(parameters):
            if json.loads(parameters["TemplateParam"])["code"] == "000000":
                released.wait(10)
            return TAKEN

        with other_side(aliyun(first_waits)) as side, installed_with(side):
            post_codes(1)
            first = threading.Thread(target=deliver_waiting)
            first.start()
            side.wait_for_requests(1)
            with unit_of_work() as session:
                post(session, "+8617900000000", "notice", "通知", {})
                post(session, "+8617900000001", "sign_in", "验证码", {"code": "999999", "minutes": "5"})

            assert deliver_waiting() == 1
            assert statuses()["sending", None] == 1
            released.set()
            first.join(10)

        assert statuses() == {("sent", None): 2, ("failed", "refused"): 1}


class TestKilledWorkers:
    @pytest.fixture
    def killed(self, own_database):
        """A worker that was killed while the gateway had its message; the gateway answers everybody else."""
        post_codes(1)
        with other_side(lambda _: Silence()) as side, installed_with(side):
            worker = subprocess.Popen([sys.executable, "-c", DELIVER], cwd=PROJECT_FOLDER)
            try:
                side.wait_for_requests(1)
            finally:
                worker.kill()
                worker.wait(10)
            side.behaviour = aliyun(TAKEN)
            yield side

    def test_what_it_held_is_not_sent_again(self, killed):
        assert deliver_waiting() == 0
        assert statuses() == {("sending", None): 1}

        with frozen_at(now() + timedelta(minutes=3)):
            assert deliver_waiting() == 0
            assert deliver_waiting() == 0

        assert statuses() == {("uncertain", "interrupted"): 1}
        assert len(killed.seen) == 1

    def test_nor_is_it_after_a_change_to_the_local_gateway(self, killed):
        with frozen_at(now() + timedelta(minutes=3)), installed(sms_gateway="local"):
            assert deliver_waiting() == 0

        assert statuses() == {("uncertain", "interrupted"): 1}

    def test_a_new_message_to_the_same_phone_goes_out(self, killed):
        post_codes(1)

        assert deliver_waiting() == 1

    def test_with_the_local_gateway_it_is_offered_again(self, own_database):
        post_codes(1)
        with unit_of_work() as session:
            message = session.exec(select(OutboxMessage)).one()
            message.status, message.gateway, message.claimed_at, message.attempts = "sending", "local", now(), 1

        assert deliver_waiting() == 0
        with frozen_at(now() + timedelta(minutes=3)):
            assert deliver_waiting() == 1

        assert statuses() == {("sent", None): 1}


class TestLateAnswers:
    def test_an_answer_after_the_claim_ran_out_still_counts(self, own_database):
        released = threading.Event()

        def wait(_parameters):
            released.wait(10)
            return TAKEN

        with other_side(aliyun(wait)) as side, installed_with(side):
            post_codes(1)
            first = threading.Thread(target=deliver_waiting)
            first.start()
            side.wait_for_requests(1)
            with frozen_at(now() + timedelta(minutes=3)):
                deliver_waiting()
                assert statuses() == {("uncertain", "interrupted"): 1}
            released.set()
            first.join(10)

        assert statuses() == {("sent", None): 1}


class TestOverTheWire:
    def test_a_limit_lets_the_message_wait_and_go_later(self, own_database):
        answers = [as_json({"Code": "isv.BUSINESS_LIMIT_CONTROL", "RequestId": "R"}), TAKEN]

        with other_side(aliyun(lambda _: answers.pop(0))) as side, installed_with(side):
            post_codes(1)
            assert deliver_waiting() == 0
            assert statuses() == {("waiting", None): 1}
            assert deliver_waiting() == 0
            with frozen_at(now() + timedelta(seconds=6)):
                assert deliver_waiting() == 1

        assert len(side.seen) == 2

    def test_a_time_out_leaves_it_open_and_unsent(self, own_database):
        with (
            other_side(lambda _: Silence()) as side,
            installed_with(side),
            installed(sms_gateway="aliyun", aliyun_sms_url=side.url, gateway_timeout_seconds=0.3),
        ):
            post_codes(1)
            for minutes in range(4):
                with frozen_at(now() + timedelta(minutes=minutes)):
                    deliver_waiting()

        assert statuses() == {("uncertain", "unanswered"): 1}
        assert len(side.seen) == 1


class TestWhatTheDatabaseAllows:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"status": "posted"},
            {"status": "sending"},
            {"status": "sent"},
            {"status": "failed"},
            {"status": "uncertain"},
            {"status": "failed", "failure": "unanswered"},
            {"status": "uncertain", "failure": "refused"},
            {"status": "waiting", "failure": "refused"},
            {"status": "failed", "failure": "because"},
            {"attempts": -1},
        ],
    )
    def test_status_and_reason_fit_each_other(self, session, wrong):
        fields = {"phone_enc": "x", "phone_bidx": "x", "body_enc": "x", "purpose": "notice", "useless_at": now()}
        session.add(OutboxMessage(**fields | wrong))

        with pytest.raises(IntegrityError):
            session.flush()
