"""A change as the union that asks for it sees it, and its form."""

from typing import Any

import pytest

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Employer
from gdftu_app.queries.change_checks import check_change
from gdftu_app.queries.change_requests import change_form, last_change
from gdftu_app.security.permissions import Role
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.reviews import approve, reject, withdraw
from tests.counting import assert_queries
from tests.factories import id_of, make_account, make_change_request, make_file, make_union, make_uscc


def make_joint(session, superior, count=3):
    employers = [Employer(name=f"第{number}厂", uscc=make_uscc(number + 30)) for number in range(count)]
    return make_union(session, superior, name="榕树商圈联合工会", category="joint_base", employers=employers)


class TestTheLastChange:
    def test_is_none_before_the_first(self, session, act_as, small_federation):
        assert last_change(session, act_as(small_federation.factory)) is None

    def test_says_what_was_asked_for_and_where_it_stands(self, session, act_as, small_federation):
        factory, applicant = small_federation.factory, make_account(session, name="周新")
        request = make_change_request(session, factory, applicant=applicant, principal_name="何伟杰")

        found = last_change(session, act_as(factory, Role.EDITOR))

        assert found is not None
        assert (found.id, found.status, found.reviewer) == (request.id, "pending", small_federation.street.name)
        assert (found.submitted_by, found.purpose, found.is_own_review) == ("周新", "换届", False)
        [field] = found.fields
        assert (field.label, field.employer, field.before.text, field.after.text) == ("负责人", "", "—", "何伟杰")

    def test_keeps_the_reason_of_a_rejection(self, session, act_as, small_federation):
        street = small_federation.street
        request = make_change_request(session, small_federation.factory)
        reviewer = act_as(street)
        reject(session, reviewer, queue=CHANGES, ids=[id_of(request)], reason="材料不全")

        found = last_change(session, act_as(small_federation.factory))

        assert found is not None
        assert (found.status, found.reason, found.closed_by) == ("rejected", "材料不全", reviewer.account_name)

    def test_is_the_latest_of_several(self, session, act_as, small_federation):
        factory = small_federation.factory
        for name in ("何一", "何二", "何三"):
            request = make_change_request(session, factory, principal_name=name)
            withdraw(session, request, account_id=request.submitted_by_id)

        found = last_change(session, act_as(factory))

        assert found is not None
        assert (found.status, found.fields[0].after.text) == (ReviewStatus.WITHDRAWN, "何三")

    def test_names_employers_where_there_are_several(self, session, act_as, small_federation):
        joint = make_joint(session, small_federation.street)
        key = next(key for key in change_form(session, act_as(joint)).present if key.endswith(".address"))
        asked: dict[str, Any] = {key: "新街 2 号"}
        make_change_request(session, joint, **asked)

        found = last_change(session, act_as(joint))

        assert found is not None
        assert found.fields[0].employer == "第0厂"

    def test_of_another_union_is_not_told(self, session, act_as, small_federation):
        make_change_request(session, small_federation.factory)

        for place in ("street", "other_factory", "province"):
            assert last_change(session, act_as(getattr(small_federation, place))) is None

    def test_documents_are_for_those_who_edit(self, session, act_as, small_federation):
        factory = small_federation.factory
        request = make_change_request(session, factory)
        make_file(session, request.submitted_by_id, subject=f"change_requests:{request.id}")

        seen = [last_change(session, act_as(factory, role)) for role in (Role.OWNER, Role.EDITOR)]

        assert [len(found.documents) for found in seen if found] == [1, 0]

    @pytest.mark.parametrize("count", [1, 12])
    def test_asks_three_times_however_much_there_is(self, session, act_as, small_federation, count):
        joint = make_joint(session, small_federation.street, count)
        for _ in range(count):
            request = make_change_request(session, joint)
            withdraw(session, request, account_id=request.submitted_by_id)
        actor = act_as(joint)

        with assert_queries(session, 3):
            last_change(session, actor)


class TestTheForm:
    def test_holds_the_live_values_of_the_union_and_its_employers(self, session, act_as, small_federation):
        joint = make_joint(session, small_federation.street)

        form = change_form(session, act_as(joint))

        assert form.present["name"] == "榕树商圈联合工会"
        assert list(form.employers.values()) == ["第0厂", "第1厂", "第2厂"]
        assert form.categories == ["single_base", "joint_base"]
        assert (form.asked, form.purpose, form.documents, form.has_code) == ({}, "", [], True)

    def test_offers_no_category_above_the_base_and_no_code_below(self, session, act_as, small_federation):
        branch = make_union(session, small_federation.factory, category="branch")

        assert change_form(session, act_as(small_federation.street)).categories == []
        assert (change_form(session, act_as(branch)).categories, change_form(session, act_as(branch)).has_code) == (
            [],
            False,
        )

    def test_is_filled_with_what_a_rejected_one_asked_for(self, session, act_as, small_federation):
        factory, applicant = small_federation.factory, act_as(small_federation.factory)
        request = make_change_request(session, factory, name="榕江新能源工会委员会", postcode="528311")
        request.submitted_by_id = applicant.account_id
        make_file(session, applicant.account_id, subject=f"change_requests:{request.id}")
        reject(session, act_as(small_federation.street), queue=CHANGES, ids=[id_of(request)], reason="材料不全")

        form = change_form(session, applicant, again=id_of(request))
        of_a_colleague = change_form(session, act_as(factory), again=id_of(request))

        assert form.asked == {"name": "榕江新能源工会委员会", "postcode": "528311"}
        assert (form.purpose, len(form.documents), len(of_a_colleague.documents)) == ("换届", 1, 1)

    def test_is_not_filled_with_any_other(self, session, act_as, small_federation):
        pending = make_change_request(session, small_federation.factory)
        approved = make_change_request(session, small_federation.other_factory)
        approve(session, act_as(small_federation.other_city), queue=CHANGES, ids=[id_of(approved)])

        for number in (id_of(pending), id_of(approved), 10**9):
            with pytest.raises(NotFound):
                change_form(session, act_as(small_federation.factory), again=number)

    @pytest.mark.parametrize("count", [1, 9])
    def test_takes_two_statements_however_many_employers(self, session, act_as, small_federation, count):
        actor = act_as(make_joint(session, small_federation.street, count))

        with assert_queries(session, 2):
            change_form(session, actor)


class TestCheckingAField:
    def test_answers_with_warnings(self, session, act_as, small_federation):
        actor = act_as(small_federation.factory)

        assert check_change(session, actor, key="uscc", typed=make_uscc(41, prefix="9144")) != []
        assert check_change(session, actor, key="uscc", typed=make_uscc(42, prefix="8144")) == []

    @pytest.mark.parametrize(
        ("key", "typed"), [("name", ""), ("name", "厂"), ("phone", "1"), ("category", "town"), ("uscc", "1")]
    )
    def test_says_what_is_wrong_beside_it(self, session, act_as, small_federation, key, typed):
        with pytest.raises(InvalidInput) as refused:
            check_change(session, act_as(small_federation.factory), key=key, typed=typed)

        assert refused.value.field == key

    @pytest.mark.parametrize("key", ["path", "", "employers.999999.name", "superior_id"])
    def test_knows_no_other_fields(self, session, act_as, small_federation, key):
        with pytest.raises(InvalidInput) as refused:
            check_change(session, act_as(small_federation.factory), key=key, typed="x")

        assert refused.value.field == ""

    def test_of_a_phone_left_empty_is_fine(self, session, act_as, small_federation):
        union = make_union(session, small_federation.street, phone="+8613812342046")

        assert check_change(session, act_as(union), key="phone", typed="") == []
