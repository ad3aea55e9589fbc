"""Employers that a joint union comes to cover, or covers no more, by a change (覆盖单位变更)."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.unions import Employer, Union, UnionCategory
from gdftu_app.queries.change_checks import check_change
from gdftu_app.queries.change_requests import change_form, last_change
from gdftu_app.queries.reviews import review_details, review_page
from gdftu_app.queries.union_checks import SeveralInvalid
from gdftu_app.queries.union_history import own_history
from gdftu_app.queries.union_values import employers_of
from gdftu_app.security.actors import Actor
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.reviews import Verdict, approve, reject
from tests.changing import ask, make_whole_union, upload
from tests.factories import Federation, id_of, make_union, make_uscc

NEW = make_uscc(703)


@pytest.fixture
def joint(session: Session, small_federation: Federation) -> Union:
    """A joint union that covers two employers."""
    employers = [Employer(name=f"榕江{word}厂", uscc=make_uscc(701 + place)) for place, word in enumerate("甲乙")]
    return make_union(
        session,
        small_federation.street,
        name="榕江联合工会委员会",
        category=UnionCategory.JOINT_BASE,
        employers=employers,
    )


@pytest.fixture
def owner(act_as: Any, joint: Union) -> Actor:
    """The owner of the joint union."""
    return act_as(joint)


@pytest.fixture
def reviewer(act_as: Any, small_federation: Federation) -> Actor:
    """Who reviews for the street."""
    return act_as(small_federation.street)


def names(session: Session, union: Union) -> list[str]:
    return [employer.name for employer in employers_of(session, id_of(union))]


def added(session: Session, actor: Actor, number: int = -1, *, code: str = NEW, **fields: str) -> int:
    """Ask for one more employer."""
    typed = {"name": "榕江丙厂", "uscc": code, **fields}
    keys = {f"employers.{number}.{name}": value for name, value in typed.items()}
    return ask(session, actor, purpose="新增覆盖单位", documents=[upload(session, actor)], **keys)


def problems(session: Session, actor: Actor, **typed: str) -> dict[str, str]:
    with pytest.raises(SeveralInvalid) as refusal:
        ask(session, actor, documents=[upload(session, actor)], **typed)
    assert not session.exec(select(ChangeRequest)).all()
    return {key: problem.text("zh-CN") for key, problem in refusal.value.problems.items()}


class TestAdding:
    def test_covers_it_once_the_superior_agrees(self, session, owner, reviewer, joint):
        number = added(session, owner, address="新街 3 号", employee_count="30")
        assert names(session, joint) == ["榕江甲厂", "榕江乙厂"]

        [outcome] = approve(session, reviewer, queue=CHANGES, ids=[number])

        assert outcome.is_decided
        third = employers_of(session, id_of(joint))[2]
        assert (third.name, third.uscc, third.address, third.employee_count) == ("榕江丙厂", NEW, "新街 3 号", 30)

    def test_of_several_at_once_keeps_them_apart(self, session, owner, reviewer, joint):
        number = ask(
            session,
            owner,
            documents=[upload(session, owner)],
            **{
                "employers.-1.name": "丙厂",
                "employers.-1.uscc": NEW,
                "employers.-2.name": "丁厂",
                "employers.-2.uscc": make_uscc(704),
            },
        )

        approve(session, reviewer, queue=CHANGES, ids=[number])

        assert names(session, joint)[2:] == ["丙厂", "丁厂"]

    def test_of_a_known_one_keeps_what_is_recorded_of_it(self, session, owner, reviewer, joint):
        session.add(Employer(name="榕江丙电器厂", uscc=NEW, address="旧街 9 号"))
        session.flush()

        number = added(session, owner, address="新街 3 号")
        approve(session, reviewer, queue=CHANGES, ids=[number])

        assert [change["after"] for change in session.get_one(ChangeRequest, number).changes] == ["榕江丙电器厂", NEW]
        assert employers_of(session, id_of(joint))[2].address == "旧街 9 号"
        assert len(session.exec(select(Employer).where(Employer.uscc == NEW)).all()) == 1

    def test_is_read_by_the_reviewer_and_in_the_history(self, session, owner, reviewer, joint):
        number = added(session, owner)

        [row] = review_page(session, reviewer, queue=CHANGES.list).rows
        details = review_details(session, reviewer, queue=CHANGES.list, request_id=number)
        own = last_change(session, owner)
        approve(session, reviewer, queue=CHANGES, ids=[number])
        [entry, *_] = own_history(session, owner).entries

        assert [word.text for word in row.cells[0]] == ["增加单位"]
        assert [(field.label, field.owner, field.value.text) for field in details.fields] == [
            ("单位名称", "榕江丙厂", "榕江丙厂"),
            ("单位统一社会信用代码", "榕江丙厂", NEW),
        ]
        assert {field.owner for field in details.unchanged if field.label == "单位地址"} == {"榕江甲厂", "榕江乙厂"}
        assert own is not None
        assert [(field.employer, field.after.text) for field in own.fields] == [
            ("榕江丙厂", "榕江丙厂"),
            ("榕江丙厂", NEW),
        ]
        assert [field.employer for field in entry.changes] == ["榕江丙厂"] * 2

    def test_needs_name_code_and_a_document(self, session, owner):
        told = problems(session, owner, **{"employers.-1.name": "", "employers.-1.address": "新街"})

        assert told == {"employers.-1.name": "请填写单位名称。", "employers.-1.uscc": "请填写统一社会信用代码。"}
        with pytest.raises(SeveralInvalid) as refusal:
            ask(session, owner, **{"employers.-1.name": "丙厂", "employers.-1.uscc": NEW})
        assert set(refusal.value.problems) == {"documents"}

    def test_of_one_that_is_covered_already_or_has_its_own_union_is_refused(self, session, owner, small_federation):
        alone = make_whole_union(session, small_federation.street)
        [employer] = employers_of(session, id_of(alone))

        twice = problems(session, owner, **{"employers.-1.name": "甲厂", "employers.-1.uscc": make_uscc(701)})
        taken = problems(session, owner, **{"employers.-1.name": "粤泓厂", "employers.-1.uscc": employer.uscc})

        assert twice == {"employers.-1.uscc": "同一个统一社会信用代码填写了两次，请核对。"}
        assert taken == {
            "employers.-1.uscc": f"该单位已单独建会（「{alone.name}」），不能再由其他工会覆盖。",
        }

    def test_is_not_approved_once_it_has_a_union_of_its_own(self, session, owner, reviewer, joint, small_federation):
        number = added(session, owner)
        rival = make_union(
            session, small_federation.street, name="丙厂工会", employers=[Employer(name="丙厂", uscc=NEW)]
        )

        details = review_details(session, reviewer, queue=CHANGES.list, request_id=number)
        [outcome] = approve(session, reviewer, queue=CHANGES, ids=[number])

        assert ("该单位已单独建会（「{union}」），不能再由其他工会覆盖。", {"union": rival.name}) in details.remarks
        assert outcome.verdict is Verdict.REFUSED
        assert outcome.values == {"union": "丙厂工会"}
        assert names(session, joint) == ["榕江甲厂", "榕江乙厂"]

    def test_makes_a_single_union_a_joint_one_or_is_refused(self, session, act_as, reviewer, small_federation):
        single = make_whole_union(session, small_federation.street)
        actor = act_as(single)
        more = {"employers.-1.name": "丙厂", "employers.-1.uscc": NEW}

        told = problems(session, actor, **more)
        number = ask(session, actor, documents=[upload(session, actor)], category="joint_base", **more)
        approve(session, reviewer, queue=CHANGES, ids=[number])

        assert list(told) == ["employers.-1.name"]
        assert told["employers.-1.name"].startswith("单独基层工会只覆盖一个单位。")
        session.refresh(single)
        assert single.category == UnionCategory.JOINT_BASE
        assert names(session, single) == ["粤泓电器有限公司", "丙厂"]


class TestTakingOff:
    def test_covers_it_no_more_and_keeps_its_record(self, session, owner, reviewer, joint):
        [_, second] = employers_of(session, id_of(joint))

        number = ask(session, owner, purpose="已迁走", **{f"employers.{second.id}": ""})
        details = review_details(session, reviewer, queue=CHANGES.list, request_id=number)
        [outcome] = approve(session, reviewer, queue=CHANGES, ids=[number])

        [field] = details.fields
        assert field.before is not None
        assert (field.label, field.before.text, field.value.text) == ("移除单位", "榕江乙厂", "—")
        assert "榕江乙厂" not in {field.owner for field in details.unchanged}
        assert outcome.is_decided
        assert names(session, joint) == ["榕江甲厂"]
        assert session.get(Employer, second.id) is not None

    def test_of_all_but_one_makes_a_joint_union_a_single_one(self, session, owner, reviewer, joint):
        [first, _] = employers_of(session, id_of(joint))
        typed = {f"employers.{first.id}": "", "category": "single_base"}

        number = ask(session, owner, **typed)
        approve(session, reviewer, queue=CHANGES, ids=[number])

        session.refresh(joint)
        assert joint.category == UnionCategory.SINGLE_BASE
        assert names(session, joint) == ["榕江乙厂"]

    def test_of_all_is_refused(self, session, owner, joint):
        first, second = employers_of(session, id_of(joint))

        told = problems(session, owner, **{f"employers.{first.id}": "", f"employers.{second.id}": ""})

        assert list(told.values()) == ["至少保留一个单位，不能全部移除。"]

    def test_for_another_in_its_place_is_one_change(self, session, owner, reviewer, joint):
        [first, _] = employers_of(session, id_of(joint))
        typed = {f"employers.{first.id}": "", "employers.-1.name": "丙厂", "employers.-1.uscc": NEW}

        number = ask(session, owner, documents=[upload(session, owner)], **typed)
        approve(session, reviewer, queue=CHANGES, ids=[number])

        assert names(session, joint) == ["榕江乙厂", "丙厂"]

    def test_of_one_that_was_renamed_meanwhile_needs_a_reviewer_who_saw_it(self, session, owner, reviewer, joint):
        [_, second] = employers_of(session, id_of(joint))
        number = ask(session, owner, **{f"employers.{second.id}": ""})
        second.name = "榕江乙电器厂"
        session.flush()

        [blind] = approve(session, reviewer, queue=CHANGES, ids=[number])
        seen = review_details(session, reviewer, queue=CHANGES.list, request_id=number).seen
        [seeing] = approve(session, reviewer, queue=CHANGES, ids=[number], seen={number: seen})

        assert (blind.verdict, blind.values) == (Verdict.REFUSED, {"field": "移除单位"})
        assert seeing.is_decided


class TestTheForm:
    def test_is_filled_again_with_what_was_rejected(self, session, owner, reviewer, joint):
        [_, second] = employers_of(session, id_of(joint))
        typed = {f"employers.{second.id}": "", "employers.-1.name": "丙厂", "employers.-1.uscc": NEW}
        number = ask(session, owner, documents=[upload(session, owner)], **typed)
        reject(session, reviewer, queue=CHANGES, ids=[number], reason="材料不全")

        form = change_form(session, owner, again=number)

        assert form.asked == typed

    def test_says_what_is_wrong_or_known_as_it_is_typed(self, session, owner, small_federation):
        alone = make_whole_union(session, small_federation.street)
        [employer] = employers_of(session, id_of(alone))
        session.add(Employer(name="榕江丙电器厂", uscc=NEW))
        session.flush()
        key = "employers.-1.uscc"

        assert check_change(session, owner, key="employers.-1.name", typed="丙厂") == []
        assert len(check_change(session, owner, key=key, typed=NEW)) == 1
        assert check_change(session, owner, key=key, typed=make_uscc(705)) == []
        with pytest.raises(InvalidInput) as refusal:
            check_change(session, owner, key=key, typed=employer.uscc)
        assert refusal.value.field == key
        with pytest.raises(InvalidInput):
            check_change(session, owner, key="category", typed="single_base")
        assert check_change(session, owner, key="category", typed="single_base", covered=1) == []

    @pytest.mark.parametrize(
        "key",
        ["employers.-11.name", "employers.-1", "employers.-1.id", "employers.0.name", "employers.-1.", "employers."],
    )
    def test_knows_no_other_keys(self, session, owner, key):
        with pytest.raises(InvalidInput) as refusal:
            ask(session, owner, documents=[upload(session, owner)], **{key: ""})

        assert refusal.value.field == ""

    def test_of_a_union_above_or_below_the_base_covers_nobody(self, session, act_as, small_federation):
        branch = make_union(session, small_federation.factory, category=UnionCategory.BRANCH)

        for union in (small_federation.street, branch):
            with pytest.raises(InvalidInput) as refusal:
                added(session, act_as(union))
            assert refusal.value.field == ""

    def test_takes_off_no_employer_of_another_union(self, session, owner, small_federation):
        other = make_whole_union(session, small_federation.street)
        [employer] = employers_of(session, id_of(other))

        with pytest.raises(InvalidInput):
            ask(session, owner, **{f"employers.{employer.id}": ""})
        assert session.exec(select(ChangeRequest).order_by(col(ChangeRequest.id))).all() == []
