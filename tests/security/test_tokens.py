from datetime import UTC, datetime, timedelta

import pytest

from gdftu_app.clock import frozen_at, travel
from gdftu_app.security.tokens import (
    VISITOR_LIFETIME,
    bound_token,
    is_session_cookie,
    new_session_cookie,
    new_visitor_cookie,
    read_visitor_cookie,
    token_hash,
)

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


class TestVisitorCookie:
    def test_a_fresh_one_is_genuine_for_seven_days(self):
        with frozen_at(MOMENT):
            cookie = read_visitor_cookie(new_visitor_cookie())

        assert cookie is not None
        assert cookie.expires_at == MOMENT + timedelta(days=7)

    def test_an_old_one_is_refused(self):
        with frozen_at(MOMENT):
            value = new_visitor_cookie()
            travel(VISITOR_LIFETIME)

            assert read_visitor_cookie(value) is None

    def test_one_from_the_future_is_refused(self):
        with frozen_at(MOMENT + timedelta(days=1)):
            value = new_visitor_cookie()

        with frozen_at(MOMENT):
            assert read_visitor_cookie(value) is None

    def test_a_change_of_any_part_is_refused(self):
        value = new_visitor_cookie()

        for position, character in enumerate(value):
            changed = value[:position] + ("1" if character != "1" else "2") + value[position + 1 :]
            assert read_visitor_cookie(changed) is None, position

    @pytest.mark.parametrize(
        "value", [None, "", "v", "v...", "s." + "a" * 43, "v." + "a" * 43 + ".1.x", "访客", "v" * 9999]
    )
    def test_what_is_no_cookie_is_refused(self, value):
        assert read_visitor_cookie(value) is None

    def test_two_visitors_differ(self):
        assert new_visitor_cookie() != new_visitor_cookie()


class TestSessionCookie:
    def test_its_form_is_known(self):
        assert is_session_cookie(new_session_cookie())

    @pytest.mark.parametrize(
        "value", [None, "", "s.", "s." + "a" * 42, "s." + "a" * 44, "s." + "a" * 42 + "\n", "x." + "a" * 43]
    )
    def test_other_values_are_none(self, value):
        assert not is_session_cookie(value)

    def test_a_visitors_is_none(self):
        assert not is_session_cookie(new_visitor_cookie())

    def test_what_is_stored_does_not_tell_the_value(self):
        value = new_session_cookie()

        assert len(token_hash(value)) == 43
        assert value[2:] not in token_hash(value)
        assert token_hash(value) == token_hash(value)


class TestBoundToken:
    def test_it_depends_on_the_cookie_and_on_the_token(self):
        one, other = new_session_cookie(), new_session_cookie()

        bound = {bound_token(one, "a"), bound_token(one, "b"), bound_token(other, "a"), bound_token(other, "b")}

        assert len(bound) == 4
        assert bound_token(one, "a") in bound

    def test_the_border_between_the_two_cannot_be_moved(self):
        assert bound_token("ab", "c") != bound_token("a", "bc")

    def test_it_has_no_character_that_state_keys_are_split_at(self):
        assert set(bound_token("s.cookie", "client_token")) <= set("0123456789abcdef")
