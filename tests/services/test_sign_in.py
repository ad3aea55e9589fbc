from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import col, select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, Refusal, TooManyRequests
from gdftu_app.models.accounts import SignInFailures, SignInSession
from gdftu_app.models.records import AuditEntry
from gdftu_app.security.devices import is_known_device, new_device_cookie
from gdftu_app.security.passwords import hash_password
from gdftu_app.security.sessions import find_session
from gdftu_app.security.tokens import new_visitor_cookie, token_hash
from gdftu_app.services.phone_proofs import WrongCredentials
from gdftu_app.services.sessions import RefusedForm, take_refused_form, visitor_session
from gdftu_app.services.sign_in import SignInOutcome, sign_in_with_code, sign_in_with_password
from tests.callers import calling
from tests.factories import make_account
from tests.statements import statements

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
KNOWN, UNKNOWN = "19900000001", "19900000002"
PASSWORD = "Gonghui@2026demo"


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture(scope="module")
def stored_password():
    return hash_password(PASSWORD)


@pytest.fixture
def account(session, stored_password):
    account = make_account(session, phone=f"+86{KNOWN}")
    account.password_hash = stored_password
    session.flush()
    return account


def enter(session, phone=KNOWN, password=PASSWORD, cookie=None):
    return sign_in_with_password(
        session, phone=phone, password=password, visitor_cookie=cookie, address="1.2.3.4", user_agent="browser"
    )


def refused(outcome: SignInOutcome) -> Refusal:
    assert outcome.refusal is not None
    assert outcome.cookie is None
    return outcome.refusal


def fail(session, times, phone=KNOWN):
    return [refused(enter(session, phone, "wrong")) for _ in range(times)]


def refused_form(session, cookie) -> RefusedForm:
    form = take_refused_form(session, cookie=cookie)
    assert form is not None
    return form


def verbs(session):
    return session.exec(select(AuditEntry.verb).order_by(col(AuditEntry.id))).all()


class TestRightPassword:
    def test_it_opens_a_session(self, session, account):
        outcome = enter(session)

        assert outcome.refusal is None
        info = find_session(session, outcome.cookie)
        assert info is not None
        assert info.account_id == account.id

    @pytest.mark.parametrize("typed", ["199 0000 0001", "+86 19900000001", "１９９０００００００１"])
    def test_the_phone_may_be_typed_as_people_do(self, session, account, typed):
        assert enter(session, phone=typed).cookie is not None

    def test_the_browser_gets_a_new_cookie_each_time(self, session, account):
        visitor = new_visitor_cookie()

        first = enter(session, cookie=visitor).cookie
        second = enter(session, cookie=first).cookie

        assert len({visitor, first, second}) == 3
        assert find_session(session, first) is None
        assert find_session(session, second) is not None

    def test_the_visitors_row_is_gone(self, session, account):
        visitor = new_visitor_cookie()
        enter(session, password="wrong", cookie=visitor)

        enter(session, cookie=visitor)

        rows = session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash(visitor))).all()
        assert rows == []

    def test_what_the_visitor_chose_goes_along(self, session, account):
        visitor = new_visitor_cookie()
        row = visitor_session(session, visitor)
        assert row is not None
        row.language, row.scaling = "en", "110%"

        enter(session, cookie=visitor)

        assert (account.language, account.scaling) == ("en", "110%")

    def test_it_is_audited(self, session, account):
        enter(session)

        entry = session.exec(select(AuditEntry)).one()
        assert (entry.verb, entry.account_id, entry.detail) == ("sessions:sign_in", account.id, {"method": "password"})

    def test_a_hash_of_other_parameters_is_renewed(self, session, account):
        account.password_hash = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)

        enter(session)

        assert "m=19456" in account.password_hash
        assert enter(session).cookie is not None

    def test_earlier_failures_are_forgiven(self, session, account):
        fail(session, 4)
        enter(session)

        [refusal] = fail(session, 1)

        assert refusal.values == {"left": 4}


