"""`/m/requests`, `/m/requests/data`, `/m/consents`: one's own data, seen and asked about, without a script."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlmodel import select

from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import get_actor
from gdftu_app.services.consents import IDENTITY_TEXT, Channel, ConsentPurpose, give_consent
from gdftu_app.services.memberships import admit
from gdftu_app.services.personal_request_reviews import PERSONAL_REQUESTS
from gdftu_app.services.reviews import approve, reject
from gdftu_app.services.sessions import begin
from tests.factories import make_account
from tests.h5.conftest import Applicant, Newcomer, Phone
from tests.h5.test_sign_in import told_beside
from tests.serving import Served
from tests.web.world import World

REQUESTS, DATA, FILE, CONSENTS = "/m/requests", "/m/requests/data", "/m/requests/data.json", "/m/consents"
HOSTILE = "\"><script>alert('名')</script>{{7*7}}{name}"
Worker = Callable[..., Applicant]


@pytest.fixture
def member(served: Served, client: httpx.Client, world: World) -> Iterator[Worker]:
    """A member of the factory who agreed to be verified, signed in on a phone."""

    def made(**recorded: str) -> Applicant:
        with world.open() as session:
            account = make_account(session, name="符海")
            person = session.get_one(Person, account.person_id)
            for name, value in recorded.items():
                setattr(person, name, value)
            admit(session, person, session.get_one(Union, world.places["factory"].id))
            give_consent(
                session,
                account_id=account.id or 0,
                purpose=ConsentPurpose.IDENTITY,
                version=IDENTITY_TEXT.version,
                channel=Channel.MEMBER_PAGE,
                address="127.0.0.1",
            )
            cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
        return Applicant(account, Phone(served, client, session=cookie))

    yield made
    # Nothing is left that waits: other tests count what does.
    with world.open() as session:
        for row in session.exec(select(PersonalRequest).where(PersonalRequest.status == ReviewStatus.PENDING)):
            row.status, row.closed_at, row.closed_by_id = "withdrawn", row.submitted_at, row.submitted_by_id


def decide(world: World, applicant: Applicant, *, reason: str = "") -> None:
    with world.open() as session:
        mine = select(PersonalRequest).where(PersonalRequest.submitted_by_id == applicant.account.id)
        ids = [request.id or 0 for request in session.exec(mine)]
        owner = world.residents["owner of the factory"].account_id
        actor = get_actor(session, account_id=owner, union_id=world.places["factory"].id)
        if reason:
            outcomes = reject(session, actor, queue=PERSONAL_REQUESTS, ids=ids, reason=reason)
        else:
            outcomes = approve(session, actor, queue=PERSONAL_REQUESTS, ids=ids)
        assert all(outcome.is_decided for outcome in outcomes)


class TestRequests:
    def test_a_correction_is_asked_for_followed_and_withdrawn(self, member: Worker, world: World):
        phone = member(education="11").phone
        form = phone.get(REQUESTS).text
        assert '<option value="11" selected>' in form

        answer = phone.post(REQUESTS, ask="correction", education="21", workplace=HOSTILE)

        assert (answer.status_code, answer.headers["location"]) == (303, REQUESTS)
        page = phone.get(REQUESTS).text
        assert "学历：本科" in page
        assert re.search(r"最迟 \d{4} 年.+答复", page)
        assert world.places["factory"].name in page
        assert "<script>" not in page
        named = re.search(r'name="withdraw" value="(\d+)"', page)
        assert named
        assert phone.post(REQUESTS, withdraw=named[1]).status_code == 303
        assert "已撤回" in phone.get(REQUESTS).text

    def test_what_is_wrong_is_told_beside_its_field_and_the_rest_stays_typed(self, member: Worker):
        answer = member().phone.post(
            REQUESTS, ask="correction", education="21", politics="99", workplace=HOSTILE, remark="更正"
        )

        assert answer.status_code == 422
        assert told_beside("politics", answer.text) == "请从列表中选择。"
        assert '<option value="21" selected>' in answer.text
        assert "<details open>" in answer.text
        assert "<script>" not in answer.text

    def test_a_deletion_names_what_is_recorded(self, member: Worker, world: World):
        applicant = member(education="11", politics="01")

        assert applicant.phone.post(REQUESTS, ask="deletion").status_code == 422
        applicant.phone.post(REQUESTS, ask="deletion", **{"delete.politics": "1"})
        decide(world, applicant)

        page = applicant.phone.get(REQUESTS).text
        assert "已办理" in page
        assert 'name="delete.politics"' not in page
        assert 'name="delete.education"' in page

    def test_a_refusal_is_told_with_its_reason(self, member: Worker, world: World):
        applicant = member()
        applicant.phone.post(REQUESTS, ask="correction", education="21")
        decide(world, applicant, reason=HOSTILE)

        page = applicant.phone.get(REQUESTS).text

        assert "未能办理" in page
        assert "<script>" not in page

    def test_closing_the_account_signs_it_out_for_good(self, member: Worker, world: World):
        applicant = member()
        assert told_beside("sure", applicant.phone.post(REQUESTS, ask="closure").text) == "请阅读并勾选确认后再提交。"
        assert applicant.phone.post(REQUESTS, ask="closure", sure="1").status_code == 303
        decide(world, applicant)

        assert applicant.phone.get(REQUESTS).headers["location"].startswith("/m/login")

    def test_an_administrator_is_told_to_hand_over_first(self, newcomer: Newcomer, world: World):
        phone = newcomer().phone

        page = phone.get(REQUESTS).text

        assert f"你还是「{world.places['district'].name}」的管理员" in page
        assert phone.post(REQUESTS, ask="closure", sure="1").status_code == 422

    @pytest.mark.parametrize("named", ["", "x", "-1", "99999999999999999999", "7"])
    def test_nobody_elses_request_is_withdrawn(self, named: str, member: Worker):
        assert member().phone.post(REQUESTS, withdraw=named).status_code == 422

    @pytest.mark.parametrize("language", ["en", "zh-Hant"])
    def test_speaks_the_language_of_the_account(self, language: str, member: Worker):
        phone = member().phone
        phone.post("/m/language", language=language)

        for path in (REQUESTS, DATA, CONSENTS):
            assert f'<html lang="{language}">' in phone.get(path).text


class TestData:
    def test_is_read_and_taken_along(self, member: Worker, world: World):
        phone = member(education="21", workplace=HOSTILE).phone

        page, file = phone.get(DATA), phone.get(FILE)

        assert world.places["factory"].name in page.text
        assert "<script>" not in page.text
        assert file.headers["content-disposition"].startswith("attachment")
        assert file.json()["person"][0]["education"] == "本科"
        assert file.json()["memberships"][0]["union"] == world.places["factory"].name

    def test_is_not_read_without_end(self, member: Worker):
        phone = member().phone

        answers = [phone.get(FILE).status_code for _ in range(31)]

        assert answers == [200] * 30 + [429]


class TestConsents:
    def test_are_shown_with_their_text_and_taken_back(self, member: Worker):
        applicant = member()
        page = applicant.phone.get(CONSENTS).text
        assert IDENTITY_TEXT.version in page
        assert IDENTITY_TEXT.paragraphs[0] in page

        assert told_beside("sure", applicant.phone.post(CONSENTS).text) == "请阅读并勾选确认后再提交。"
        assert applicant.phone.post(CONSENTS, sure="1").status_code == 303

        assert "已撤回" in applicant.phone.get(CONSENTS).text
        assert applicant.phone.get("/m/me").headers["location"] == "/m/verify"

    def test_that_were_never_given_cannot_be_taken_back(self, newcomer: Newcomer):
        phone = newcomer().phone

        assert "还没有同意记录。" in phone.get(CONSENTS).text
        assert phone.post(CONSENTS, sure="1").status_code == 422


@pytest.mark.parametrize("path", [REQUESTS, CONSENTS])
def test_forms_of_other_sites_are_not_taken(path: str, member: Worker):
    assert member().phone.post(path, origin="https://evil.example", ask="closure", sure="1").status_code == 403


@pytest.mark.parametrize("path", [REQUESTS, DATA, FILE, CONSENTS])
def test_strangers_sign_in_first(path: str, browser: Phone):
    answer = browser.get(path)

    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/m/login")


def test_the_page_of_the_membership_leads_here(member: Worker):
    assert f'href="{REQUESTS}"' in member().phone.get("/m/me").text
