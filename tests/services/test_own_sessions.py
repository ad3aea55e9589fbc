import pytest
from sqlmodel import select

from gdftu_app.errors import NotFound
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.accounts import own_sessions
from gdftu_app.security.sessions import find_session
from gdftu_app.services.own_sessions import end_other_sessions, end_own_session
from gdftu_app.services.sessions import begin
from tests.factories import id_of, make_account


@pytest.fixture
def account(session):
    return make_account(session)


def signed_in(session, account):
    return begin(session, account, cookie=None, address="1.2.3.4", user_agent="browser")


def key_of(session, account, cookie):
    [key] = [row.key for row in own_sessions(session, account_id=id_of(account), cookie=cookie) if row.is_this]
    return key


class TestOne:
    def test_named_by_its_key_is_over_and_no_other(self, session, account):
        here, there = signed_in(session, account), signed_in(session, account)

        end_own_session(session, account_id=id_of(account), key=key_of(session, account, there))

        assert find_session(session, there) is None
        assert find_session(session, here) is not None
        [entry] = session.exec(select(AuditEntry)).all()
        assert (entry.verb, entry.account_id) == ("sessions:end", account.id)

    def test_of_another_account_is_not_found(self, session, account):
        other = make_account(session)
        theirs = signed_in(session, other)

        with pytest.raises(NotFound):
            end_own_session(session, account_id=id_of(account), key=key_of(session, other, theirs))

        assert find_session(session, theirs) is not None

    def test_a_second_time_is_not_found(self, session, account):
        key = key_of(session, account, signed_in(session, account))
        end_own_session(session, account_id=id_of(account), key=key)

        with pytest.raises(NotFound):
            end_own_session(session, account_id=id_of(account), key=key)


class TestOthers:
    def test_are_over_and_this_one_is_not(self, session, account):
        here, *others = (signed_in(session, account) for _ in range(3))
        elsewhere = signed_in(session, make_account(session))

        count = end_other_sessions(session, account_id=id_of(account), cookie=here)

        assert count == 2
        assert [find_session(session, cookie) for cookie in others] == [None, None]
        assert find_session(session, here) is not None
        assert find_session(session, elsewhere) is not None