class TestRefusals:
    def test_a_wrong_password_says_how_many_tries_are_left(self, session, account):
        [refusal] = fail(session, 1)

        assert isinstance(refusal, WrongCredentials)
        assert refusal.text("zh-CN").startswith("手机号或密码不正确，还可以再试 4 次。")

    def test_unknown_phone_wrong_password_no_password_and_disabled_account_are_told_alike(
        self, session, stored_password
    ):
        phones = [f"1990000010{number}" for number in range(4)]
        wrong, without, disabled = (make_account(session, phone=f"+86{phone}") for phone in phones[1:])
        wrong.password_hash = hash_password("another")
        disabled.password_hash, disabled.disabled_at = stored_password, now()
        session.flush()
        told = []
        asked = []

        for phone in phones:
            with statements(session) as sent:
                refusals = [refused(enter(session, phone)) for _ in range(6)]
            told.append([(type(refusal), refusal.text("zh-CN")) for refusal in refusals])
            asked.append(sent)

        assert told[0] == told[1] == told[2] == told[3]
        assert asked[0] == asked[1] == asked[2] == asked[3]
        assert without.password_hash is None

    def test_a_wrong_phone_number_is_told_beside_its_field(self, session):
        outcome = enter(session, phone="12345")

        assert isinstance(outcome.refusal, InvalidInput)
        assert outcome.refusal.field == "phone"

    def test_the_audit_names_the_account_but_only_masks_the_phone(self, session, account):
        fail(session, 1)
        fail(session, 1, UNKNOWN)

        known, unknown = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        assert (known.verb, known.account_id) == ("sessions:refuse", account.id)
        assert (unknown.verb, unknown.account_id) == ("sessions:refuse", None)
        assert known.detail == {"method": "password", "phone": "199****0001", "reason": "credentials"}
        assert UNKNOWN not in str(unknown.model_dump())

    def test_message_and_typed_phone_wait_for_the_page_and_the_message_is_shown_once(self, session, account):
        visitor = new_visitor_cookie()
        enter(session, phone="199 0000 0001", password="wrong", cookie=visitor)

        first = refused_form(session, visitor)
        second = refused_form(session, visitor)

        assert first.message.startswith("手机号或密码不正确")
        assert first.values == {"left": "4"}
        assert first.phone == second.phone == "199 0000 0001"
        assert second.message == ""

    def test_the_typed_phone_is_sealed(self, session, account):
        visitor = new_visitor_cookie()
        enter(session, password="wrong", cookie=visitor)

        row = session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash(visitor))).one()

        assert KNOWN not in str(row.model_dump())

    @pytest.mark.parametrize("cookie", [None, "", "nonsense", "s." + "a" * 43])
    def test_a_browser_without_a_visitors_cookie_is_refused_all_the_same(self, session, account, cookie):
        assert isinstance(enter(session, password="wrong", cookie=cookie).refusal, WrongCredentials)
        assert take_refused_form(session, cookie=cookie) is None


class TestLockOut:
    @pytest.mark.parametrize("phone", [KNOWN, UNKNOWN])
    def test_the_fifth_failure_locks_the_phone_known_or_not(self, session, account, phone):
        *others, fifth = fail(session, 5, phone)

        assert [refusal.values["left"] for refusal in others] == [4, 3, 2, 1]
        assert isinstance(fifth, TooManyRequests)
        assert fifth.text("zh-CN").startswith("连续登录失败次数过多，请 30 分钟后再试。")

    def test_the_right_password_does_not_help_while_it_lasts(self, session, account):
        fail(session, 5)
        travel(timedelta(minutes=29, seconds=59))

        outcome = enter(session)

        assert isinstance(outcome.refusal, TooManyRequests)
        assert outcome.refusal.retry_after == 1

    def test_after_half_an_hour_all_tries_are_free_again(self, session, account):
        fail(session, 5)
        travel(timedelta(minutes=30))

        [refusal] = fail(session, 1)
        assert refusal.values == {"left": 4}
        assert enter(session).cookie is not None

    def test_trying_on_does_not_prolong_it(self, session, account):
        fail(session, 5)
        travel(timedelta(minutes=20))
        fail(session, 5)
        travel(timedelta(minutes=10))

        assert enter(session).cookie is not None

    def test_failures_of_another_day_do_not_add_up(self, session, account):
        fail(session, 4)
        travel(timedelta(days=1))

        [refusal] = fail(session, 1)

        assert refusal.values == {"left": 4}

    def test_it_holds_for_codes_as_well(self, session, account):
        fail(session, 5)

        outcome = sign_in_with_code(session, phone=KNOWN, code="123456", visitor_cookie=None, address="", user_agent="")

        assert isinstance(outcome.refusal, TooManyRequests)

    def test_it_is_audited(self, session, account):
        fail(session, 6)

        reasons = [entry.detail["reason"] for entry in session.exec(select(AuditEntry)).all()]
        assert sorted(reasons) == ["credentials"] * 5 + ["locked"]
        assert verbs(session) == ["sessions:refuse"] * 6


