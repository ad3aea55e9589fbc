"""`/m/me`, `/m/join`, `/m/transfer`: what a member sees and does, and what nobody else may."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlmodel import select

from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.people import Person
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import get_actor
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.memberships import admit
from gdftu_app.services.reviews import approve, reject
from gdftu_app.services.sessions import begin
from gdftu_app.services.transfer_offers import offer_transfers
from tests.factories import make_account
from tests.h5.conftest import Applicant, Newcomer, Phone
from tests.h5.test_sign_in import told_beside, value_of
from tests.serving import Served
from tests.web.world import World

ME, JOIN, TRANSFER = "/m/me", "/m/join", "/m/transfer"
HOSTILE = "\"><script>alert('名')</script>&amp;{{7*7}}{name}"
Worker = Callable[..., Applicant]


@pytest.fixture
def worker(served: Served, client: httpx.Client, world: World) -> Iterator[Worker]:
    """Somebody verified, signed in on a phone; a member of one of the world's unions if it is named."""

    def made(union: str = "", name: str = "符海") -> Applicant:
        with world.open() as session:
            account = make_account(session, name=name)
            if union:
                place = session.get_one(Union, world.places[union].id)
                admit(session, session.get_one(Person, account.person_id), place)
            cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
        return Applicant(account, Phone(served, client, session=cookie))

    yield made
    # Nothing is left that waits: other tests count what does.
    with world.open() as session:
        for model in (JoinApplication, TransferApplication):
            for row in session.exec(select(model).where(model.status == ReviewStatus.PENDING)):
                row.status, row.closed_at, row.closed_by_id = "withdrawn", row.submitted_at, row.submitted_by_id


def union_id(world: World, union: str) -> str:
    return str(world.places[union].id)


class TestMe:
    def test_who_is_no_member_is_led_to_joining(self, worker: Worker):
        page = worker().phone.get(ME).text

        assert "你还不是工会会员。" in page
        assert 'href="/m/join"' in page

    def test_a_member_sees_the_membership_and_how_it_came_about(self, worker: Worker, world: World):
        page = worker("factory").phone.get(ME).text

        assert world.places["factory"].name in page
        assert re.search(r"入会时间</dt><dd>\d{4} 年", page)
        assert 'href="/m/transfer"' in page
        assert page.count("<b>入会</b>") == 1

    def test_strangers_sign_in_first_and_the_unverified_prove_who_they_are(self, browser: Phone, newcomer: Newcomer):
        assert browser.get(ME).headers["location"] == "/m/login?next=%2Fm%2Fme"
        assert newcomer().phone.get(ME).headers["location"] == "/m/verify"

    def test_an_application_is_followed_and_withdrawn(self, worker: Worker, world: World):
        phone = worker().phone
        phone.post(JOIN, union=union_id(world, "factory"))
        page = phone.get(ME).text
        assert "审核中" in page
        assert 'href="/m/join"' not in page

        answer = phone.post(ME, withdraw=value_of_button(page))

        assert (answer.status_code, answer.headers["location"]) == (303, ME)
        assert "已撤回" in phone.get(ME).text

    def test_nobody_elses_application_is_withdrawn_or_shown(self, worker: Worker, world: World):
        first, other = worker().phone, worker("other_factory").phone
        first.post(JOIN, union=union_id(world, "factory"))
        named = value_of_button(first.get(ME).text)

        answer = other.post(ME, withdraw=named)

        assert answer.status_code == 422
        assert "没有找到" in answer.text
        assert world.places["factory"].name not in answer.text
        assert "审核中" in first.get(ME).text

    @pytest.mark.parametrize(
        "named", ["", "join", "join:", "join:x", "join:99999999999999999999", "x:1", "transfer:-1"]
    )
    def test_what_names_no_application_is_refused(self, named: str, worker: Worker):
        assert worker().phone.post(ME, withdraw=named).status_code == 422

    def test_a_rejection_is_told_with_its_reason_and_may_be_handed_in_again(self, worker: Worker, world: World):
        applicant = worker()
        applicant.phone.post(JOIN, union=union_id(world, "factory"), workplace="榕江电器")
        decide(world, applicant, reason=HOSTILE)

        page = applicant.phone.get(ME).text
        again = applicant.phone.get(f"{JOIN}?union={union_id(world, 'factory')}").text

        assert "已驳回" in page
        assert "<script>" not in page
        assert f'href="/m/join?union={union_id(world, "factory")}"' in page
        assert value_of("workplace", again) == "榕江电器"

    def test_an_approval_makes_a_member(self, worker: Worker, world: World):
        applicant = worker()
        applicant.phone.post(JOIN, union=union_id(world, "factory"))
        decide(world, applicant)

        page = applicant.phone.get(ME).text

        assert "已通过" in page
        assert re.search(rf'<h2 id="membership">{world.places["factory"].name}</h2>', page)

    @pytest.mark.parametrize("language", ["en", "zh-Hant"])
    def test_is_told_in_the_language_of_the_account(self, language: str, worker: Worker):
        phone = worker("factory").phone
        phone.post("/m/language", language=language)

        assert f'<html lang="{language}">' in phone.get(ME).text


