"""`/m/verify`: every state there is, what is typed again, and what nobody else may read."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.models.identity_checks import CheckProblem, Consent, IdentityCheck
from gdftu_app.models.people import Person
from gdftu_app.security.tokens import token_hash
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.identity_checks import close, withdraw_check
from tests.factories import id_of
from tests.h5.conftest import Applicant, Newcomer, Phone
from tests.h5.test_sign_in import told_beside, value_of
from tests.verifying import newest_check, passport, resident_id, submit
from tests.web.world import World

VERIFY, TO_SIGN_IN = "/m/verify", "/m/login?next=%2Fm%2Fverify"
HOSTILE = "\"><script>alert('名')</script>&amp;{{7*7}}{name}"
Stand = Callable[..., Applicant]


def typed(**changed: str) -> dict[str, str]:
    usual = {
        "name": "霍未名",
        "document_type": "passport",
        "document_number": passport(),
        "consent": IDENTITY_TEXT.version,
    }
    return usual | changed


def check_of(applicant: Applicant, world: World) -> IdentityCheck:
    with world.open() as session:
        return newest_check(session, applicant.account)


@pytest.fixture
def stand(newcomer: Newcomer, world: World) -> Stand:
    """An applicant whose last try stands somewhere; the worker of the server leaves it there."""

    def made(state: str, problem: str = "", remark: str = "") -> Applicant:
        applicant = newcomer()
        with world.open() as session:
            submit(session, applicant.account)
            check = newest_check(session, applicant.account)
            if state == "pending":
                check.status, check.due_at = "pending", now() + timedelta(days=1)
            elif state == "manual":
                check.problem = problem
            elif state == "verified":
                person = Person(name="陈依", verification="verified", verified_at=now())
                session.add(person)
                session.flush()
                session.get_one(Account, id_of(applicant.account)).person_id = person.id
                close(check, None)
            else:
                check.remark = remark
                close(check, CheckProblem(problem))
        return applicant

    return made


class TestStates:
    def test_unverified_shows_text_of_the_consent_and_the_form(self, newcomer: Newcomer):
        page = newcomer().phone.get(VERIFY).text

        assert all(paragraph in page for paragraph in IDENTITY_TEXT.paragraphs)
        assert f'name="consent" value="{IDENTITY_TEXT.version}"' in page
        assert "checked" not in page
        assert value_of("document_number", page) == ""
        assert re.findall(r'<option value="(\w+)" selected>', page) == ["resident_id"]

    def test_pending_looks_again_by_itself(self, stand: Stand):
        page = stand("pending").phone.get(VERIFY).text

        assert "核验中" in page
        assert '<meta http-equiv="refresh" content="3">' in page
        assert 'name="document_number"' not in page

    @pytest.mark.parametrize("problem", ["", "unknown", "unanswered"])
    def test_manual_says_since_when_and_can_be_withdrawn(self, problem: str, stand: Stand):
        page = stand("manual", problem).phone.get(VERIFY).text

        assert "人工核验" in page
        assert re.search(r"提交时间：\d{4} 年 \d+ 月 \d+ 日|提交时间：[\d-]+ \d+:\d+", page)
        assert 'name="withdraw"' in page
        assert 'http-equiv="refresh"' not in page

    def test_verified_says_that_the_console_goes_on(self, stand: Stand):
        page = stand("verified").phone.get(VERIFY).text

        assert "已实名" in page
        assert "不需要重新登录" in page
        assert 'name="document_number"' not in page

    @pytest.mark.parametrize(
        ("problem", "words"),
        [
            ("mismatch", "姓名与证件号码不一致。"),
            ("taken", "这个证件不能用于本账号的认证。"),
            ("other_document", "填写的证件与工会登记的证件不一致。"),
            ("rejected", "工会管理员没有确认你的证件。"),
            ("unreadable", "上次提交的信息已无法读取"),
        ],
    )
    def test_failed_says_why_and_shows_the_form_again(self, problem: str, words: str, stand: Stand):
        page = stand("failed", problem, remark="证件已过期" if problem == "rejected" else "").phone.get(VERIFY).text

        assert "核验失败" in page
        assert words in page
        assert ("管理员的说明：证件已过期" in page) is (problem == "rejected")
        assert 'name="document_number"' in page

    def test_withdrawn_is_no_failure(self, stand: Stand):
        page = stand("failed", "withdrawn").phone.get(VERIFY).text

        assert "核验失败" not in page
        assert "你撤回了上次提交的信息，可以重新填写。" in page

    @pytest.mark.parametrize("state", ["pending", "manual", "verified", "failed"])
    @pytest.mark.parametrize("language", ["en", "zh-Hant"])
    def test_are_told_in_the_language_of_the_account(self, state: str, language: str, stand: Stand):
        phone = stand(state, "rejected" if state == "failed" else "").phone
        phone.post("/m/language", language=language)

        page = phone.get(VERIFY).text

        assert f'<html lang="{language}">' in page
        chinese = re.sub(r"<footer>.*|霍未名|陈依", "", page, flags=re.DOTALL)
        assert language != "en" or not re.search(r"[\u4e00-\u9fff]", chinese)

    def test_show_the_own_phone_masked(self, newcomer: Newcomer):
        assert re.search(r"账号 177\*{4}\d{4}", newcomer().phone.get(VERIFY).text)


class TestSubmitting:
    def test_a_resident_id_is_verified_within_seconds_in_a_demo(self, newcomer: Newcomer, world: World):
        applicant = newcomer()

        answer = applicant.phone.post(VERIFY, **typed(document_type="resident_id", document_number=resident_id()))

        assert (answer.status_code, answer.headers["location"]) == (303, VERIFY)
        assert check_of(applicant, world).status in ("pending", "verified")

    def test_records_the_consent_with_the_address_of_the_connection(self, newcomer: Newcomer, world: World):
        applicant = newcomer()

        applicant.phone.post(VERIFY, **typed())

        with world.open() as session:
            mine = select(Consent).where(Consent.account_id == id_of(applicant.account))
            consent = session.exec(mine).one()
        assert (consent.address, consent.version, consent.channel) == (
            "127.0.0.1",
            IDENTITY_TEXT.version,
            "member_page",
        )

    @pytest.mark.parametrize(
        ("changed", "field", "words"),
        [
            ({"name": ""}, "name", "请填写姓名。"),
            ({"name": "陈1"}, "name", "姓名中不能有数字，请与证件一致。"),
            ({"document_type": "x"}, "document_type", "请选择证件类型。"),
            ({"document_number": ""}, "document_number", "请填写证件号码。"),
            (
                {"document_number": "EA"},
                "document_number",
                "护照号码应为 5 至 15 位的字母和数字，请对照护照资料页核对。",
            ),
            ({"consent": ""}, "consent", "请阅读并勾选同意后再提交。"),
            ({"consent": "2020-01"}, "consent", "说明已更新，请重新阅读并勾选同意。"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_the_rest_stays_typed(
        self, changed: dict[str, str], field: str, words: str, newcomer: Newcomer
    ):
        form = typed(**changed)

        answer = newcomer().phone.post(VERIFY, **form)

        assert answer.status_code == 422
        assert told_beside(field, answer.text) == words
        assert re.search(rf'name="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-error"', answer.text)
        assert value_of("name", answer.text) == form["name"]
        assert value_of("document_number", answer.text) == form["document_number"]
        assert ('<option value="passport" selected>' in answer.text) is (form["document_type"] == "passport")

    @pytest.mark.parametrize("field", ["name", "document_type", "document_number", "consent"])
    def test_what_is_hostile_is_shown_as_text(self, field: str, newcomer: Newcomer):
        page = newcomer().phone.post(VERIFY, **typed(**{field: HOSTILE})).text

        assert "<script" not in page
        assert "49" not in re.sub(r'value="[^"]*"', "", page)

    def test_a_hostile_name_is_text_wherever_it_is_shown_later(self, newcomer: Newcomer, world: World):
        applicant = newcomer()
        with world.open() as session:
            session.get_one(Account, id_of(applicant.account)).name = HOSTILE
        applicant.phone.post(VERIFY, **typed(name="<img src=x onerror=alert()>"))

        assert "<img" not in applicant.phone.get(VERIFY).text
        with world.open() as session:
            withdraw_check(session, account_id=id_of(applicant.account))
        page = applicant.phone.get(VERIFY).text
        assert "<script" not in page
        assert "&lt;script&gt;" in page

    def test_a_second_try_while_one_is_open_changes_nothing(self, newcomer: Newcomer, world: World):
        applicant = newcomer()
        applicant.phone.post(VERIFY, **typed())
        first = check_of(applicant, world)

        answer = applicant.phone.post(VERIFY, **typed())

        assert answer.status_code == 422
        assert "人工核验" in answer.text
        assert check_of(applicant, world).model_dump() == first.model_dump()

    def test_too_many_tries_are_told_above_the_form(self, newcomer: Newcomer):
        phone = newcomer().phone
        for _ in range(5):
            phone.post(VERIFY, **typed())
            phone.post(VERIFY, withdraw="1")

        answer = phone.post(VERIFY, **typed())

        assert answer.status_code == 429
        assert told_beside("", answer.text).startswith("今天提交的次数过多")

    def test_a_try_that_was_withdrawn_makes_room_for_another(self, stand: Stand, world: World):
        applicant = stand("manual")

        answer = applicant.phone.post(VERIFY, withdraw="1")

        assert (answer.status_code, answer.headers["location"]) == (303, VERIFY)
        assert check_of(applicant, world).problem == "withdrawn"
        assert applicant.phone.post(VERIFY, **typed()).status_code == 303

    def test_fields_that_are_missing_or_without_measure_are_answered_calmly(self, newcomer: Newcomer):
        phone = newcomer().phone

        assert phone.post(VERIFY).status_code == 422
        assert phone.post(VERIFY, **typed(name="长" * 700, document_number="\0" * 200)).status_code == 422


class TestDocumentNumbers:
    def test_are_in_no_answer_but_the_one_that_asks_to_correct_them(self, newcomer: Newcomer):
        phone, number = newcomer().phone, passport()

        refused = phone.post(VERIFY, **typed(document_number=number, consent=""))
        taken = phone.post(VERIFY, **typed(document_number=number))
        later = [phone.get(VERIFY), phone.post(VERIFY, **typed(document_number="EA0000001")), phone.get("/m/login")]

        assert number in refused.text
        assert not [answer for answer in (taken, *later) if number in answer.text + str(answer.headers)]

    def test_are_in_no_log(self, newcomer: Newcomer):
        phone, number = newcomer().phone, resident_id()
        known = phone.served.log_size()

        phone.post(VERIFY, **typed(document_type="resident_id", document_number=number, consent=""))
        phone.post(VERIFY, **typed(document_type="resident_id", document_number=f"{number[:-2]}99"))
        phone.post(VERIFY, **typed(document_type="resident_id", document_number=number))

        assert number not in phone.served.log(since=known)


class TestStrangers:
    @pytest.mark.parametrize("session", ["", "v.1.2.3", f"s.{'e' * 43}"])
    def test_are_sent_to_sign_in_and_back(self, session: str, browser: Phone):
        browser.session = session

        answers = browser.get(VERIFY), browser.post(VERIFY, **typed()), browser.post(VERIFY, withdraw="1")

        assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, TO_SIGN_IN)}

    def test_are_those_whose_session_was_too_long_idle(self, newcomer: Newcomer, world: World):
        applicant = newcomer()
        with world.open() as session:
            mine = select(SignInSession).where(SignInSession.token_hash == token_hash(applicant.phone.session))
            session.exec(mine).one().last_seen_at = now() - timedelta(minutes=31)

        answer = applicant.phone.post(VERIFY, **typed())

        assert answer.headers["location"] == TO_SIGN_IN
        with world.open() as session:
            mine = select(IdentityCheck).where(IdentityCheck.account_id == id_of(applicant.account))
            assert session.exec(mine).all() == []

    def test_are_those_whose_account_was_disabled(self, newcomer: Newcomer, world: World):
        applicant = newcomer()
        with world.open() as session:
            session.get_one(Account, id_of(applicant.account)).disabled_at = now()

        assert applicant.phone.get(VERIFY).headers["location"] == TO_SIGN_IN
