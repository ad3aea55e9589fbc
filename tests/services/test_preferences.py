"""Language and size, kept with whoever chose them."""

from gdftu_app.queries.preferences import preferences_of
from gdftu_app.security.tokens import new_visitor_cookie
from gdftu_app.services.preferences import Preferences, keep_preferences
from gdftu_app.services.sessions import begin
from tests.factories import make_account


def signed_in(session, cookie=None):
    account = make_account(session)
    value = begin(session, account, cookie=cookie, address="", user_agent="")
    session.flush()
    return account, value


def test_an_account_finds_them_again_in_another_browser(session):
    account, cookie = signed_in(session)
    keep_preferences(session, cookie=cookie, chosen=Preferences("en", "110%"))

    another = begin(session, account, cookie=None, address="", user_agent="")
    session.flush()

    assert preferences_of(session, cookie=another) == ("en", "110%")


def test_what_a_visitor_chose_becomes_the_accounts_at_sign_in(session):
    visitor = new_visitor_cookie()
    keep_preferences(session, cookie=visitor, chosen=Preferences("en", "95%"))
    session.flush()
    assert preferences_of(session, cookie=visitor) == ("en", "95%")

    _, cookie = signed_in(session, cookie=visitor)

    assert preferences_of(session, cookie=cookie) == ("en", "95%")


def test_a_cookie_of_nobody_keeps_nothing(session):
    keep_preferences(session, cookie="v.made.up.value", chosen=Preferences("en", "110%"))

    assert preferences_of(session, cookie="v.made.up.value") is None