class TestJoin:
    def test_a_union_is_found_by_name_with_those_above_it(self, worker: Worker, world: World):
        page = worker().phone.get(f"{JOIN}?q=榕江").text

        assert f'href="/m/join?union={union_id(world, "factory")}"' in page
        assert world.places["city"].name in page

    @pytest.mark.parametrize("keyword", ["云山市", "没有这样的工会", HOSTILE, "%", "x" * 300])
    def test_what_holds_no_members_or_does_not_exist_is_not_found(self, keyword: str, worker: Worker):
        answer = worker().phone.get(f"{JOIN}?{httpx.QueryParams({'q': keyword})}")

        assert answer.status_code == 200
        assert "?union=" not in answer.text
        assert "<script>" not in answer.text

    def test_the_entry_code_leads_through_signing_in_and_verifying(
        self, browser: Phone, newcomer: Newcomer, world: World
    ):
        address = f"{JOIN}?union={union_id(world, 'factory')}"
        going_on = httpx.QueryParams({"next": address})

        assert browser.get(address).headers["location"] == f"/m/login?{going_on}".replace("/m/join", "%2Fm%2Fjoin")
        phone = newcomer().phone
        to_verify = phone.get(address).headers["location"]
        assert to_verify.startswith("/m/verify?next=%2Fm%2Fjoin%3Funion%3D")
        assert f'name="next" value="{address}"' in phone.get(to_verify).text

    def test_what_is_wrong_is_told_beside_its_field_and_the_rest_stays_typed(self, worker: Worker, world: World):
        answer = worker().phone.post(
            JOIN, union=union_id(world, "factory"), workplace=HOSTILE, education="21", politics="99"
        )

        assert answer.status_code == 422
        assert told_beside("politics", answer.text) == "请从列表中选择。"
        assert '<option value="21" selected>' in answer.text
        assert "<script>" not in answer.text

    @pytest.mark.parametrize("named", ["", "x", "0", "-1", "99999999999999999999", "2147483648", "7"])
    def test_a_union_that_there_is_not_is_refused(self, named: str, worker: Worker):
        phone = worker().phone

        assert phone.post(JOIN, union=named).status_code == 422
        assert phone.get(f"{JOIN}?union={named}").status_code == 200

    def test_a_union_without_members_cannot_be_joined(self, worker: Worker, world: World):
        page = worker().phone.get(f"{JOIN}?union={union_id(world, 'city')}").text

        assert "该工会不能直接加入" in page
        assert "提交申请" not in page

    def test_sending_twice_applies_once(self, worker: Worker, world: World):
        applicant = worker()

        answers = [applicant.phone.post(JOIN, union=union_id(world, "factory")) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [303, 422]
        with world.open() as session:
            own = select(JoinApplication).where(JoinApplication.submitted_by_id == applicant.account.id)
            assert len(session.exec(own).all()) == 1

    def test_a_member_is_led_to_transferring(self, worker: Worker, world: World):
        phone = worker("factory").phone

        assert "你已经是工会会员" in phone.get(JOIN).text
        assert phone.post(JOIN, union=union_id(world, "other_factory")).status_code == 422


class TestTransfer:
    def test_waits_for_the_other_union(self, worker: Worker, world: World):
        applicant = worker("factory")

        page = applicant.phone.get(f"{TRANSFER}?union={union_id(world, 'other_factory')}").text
        answer = applicant.phone.post(TRANSFER, union=union_id(world, "other_factory"), purpose="换了单位")

        assert world.places["other_factory"].name in page
        assert (answer.status_code, answer.headers["location"]) == (303, ME)
        with world.open() as session:
            own = select(TransferApplication).where(TransferApplication.submitted_by_id == applicant.account.id)
            found = session.exec(own).one()
        assert (found.target_union_id, found.purpose) == (world.places["other_factory"].id, "换了单位")

    def test_needs_a_reason(self, worker: Worker, world: World):
        answer = worker("factory").phone.post(TRANSFER, union=union_id(world, "other_factory"), purpose=" ")

        assert answer.status_code == 422
        assert told_beside("purpose", answer.text) == "请填写转会原因，例如：工作变动。"

    def test_leads_elsewhere(self, worker: Worker, world: World):
        phone = worker("factory").phone

        assert "请选择其他工会" in phone.get(f"{TRANSFER}?union={union_id(world, 'factory')}").text
        assert phone.post(TRANSFER, union=union_id(world, "factory"), purpose="换").status_code == 422

    def test_who_is_no_member_joins(self, worker: Worker, world: World):
        phone = worker().phone

        assert 'href="/m/join"' in phone.get(TRANSFER).text
        assert phone.post(TRANSFER, union=union_id(world, "factory"), purpose="换").status_code == 422


@pytest.mark.parametrize("path", [ME, JOIN, TRANSFER])
def test_forms_of_other_sites_are_not_taken(path: str, worker: Worker, world: World):
    phone = worker("factory").phone

    answer = phone.post(path, origin="https://evil.example", union=union_id(world, "other_factory"), purpose="换")

    assert answer.status_code == 403


@pytest.mark.parametrize("path", [JOIN, TRANSFER])
def test_strangers_come_back_to_the_page(path: str, browser: Phone):
    assert browser.get(f"{path}?union=x").headers["location"] == f"/m/login?next={path.replace('/', '%2F')}"
    assert browser.post(path, union="7").status_code == 303


def value_of_button(page: str) -> str:
    found = re.search(r'name="withdraw" value="([^"]+)"', page)
    assert found
    return found[1]


def decide(world: World, applicant: Applicant, *, reason: str = "") -> None:
    with world.open() as session:
        mine = select(JoinApplication.id).where(JoinApplication.submitted_by_id == applicant.account.id)
        ids = [number for number in session.exec(mine) if number]
        owner = world.residents["owner of the factory"].account_id
        actor = get_actor(session, account_id=owner, union_id=world.places["factory"].id)
        if reason:
            outcomes = reject(session, actor, queue=JOINS, ids=ids, reason=reason)
        else:
            outcomes = approve(session, actor, queue=JOINS, ids=ids)
        assert all(outcome.is_decided for outcome in outcomes)


class TestOffers:
    def test_an_offer_is_shown_and_becomes_an_application_once_accepted(self, worker: Worker, world: World):
        applicant = worker("other_factory")
        offered(world, applicant)
        page = applicant.phone.get(ME).text
        assert f"「{world.places['factory'].name}」邀请你转入。" in page

        answer = applicant.phone.post(ME, accept=number_in("accept", page))

        assert (answer.status_code, answer.headers["location"]) == (303, ME)
        page = applicant.phone.get(ME).text
        assert f"正在等待「{world.places['factory'].name}」审核。" in page
        assert "邀请你转入" not in page

    def test_a_declined_offer_is_gone_and_nobody_answers_for_another(self, worker: Worker, world: World):
        applicant, other = worker("other_factory"), worker("other_factory")
        offered(world, applicant)
        named = number_in("decline", applicant.phone.get(ME).text)

        assert other.phone.post(ME, decline=named).status_code == 422
        assert applicant.phone.post(ME, decline=named).status_code == 303
        assert applicant.phone.post(ME, accept=named).status_code == 422
        assert "邀请你转入" not in applicant.phone.get(ME).text


def offered(world: World, applicant: Applicant) -> None:
    with world.open() as session:
        union = session.get_one(Union, world.places["factory"].id)
        offer_transfers(session, union, [applicant.account.person_id or 0], operator_id=applicant.account.id or 0)


def number_in(name: str, page: str) -> str:
    found = re.search(rf'name="{name}" value="(\d+)"', page)
    assert found
    return found[1]
