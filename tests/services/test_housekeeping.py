from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from gdftu_app.clock import frozen_at, travel
from gdftu_app.models.accounts import SignInCode, SignInFailures, SignInSession
from gdftu_app.models.records import OutboxMessage
from gdftu_app.security.tokens import new_visitor_cookie
from gdftu_app.services.housekeeping import remove_expired
from gdftu_app.services.lockouts import claim_attempt
from gdftu_app.services.sessions import begin, visitor_session
from gdftu_app.services.sign_in_codes import send_code
from tests.factories import make_account

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


def rows(session, table):
    return len(session.exec(select(table)).all())


class TestRemoveExpired:
    def test_a_visitor_goes_after_seven_days(self, session):
        visitor_session(session, new_visitor_cookie())
        travel(timedelta(days=6, hours=23))
        assert remove_expired(session) == 0

        travel(timedelta(hours=1))
        assert remove_expired(session) == 1
        assert rows(session, SignInSession) == 0

    def test_a_sign_in_is_kept_half_a_year(self, session):
        begin(session, make_account(session), cookie=None, address="1.2.3.4", user_agent="")
        session.flush()
        travel(timedelta(days=183))
        assert remove_expired(session) == 0

        travel(timedelta(hours=12))
        assert remove_expired(session) == 1

    def test_codes_and_failures_go_after_two_days_and_messages_after_thirty(self, session):
        make_account(session, phone="+8619900000001")
        send_code(session, phone="19900000001", address="1.2.3.4")
        claim_attempt(session, "a phone")
        travel(timedelta(days=1, hours=23))
        assert remove_expired(session) == 0

        travel(timedelta(hours=1))
        assert remove_expired(session) == 2
        assert [rows(session, table) for table in (SignInCode, SignInFailures, OutboxMessage)] == [0, 0, 1]

        travel(timedelta(days=28))
        assert remove_expired(session) == 1
        assert rows(session, OutboxMessage) == 0

    def test_one_round_removes_no_more_than_it_may(self, session):
        for _ in range(5):
            visitor_session(session, new_visitor_cookie())
        travel(timedelta(days=8))

        assert [remove_expired(session, limit=2) for _ in range(4)] == [2, 2, 1, 0]

    def test_what_is_new_behind_what_is_old_stays(self, session):
        for number in range(3):
            send_code(session, phone=f"1990000000{number}", address="1.2.3.4")
        travel(timedelta(days=3))
        send_code(session, phone="19900000009", address="1.2.3.4")

        remove_expired(session)

        assert rows(session, SignInCode) == 1
