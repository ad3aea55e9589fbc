from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.models.accounts import SignInSession
from gdftu_app.security.sessions import SessionInfo, find_session, touch
from gdftu_app.security.tokens import new_session_cookie, new_visitor_cookie
from gdftu_app.services.sessions import begin, sign_out, visitor_session
from tests.factories import make_account

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture
def account(session):
    return make_account(session)


@pytest.fixture
def cookie(session, account):
    return begin(session, account, cookie=None, address="1.2.3.4", user_agent="browser")


def found(session, cookie) -> SessionInfo:
    info = find_session(session, cookie)
    assert info is not None
    return info


def used_every_ten_minutes(session, cookie, *, hours: int) -> None:
    for _ in range(hours * 6):
        travel(timedelta(minutes=10))
        info = find_session(session, cookie)
        if info is not None:
            touch(session, info.id)


class TestFindSession:
    def test_a_signed_in_browser_is_its_account(self, session, account, cookie):
        info = found(session, cookie)

        assert info.account_id == account.id
        assert info.expires_at == MOMENT + timedelta(hours=12)

    def test_language_and_size_are_the_accounts(self, session, account, cookie):
        account.language, account.scaling = "en", "110%"
        session.flush()

        info = found(session, cookie)

        assert (info.language, info.scaling) == ("en", "110%")

    def test_the_cookie_itself_is_not_stored(self, session, cookie):
        rows = session.exec(select(SignInSession)).all()

        assert cookie not in str([row.model_dump() for row in rows])

    def test_after_half_an_hour_without_use_it_is_over(self, session, cookie):
        travel(timedelta(minutes=29, seconds=59))
        assert find_session(session, cookie) is not None

        travel(timedelta(seconds=1))
        assert find_session(session, cookie) is None

    def test_after_twelve_hours_it_is_over_however_much_it_is_used(self, session, cookie):
        used_every_ten_minutes(session, cookie, hours=11)
        assert find_session(session, cookie) is not None

        used_every_ten_minutes(session, cookie, hours=1)
        assert find_session(session, cookie) is None

    def test_after_sign_out_it_is_over(self, session, cookie):
        sign_out(session, cookie)

        assert find_session(session, cookie) is None

    def test_a_disabled_account_has_none(self, session, account, cookie):
        account.disabled_at = now()
        session.flush()

        assert find_session(session, cookie) is None

    @pytest.mark.parametrize("value", [None, "", "nonsense", "s." + "a" * 43])
    def test_an_unknown_cookie_has_none(self, session, value):
        assert find_session(session, value) is None

    def test_a_fresh_random_cookie_has_none(self, session):
        assert find_session(session, new_session_cookie()) is None


class TestVisitors:
    def test_a_visitor_needs_no_row(self, session):
        info = found(session, new_visitor_cookie())

        assert (info.id, info.account_id, info.language) == (None, None, "zh-CN")
        assert session.exec(select(SignInSession)).all() == []

    def test_what_a_visitor_chose_is_found_again(self, session):
        cookie = new_visitor_cookie()
        row = visitor_session(session, cookie)
        assert row is not None
        row.language, row.scaling = "en", "105%"
        session.flush()

        info = found(session, cookie)

        assert (info.id, info.language, info.scaling) == (row.id, "en", "105%")

    def test_after_seven_days_there_is_none(self, session):
        cookie = new_visitor_cookie()
        travel(timedelta(days=7))

        assert find_session(session, cookie) is None


class TestTouch:
    def test_it_is_noted_once_a_minute(self, session, cookie):
        info = found(session, cookie)
        travel(timedelta(seconds=59))
        touch(session, info.id)
        assert found(session, cookie).last_seen_at == MOMENT

        travel(timedelta(seconds=1))
        touch(session, info.id)
        assert found(session, cookie).last_seen_at == MOMENT + timedelta(minutes=1)

    def test_it_revives_nothing(self, session, cookie):
        info = found(session, cookie)
        travel(timedelta(minutes=31))

        touch(session, info.id)

        assert find_session(session, cookie) is None
