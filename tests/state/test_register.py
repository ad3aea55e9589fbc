"""组织登记 and its progress on screen, through the whole pipeline: what is typed is kept, and nothing is leaked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session, select

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.registrations import Registration
from gdftu_app.models.unions import Union
from gdftu_app.services.registrations import MOST_PENDING
from gdftu_app.services.sessions import begin
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.register import RegisterState
from gdftu_app.state.registrations import RegistrationsState
from gdftu_app.state.union_chooser import UnionChooserState
from gdftu_app.state.verify import VerifyState
from tests.factories import id_of, make_account
from tests.registering import (
    approve_one,
    employer_code,
    fill_in,
    make_certificate,
    reject_one,
    submit_one,
    union_code,
)
from tests.state.conftest import told
from tests.state.windows import Window
from tests.web.world import World

Visit = Callable[[str], Window]
REGISTER, OVERVIEW = "/register/", "/registrations/"


@dataclass(frozen=True, slots=True)
class Applicant:
    """A verified account without a union, and what it sees."""

    account_id: int
    window: Window
    world: World

    def form(self) -> RegisterState:
        """The form as it is now."""
        return self.window.look(RegisterState)

    def overview(self) -> RegistrationsState:
        """The overview as it is now."""
        return self.window.look(RegistrationsState)

    def open(self) -> RegisterState:
        """Open /register."""
        self.window.send(RegisterState.load, at=REGISTER)
        return self.form()

    def do(self, handler: Any, **payload: Any) -> RegisterState:
        """Send an event of the form."""
        self.window.send(handler, at=REGISTER, **payload)
        return self.form()

    def type(self, **typed: str) -> RegisterState:
        """Type into fields."""
        for name, text in typed.items():
            self.window.send(RegisterState.fill, at=REGISTER, field=name, text=text)
        return self.form()

    def whole(self, superior: str = "street", *, is_independent: bool = False, **typed: str) -> RegisterState:
        """Open the form with everything filled in."""
        with self.world.open() as session:
            account, union = self._account(session), self._union(session, superior)
            fill_in(session, account, union, is_independent=is_independent, **typed)
        return self.open()

    def submitted(self, superior: str = "street", decide: Callable[..., Registration] | None = None) -> int:
        """The id of a registration of this account, decided if need be."""
        with self.world.open() as session:
            made = submit_one(session, self._account(session), self._union(session, superior))
            return id_of(decide(session, made) if decide else made)

    def _account(self, session: Session) -> Account:
        return session.get_one(Account, self.account_id)

    def _union(self, session: Session, place: str) -> Union:
        return session.get_one(Union, self.world.places[place].id)


@pytest.fixture
def applicant(visit: Visit, town: World) -> Applicant:
    with town.open() as session:
        account = make_account(session, name="招新宇")
        cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
    return Applicant(id_of(account), visit(cookie), town)


def rows(world: World, account_id: int) -> int:
    with world.open() as session:
        return len(session.exec(select(Registration.id).where(Registration.submitted_by_id == account_id)).all())


class TestTheForm:
    def test_begins_empty_at_the_first_step(self, applicant: Applicant):
        form = applicant.open()

        assert (form.is_loaded, form.step, form.problems, form.warnings) == (True, 1, {}, {})
        assert set(form.values.values()) == {""}
        assert applicant.window.look(CurrentUser).name == "招新宇"

    def test_tells_what_is_wrong_beside_the_field_in_every_language(self, applicant: Applicant):
        applicant.open()

        form = applicant.type(employer_uscc="9144", employer_name="榕江电器")

        assert form.problems["employer_uscc"]["zh-CN"].startswith("统一社会信用代码应为 18 位，现为 4 位")
        assert form.problems["employer_uscc"].keys() == {"zh-CN", "zh-Hant", "en"}
        assert (form.values["employer_uscc"], form.values["union_name"]) == ("9144", "榕江电器工会委员会")

    def test_is_there_again_in_another_window(self, applicant: Applicant, visit: Visit, town: World):
        applicant.open()
        applicant.type(employer_name="榕江电器", employer_uscc="nonsense")
        with town.open() as session:
            account = session.get_one(Account, applicant.account_id)
            cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")

        again = Applicant(applicant.account_id, visit(cookie), town).open()

        assert (again.values["employer_name"], again.values["employer_uscc"]) == ("榕江电器", "nonsense")

    def test_stops_at_the_first_step_that_is_not_complete_and_asks_for_it(self, applicant: Applicant):
        applicant.open()
        before = applicant.type(employer_name="榕江电器").turns

        form = applicant.do(RegisterState.go_to, step=2)

        assert (form.step, set(form.problems)) == (1, {"employer_uscc", "employer_certificate"})
        assert form.turns == before + 1

    def test_goes_on_asking_while_it_is_filled_in(self, applicant: Applicant):
        applicant.open()
        applicant.do(RegisterState.go_to, step=2)

        form = applicant.type(employer_name="榕江电器")

        assert set(form.problems) == {"employer_uscc", "employer_certificate"}

    def test_goes_forth_and_back_without_losing_anything(self, applicant: Applicant):
        before = dict(applicant.whole(is_independent=True).values)

        steps = [applicant.do(RegisterState.go_to, step=step).step for step in (2, 3, 4, 1, 3, 4)]

        assert steps == [2, 3, 4, 1, 3, 4]
        assert applicant.form().values == before
        assert applicant.open().step == 4

    def test_keeps_what_only_independent_unions_have_when_the_answer_changes(self, applicant: Applicant):
        form = applicant.whole(is_independent=True)
        code = form.values["union_uscc"]

        applicant.do(RegisterState.say_independent, answer="no")
        form = applicant.do(RegisterState.say_independent, answer="yes")

        assert (form.independence, form.values["union_uscc"]) == ("yes", code)

    def test_keeps_a_word_on_what_is_unusual(self, applicant: Applicant):
        applicant.whole(is_independent=True, union_uscc=union_code("89"))

        form = applicant.do(RegisterState.explain, field="union_uscc", text="沿用旧代码")

        assert "81" in form.warnings["union_uscc"]["en"]
        assert form.notes == {"union_uscc": "沿用旧代码"}

    def test_shows_the_certificate_by_its_name(self, applicant: Applicant, town: World):
        applicant.open()
        with town.open() as session:
            key = make_certificate(session, session.get_one(Account, applicant.account_id), name="营业执照.png")

        form = applicant.type(employer_certificate=key)

        assert (form.file_names, form.file_types) == (
            {"employer_certificate": "营业执照.png"},
            {"employer_certificate": "image/png"},
        )

    def test_says_nothing_of_a_certificate_of_somebody_else(self, applicant: Applicant, town: World):
        applicant.open()
        with town.open() as session:
            key = make_certificate(session, make_account(session), name="别人的.png")

        form = applicant.type(employer_certificate=key)

        assert (form.file_names, set(form.problems)) == ({}, {"employer_certificate"})

    def test_is_given_up_for_good(self, applicant: Applicant):
        applicant.open()
        applicant.type(employer_name="榕江电器")

        applicant.do(RegisterState.discard)
        applicant.type(employer_name="迟到的字")

        assert applicant.open().values["employer_name"] == ""
        assert told(applicant.window) == ["草稿已删除。"]


class TestTheSuperior:
    def test_is_searched_and_chosen_with_its_path(self, applicant: Applicant, town: World):
        applicant.open()

        hits = applicant.do(RegisterState.search, keyword="rsjd").hits
        form = applicant.do(RegisterState.choose_superior, union_id=hits[0].id)

        assert [(hit.name, hit.path) for hit in hits] == [
            ("榕树街道总工会", "南岭省总工会 › 云山市总工会 › 珠水区总工会")
        ]
        assert (form.superior, form.superior_path) == ("榕树街道总工会", hits[0].path)
        assert (form.hits, form.keyword) == ([], "")

    @pytest.mark.parametrize("forged", ["factory", "nowhere"])
    def test_that_is_forged_is_refused_beside_its_field_without_a_name(
        self, forged: str, applicant: Applicant, town: World
    ):
        applicant.whole()
        number = town.places["factory"].id if forged == "factory" else 7_499_999

        form = applicant.do(RegisterState.choose_superior, union_id=number)
        refused = applicant.do(RegisterState.submit)

        assert (form.superior, form.superior_path) == ("", "")
        assert form.problems["superior_id"]["zh-CN"].startswith("该工会不能作为上级工会")
        assert set(refused.problems) == {"superior_id"}
        assert rows(town, applicant.account_id) == 0


class TestSubmitting:
    def test_leads_to_the_overview_with_what_was_submitted(self, applicant: Applicant, town: World):
        name = applicant.whole().values["union_name"]

        applicant.do(RegisterState.submit)
        applicant.window.send(RegistrationsState.load, at=OVERVIEW)

        overview = applicant.overview()
        assert told(applicant.window) == ["登记申请已提交，由上级工会审核。"]
        assert [(row.title, row.status, row.superior) for row in overview.rows] == [(name, "pending", "榕树街道总工会")]
        assert (overview.waits, overview.has_draft) == (True, False)
        assert [one.label["zh-CN"] for one in overview.rows[0].certificates] == ["单位统一社会信用代码证"]

    def test_twice_submits_once_and_says_nothing_bad(self, applicant: Applicant, town: World):
        applicant.whole()

        applicant.do(RegisterState.submit)
        applicant.do(RegisterState.submit)

        assert rows(town, applicant.account_id) == 1
        assert told(applicant.window) == ["登记申请已提交，由上级工会审核。"]

    def test_is_not_undone_by_a_late_key(self, applicant: Applicant):
        applicant.whole()
        applicant.do(RegisterState.submit)

        applicant.type(employer_name="迟到的字")
        applicant.window.send(RegistrationsState.load, at=OVERVIEW)

        assert applicant.overview().has_draft is False

    def test_of_what_is_not_complete_tells_all_that_is_missing(self, applicant: Applicant):
        applicant.open()
        applicant.type(employer_name="榕江电器")

        form = applicant.do(RegisterState.submit)

        assert set(form.problems) == {"employer_uscc", "employer_certificate", "is_independent", "superior_id"}
        assert told(applicant.window) == []

    def test_of_what_somebody_else_submitted_meanwhile_says_who_reviews_it(self, applicant: Applicant, town: World):
        code = employer_code()
        applicant.whole(employer_uscc=code)
        with town.open() as session:
            street = session.get_one(Union, town.places["street"].id)
            submit_one(session, make_account(session), street, employer_uscc=code)

        form = applicant.do(RegisterState.submit)

        assert "正由「榕树街道总工会」审核" in form.problems["employer_uscc"]["zh-CN"]
        assert form.values["employer_uscc"] == code

    def test_of_too_many_is_told_and_keeps_the_draft(self, applicant: Applicant):
        for _ in range(MOST_PENDING):
            applicant.submitted()
        name = applicant.whole().values["employer_name"]

        applicant.do(RegisterState.submit)

        assert told(applicant.window)[-1].startswith(f"你已有 {MOST_PENDING} 件登记申请在审核")
        assert applicant.open().values["employer_name"] == name


class TestTheOverview:
    def test_is_where_an_applicant_without_a_union_lands(self, applicant: Applicant):
        applicant.submitted()

        applicant.window.send(UnionChooserState.load, at="/unions/")

        assert applicant.window.look(UnionChooserState).is_loaded is False
        assert applicant.window.look(UnionChooserState).is_applicant is True

    def test_offers_the_draft(self, applicant: Applicant):
        applicant.open()
        applicant.type(employer_name="榕江电器")

        applicant.window.send(RegistrationsState.load, at=OVERVIEW)

        overview = applicant.overview()
        assert (overview.has_draft, overview.draft_title, overview.rows) == (True, "榕江电器工会委员会", [])

    def test_takes_back_what_waits(self, applicant: Applicant):
        number = applicant.submitted()
        applicant.window.send(RegistrationsState.load, at=OVERVIEW)

        applicant.window.send(RegistrationsState.withdraw, at=OVERVIEW, registration_id=number)

        [row] = applicant.overview().rows
        assert (row.status, row.is_revisable, applicant.overview().waits) == ("withdrawn", True, False)
        assert told(applicant.window) == ["申请已撤回，可以修改后重新提交。"]

    def test_says_so_when_the_superior_was_quicker(self, applicant: Applicant, town: World):
        number = applicant.submitted()
        applicant.window.send(RegistrationsState.load, at=OVERVIEW)
        with town.open() as session:
            reject_one(session, session.get_one(Registration, number))

        applicant.window.send(RegistrationsState.withdraw, at=OVERVIEW, registration_id=number)

        assert told(applicant.window) == ["这件申请已经审核，不能撤回。"]
        assert applicant.overview().rows[0].reason == "证件图片不清晰"

    def test_leads_back_into_the_form_with_the_reason(self, applicant: Applicant):
        number = applicant.submitted(decide=reject_one)
        applicant.window.send(RegistrationsState.load, at=OVERVIEW)

        applicant.window.send(RegistrationsState.revise, at=OVERVIEW, registration_id=number)
        form = applicant.open()

        assert form.earlier["zh-CN"] == "上次提交被「榕树街道总工会」驳回：证件图片不清晰"
        assert form.values["employer_certificate"] != ""
        assert form.problems == {}

    def test_goes_on_into_the_union_when_it_is_approved(self, applicant: Applicant, town: World):
        number = applicant.submitted()
        applicant.window.send(RegistrationsState.load, at=OVERVIEW)
        with town.open() as session:
            approved = approve_one(session, session.get_one(Registration, number))

        applicant.window.send(RegistrationsState.look_again, at=OVERVIEW)

        union = applicant.window.look(CurrentUnion)
        assert (union.name, union.role) == (approved.union_name, "owner")
        with town.open() as session:
            grant = session.exec(select(Administrator).where(Administrator.account_id == applicant.account_id)).one()
            assert grant.union_id == approved.union_id

    def test_shows_nobody_elses(self, applicant: Applicant, town: World):
        with town.open() as session:
            street = session.get_one(Union, town.places["street"].id)
            others = id_of(submit_one(session, make_account(session), street))
        applicant.window.send(RegistrationsState.load, at=OVERVIEW)

        for handler in (RegistrationsState.withdraw, RegistrationsState.revise):
            applicant.window.send(handler, at=OVERVIEW, registration_id=others)

        assert applicant.overview().rows == []
        assert [text.split("。")[0] for text in told(applicant.window)] == ["没有找到", "没有找到"]


class TestWhoIsNotVerified:
    def test_is_led_to_the_verification_and_from_there_back(self, visit: Visit, town: World):
        window = visit(town.sign_in("account not verified"))

        window.send(RegisterState.load, at=REGISTER)
        window.send(RegisterState.fill, at=REGISTER, field="employer_name", text="榕江电器")
        window.send(VerifyState.load, at="/verify/?next=/register/")

        assert window.look(RegisterState).is_loaded is False
        assert window.look(VerifyState)._going_to == "/register/"
        assert rows(town, town.residents["account not verified"].account_id) == 0

    @pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_is_led_nowhere_else(self, away: str, visit: Visit, town: World):
        window = visit(town.sign_in("account not verified"))

        window.send(VerifyState.load, at=f"/verify/?next={away}")

        assert window.look(VerifyState)._going_to == ""
