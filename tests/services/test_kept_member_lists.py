"""Filters of the list of members that somebody keeps, and the columns they chose."""

import pytest

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.queries.kept_member_lists import member_list_habits
from gdftu_app.security.actors import get_actor
from gdftu_app.services.kept_member_lists import (
    MOST_KEPT,
    forget_member_list,
    keep_member_columns,
    keep_member_list,
    rename_member_list,
)
from tests.factories import id_of, make_account, make_administrator


def kept(session, actor):
    return [(each.name, each.query) for each in member_list_habits(session, actor).kept]


class TestKeeping:
    def test_a_filter_is_found_again_by_its_owner_in_that_union_alone(self, session, act_as, small_federation):
        account = make_account(session)
        for union in (small_federation.factory, small_federation.street):
            make_administrator(session, account, union)
        here, elsewhere = (
            get_actor(session, account_id=id_of(account), union_id=id_of(union))
            for union in (small_federation.factory, small_federation.street)
        )

        keep_member_list(session, here, name=" 未实名的快递员 ", query="verified=no&occupation=30")

        assert kept(session, here) == [("未实名的快递员", "verified=no&occupation=30")]
        assert kept(session, elsewhere) == []
        assert kept(session, act_as(small_federation.factory)) == []

    def test_what_the_list_does_not_know_and_where_a_page_begins_are_left_out(self, session, act_as, small_federation):
        actor = act_as(small_federation.factory)

        keep_member_list(
            session, actor, name="女会员", query="sex=female&after=2025-01-01.7&page=3&next=//x&q=%E9%99%88"
        )

        assert kept(session, actor) == [("女会员", "sex=female&q=%E9%99%88")]

    @pytest.mark.parametrize(("name", "words"), [(" ", "填写名称"), ("长" * 31, "不能超过"), ("女会员", "同名")])
    def test_a_name_is_needed_short_and_free(self, session, act_as, small_federation, name, words):
        actor = act_as(small_federation.factory)
        keep_member_list(session, actor, name="女会员", query="sex=female")

        with pytest.raises(InvalidInput) as refused:
            keep_member_list(session, actor, name=name, query="")

        assert words in refused.value.message

    def test_there_is_a_limit(self, session, act_as, small_federation):
        actor = act_as(small_federation.factory)
        for number in range(MOST_KEPT):
            keep_member_list(session, actor, name=f"筛选{number}", query="")

        with pytest.raises(InvalidInput):
            keep_member_list(session, actor, name="再一个", query="")


class TestChanging:
    def test_a_filter_is_renamed_and_deleted(self, session, act_as, small_federation):
        actor = act_as(small_federation.factory)
        first = keep_member_list(session, actor, name="甲", query="sex=male")
        second = keep_member_list(session, actor, name="乙", query="sex=female")

        rename_member_list(session, actor, kept=first, name="丙")
        rename_member_list(session, actor, kept=first, name="丙")
        with pytest.raises(InvalidInput):
            rename_member_list(session, actor, kept=first, name="乙")
        forget_member_list(session, actor, kept=second)

        assert kept(session, actor) == [("丙", "sex=male")]

    def test_a_colleagues_filter_looks_missing(self, session, act_as, small_federation):
        theirs = keep_member_list(session, act_as(small_federation.factory), name="甲", query="")
        actor = act_as(small_federation.factory)

        with pytest.raises(NotFound):
            rename_member_list(session, actor, kept=theirs, name="乙")
        with pytest.raises(NotFound):
            forget_member_list(session, actor, kept=theirs)


def test_columns_are_kept_in_their_order_and_unknown_ones_left_out(session, act_as, small_federation):
    actor = act_as(small_federation.factory)
    before = member_list_habits(session, actor).columns

    keep_member_columns(session, actor, columns=["education", "sex", "phone"])

    assert (before, member_list_habits(session, actor).columns) == (None, ["sex", "education"])