class TestKnownDevices:
    def test_are_those_that_signed_in_with_the_phone(self, session, account):
        cookie = enter(session).device

        assert is_known_device(cookie, account.phone_bidx)

    def test_keep_their_cookie_when_they_sign_in_again(self, session, account):
        cookie = enter(session).device

        with calling(device=cookie):
            assert enter(session).device == cookie

    def test_get_a_new_one_for_another_phone(self, session, account):
        other = make_account(session)

        with calling(device=new_device_cookie(other.phone_bidx)):
            assert is_known_device(enter(session).device, account.phone_bidx)

    def test_are_not_made_by_a_refusal(self, session, account):
        assert enter(session, password="wrong").device == ""

    def test_sign_in_while_strangers_from_many_addresses_have_locked_the_phone(self, session, account):
        known = enter(session).device

        refusals = []
        for number in range(100):
            with calling(address=f"10.0.0.{number}"):
                refusals.append(refused(enter(session, password="wrong")))

        assert sum(isinstance(refusal, WrongCredentials) for refusal in refusals) == 4
        assert isinstance(refused(enter(session)), TooManyRequests)
        with calling(device=known):
            assert enter(session).cookie is not None

    def test_of_one_phone_are_not_locked_out_with_another(self, session, account, stored_password):
        other = make_account(session, phone="+8619900000003")
        other.password_hash = stored_password
        fail(session, 100)

        assert enter(session, phone="19900000003").cookie is not None

    def test_sign_in_without_unlocking_the_phone_for_strangers(self, session, account):
        known = enter(session).device
        fail(session, 5)

        with calling(device=known):
            enter(session)

        assert isinstance(refused(enter(session)), TooManyRequests)

    def test_have_five_tries_of_their_own_when_stolen(self, session, account):
        known = enter(session).device

        with calling(device=known):
            refusals = fail(session, 7)
            right = refused(enter(session))

        assert [type(refusal) for refusal in refusals] == [WrongCredentials] * 4 + [TooManyRequests] * 3
        assert isinstance(right, TooManyRequests)

    def test_lock_neither_strangers_nor_each_other(self, session, account):
        first, second = enter(session).device, enter(session).device
        with calling(device=first):
            fail(session, 5)

        with calling(device=second):
            assert enter(session).cookie is not None
        assert enter(session).cookie is not None

    def test_of_another_phone_count_as_strangers(self, session, account):
        other = make_account(session)

        for number in range(5):
            with calling(device=new_device_cookie(other.phone_bidx), address=f"10.0.0.{number}"):
                fail(session, 1)

        assert isinstance(refused(enter(session)), TooManyRequests)
        assert len(session.exec(select(SignInFailures)).all()) == 1

    @pytest.mark.parametrize("made_up", ["d." + "a" * 22 + "." + "a" * 43, "d.x.y", "\0"])
    def test_that_are_made_up_count_as_strangers(self, made_up, session, account):
        for _ in range(5):
            with calling(device=made_up):
                fail(session, 1)

        assert isinstance(refused(enter(session)), TooManyRequests)

    def test_are_let_in_again_after_their_half_hour(self, session, account):
        known = enter(session).device
        with calling(device=known):
            fail(session, 5)
            travel(timedelta(minutes=30))

            assert enter(session).cookie is not None


class TestAtOnce:
    def test_guesses_sent_at_once_are_counted_one_by_one(self, own_database):
        with unit_of_work() as session:
            make_account(session, phone=f"+86{KNOWN}")

        def guess(_number: int):
            with unit_of_work() as session:
                return enter(session, password="wrong").refusal

        with ThreadPoolExecutor(8) as threads:
            refusals = list(threads.map(guess, range(12)))

        left = [refusal.values["left"] for refusal in refusals if isinstance(refusal, WrongCredentials)]
        assert set(left) == {1, 2, 3, 4}
        assert len(left) == 4
        assert sum(isinstance(refusal, TooManyRequests) for refusal in refusals) == 8

    def test_one_phone_does_not_wait_for_another(self, own_database, stored_password):
        phones = [f"1990000020{number}" for number in range(6)]
        with unit_of_work() as session:
            for phone in phones:
                make_account(session, phone=f"+86{phone}").password_hash = stored_password

        def sign_in(phone: str):
            with unit_of_work() as session:
                return enter(session, phone).cookie

        with ThreadPoolExecutor(6) as threads:
            cookies = list(threads.map(sign_in, phones))

        assert len(set(cookies) - {None}) == 6
