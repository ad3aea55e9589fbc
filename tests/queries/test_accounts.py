import pytest

from gdftu_app.clock import now
from gdftu_app.errors import SignedOut
from gdftu_app.models.unions import UnionStatus
from gdftu_app.queries.accounts import account_profile, managed_unions
from gdftu_app.security.permissions import Role
from tests.factories import id_of, make_account, make_administrator, make_union
from tests.statements import statements


@pytest.fixture
def account(session):
    return make_account(session, phone="+8619900000001", name="黄管理")


def names(session, account, keyword="", **rest):
    return [union.name for union in managed_unions(session, account_id=id_of(account), keyword=keyword, **rest)]


class TestManagedUnions:
    def test_each_comes_with_its_superiors_and_role(self, session, account, small_federation):
        make_administrator(session, account, small_federation.factory, role=Role.MEMBERS)

        [union] = managed_unions(session, account_id=id_of(account))

        assert union.name == "榕江电器有限公司工会委员会"
        assert union.superiors == ("南岭省总工会", "云山市总工会", "珠水区总工会", "榕树街道总工会")
        assert (union.category, union.level, union.role_label) == ("single_base", "base", "会员管理员")

    def test_the_last_chosen_comes_first_and_the_others_by_pinyin(self, session, account, small_federation):
        for union in (
            small_federation.district,
            small_federation.city,
            small_federation.street,
            small_federation.province,
        ):
            make_administrator(session, account, union)
        account.last_union_id = id_of(small_federation.street)
        session.flush()

        assert names(session, account) == ["榕树街道总工会", "南岭省总工会", "云山市总工会", "珠水区总工会"]

    @pytest.mark.parametrize(
        ("keyword", "found"),
        [
            ("街道", ["榕树街道总工会"]),
            ("rsjd", ["榕树街道总工会"]),
            (" RSJD ", ["榕树街道总工会"]),
            ("81440100mc", ["榕江电器有限公司工会委员会"]),
            ("总工会", ["榕树街道总工会"]),
            ("rj", ["榕江电器有限公司工会委员会"]),
            ("%", []),
            ("_", []),
            ("没有这个", []),
        ],
    )
    def test_it_is_searched_by_name_initials_and_code(self, session, account, small_federation, keyword, found):
        small_federation.factory.uscc = "81440100MC0000001X"
        for union in (small_federation.street, small_federation.factory):
            make_administrator(session, account, union)

        assert names(session, account, keyword) == found

    def test_unions_of_others_never_appear(self, session, account, small_federation):
        make_administrator(session, make_account(session), small_federation.city)

        assert names(session, account) == []

    def test_dismissal_and_dissolution_take_a_union_away(self, session, account, small_federation):
        make_administrator(session, account, small_federation.city).dismissed_at = now()
        make_administrator(session, account, small_federation.factory)
        small_federation.factory.status = UnionStatus.DISSOLVED
        session.flush()

        assert names(session, account) == []

    def test_disabled_and_unverified_accounts_have_none(self, session, small_federation):
        disabled, unverified = make_account(session), make_account(session, verified=False)
        disabled.disabled_at = now()
        for account in (disabled, unverified):
            make_administrator(session, account, small_federation.city)

        assert names(session, disabled) == names(session, unverified) == []

    @pytest.mark.parametrize("count", [1, 12])
    def test_two_statements_however_many_they_are(self, session, account, small_federation, count):
        for _ in range(count):
            make_administrator(session, account, make_union(session, small_federation.street))

        with statements(session) as sent:
            found = managed_unions(session, account_id=id_of(account))

        assert len(found) == count
        assert len(sent) == 2

    def test_no_more_than_asked_for(self, session, account, small_federation):
        for _ in range(4):
            make_administrator(session, account, make_union(session, small_federation.street))

        assert len(names(session, account, limit=3)) == 3


class TestAccountProfile:
    def test_the_phone_is_masked(self, session, account):
        profile = account_profile(session, account_id=id_of(account))

        assert (profile.name, profile.phone) == ("黄管理", "199****0001")
        assert (profile.is_verified, profile.has_password, profile.language) == (True, False, "zh-CN")

    def test_an_unverified_account_says_so(self, session):
        account = make_account(session, verified=False)

        assert not account_profile(session, account_id=id_of(account)).is_verified

    def test_a_missing_account_is_signed_out(self, session):
        with pytest.raises(SignedOut):
            account_profile(session, account_id=999_999_999)
