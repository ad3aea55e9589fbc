import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.errors import InvalidInput, TooManyRequests
from gdftu_app.i18n import render
from gdftu_app.models.accounts import SignInCode
from gdftu_app.models.records import AuditEntry, OutboxMessage
from gdftu_app.security.devices import new_device_cookie
from gdftu_app.security.keys import blind_index
from gdftu_app.security.sessions import find_session
from gdftu_app.services.phone_proofs import WrongCredentials
from gdftu_app.services.sign_in import sign_in_with_password
from gdftu_app.services.sign_in_codes import CODE_TEXT, CodeSent
from tests.callers import calling
from tests.factories import make_account
from tests.statements import statements
from tests.texting import ADDRESS, KNOWN, UNKNOWN, enter, newest_code, other_than, redeem, send, texts

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture
def account(session):
    return make_account(session, phone=f"+86{KNOWN}")


class TestSendCode:
    def test_the_message_reads_as_agreed(self, session, account):
        sent = send(session)

        [text] = texts(session)
        assert re.fullmatch(r"【粤工惠】验证码 \d{6}，5 分钟内有效，请勿告知他人。", text)
        assert sent == CodeSent(wait_seconds=60, lifetime_minutes=5)

    def test_the_message_is_in_the_accounts_language(self, session, account):
        account.language = "en"
        session.flush()

        send(session)

        assert texts(session) == [render(CODE_TEXT, "en", code=newest_code(session), minutes=5)]

    def test_neither_code_nor_phone_is_stored_in_the_clear(self, session, account):
        send(session)
        code = newest_code(session)

        rows = [*session.exec(select(SignInCode)).all(), *session.exec(select(OutboxMessage)).all()]

        stored = str([row.model_dump(exclude={"created_at", "expires_at"}) for row in rows])
        assert code not in stored
        assert KNOWN not in stored

    def test_codes_differ_and_keep_their_leading_zeros(self, session, account):
        codes = set()
        for _ in range(5):
            send(session)
            codes.add(newest_code(session))
            travel(timedelta(hours=13))

        assert len(codes) == 5
        assert all(len(code) == 6 for code in codes)

    def test_an_unknown_phone_gets_the_same_answer_row_and_message(self, session, account):
        with statements(session) as for_known:
            known = send(session, KNOWN)
        with statements(session) as for_unknown:
            unknown = send(session, UNKNOWN)

        assert known == unknown
        assert for_known == for_unknown
        assert len(texts(session, KNOWN)) == len(texts(session, UNKNOWN)) == 1
        assert len(session.exec(select(SignInCode)).all()) == 2

    def test_a_disabled_account_gets_no_message(self, session, account):
        account.disabled_at = now()
        session.flush()

        send(session)

        assert texts(session) == []

    def test_a_wrong_number_is_told_beside_its_field(self, session):
        with pytest.raises(InvalidInput) as refused:
            send(session, "12345")

        assert refused.value.field == "phone"

    def test_it_is_audited_with_the_phone_masked(self, session, account):
        send(session)

        entry = session.exec(select(AuditEntry)).one()
        assert (entry.verb, entry.account_id) == ("codes:send", account.id)
        assert entry.detail == {"purpose": "sign_in", "phone": "199****0001"}

    def test_a_locked_phone_is_told_before_a_message_is_spent(self, session, account):
        for _ in range(5):
            sign_in_with_password(
                session, phone=KNOWN, password="x", visitor_cookie=None, address=ADDRESS, user_agent=""
            )

        with pytest.raises(TooManyRequests, match="连续登录失败"):
            send(session)


class TestLimits:
    @pytest.mark.parametrize("phone", [KNOWN, UNKNOWN])
    def test_one_a_minute(self, session, account, phone):
        send(session, phone)
        travel(timedelta(seconds=18))

        with pytest.raises(TooManyRequests) as refused:
            send(session, phone)
        assert refused.value.retry_after == 42
        assert refused.value.text("zh-CN") == "验证码刚刚发送过，请 42 秒后再获取。"

        travel(timedelta(seconds=42))
        send(session, phone)

    @pytest.mark.parametrize("phone", [KNOWN, UNKNOWN])
    def test_five_an_hour(self, session, account, phone):
        waits = []
        for _ in range(5):
            waits.append(send(session, phone).wait_seconds)
            travel(timedelta(minutes=1))

        assert waits == [60, 60, 60, 60, 56 * 60]
        with pytest.raises(TooManyRequests) as refused:
            send(session, phone)
        assert refused.value.retry_after == 55 * 60
        assert "请 55 分钟后再试" in refused.value.text("zh-CN")

        travel(timedelta(minutes=55))
        send(session, phone)

    def test_ten_a_day(self, session, account):
        for _ in range(10):
            send(session)
            travel(timedelta(minutes=20))

        with pytest.raises(TooManyRequests) as refused:
            send(session)
        assert refused.value.retry_after == 24 * 3600 - 200 * 60

        travel(timedelta(seconds=refused.value.retry_after))
        send(session)

    def test_sixty_an_hour_from_one_address(self, session):
        for number in range(60):
            send(session, f"199000001{number:02d}")

        with pytest.raises(TooManyRequests, match="当前网络"):
            send(session, KNOWN)
        send(session, KNOWN, address="4.3.2.1")

    def test_what_was_refused_is_not_counted(self, session, account):
        send(session)
        for _ in range(20):
            with pytest.raises(TooManyRequests):
                send(session)
        travel(timedelta(minutes=1))

        assert send(session).wait_seconds == 60


