"""组织登记: filled in piece by piece, submitted once, withdrawn, taken up again; refused with nothing half-written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, col, func, select

from gdftu_app.clock import frozen_at, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.files import StoredFile
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.registration_fields import RegistrationField, RegistrationStep, RegistrationValues
from gdftu_app.models.registrations import Registration, RegistrationDraft
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.registration_drafts import Draft, find_draft
from gdftu_app.services.files import KEPT_FOR_DRAFTS
from gdftu_app.services.housekeeping import remove_expired
from gdftu_app.services.registration_drafts import (
    choose_superior,
    discard_draft,
    explain,
    fill,
    go_to,
    say_independent,
)
from gdftu_app.services.registrations import (
    MOST_A_DAY,
    MOST_PENDING,
    AlreadyDecided,
    DraftInTheWay,
    NothingToSubmit,
    NotSound,
    NotToBeRevised,
    TooManyPending,
    revise_registration,
    submit_registration,
    withdraw_registration,
)
from tests.factories import Federation, id_of, make_account, make_federation, make_union
from tests.registering import (
    cover,
    employer_code,
    fill_in,
    make_certificate,
    reject_one,
    submit_one,
    type_in,
    union_code,
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


def draft(session: Session, account: Account, *, tried: int = 0) -> Draft:
    found = find_draft(session, account_id=id_of(account), tried=tried)
    assert found is not None
    return found


def problem(session: Session, account: Account, name: Field, *, tried: int = 0) -> str:
    found = draft(session, account, tried=tried).checks.problems.get(name)
    return found.message.format(**found.values) if found else ""


def warnings(session: Session, account: Account, name: Field) -> list[str]:
    return [one.message.format(**one.values) for one in draft(session, account).checks.warnings.get(name, [])]


def submit(session: Session, account: Account) -> Registration:
    return session.get_one(Registration, submit_registration(session, account_id=id_of(account)))


def rows(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Registration)).one()


def verbs(session: Session) -> list[str]:
    return list(session.exec(select(AuditEntry.verb).order_by(col(AuditEntry.id))))


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


class TestSuperior:
    def test_that_takes_registrations_is_told_with_its_path(self, session: Session, account: Account, street: Union):
        choose_superior(session, account_id=id_of(account), union_id=id_of(street))

        superior = draft(session, account).superior
        assert superior is not None
        assert (superior.name, superior.path) == ("榕树街道总工会", ("南岭省总工会", "云山市总工会", "珠水区总工会"))

    def test_without_anybody_who_reviews_is_said_so(
        self, session: Session, account: Account, street: Union, act_as: Callable[..., object]
    ):
        choose_superior(session, account_id=id_of(account), union_id=id_of(street))
        without = warnings(session, account, Field.SUPERIOR)
        act_as(street)

        assert without == ["「榕树街道总工会」目前没有可以审核登记的管理员，提交后可能要等待较久。"]
        assert warnings(session, account, Field.SUPERIOR) == []

    def test_that_is_a_base_union_is_answered_like_one_that_does_not_exist(
        self, session: Session, account: Account, small_federation: Federation
    ):
        told: list[object] = []
        for number in (id_of(small_federation.factory), 7_499_999):
            choose_superior(session, account_id=id_of(account), union_id=number)
            told.append((draft(session, account).superior, problem(session, account, Field.SUPERIOR)))

        assert told[0] == told[1]
        assert told[0] == (None, "该工会不能作为上级工会：基层工会不受理登记。请搜索后重新选择。")

    @pytest.mark.parametrize(
        ("status", "told"), [(UnionStatus.DISSOLVED, "「榕树街道总工会」已撤销"), (UnionStatus.PREPARING, "还在筹建")]
    )
    def test_that_is_not_active_is_refused(
        self, status: UnionStatus, told: str, session: Session, account: Account, street: Union
    ):
        fill_in(session, account, street)
        street.status = status
        session.flush()

        assert told in problem(session, account, Field.SUPERIOR)
        with pytest.raises(NotSound):
            submit(session, account)
        assert rows(session) == 0

    @pytest.mark.parametrize("place", ["factory", "nowhere"])
    def test_that_was_forged_leaves_nothing(
        self, place: str, session: Session, account: Account, small_federation: Federation
    ):
        fill_in(session, account, small_federation.street)
        number = id_of(small_federation.factory) if place == "factory" else 7_499_999
        choose_superior(session, account_id=id_of(account), union_id=number)

        with pytest.raises(InvalidInput) as refused:
            submit(session, account)

        assert refused.value.field == "superior_id"
        assert (rows(session), verbs(session).count("registrations:submit")) == (0, 0)

    def test_may_be_any_above_base_union(self, session: Session, account: Account, small_federation: Federation):
        federation = make_union(
            session,
            small_federation.district,
            category=UnionCategory.INDUSTRY_FEDERATION,
            level=UnionLevel.COUNTY,
        )

        for superior in (small_federation.province, small_federation.city, federation):
            assert submit_one(session, account, superior).reviewing_union_id == superior.id


class TestSubmit:
    def test_keeps_what_was_typed_and_waits_for_the_superior(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street, is_independent=True, employer_name="珠水电器有限公司")
        values = draft(session, account).values

        registration = submit(session, account)

        assert (registration.status, registration.submitted_by_id) == (ReviewStatus.PENDING, account.id)
        assert (registration.reviewing_union_id, registration.submitted_at) == (street.id, MOMENT)
        assert (registration.employer_name, registration.union_name) == (
            "珠水电器有限公司",
            "珠水电器有限公司工会委员会",
        )
        assert (registration.employer_uscc, registration.union_uscc) == (values.employer_uscc, values.union_uscc)
        assert find_draft(session, account_id=id_of(account)) is None
        assert verbs(session)[-1] == "registrations:submit"

    def test_hands_the_certificates_in(self, session: Session, account: Account, street: Union):
        registration = submit_one(session, account, street, is_independent=True)

        files = [
            session.get_one(StoredFile, number, populate_existing=True)
            for number in (registration.employer_certificate_id, registration.union_certificate_id or 0)
        ]
        assert {file.subject for file in files} == {f"registrations:{registration.id}"}
        assert len({file.id for file in files}) == 2

    def test_sent_twice_makes_one(self, session: Session, account: Account, street: Union):
        submit_one(session, account, street)

        with pytest.raises(NothingToSubmit):
            submit(session, account)

        assert rows(session) == 1

    def test_tells_everything_that_is_missing(self, session: Session, account: Account):
        type_in(session, account, employer_name="榕江电器")

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert refused.value.field == "employer_uscc"
        assert set(refused.value.problems) == {
            Field.EMPLOYER_USCC,
            Field.EMPLOYER_CERTIFICATE,
            Field.IS_INDEPENDENT,
            Field.SUPERIOR,
        }

    @pytest.mark.parametrize("whose", ["another", "nobody", "handed in by another"])
    def test_with_a_certificate_that_is_not_ones_own_is_refused(
        self, whose: str, session: Session, account: Account, street: Union
    ):
        other = make_account(session)
        key = make_certificate(session, other)
        if whose == "handed in by another":
            submit_one(session, other, street, employer_certificate=key)
        if whose == "nobody":
            key = "k" * 43
        before = rows(session)
        fill_in(session, account, street, employer_certificate=key)

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert (refused.value.field, refused.value.message) == ("employer_certificate", "附件已失效，请重新上传。")
        assert rows(session) == before

    def test_with_a_certificate_whose_time_is_over_is_refused(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street)
        travel(KEPT_FOR_DRAFTS)

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert refused.value.field == "employer_certificate"

    def test_with_one_file_for_both_certificates_is_refused(self, session: Session, account: Account, street: Union):
        key = make_certificate(session, account)
        fill_in(session, account, street, is_independent=True, employer_certificate=key, union_certificate=key)

        with pytest.raises(NotSound) as refused:
            submit(session, account)

        assert refused.value.field == "union_certificate"

    def test_is_limited_in_what_waits_at_once(self, session: Session, account: Account, street: Union):
        for _ in range(MOST_PENDING):
            submit_one(session, account, street)
        fill_in(session, account, street)

        with pytest.raises(TooManyPending):
            submit(session, account)

        assert rows(session) == MOST_PENDING
        assert draft(session, account).checks.problems == {}

    def test_is_limited_in_a_day(self, session: Session, account: Account, street: Union):
        for _ in range(MOST_A_DAY):
            registration = submit_one(session, account, street)
            withdraw_registration(session, account_id=id_of(account), registration_id=id_of(registration))
        fill_in(session, account, street)

        with pytest.raises(TooManyRequests):
            submit(session, account)
        travel(timedelta(days=1))

        assert submit(session, account).status == ReviewStatus.PENDING

    def test_leaves_out_notes_on_what_is_no_longer_unusual(self, session: Session, account: Account, street: Union):
        fill_in(session, account, street, union_name="榕江工会")
        explain(session, account_id=id_of(account), field=Field.UNION_NAME, text="沿用旧名")
        type_in(session, account, union_name=draft(session, account).values.employer_name + "工会委员会")

        assert submit(session, account).notes == {}


class TestWithdraw:
    def test_closes_it_by_the_applicant(self, session: Session, account: Account, street: Union):
        registration = submit_one(session, account, street)

        for _ in range(2):
            withdraw_registration(session, account_id=id_of(account), registration_id=id_of(registration))

        kept = session.get_one(Registration, registration.id, populate_existing=True)
        assert (kept.status, kept.closed_by_id, kept.closed_at) == (ReviewStatus.WITHDRAWN, account.id, MOMENT)
        assert verbs(session).count("registrations:withdraw") == 1

    def test_of_somebody_elses_is_not_found(self, session: Session, account: Account, street: Union):
        registration = submit_one(session, make_account(session), street)

        for number in (id_of(registration), 999_999):
            with pytest.raises(NotFound):
                withdraw_registration(session, account_id=id_of(account), registration_id=number)
        assert session.get_one(Registration, registration.id).status == ReviewStatus.PENDING

    def test_comes_too_late_once_it_is_decided(self, session: Session, account: Account, street: Union):
        registration = rejected(session, account, street)

        with pytest.raises(AlreadyDecided):
            withdraw_registration(session, account_id=id_of(account), registration_id=id_of(registration))


def rejected(session: Session, account: Account, superior: Union, *, is_independent: bool = False) -> Registration:
    return reject_one(session, submit_one(session, account, superior, is_independent=is_independent))


class TestRevise:
    def test_makes_a_draft_of_it_and_links_the_two(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street, is_independent=True)

        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))
        taken_up = draft(session, account)
        second = submit(session, account)

        assert taken_up.checks.problems == {}
        assert taken_up.earlier is not None
        assert (taken_up.earlier.superior, taken_up.earlier.reason) == ("榕树街道总工会", "证件图片不清晰")
        assert (second.earlier_id, second.status) == (first.id, ReviewStatus.PENDING)
        assert (second.employer_uscc, second.union_uscc) == (first.employer_uscc, first.union_uscc)

    def test_copies_the_certificates_and_leaves_the_earlier_ones(
        self, session: Session, account: Account, street: Union
    ):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        second = submit(session, account)

        earlier, later = (
            session.get_one(StoredFile, number, populate_existing=True)
            for number in (first.employer_certificate_id, second.employer_certificate_id)
        )
        assert (earlier.subject, later.subject) == (f"registrations:{first.id}", f"registrations:{second.id}")
        assert (earlier.id != later.id, earlier.key != later.key) == (True, True)

    def test_with_another_certificate_keeps_the_earlier_one(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        type_in(session, account, employer_certificate=make_certificate(session, account))
        submit(session, account)

        kept = session.get_one(StoredFile, first.employer_certificate_id, populate_existing=True)
        assert (kept.subject, kept.kept_until) == (f"registrations:{first.id}", None)

    def test_goes_on_with_the_same_draft_when_asked_again(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))
        type_in(session, account, employer_name="珠水电器有限公司")

        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        assert draft(session, account).values.employer_name == "珠水电器有限公司"

    def test_does_not_overwrite_another_draft(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        type_in(session, account, employer_name="珠水电器有限公司")

        with pytest.raises(DraftInTheWay):
            revise_registration(session, account_id=id_of(account), registration_id=id_of(first))

        assert draft(session, account).values == RegistrationValues(
            employer_name="珠水电器有限公司", union_name="珠水电器有限公司工会委员会"
        )

    def test_is_not_for_what_waits_or_was_taken_up_already(self, session: Session, account: Account, street: Union):
        first = rejected(session, account, street)
        revise_registration(session, account_id=id_of(account), registration_id=id_of(first))
        second = submit(session, account)

        for registration in (first, second):
            with pytest.raises(NotToBeRevised):
                revise_registration(session, account_id=id_of(account), registration_id=id_of(registration))

    def test_of_somebody_elses_is_not_found(self, session: Session, account: Account, street: Union):
        other = rejected(session, make_account(session), street)

        with pytest.raises(NotFound):
            revise_registration(session, account_id=id_of(account), registration_id=id_of(other))
        assert find_draft(session, account_id=id_of(account)) is None


def fill_both(count: int, *, same_code: bool) -> list[int]:
    """Accounts with whole drafts for the same employer, or one account if `count` is 1."""
    with unit_of_work() as session:
        street, code = make_federation(session).street, employer_code()
        accounts = [make_account(session) for _ in range(count)]
        for account in accounts:
            fill_in(session, account, street, employer_uscc=code if same_code else employer_code())
        return [id_of(account) for account in accounts]


def submit_at_once(accounts: list[int]) -> list[int | Refusal]:
    together = Barrier(len(accounts))

    def send(account_id: int) -> int | Refusal:
        together.wait()
        try:
            with unit_of_work() as session:
                return submit_registration(session, account_id=account_id)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(accounts)) as pool:
        return list(pool.map(send, accounts))


class TestAtOnce:
    def test_the_same_employer_by_several_is_submitted_once_and_the_others_told(self, own_database: str):
        answers = submit_at_once(fill_both(4, same_code=True))

        assert sum(isinstance(answer, int) for answer in answers) == 1
        refusals = [answer for answer in answers if isinstance(answer, Refusal)]
        assert {refusal.text("zh-CN") for refusal in refusals} == {
            "已有人用这个代码提交登记申请，正由「榕树街道总工会」审核，不能重复提交。"
        }
        with unit_of_work() as session:
            assert (rows(session), session.exec(select(func.count()).select_from(RegistrationDraft)).one()) == (1, 3)
            attached = select(func.count()).select_from(StoredFile).where(StoredFile.subject != "")
            assert session.exec(attached).one() == 1

    def test_a_double_click_submits_once(self, own_database: str):
        [account_id] = fill_both(1, same_code=False)

        answers = submit_at_once([account_id] * 4)

        assert sum(isinstance(answer, int) for answer in answers) == 1
        assert all(isinstance(answer, int | NothingToSubmit) for answer in answers)
        with unit_of_work() as session:
            assert rows(session) == 1

    def test_two_windows_that_begin_a_draft_share_it(self, own_database: str):
        with unit_of_work() as session:
            account_id = id_of(make_account(session))
        together = Barrier(2)

        def typed(field: Field) -> None:
            together.wait()
            with unit_of_work() as session:
                fill(session, account_id=account_id, field=field, text="榕江电器")

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(typed, (Field.EMPLOYER_NAME, Field.EMPLOYER_USCC)))

        with unit_of_work() as session:
            found = find_draft(session, account_id=account_id)
            assert found is not None
            assert (found.values.employer_name, found.values.employer_uscc) == ("榕江电器", "榕江电器")
