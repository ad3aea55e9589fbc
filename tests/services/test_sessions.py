import pytest
from sqlmodel import select

from gdftu_app.models.accounts import SignInSession
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.accounts import own_sessions
from gdftu_app.security.sessions import find_session
from gdftu_app.security.tokens import new_session_cookie, new_visitor_cookie
from gdftu_app.services.sessions import begin, sign_out, sign_out_everywhere, take_refused_form, visitor_session
from tests.factories import id_of, make_account


@pytest.fixture
def account(session):
    return make_account(session)


def signed_in(session, account, user_agent="browser"):
    return begin(session, account, cookie=None, address="1.2.3.4", user_agent=user_agent)


class TestSignOut:
    def test_it_ends_this_browsers_session_only(self, session, account):
        here, there = signed_in(session, account), signed_in(session, account)

        sign_out(session, here)

        assert find_session(session, here) is None
        assert find_session(session, there) is not None

    def test_it_is_audited_once(self, session, account):
        cookie = signed_in(session, account)

        sign_out(session, cookie)
        sign_out(session, cookie)

        entry = session.exec(select(AuditEntry)).one()
        assert (entry.verb, entry.account_id) == ("sessions:sign_out", account.id)

    @pytest.mark.parametrize(
        "cookie",
        [
            None,
            "",
            pytest.param(new_session_cookie(), id="unknown session"),
            pytest.param(new_visitor_cookie(), id="visitor"),
        ],
    )
    def test_without_a_session_nothing_happens(self, session, cookie):
        sign_out(session, cookie)

        assert session.exec(select(AuditEntry)).all() == []


class TestSignOutEverywhere:
    def test_every_browser_of_the_account_is_out_and_nobody_elses(self, session, account):
        other = make_account(session)
        cookies = [signed_in(session, account) for _ in range(3)]
        elsewhere = signed_in(session, other)

        count = sign_out_everywhere(session, account_id=id_of(account))

        assert count == 3
        assert [find_session(session, cookie) for cookie in cookies] == [None] * 3
        assert find_session(session, elsewhere) is not None

    def test_a_second_time_there_are_none(self, session, account):
        signed_in(session, account)
        sign_out_everywhere(session, account_id=id_of(account))

        assert sign_out_everywhere(session, account_id=id_of(account)) == 0


class TestOwnSessions:
    def test_they_are_those_not_over(self, session, account):
        over, live = signed_in(session, account, "old"), signed_in(session, account, "new")
        sign_out(session, over)

        [row] = own_sessions(session, account_id=id_of(account))

        assert (row.user_agent, row.address) == ("new", "1.2.3.4")
        info = find_session(session, live)
        assert info is not None
        assert info.id == row.id


class TestVisitorSession:
    def test_the_row_is_made_once(self, session):
        cookie = new_visitor_cookie()

        first, second = visitor_session(session, cookie), visitor_session(session, cookie)

        assert first is not None
        assert first is second
        assert first.account_id is None

    @pytest.mark.parametrize("cookie", [None, "", "v.x.y.z", pytest.param(new_session_cookie(), id="unknown session")])
    def test_what_is_no_visitors_cookie_gets_none(self, session, cookie):
        assert visitor_session(session, cookie) is None

    def test_a_visitor_without_a_refused_form_has_nothing_to_show(self, session):
        cookie = new_visitor_cookie()
        visitor_session(session, cookie)

        assert take_refused_form(session, cookie=cookie) is None

    def test_long_texts_of_browsers_are_cut(self, session, account):
        begin(session, account, cookie=None, address="9" * 500, user_agent="u" * 5000)

        row = session.exec(select(SignInSession)).one()
        assert (len(row.address), len(row.user_agent)) == (64, 300)
