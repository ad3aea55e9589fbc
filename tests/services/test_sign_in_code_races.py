"""One code, one phone and many browsers at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from gdftu_app.clock import frozen_at
from gdftu_app.db import unit_of_work
from gdftu_app.errors import TooManyRequests
from gdftu_app.models.accounts import SignInCode
from gdftu_app.models.records import OutboxMessage
from gdftu_app.security.devices import new_device_cookie
from gdftu_app.services.phone_proofs import WrongCredentials
from tests.callers import calling
from tests.factories import make_account
from tests.texting import KNOWN, enter, newest_code, other_than, redeem, send

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


class TestAtOnce:
    def test_of_browsers_with_the_same_code_one_gets_in(self, own_database):
        with unit_of_work() as session:
            make_account(session, phone=f"+86{KNOWN}")
            send(session)
            code = newest_code(session)

        def try_it(_number: int):
            with unit_of_work() as session:
                return redeem(session, code)

        with ThreadPoolExecutor(8) as threads:
            results = list(threads.map(try_it, range(8)))

        assert results.count(True) == 1

    def test_of_two_browsers_that_sign_in_with_one_code_one_gets_in(self, own_database):
        with unit_of_work() as session:
            account = make_account(session, phone=f"+86{KNOWN}")
            send(session)
            code = newest_code(session)
        known = new_device_cookie(account.phone_bidx)

        def sign_in(device: str):
            with calling(device=device), unit_of_work() as session:
                return enter(session, code).cookie

        with ThreadPoolExecutor(4) as threads:
            cookies = list(threads.map(sign_in, ["", known, "", ""]))

        assert len(set(cookies) - {None}) == 1

    def test_a_hundred_guesses_from_many_addresses_lock_one_phone_and_its_strangers_only(self, own_database):
        with unit_of_work() as session:
            account = make_account(session, phone=f"+86{KNOWN}")
            make_account(session, phone="+8619900000003")
            send(session)
            code = newest_code(session)
            known = new_device_cookie(account.phone_bidx)
            with calling(device=known):
                send(session)
            own = newest_code(session)
            send(session, "19900000003")
            others = newest_code(session, "19900000003")
        wrong = next(guess for guess in ("000000", "111111", "222222") if guess not in (code, own))

        def guess(number: int):
            with calling(address=f"10.0.0.{number}"), unit_of_work() as session:
                return enter(session, wrong).refusal

        with ThreadPoolExecutor(8) as threads:
            refusals = list(threads.map(guess, range(100)))

        assert sum(isinstance(refusal, WrongCredentials) for refusal in refusals) == 4
        assert sum(isinstance(refusal, TooManyRequests) for refusal in refusals) == 96
        with unit_of_work() as session:
            assert enter(session, code).cookie is None
            assert enter(session, others, "19900000003").cookie is not None
        with calling(device=known), unit_of_work() as session:
            assert enter(session, own).cookie is not None

    def test_wrong_guesses_at_once_cannot_exceed_the_tries(self, own_database):
        with unit_of_work() as session:
            make_account(session, phone=f"+86{KNOWN}")
            send(session)
            code = newest_code(session)

        def guess(_number: int):
            with unit_of_work() as session:
                return redeem(session, other_than(code))

        with ThreadPoolExecutor(8) as threads:
            results = list(threads.map(guess, range(20)))

        with unit_of_work(reading=True) as session:
            assert session.exec(select(SignInCode.attempts)).one() == 5
        assert not any(results)

    def test_requests_at_once_send_one_message(self, own_database):
        with unit_of_work() as session:
            make_account(session, phone=f"+86{KNOWN}")

        def ask(_number: int):
            try:
                with unit_of_work() as session:
                    return send(session)
            except TooManyRequests as refusal:
                return refusal.retry_after

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(ask, range(8)))

        assert answers.count(60) == 7
        with unit_of_work(reading=True) as session:
            assert len(session.exec(select(OutboxMessage.id).order_by(col(OutboxMessage.id))).all()) == 1
