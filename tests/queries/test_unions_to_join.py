"""Unions that people may join: which are found, by what, and how little is told of them."""

import pytest
from sqlmodel import Session

from gdftu_app.errors import SignedOut
from gdftu_app.models.unions import UnionCategory, UnionLevel
from gdftu_app.queries.unions_to_join import HITS, find_union_to_join, search_unions_to_join
from gdftu_app.security.permissions import Role
from gdftu_app.services.unions import dissolve
from tests.factories import Federation, id_of, make_account, make_administrator, make_union
from tests.queries.conftest import MakeUnions


def found(session: Session, keyword: str) -> list[str]:
    account = id_of(make_account(session, verified=False))
    return [hit.name for hit in search_unions_to_join(session, account_id=account, keyword=keyword).hits]


@pytest.mark.parametrize("keyword", ["榕江", "rjdq", "榕江 电器", "ＲＪＤＱ"])
def test_are_found_by_name_or_initials_wherever_they_stand(
    keyword: str, session: Session, small_federation: Federation
):
    assert found(session, keyword) == [small_federation.factory.name]


def test_come_with_the_names_of_those_above_them(session: Session, small_federation: Federation):
    account = id_of(make_account(session))

    [hit] = search_unions_to_join(session, account_id=account, keyword="榕江").hits

    above = ("province", "city", "district", "street")
    assert hit.path == tuple(getattr(small_federation, name).name for name in above)
    assert hit.is_open


def test_are_only_those_that_hold_members(session: Session, small_federation: Federation):
    federation = make_union(
        session,
        small_federation.city,
        name="云山市快递行业工会联合会",
        category=UnionCategory.INDUSTRY_FEDERATION,
        level=UnionLevel.CITY,
    )
    gone = make_union(session, small_federation.street, name="云山印刷厂工会委员会")
    dissolve(session, gone)

    assert found(session, "云山") == [federation.name]
    assert found(session, "榕树街道") == [small_federation.street.name]


@pytest.mark.parametrize("keyword", ["", "   ", "没有这样的工会", "%", "'; --", "\0"])
def test_are_none_for_what_says_nothing(keyword: str, session: Session, small_federation: Federation):
    assert found(session, keyword) == []


def test_the_next_ones_follow_the_first(session: Session, small_federation: Federation, make_unions: MakeUnions):
    make_unions(small_federation.street, [f"岭南第{number}厂工会委员会" for number in range(HITS + 5)])
    account = id_of(make_account(session))

    pages = [
        search_unions_to_join(session, account_id=account, keyword="岭南", skip=skip) for skip in (0, HITS, 2 * HITS)
    ]

    assert [(len(page.hits), page.is_cut) for page in pages] == [(HITS, True), (5, False), (0, False)]
    assert len({hit.id for page in pages for hit in page.hits}) == HITS + 5


def test_are_cut_where_there_are_very_many(session: Session, small_federation: Federation, make_unions: MakeUnions):
    make_unions(small_federation.street, [f"岭南第{number}厂工会委员会" for number in range(HITS + 5)])
    account = id_of(make_account(session))

    page = search_unions_to_join(session, account_id=account, keyword="岭南")

    assert (len(page.hits), page.is_cut) == (HITS, True)


def test_one_that_is_named_is_told_whether_it_takes_members(session: Session, small_federation: Federation):
    account = id_of(make_account(session))

    def is_open(union_id: int) -> bool | None:
        union = find_union_to_join(session, account_id=account, union_id=union_id)
        return union and union.is_open

    assert is_open(id_of(small_federation.factory)) is True
    assert is_open(id_of(small_federation.city)) is False
    assert is_open(987_654) is None


def test_are_for_accounts_only(session: Session, small_federation: Federation):
    with pytest.raises(SignedOut):
        search_unions_to_join(session, account_id=987_654, keyword="榕江")
    with pytest.raises(SignedOut):
        find_union_to_join(session, account_id=987_654, union_id=id_of(small_federation.factory))


def test_say_whether_anybody_else_decides_there(session: Session, small_federation: Federation):
    account, number = make_account(session), id_of(small_federation.factory)
    make_administrator(session, account, small_federation.factory)

    def decided() -> tuple[bool, bool]:
        union = find_union_to_join(session, account_id=id_of(account), union_id=number)
        assert union is not None
        return union.joins_decided, union.transfers_decided

    assert decided() == (False, False)
    make_administrator(session, make_account(session), small_federation.factory, role=Role.MEMBERS)
    assert decided() == (False, False)
    make_administrator(session, make_account(session), small_federation.factory, role=Role.REVIEWER)
    assert decided() == (True, True)
