from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import SignedOut, TooManyRequests
from gdftu_app.models.accounts import Account, CodePurpose, EarlierPassword, SignInCode, SignInSession
from gdftu_app.models.records import AuditEntry, OutboxMessage
from gdftu_app.queries.outbox import list_messages
from gdftu_app.queries.visitors import kept_phone
from gdftu_app.security.passwords import hash_password, verify_password
from gdftu_app.security.sessions import find_session
from gdftu_app.security.tokens import new_visitor_cookie
from gdftu_app.services.phone_proofs import WrongCredentials
from gdftu_app.services.sessions import Form, take_refused_form
from gdftu_app.services.sign_in import PasswordAged, sign_in_with_code, sign_in_with_password
from gdftu_app.services.sign_in_codes import send_code
from tests.factories import id_of, make_account
from tests.setting_passwords import (
    KNOWN,
    NEW,
    OLD,
    change,
    code_for,
    enters,
    entries,
    field_of,
    put,
    refused,
    sent_code,
    signed_in,
)
from tests.statements import statements

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture(scope="module")
def old_hash():
    return hash_password(OLD)


@pytest.fixture
def account(session, old_hash):
    account = make_account(session, phone=f"+86{KNOWN}", name="黄建明")
    account.password_hash, account.password_changed_at = old_hash, now() - timedelta(days=10)
    session.flush()
    return account


class TestByCode:
    def test_the_new_password_opens_and_the_old_one_does_not(self, session, account):
        outcome = put(session, code_for(session))

        assert outcome.refusal is None
        assert enters(session, NEW).cookie is not None
        assert enters(session, OLD).cookie is None

    def test_it_serves_an_account_that_never_had_one(self, session):
        account = make_account(session, phone=f"+86{KNOWN}")

        put(session, code_for(session))

        assert verify_password(account.password_hash, NEW)
        assert account.password_changed_at == MOMENT

    def test_every_session_of_the_account_is_over_and_nobody_elses(self, session, account):
        own, other = signed_in(session, account), signed_in(session, make_account(session))

        put(session, code_for(session))

        assert find_session(session, own) is None
        assert find_session(session, other) is not None

    def test_the_phone_is_told(self, session, account):
        put(session, code_for(session))

        [notice, _code] = list_messages(session, phone=KNOWN)
        assert notice.purpose == "password_changed"
        assert notice.text.startswith("【粤工惠】你的账号密码已于 2026-05-04 09:02 修改。")

    def test_it_is_audited_and_forgives_earlier_failures(self, session, account):
        for _ in range(4):
            enters(session, "wrong")
        put(session, code_for(session))

        [entry] = entries(session, "passwords:set")
        assert (entry.account_id, entry.detail) == (account.id, {"sessions_ended": 0})
        assert refused(enters(session, "wrong")).values == {"left": 4}

    def test_the_phone_waits_for_the_sign_in_page(self, session, account):
        visitor = new_visitor_cookie()

        put(session, code_for(session), cookie=visitor)

        assert kept_phone(session, cookie=visitor) == KNOWN
        assert take_refused_form(session, cookie=visitor) is None

    def test_a_code_is_good_once(self, session, account):
        code = code_for(session)
        put(session, code)

        again = put(session, code, password="Another-Lychee-73")

        assert isinstance(again.refusal, WrongCredentials)
        assert enters(session, NEW).cookie is not None

    @pytest.mark.parametrize("purpose", [purpose for purpose in CodePurpose if purpose is not CodePurpose.SET_PASSWORD])
    def test_a_code_for_something_else_is_worthless(self, session, account, purpose):
        send_code(session, phone=KNOWN, purpose=purpose)
        sent = session.exec(select(OutboxMessage)).all()
        code = sent_code(session) if sent else "000000"

        assert isinstance(put(session, code).refusal, WrongCredentials)


