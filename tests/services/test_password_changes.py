"""Passwords changed by whoever is signed in."""

from datetime import UTC, datetime, timedelta

import pytest

from gdftu_app.clock import frozen_at, now
from gdftu_app.errors import SignedOut, TooManyRequests
from gdftu_app.security.passwords import hash_password, verify_password
from gdftu_app.security.sessions import find_session
from gdftu_app.security.tokens import new_session_cookie, new_visitor_cookie
from gdftu_app.services.phone_proofs import WrongCredentials
from gdftu_app.services.sessions import Form, take_refused_form
from tests.factories import make_account
from tests.setting_passwords import KNOWN, NEW, OLD, change, code_for, enters, entries, field_of, refused, signed_in

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture(scope="module")
def old_hash():
    return hash_password(OLD)


@pytest.fixture
def account(session, old_hash):
    account = make_account(session, phone=f"+86{KNOWN}", name="黄建明")
    account.password_hash, account.password_changed_at = old_hash, now() - timedelta(days=10)
    session.flush()
    return account


class TestChange:
    def test_this_browser_goes_on_under_a_new_cookie_and_every_other_is_out(self, session, account):
        here, there = signed_in(session, account), signed_in(session, account)
        before = find_session(session, here)

        outcome = change(session, here)

        after = find_session(session, outcome.cookie)
        assert before is not None
        assert after is not None
        assert (after.id, after.account_id) == (before.id, account.id)
        assert find_session(session, here) is None
        assert find_session(session, there) is None
        assert enters(session, NEW).cookie is not None

    def test_a_wrong_present_password_counts_as_a_failure(self, session, account):
        cookie = signed_in(session, account)

        refusals = [refused(change(session, cookie, "wrong")) for _ in range(5)]

        assert refusals[0].text("zh-CN") == "当前密码不正确，还可以再试 4 次。"
        assert isinstance(refusals[4], TooManyRequests)
        assert isinstance(change(session, cookie).refusal, TooManyRequests)
        assert find_session(session, cookie) is not None

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"current": ""}, "current"),
            ({"password": "short"}, "password"),
            ({"again": "another"}, "again"),
            ({"password": OLD}, "password"),
            ({"password": "Hjm-20260504-x"}, "password"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_on_this_page_only(self, session, account, fields, field):
        cookie = signed_in(session, account)

        assert field_of(change(session, cookie, **fields)) == field
        form = take_refused_form(session, cookie=cookie, forms=(Form.OWN_PASSWORD,))
        assert form is not None
        assert form.field == field
        assert take_refused_form(session, cookie=cookie) is None

    def test_an_account_without_a_password_sets_its_first_one_by_a_code(self, session):
        account = make_account(session, phone=f"+86{KNOWN}")
        cookie = signed_in(session, account)

        assert field_of(change(session, cookie, current="")) == "code"
        assert isinstance(change(session, cookie, code="000000").refusal, WrongCredentials)
        assert change(session, cookie, code=code_for(session)).cookie
        assert verify_password(account.password_hash, NEW)

    def test_an_account_with_one_needs_it_whatever_code_is_named(self, session, account):
        cookie = signed_in(session, account)

        assert field_of(change(session, cookie, current="", code=code_for(session))) == "current"

    @pytest.mark.parametrize(
        "cookie",
        [
            "",
            "x",
            pytest.param(new_session_cookie(), id="unknown session"),
            pytest.param(new_visitor_cookie(), id="visitor"),
        ],
    )
    def test_strangers_are_signed_out(self, session, account, cookie):
        with pytest.raises(SignedOut):
            change(session, cookie)

    def test_a_second_time_from_the_same_page_changes_nothing(self, session, account):
        cookie = signed_in(session, account)
        change(session, cookie)

        with pytest.raises(SignedOut):
            change(session, cookie, password="Another-Lychee-73")
        assert verify_password(account.password_hash, NEW)

    def test_it_is_audited_without_secrets(self, session, account):
        cookie = signed_in(session, account)
        change(session, cookie, "wrong")
        change(session, cookie)

        [refusal], [entry] = entries(session, "passwords:refuse"), entries(session, "passwords:change")
        assert refusal.detail == {"phone": "199****0001", "reason": "wrong_credentials"}
        assert (entry.account_id, entry.detail) == (account.id, {"sessions_ended": 0})
