"""组织登记, the form: filled in piece by piece, checked as it is typed, with what is wrong beside each field."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import frozen_at, travel
from gdftu_app.errors import SignedOut
from gdftu_app.models.accounts import Account
from gdftu_app.models.files import StoredFile
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.registration_fields import RegistrationField, RegistrationStep
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionCategory, UnionStatus
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.registration_drafts import find_draft
from gdftu_app.services.files import KEPT_FOR_DRAFTS
from gdftu_app.services.housekeeping import remove_expired
from gdftu_app.services.registration_drafts import (
    discard_draft,
    explain,
    go_to,
    say_independent,
)
from gdftu_app.services.registrations import (
    NotSound,
    submit_registration,
    withdraw_registration,
)
from tests.factories import Federation, id_of, make_account, make_union
from tests.registering import (
    cover,
    draft,
    employer_code,
    fill_in,
    make_certificate,
    problem,
    submit,
    submit_one,
    type_in,
    union_code,
    verbs,
    warnings,
)

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
Field = RegistrationField


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, name="招新宇")


@pytest.fixture
def street(small_federation: Federation) -> Union:
    return small_federation.street


class TestFilling:
    def test_what_is_typed_stays_right_or_wrong(self, session: Session, account: Account):
        type_in(session, account, employer_uscc="９１44 oops", employer_name=" 榕江\u3000电器\u202e\x00 ")

        values = draft(session, account).values
        assert (values.employer_uscc, values.employer_name) == ("９１44 oops", "榕江 电器")

    def test_the_unions_name_follows_the_employers_until_it_is_changed(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")
        proposed = draft(session, account).values.union_name
        type_in(session, account, employer_name="榕江电器有限公司")
        followed = draft(session, account).values.union_name
        type_in(session, account, union_name="榕江电器工会", employer_name="榕江电器厂")

        assert (proposed, followed) == ("榕江电器工会委员会", "榕江电器有限公司工会委员会")
        assert draft(session, account).values.union_name == "榕江电器工会"

    def test_what_belongs_to_independent_unions_only_survives_a_change_of_mind(
        self, session: Session, account: Account, street: Union
    ):
        fill_in(session, account, street, is_independent=True)
        before = draft(session, account).values

        say_independent(session, account_id=id_of(account), is_independent=False)
        say_independent(session, account_id=id_of(account), is_independent=True)

        assert draft(session, account).values == before

    def test_is_each_accounts_own(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")

        assert find_draft(session, account_id=id_of(make_account(session))) is None

    def test_prolongs_the_files_it_mentions(self, session: Session, account: Account):
        key = make_certificate(session, account)

        type_in(session, account, employer_certificate=key)

        kept = session.exec(select(StoredFile.kept_until).where(StoredFile.key == key)).one()
        assert kept == MOMENT + KEPT_FOR_DRAFTS

    def test_lets_go_of_a_certificate_that_is_replaced(self, session: Session, account: Account):
        first, second = make_certificate(session, account), make_certificate(session, account)

        type_in(session, account, employer_certificate=first)
        type_in(session, account, employer_certificate=second)

        kept = dict(session.exec(select(StoredFile.key, StoredFile.kept_until)).all())
        assert kept[first] == MOMENT
        assert kept[second] == MOMENT + KEPT_FOR_DRAFTS

    def test_is_recorded_by_field_and_only_when_something_changes(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")
        type_in(session, account, employer_name="榕江电器")

        [entry] = session.exec(select(AuditEntry)).all()
        assert (entry.verb, entry.detail, entry.account_id) == (
            "registration_drafts:fill",
            {"field": "employer_name"},
            account.id,
        )

    def test_is_for_verified_accounts_only(self, session: Session, street: Union):
        stranger = make_account(session, verified=False)

        for attempt in (
            lambda: type_in(session, stranger, employer_name="榕江电器"),
            lambda: submit_registration(session, account_id=id_of(stranger)),
            lambda: find_draft(session, account_id=id_of(stranger)),
        ):
            with pytest.raises(NotVerified):
                attempt()
        with pytest.raises(SignedOut):
            find_draft(session, account_id=999_999_999)

    def test_ends_with_the_draft_being_discarded(self, session: Session, account: Account):
        key = make_certificate(session, account)
        type_in(session, account, employer_certificate=key)

        discard_draft(session, account_id=id_of(account))
        discard_draft(session, account_id=id_of(account))

        assert find_draft(session, account_id=id_of(account)) is None
        assert session.exec(select(StoredFile.kept_until).where(StoredFile.key == key)).one() == MOMENT
        assert verbs(session).count("registration_drafts:discard") == 1

    def test_is_forgotten_with_its_files_after_a_month(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")

        travel(KEPT_FOR_DRAFTS - timedelta(seconds=1))
        remove_expired(session)
        before = find_draft(session, account_id=id_of(account))
        travel(timedelta(seconds=1))
        remove_expired(session)

        assert before is not None
        assert find_draft(session, account_id=id_of(account)) is None


class TestSteps:
    def test_go_forward_over_what_is_complete(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street)

        reached = [
            go_to(session, account_id=id_of(account), step=RegistrationStep(number)).step for number in (2, 3, 4)
        ]

        assert reached == [2, 3, 4]
        assert draft(session, account).step is RegistrationStep.CHECK

    def test_stop_where_something_is_missing_and_say_what(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")

        stopped = go_to(session, account_id=id_of(account), step=RegistrationStep.CHECK)

        assert stopped.step is RegistrationStep.EMPLOYER
        assert {Field.EMPLOYER_USCC, Field.EMPLOYER_CERTIFICATE, Field.SUPERIOR} <= set(stopped.checks.problems)

    def test_stop_where_something_is_wrong(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street, is_independent=True, union_uscc="81")

        assert go_to(session, account_id=id_of(account), step=RegistrationStep.CHECK).step is RegistrationStep.UNION

    def test_go_back_at_any_time_and_tell_nothing_missing(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street)
        go_to(session, account_id=id_of(account), step=RegistrationStep.CHECK)
        type_in(session, account, employer_name="")

        back = go_to(session, account_id=id_of(account), step=RegistrationStep.UNION)

        assert (back.step, back.checks.problems) == (RegistrationStep.UNION, {})

    def test_need_no_draft_to_say_what_is_missing(self, session: Session, account: Account):
        stopped = go_to(session, account_id=id_of(account), step=RegistrationStep.UNION)

        assert stopped.checks.problems[Field.EMPLOYER_NAME].message == "请填写单位名称。"
        assert find_draft(session, account_id=id_of(account)) is None


class TestCodes:
    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("91440199MA5000001", "应为 18 位，现为 17 位"),
            ("91440199MO50000011", "第 10 位的「O」不能使用"),
            ("9144O199MA50000011", "第 5 位的「O」不能使用"),
            ("914401A9MA50000011", "第 7 位的「A」应为数字"),
            ("96440199MA50000011", "前 2 位「96」不是有效的"),
            ("91440199MA5000001?", "第 18 位的「?」不是可用的字符"),
        ],
    )
    def test_are_told_what_is_wrong_and_where(self, typed: str, told: str, session: Session, account: Account):
        type_in(session, account, employer_uscc=typed)

        assert told in problem(session, account, Field.EMPLOYER_USCC)

    def test_with_a_wrong_check_digit_are_refused(self, session: Session, account: Account):
        code = employer_code()
        type_in(session, account, employer_uscc=code[:-1] + ("0" if code[-1] != "0" else "1"))

        assert problem(session, account, Field.EMPLOYER_USCC).startswith("校验未通过")

    def test_of_employer_and_union_must_differ(self, session: Session, account: Account, street: Union):
        code = union_code()
        fill_in(session, account, street, is_independent=True, employer_uscc=code, union_uscc=code.lower())

        assert "与单位的统一社会信用代码相同" in problem(session, account, Field.UNION_USCC)

    def test_of_a_union_should_begin_with_81_and_may_be_explained(
        self, session: Session, account: Account, street: Union
    ):
        fill_in(session, account, street, is_independent=True, union_uscc=union_code("89"))
        explain(session, account_id=id_of(account), field=Field.UNION_USCC, text=" 2009 年登记，沿用旧代码 ")

        assert "一般以 81 开头" in warnings(session, account, Field.UNION_USCC)[0]
        assert submit(session, account).notes == {"union_uscc": "2009 年登记，沿用旧代码"}

    def test_of_a_union_in_the_employers_place_are_unusual(self, session: Session, account: Account):
        type_in(session, account, employer_uscc=union_code())

        assert "一般是工会的代码" in warnings(session, account, Field.EMPLOYER_USCC)[0]

    def test_of_a_union_are_not_looked_at_unless_it_is_independent(
        self, session: Session, account: Account, street: Union
    ):
        fill_in(session, account, street, is_independent=False, union_uscc="nonsense")

        registration = submit(session, account)

        assert (registration.union_uscc, registration.union_certificate_id) == (None, None)

    def test_are_kept_in_their_normal_form(self, session: Session, account: Account, street: Union):
        code = complete_uscc("91440199MA5ABCDEF")
        fill_in(session, account, street, employer_uscc=f" {code.lower()[:8]} {code.lower()[8:]} ")

        assert submit(session, account).employer_uscc == code


class TestDuplicates:
    def test_an_employer_with_a_union_of_its_own_is_told_which(
        self, session: Session, account: Account, small_federation: Federation
    ):
        code = employer_code()
        cover(session, small_federation.factory, code)
        fill_in(session, account, small_federation.street, employer_uscc=code)

        told = problem(session, account, Field.EMPLOYER_USCC)

        assert told == "该单位已由「榕江电器有限公司工会委员会」登记，不能重复建会。"
        with pytest.raises(NotSound):
            submit(session, account)

    def test_an_employer_of_a_joint_union_may_have_its_own_with_a_word_on_it(
        self, session: Session, account: Account, street: Union
    ):
        code = employer_code()
        joint = make_union(session, street, name="榕树街道联合工会", category=UnionCategory.JOINT_BASE)
        cover(session, joint, code)
        fill_in(session, account, street, employer_uscc=code)

        assert "现由「榕树街道联合工会」覆盖" in warnings(session, account, Field.EMPLOYER_USCC)[0]
        assert submit(session, account).status == ReviewStatus.PENDING

    def test_a_dissolved_union_stands_in_nobodys_way(
        self, session: Session, account: Account, small_federation: Federation
    ):
        code, own = employer_code(), union_code()
        cover(session, small_federation.factory, code)
        small_federation.factory.status, small_federation.factory.uscc = UnionStatus.DISSOLVED, own
        session.flush()
        fill_in(session, account, small_federation.street, is_independent=True, employer_uscc=code, union_uscc=own)

        assert submit(session, account).employer_uscc == code

    def test_a_pending_registration_is_told_with_who_reviews_it_and_not_whose_it_is(
        self, session: Session, account: Account, street: Union
    ):
        first = submit_one(session, make_account(session, name="抢先的人"), street)
        fill_in(session, account, street, employer_uscc=first.employer_uscc)

        told = problem(session, account, Field.EMPLOYER_USCC)

        assert told == "已有人用这个代码提交登记申请，正由「榕树街道总工会」审核，不能重复提交。"

    def test_ones_own_pending_registration_is_called_so(self, session: Session, account: Account, street: Union):
        first = submit_one(session, account, street)
        fill_in(session, account, street, employer_uscc=first.employer_uscc)

        assert problem(session, account, Field.EMPLOYER_USCC).startswith("你已用这个代码提交过登记申请")

    def test_a_unions_code_in_use_is_told(self, session: Session, account: Account, small_federation: Federation):
        small_federation.factory.uscc = union_code()
        pending = submit_one(session, make_account(session), small_federation.street, is_independent=True)
        fill_in(session, account, small_federation.street, is_independent=True)

        type_in(session, account, union_uscc=small_federation.factory.uscc)
        used = problem(session, account, Field.UNION_USCC)
        type_in(session, account, union_uscc=pending.union_uscc or "")

        assert used == "工会统一社会信用代码已被「榕江电器有限公司工会委员会」使用。"
        assert "正由「榕树街道总工会」审核" in problem(session, account, Field.UNION_USCC)

    def test_what_was_withdrawn_or_rejected_blocks_nothing(self, session: Session, account: Account, street: Union):
        first = submit_one(session, make_account(session), street)
        withdraw_registration(session, account_id=first.submitted_by_id, registration_id=id_of(first))
        fill_in(session, account, street, employer_uscc=first.employer_uscc)

        assert submit(session, account).status == ReviewStatus.PENDING

    def test_a_name_that_the_superior_has_below_it_already_is_unusual(
        self, session: Session, account: Account, street: Union
    ):
        fill_in(session, account, street, employer_name="榕江电器有限公司")

        assert warnings(session, account, Field.UNION_NAME) == [
            "「榕树街道总工会」已有同名的下级工会，请核对是否重复登记。"
        ]

    def test_a_name_against_the_rule_is_unusual(self, session: Session, account: Account):
        type_in(session, account, employer_name="珠水电器有限公司", union_name="珠水电器工会")

        [told] = warnings(session, account, Field.UNION_NAME)
        assert told == "按命名规则应为「珠水电器有限公司工会委员会」。如有其他依据，请说明。"


class TestNames:
    @pytest.mark.parametrize("typed", ["榕", "12345", "——"])
    def test_that_are_none_are_refused(self, typed: str, session: Session, account: Account):
        type_in(session, account, employer_name=typed)

        assert problem(session, account, Field.EMPLOYER_NAME).startswith("名称不完整")

    def test_that_are_too_long_are_refused_and_kept(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕" * 250)

        assert problem(session, account, Field.EMPLOYER_NAME) == "名称不能超过 200 个字。"
        assert len(draft(session, account).values.employer_name) == 250