class TestRefusalsByCode:
    def test_unknown_known_disabled_and_without_password_are_told_alike_after_the_same_work(self, session, old_hash):
        phones = [f"1990000010{number}" for number in range(4)]
        with_password, _without, disabled = (make_account(session, phone=f"+86{phone}") for phone in phones[1:])
        with_password.password_hash = disabled.password_hash = old_hash
        disabled.disabled_at = now()
        session.flush()
        told, asked = [], []

        for phone in phones:
            send_code(session, phone=phone, purpose=CodePurpose.SET_PASSWORD)
            with statements(session) as sent:
                refusals = [refused(put(session, "000000", phone=phone)) for _ in range(6)]
            told.append([(type(refusal), refusal.text("zh-CN")) for refusal in refusals])
            asked.append(sent)

        assert told[0] == told[1] == told[2] == told[3]
        assert asked[0] == asked[1] == asked[2] == asked[3]

    def test_a_disabled_account_gets_no_password_even_with_the_right_code(self, session, account, old_hash):
        code = code_for(session)
        account.disabled_at = now()

        assert isinstance(put(session, code).refusal, WrongCredentials)
        assert account.password_hash == old_hash

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"phone": "123"}, "phone"),
            ({"code": " "}, "code"),
            ({"password": "short"}, "password"),
            ({"password": "Password@2026"}, "password"),
            ({"password": f"Tian-{KNOWN}"}, "password"),
            ({"again": "another"}, "again"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_costs_no_try(self, session, account, fields, field):
        code = code_for(session)

        outcome = put(session, **({"code": code} | fields))

        assert field_of(outcome) == field
        assert put(session, code).refusal is None

    @pytest.mark.parametrize("password", [OLD, "Huangjianming-72"])
    def test_behind_the_right_code_own_name_and_earlier_passwords_are_refused_and_the_code_stays_good(
        self, session, account, password
    ):
        code = code_for(session)

        assert field_of(put(session, code, password=password)) == "password"
        assert isinstance(put(session, "000000", password=password).refusal, WrongCredentials)
        assert put(session, code).refusal is None

    def test_five_wrong_codes_lock_the_phone(self, session, account):
        code = code_for(session)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"

        refusals = [refused(put(session, wrong)) for _ in range(5)]

        assert [refusal.values.get("left") for refusal in refusals[:4]] == [4, 3, 2, 1]
        assert isinstance(refusals[4], TooManyRequests)
        assert isinstance(put(session, code).refusal, TooManyRequests)

    def test_message_and_phone_wait_for_this_page_and_for_no_other(self, session, account):
        visitor, other = new_visitor_cookie(), new_visitor_cookie()
        for cookie in (visitor, other):
            put(session, "", phone="199 0000 0001", cookie=cookie)

        shown = take_refused_form(session, cookie=visitor, forms=(Form.PASSWORD,))
        elsewhere = take_refused_form(session, cookie=other)
        later = take_refused_form(session, cookie=other, forms=(Form.PASSWORD,))

        assert shown is not None
        assert (shown.message, shown.field, shown.phone) == ("请填写验证码。", "code", "199 0000 0001")
        assert elsewhere is None
        assert later is not None
        assert later.message == ""

    def test_neither_password_nor_code_is_kept_anywhere(self, session, account):
        visitor, code = new_visitor_cookie(), code_for(session)
        put(session, "000000", cookie=visitor)
        put(session, code, cookie=visitor)

        rows = [
            str(row.model_dump())
            for table in (Account, AuditEntry, EarlierPassword, SignInSession, OutboxMessage, SignInCode)
            for row in session.exec(select(table)).all()
        ]

        assert not [row for row in rows if NEW in row or OLD in row or code in row.replace(KNOWN, "")]


class TestEarlierPasswords:
    def test_the_last_five_are_refused_and_the_one_before_them_is_not(self, session, account):
        cookie = signed_in(session, account)
        later = [f"Lychee-Harbour-{number}x" for number in range(5)]
        present = OLD
        for password in later[:4]:
            cookie, present = change(session, cookie, present, password).cookie, password

        for used in [OLD, *later[:4]]:
            outcome = change(session, cookie, present, used)
            assert refused(outcome).text("zh-CN") == "不能使用最近 5 次用过的密码。"

        cookie = change(session, cookie, present, later[4]).cookie
        assert change(session, cookie, later[4], OLD).refusal is None

    def test_no_more_are_kept_than_are_asked_for(self, session, account):
        cookie, present = signed_in(session, account), OLD
        for number in range(8):
            password = f"Lychee-Harbour-{number}x"
            cookie, present = change(session, cookie, present, password).cookie, password

        kept = session.exec(select(EarlierPassword).where(EarlierPassword.account_id == account.id)).all()

        assert len(kept) == 5

    def test_those_of_others_do_not_count(self, session, account):
        session.add(EarlierPassword(account_id=id_of(make_account(session)), password_hash=hash_password(NEW)))

        assert put(session, code_for(session)).refusal is None


class TestAge:
    def test_an_old_password_leads_to_a_new_one_instead_of_the_console(self, session, account):
        travel(timedelta(days=80))
        visitor = new_visitor_cookie()

        outcome = sign_in_with_password(
            session, phone="199 0000 0001", password=OLD, visitor_cookie=visitor, address="", user_agent=""
        )

        assert outcome.cookie is None
        assert isinstance(outcome.refusal, PasswordAged)
        assert kept_phone(session, cookie=visitor) == "199 0000 0001"
        [entry] = entries(session, "sessions:refuse")
        assert entry.detail["reason"] == "password_aged"

    def test_a_wrong_one_is_told_as_ever(self, session, account):
        travel(timedelta(days=80))

        assert refused(enters(session, "wrong")).values == {"left": 4}

    def test_a_day_before_it_still_opens(self, session, account):
        travel(timedelta(days=79))

        assert enters(session, OLD).cookie is not None

    def test_a_code_opens_the_console_all_the_same(self, session, account):
        travel(timedelta(days=80))
        code = code_for(session, purpose=CodePurpose.SIGN_IN)

        outcome = sign_in_with_code(session, phone=KNOWN, code=code, visitor_cookie=None, address="", user_agent="")

        assert outcome.cookie is not None

    def test_after_a_new_one_the_days_count_anew(self, session, account):
        travel(timedelta(days=80))
        put(session, code_for(session))
        travel(timedelta(days=89))

        assert enters(session, NEW).cookie is not None


class TestAtOnce:
    @pytest.fixture
    def code(self, own_database, old_hash):
        with unit_of_work() as session:
            make_account(session, phone=f"+86{KNOWN}").password_hash = old_hash
            return code_for(session)

    def test_of_two_browsers_with_one_code_one_sets_the_password(self, code):
        def attempt(number: int):
            with unit_of_work() as session:
                return put(session, code, password=f"Lychee-Harbour-{number}x").refusal

        with ThreadPoolExecutor(4) as threads:
            refusals = list(threads.map(attempt, range(4)))

        assert [refusal for refusal in refusals if refusal is None] == [None]
        assert all(isinstance(refusal, WrongCredentials) for refusal in refusals if refusal is not None)
        with unit_of_work() as session:
            assert len(session.exec(select(EarlierPassword)).all()) == 1

    def test_of_two_forms_from_one_browser_one_changes_the_password(self, code):
        with unit_of_work() as session:
            cookie = signed_in(session, session.exec(select(Account)).one())

        def attempt(number: int) -> bool:
            try:
                with unit_of_work() as session:
                    return change(session, cookie, password=f"Lychee-Harbour-{number}x").refusal is None
            except SignedOut:
                return False

        with ThreadPoolExecutor(4) as threads:
            changed = list(threads.map(attempt, range(4)))

        assert sorted(changed) == [False, False, False, True]
        with unit_of_work() as session:
            live = select(SignInSession).where(col(SignInSession.ended_at).is_(None))
            assert len(session.exec(live).all()) == 1
