"""The history of a union: who changed what, when, from what to what."""

from functools import partial

import pytest
from sqlalchemy import event, text

from gdftu_app.clock import now
from gdftu_app.db import dialect
from gdftu_app.errors import NotFound
from gdftu_app.models.unions import Employer
from gdftu_app.queries.union_history import PAGE_SIZE, own_history, union_history
from gdftu_app.services.audit import record
from gdftu_app.services.branch_moves import move_below
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.dissolutions import dissolve_below
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import approve
from tests.counting import assert_queries
from tests.factories import id_of, make_change_request, make_registration, make_union, make_uscc


def make_entries(session, union, count, **how):
    """Changes of a person in charge, one after the other."""
    for number in range(count):
        changes = [{"field": "principal_name", "before": f"第{number}任", "after": f"第{number + 1}任"}]
        record(session, "unions:change", subject=f"unions:{union.id}", detail={"changes": changes}, **how)
    session.flush()


def in_words(entry):
    return [(field.label, field.before.text, field.after.text) for field in entry.changes]


def test_an_approved_change_says_from_what_to_what(session, act_as, small_federation):
    factory, reviewer = small_federation.factory, act_as(small_federation.street)
    request = make_change_request(session, factory, principal_name="何伟杰", division_code="440606101")
    approve(session, reviewer, queue=CHANGES, ids=[id_of(request)])

    [entry] = own_history(session, act_as(factory)).entries

    assert (entry.verb, entry.who, entry.acting) == (
        "信息变更",
        reviewer.account_name,
        small_federation.street.name,
    )
    assert in_words(entry) == [("负责人", "—", "何伟杰"), ("所在政区", "—", "广东省佛山市顺德区陈村镇")]
    assert abs((now() - entry.at).total_seconds()) < 60


def test_a_registration_tells_name_and_superior(session, act_as, small_federation):
    request = make_registration(session, small_federation.street, employer_name="榕溪灯具")
    approve(session, act_as(small_federation.street), queue=REGISTRATIONS, ids=[id_of(request)])
    session.refresh(request)

    [entry] = union_history(session, act_as(small_federation.city), union=request.union_id or 0).entries

    assert entry.verb == "组织登记"
    assert in_words(entry) == [("工会名称", "—", "榕溪灯具工会委员会"), ("上级工会", "—", "榕树街道总工会")]


def test_moves_and_the_end_are_told_too(session, act_as, small_federation):
    province, factory = act_as(small_federation.province), small_federation.factory
    move_below(
        session, province, union=id_of(factory), superior=id_of(small_federation.other_city), version=factory.version
    )
    dissolve_below(session, province, union=id_of(factory), typed_name=factory.name)

    ended, moved = union_history(session, province, union=id_of(factory)).entries

    assert in_words(moved) == [("上级工会", "榕树街道总工会", "邻江市总工会")]
    assert in_words(ended) == [("状态", "正常", "已撤销")]
    assert ended.changes[0].after.is_message
    assert (moved.acting, moved.who) == (small_federation.province.name, province.account_name)


def test_whoever_acted_for_the_union_itself_is_named_without_it(session, act_as, small_federation):
    actor = act_as(small_federation.province)
    make_entries(session, small_federation.province, 1, actor=actor)
    make_entries(session, small_federation.province, 1)

    platform, own = own_history(session, actor).entries

    assert (own.who, own.acting) == (actor.account_name, "")
    assert (platform.who, platform.acting) == ("", "")


def test_employers_are_told_apart(session, act_as, small_federation):
    employers = [Employer(name=f"第{number}厂", uscc=make_uscc(number + 50)) for number in range(2)]
    joint = make_union(session, small_federation.street, category="joint_base", employers=employers)
    changes = [{"field": f"employers.{employers[1].id}.address", "before": "", "after": "新街"}]
    record(session, "unions:change", subject=f"unions:{joint.id}", detail={"changes": changes})

    [entry] = own_history(session, act_as(joint)).entries

    assert (entry.changes[0].label, entry.changes[0].employer) == ("单位地址", "第1厂")


def test_it_is_read_in_pages_and_each_entry_once(session, act_as, small_federation):
    factory = small_federation.factory
    make_entries(session, factory, PAGE_SIZE * 2 + 3)
    make_entries(session, small_federation.other_factory, 3)
    actor = act_as(factory)

    seen, before = [], 0
    for _ in range(3):
        page = own_history(session, actor, before=before)
        seen += [entry.id for entry in page.entries]
        before = page.before

    assert (len(seen), len(set(seen)), before) == (PAGE_SIZE * 2 + 3, PAGE_SIZE * 2 + 3, 0)
    assert seen == sorted(seen, reverse=True)


def test_a_page_that_is_just_full_has_no_next(session, act_as, small_federation):
    make_entries(session, small_federation.factory, PAGE_SIZE)

    assert own_history(session, act_as(small_federation.factory)).before == 0


def test_looking_in_and_what_is_unknown_are_left_out(session, act_as, small_federation):
    subject = f"unions:{small_federation.factory.id}"
    for verb in ("unions:enter", "unions:unheard_of", "administrators:appoint"):
        record(session, verb, subject=subject)
    record(session, "unions:change", subject=subject, detail={"changes": [{"field": "no.such"}, {"field": "x"}]})

    [entry] = own_history(session, act_as(small_federation.factory)).entries

    assert entry.changes == []


@pytest.mark.parametrize("place", ["province", "other_city", "other_factory"])
def test_out_of_reach_there_is_none(session, act_as, small_federation, place):
    union = getattr(small_federation, place)
    make_entries(session, union, 1)

    with pytest.raises(NotFound):
        union_history(session, act_as(small_federation.city), union=id_of(union))


@pytest.mark.parametrize("count", [1, 60])
def test_it_asks_as_often_however_long_it_is(session, act_as, small_federation, count):
    make_entries(session, small_federation.factory, count)
    own, superior = act_as(small_federation.factory), act_as(small_federation.city)

    with assert_queries(session, 2):
        own_history(session, own)
    with assert_queries(session, 3):
        union_history(session, superior, union=id_of(small_federation.factory))


def test_the_index_of_histories_answers(session, act_as, small_federation):
    make_entries(session, small_federation.factory, 30)
    for number in range(2_000):
        record(session, "unions:change", subject=f"unions:{900_000 + number}")
    session.flush()
    session.connection().execute(text("ANALYZE audit_entries"))
    actor, asked = act_as(small_federation.factory), []
    listen = partial(_note, asked)
    event.listen(session.get_bind(), "before_cursor_execute", listen)
    own_history(session, actor)
    event.remove(session.get_bind(), "before_cursor_execute", listen)

    statement, parameters = asked[0]
    explain = "EXPLAIN QUERY PLAN " if dialect(session) == "sqlite" else "EXPLAIN "
    plan = session.connection().exec_driver_sql(explain + statement, parameters).all()

    assert "ix_audit_entries_union_history" in str(plan)


def _note(asked, _connection, _cursor, statement, parameters, *_rest):
    asked.append((statement, parameters))
