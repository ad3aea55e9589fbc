"""What a reviewer is shown of a request besides its fields: what is unusual, what was explained, whose a field is."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.registrations import Registration
from gdftu_app.models.unions import Employer, UnionCategory
from gdftu_app.queries.reviews import ReviewField, ReviewList, review_details
from gdftu_app.security.actors import Actor
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import approve
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_change_request,
    make_file,
    make_registration,
    make_union,
    make_uscc,
)

Read = Callable[[Any], dict[str, ReviewField]]


@pytest.fixture
def reviewer(act_as: Callable[..., Actor], small_federation: Federation) -> Actor:
    """Who reviews for the street."""
    return act_as(small_federation.street)


@pytest.fixture
def read(session: Session, reviewer: Actor) -> Read:
    """The fields of a request, by the words that name them."""

    def fields(request: Registration | ChangeRequest) -> dict[str, ReviewField]:
        queue: ReviewList[Any] = REGISTRATIONS.list if isinstance(request, Registration) else CHANGES.list
        shown = review_details(session, reviewer, queue=queue, request_id=id_of(request))
        return {f"{field.label} {field.owner}".strip(): field for field in [*shown.fields, *shown.unchanged]}

    return fields


def warned(field: ReviewField) -> list[str]:
    """What is unusual about a field, as it is read."""
    return [text.format(**values) for text, values in field.warnings]


class TestARegistration:
    def test_without_anything_unusual_says_nothing(self, session, small_federation, read: Read):
        fields = read(make_registration(session, small_federation.street))

        assert [field.warnings for field in fields.values()] == [()] * 5
        assert [field.note for field in fields.values()] == [None] * 5

    def test_is_told_to_break_the_naming_rule_and_why(self, session, small_federation, read: Read):
        request = make_registration(
            session,
            small_federation.street,
            employer_name="榕溪灯具有限公司",
            union_name="榕溪工会委员会",
            notes={"union_name": "成立时的名称"},
        )

        name = read(request)["工会名称"]

        assert warned(name) == ["按命名规则应为「榕溪灯具有限公司工会委员会」。如有其他依据，请说明。"]
        assert name.note is not None
        assert (name.note.text, name.note.is_message) == ("成立时的名称", False)

    def test_bears_the_name_of_a_subordinate(self, session, small_federation, read: Read):
        make_union(session, small_federation.street, name="榕溪灯具有限公司工会委员会")
        request = make_registration(session, small_federation.street, employer_name="榕溪灯具有限公司")

        assert warned(read(request)["工会名称"]) == ["「榕树街道总工会」已有同名的下级工会，请核对是否重复登记。"]

    def test_is_of_an_employer_that_a_joint_union_covers(self, session, small_federation, read: Read):
        employer = Employer(name="榕溪灯具有限公司", uscc=make_uscc(511))
        make_union(
            session,
            small_federation.street,
            name="榕溪联合工会",
            category=UnionCategory.JOINT_BASE,
            employers=[employer],
        )
        request = make_registration(session, small_federation.street, employer_uscc=employer.uscc)

        [told] = warned(read(request)["单位统一社会信用代码"])

        assert told.startswith("该单位现由「榕溪联合工会」覆盖。")

    def test_has_unusual_codes(self, session, small_federation, read: Read):
        applicant = make_account(session)
        request = make_registration(
            session,
            small_federation.street,
            applicant=applicant,
            employer_uscc=make_uscc(512, prefix="8144"),
            is_independent=True,
            union_uscc=make_uscc(513, prefix="5144"),
            union_certificate_id=id_of(make_file(session, id_of(applicant))),
            notes={"union_uscc": "2009 年登记，沿用旧代码", "superior_id": "已电话联系街道"},
        )

        fields = read(request)

        assert len(warned(fields["单位统一社会信用代码"])) == 1
        assert len(warned(fields["工会统一社会信用代码"])) == 1
        assert fields["工会统一社会信用代码"].note is not None
        assert fields["上级工会"].note is not None
        assert fields["上级工会"].note.text == "已电话联系街道"

    def test_that_is_decided_is_no_longer_warned_of_its_own_union(self, session, reviewer, small_federation, read):
        request = make_registration(session, small_federation.street, notes={"union_name": "沿用"})
        approve(session, reviewer, queue=REGISTRATIONS, ids=[id_of(request)])

        name = read(request)["工会名称"]

        assert name.warnings == ()
        assert name.note is not None


class TestAChange:
    def test_to_an_unusual_code_is_warned_of(self, session, small_federation, read: Read):
        request = make_change_request(session, small_federation.factory, uscc=make_uscc(514, prefix="5144"))

        assert len(warned(read(request)["工会统一社会信用代码"])) == 1

    def test_to_an_ordinary_code_is_not(self, session, small_federation, read: Read):
        request = make_change_request(session, small_federation.factory, uscc=make_uscc(515, prefix="8144"))

        assert warned(read(request)["工会统一社会信用代码"]) == []

    def test_names_the_employer_where_there_are_several(self, session, small_federation, read: Read):
        first, second = (Employer(name=f"榕江{place}厂", uscc=make_uscc(516 + place)) for place in range(2))
        union = make_union(
            session, small_federation.street, category=UnionCategory.JOINT_BASE, employers=[first, second]
        )
        asked: dict[str, Any] = {f"employers.{id_of(second)}.address": "新街 2 号"}

        fields = read(make_change_request(session, union, **asked))

        assert fields["单位地址 榕江1厂"].is_changed
        assert not fields["单位地址 榕江0厂"].is_changed
        assert "单位地址" not in fields

    def test_does_not_name_the_only_employer(self, session, small_federation, read: Read):
        union = make_union(session, small_federation.street, employers=[Employer(name="独厂", uscc=make_uscc(519))])

        assert read(make_change_request(session, union))["单位地址"].owner == ""
