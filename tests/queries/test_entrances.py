"""Where an account may enter the console."""

import pytest

from gdftu_app.clock import now
from gdftu_app.errors import NotFound, SignedOut
from gdftu_app.queries.entrances import find_entrance, welcome_of
from gdftu_app.security.permissions import Role
from gdftu_app.services.entrances import enter
from tests.factories import id_of, make_account, make_administrator


class TestFindEntrance:
    def test_the_only_union_is_entered_directly(self, session, small_federation):
        account = make_account(session, name="黄一")
        make_administrator(session, account, small_federation.city)

        entrance = find_entrance(session, account_id=id_of(account), union_id=None)

        assert entrance is not None
        assert (entrance.union_name, entrance.account_name) == (small_federation.city.name, "黄一")
        assert entrance.features == (
            *("overview", "statistics", "jobs", "own_union", "subordinates", "registrations", "changes"),
            *("administrators", "subordinate_administrators", "members", "removals", "member_import"),
            *("joins", "transfers", "identities", "personal_requests"),
        )
        assert not entrance.manages_several

    def test_with_several_unions_the_last_one_entered_is_resumed(self, session, small_federation):
        account = make_account(session)
        for union in (small_federation.city, small_federation.factory):
            make_administrator(session, account, union)
        assert find_entrance(session, account_id=id_of(account), union_id=None) is None

        enter(session, account_id=id_of(account), union_id=id_of(small_federation.factory))

        resumed = find_entrance(session, account_id=id_of(account), union_id=None)
        assert resumed is not None
        assert (resumed.union_id, resumed.manages_several) == (small_federation.factory.id, True)

    def test_the_union_of_the_window_goes_before_the_last_one(self, session, small_federation):
        account = make_account(session)
        for union in (small_federation.city, small_federation.factory):
            make_administrator(session, account, union)
        enter(session, account_id=id_of(account), union_id=id_of(small_federation.factory))

        entrance = find_entrance(session, account_id=id_of(account), union_id=small_federation.city.id)

        assert entrance is not None
        assert entrance.union_id == small_federation.city.id

    def test_a_union_the_grant_for_which_ended_is_not_resumed(self, session, small_federation):
        account = make_account(session)
        grant = make_administrator(session, account, small_federation.city)
        enter(session, account_id=id_of(account), union_id=id_of(small_federation.city))
        grant.dismissed_at = now()
        session.flush()

        assert find_entrance(session, account_id=id_of(account), union_id=small_federation.city.id) is None

    def test_a_base_union_has_no_subordinates_in_its_menu(self, session, small_federation):
        account = make_account(session)
        make_administrator(session, account, small_federation.factory)

        entrance = find_entrance(session, account_id=id_of(account), union_id=None)

        assert entrance is not None
        assert entrance.features == (
            *("overview", "statistics", "jobs", "own_union", "administrators", "members", "removals"),
            "member_import",
            *("joins", "transfers", "identities", "personal_requests"),
        )

    def test_an_auditor_has_only_what_everybody_has(self, session, small_federation):
        account = make_account(session)
        make_administrator(session, account, small_federation.city, role=Role.AUDITOR)

        entrance = find_entrance(session, account_id=id_of(account), union_id=None)

        assert entrance is not None
        assert entrance.features == ("overview", "jobs")

    def test_an_account_that_is_gone_is_signed_out(self, session):
        with pytest.raises(SignedOut):
            find_entrance(session, account_id=999_999, union_id=None)


class TestEnter:
    def test_a_union_without_a_grant_looks_missing(self, session, small_federation):
        account = make_account(session)

        with pytest.raises(NotFound):
            enter(session, account_id=id_of(account), union_id=id_of(small_federation.city))


class TestWelcome:
    def test_says_how_many_unions_there_are(self, session, small_federation):
        account = make_account(session, name="黄二")
        assert welcome_of(session, account_id=id_of(account)).managed == 0

        make_administrator(session, account, small_federation.city)

        welcome = welcome_of(session, account_id=id_of(account))
        assert (welcome.account_name, welcome.is_verified, welcome.managed) == ("黄二", True, 1)
        assert welcome.only_union_id == small_federation.city.id

    def test_tells_who_is_not_verified(self, session):
        account = make_account(session, verified=False)

        assert not welcome_of(session, account_id=id_of(account)).is_verified