class TestRedeemCode:
    def test_it_is_good_once(self, session, account):
        send(session)
        code = newest_code(session)

        assert redeem(session, code)
        assert not redeem(session, code)

    def test_it_is_good_for_five_minutes(self, session, account):
        send(session)
        code = newest_code(session)
        travel(timedelta(minutes=5))

        assert not redeem(session, code)

    def test_a_newer_one_voids_it(self, session, account):
        send(session)
        older = newest_code(session)
        travel(timedelta(minutes=1))
        send(session)

        assert not redeem(session, older)
        assert redeem(session, newest_code(session))

    def test_after_five_wrong_tries_the_right_one_is_worthless(self, session, account):
        send(session)
        code = newest_code(session)

        assert not any(redeem(session, other_than(code)) for _ in range(5))
        assert not redeem(session, code)

    def test_the_fifth_try_still_counts(self, session, account):
        send(session)
        code = newest_code(session)

        assert not any(redeem(session, other_than(code)) for _ in range(4))
        assert redeem(session, code)

    def test_it_is_worthless_for_another_purpose_or_phone(self, session, account):
        send(session)
        code = newest_code(session)

        assert not redeem(session, code, purpose="set_password")
        assert not redeem(session, code, phone=UNKNOWN)
        assert redeem(session, code)

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "' OR 1=1", "１２３４５６"])
    def test_anything_else_is_wrong(self, session, account, code):
        send(session)

        assert not redeem(session, code)


class TestSignInWithCode:
    def test_the_code_opens_a_session(self, session, account):
        send(session)
        code = newest_code(session)

        outcome = enter(session, f" {code[:3]} {code[3:]} ")

        info = find_session(session, outcome.cookie)
        assert info is not None
        assert info.account_id == account.id

    def test_a_code_in_full_width_digits_opens_it_too(self, session, account):
        send(session)
        full_width = newest_code(session).translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})

        assert enter(session, full_width).cookie is not None

    def test_a_wrong_code_and_an_unknown_phone_are_told_alike(self, session, account):
        told = []
        for phone in (KNOWN, UNKNOWN):
            send(session, phone)
            with statements(session) as sent:
                refusals = [enter(session, "000000x", phone).refusal for _ in range(6)]
            told.append(([(type(refusal), refusal and refusal.text("zh-CN")) for refusal in refusals], sent))

        assert told[0] == told[1]

    def test_a_wrong_code_says_how_many_tries_are_left(self, session, account):
        send(session)

        refusal = enter(session, other_than(newest_code(session))).refusal

        assert isinstance(refusal, WrongCredentials)
        assert refusal.values == {"left": 4}

    def test_a_disabled_account_is_refused_in_the_same_words(self, session, account):
        send(session)
        code = newest_code(session)
        account.disabled_at = now()
        session.flush()

        assert isinstance(enter(session, code).refusal, WrongCredentials)


class TestKnownDevices:
    @pytest.fixture
    def known(self, account):
        return new_device_cookie(account.phone_bidx)

    def test_have_codes_that_strangers_can_neither_void_nor_use(self, session, account, known):
        with calling(device=known):
            send(session)
        own = newest_code(session)
        travel(timedelta(minutes=1))
        send(session)

        assert not redeem(session, own)
        with calling(device=known):
            assert redeem(session, own)

    def test_cannot_use_a_strangers_code(self, session, account, known):
        send(session)
        code = newest_code(session)

        with calling(device=known):
            assert not redeem(session, code)
        assert redeem(session, code)

    def test_get_one_while_strangers_from_many_addresses_have_locked_the_phone(self, session, account, known):
        send(session)
        wrong = other_than(newest_code(session))
        for number in range(100):
            with calling(address=f"10.0.0.{number}"):
                enter(session, wrong)
        with pytest.raises(TooManyRequests, match="连续登录失败"):
            send(session)

        with calling(device=known):
            send(session)
            assert enter(session, newest_code(session)).cookie is not None

    def test_of_other_phones_get_theirs_meanwhile(self, session, account):
        make_account(session, phone="+8619900000003")
        for _ in range(100):
            enter(session, "000000")

        send(session, "19900000003")

        assert enter(session, newest_code(session, "19900000003"), "19900000003").cookie is not None

    def test_have_limits_that_strangers_cannot_use_up(self, session, account, known):
        for _ in range(5):
            send(session)
            travel(timedelta(minutes=1))
        with pytest.raises(TooManyRequests):
            send(session)

        with calling(device=known):
            assert send(session) == CodeSent(wait_seconds=60, lifetime_minutes=5)
            with pytest.raises(TooManyRequests):
                send(session)

    def test_share_their_limits_so_that_a_thief_of_several_gains_nothing(self, session, account, known):
        with calling(device=known):
            send(session)

        with calling(device=new_device_cookie(account.phone_bidx)), pytest.raises(TooManyRequests):
            send(session)

    def test_that_are_stolen_have_five_tries_of_a_code(self, session, account, known):
        with calling(device=known):
            send(session)
            code = newest_code(session)
            refusals = [enter(session, other_than(code)).refusal for _ in range(5)]
            right = enter(session, code)

        assert [type(refusal) for refusal in refusals] == [WrongCredentials] * 4 + [TooManyRequests]
        assert isinstance(right.refusal, TooManyRequests)

    def test_of_another_phone_are_strangers(self, session, account):
        with calling(device=new_device_cookie(blind_index("phone", f"+86{UNKNOWN}"))):
            send(session)

        assert redeem(session, newest_code(session))

    def test_make_no_difference_to_an_unknown_phone(self, session, account):
        with calling(device=new_device_cookie(blind_index("phone", f"+86{UNKNOWN}"))):
            assert send(session, UNKNOWN) == CodeSent(wait_seconds=60, lifetime_minutes=5)
        assert len(texts(session, UNKNOWN)) == 1
