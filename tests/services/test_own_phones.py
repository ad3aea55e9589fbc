import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from gdftu_app.clock import frozen_at
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, Refusal, SignedOut, TooManyRequests
from gdftu_app.models.accounts import Account, CodePurpose
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry, OutboxMessage
from gdftu_app.queries.outbox import list_messages
from gdftu_app.queries.visitors import kept_phone
from gdftu_app.security.devices import is_known_device
from gdftu_app.security.keys import blind_index
from gdftu_app.security.personal_data import seal, unseal
from gdftu_app.security.sessions import find_session
from gdftu_app.security.tokens import new_session_cookie, new_visitor_cookie
from gdftu_app.services.own_phones import change_phone, send_new_code, send_own_code
from gdftu_app.services.sessions import Form, begin, take_refused_form
from gdftu_app.services.sign_in_codes import send_code
from tests.factories import id_of, make_account
from tests.statements import statements

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
OLD, NEW, TAKEN = "19900000001", "19900000002", "19900000003"


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture
def account(session):
    return make_account(session, phone=f"+86{OLD}")


@pytest.fixture
def cookie(session, account):
    return begin(session, account, cookie=None, address="1.2.3.4", user_agent="browser")


def sent_code(session, phone) -> str:
    found = re.search(r"验证码 (\d{6})", list_messages(session, phone=phone)[0].text)
    assert found is not None
    return found[1]


def codes_for(session, account, phone=NEW) -> tuple[str, str]:
    send_own_code(session, account_id=id_of(account), purpose=CodePurpose.LEAVE_PHONE, address="")
    send_new_code(session, account_id=id_of(account), phone=phone, address="")
    return sent_code(session, OLD), sent_code(session, phone)


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def refused(outcome) -> Refusal:
    assert outcome.refusal is not None
    return outcome.refusal


def field_of(outcome) -> str:
    refusal = refused(outcome)
    assert isinstance(refusal, InvalidInput)
    return refusal.field


def phone_of(account) -> str:
    return unseal("accounts.phone", account.phone_enc, account.phone_bidx)


class TestCodes:
    def test_the_own_phone_gets_one_without_being_named(self, session, account):
        send_own_code(session, account_id=id_of(account), purpose=CodePurpose.LEAVE_PHONE, address="")

        [message] = list_messages(session, phone=OLD)
        assert message.purpose == "leave_phone"

    def test_the_new_phone_gets_one_although_no_account_has_it(self, session, account):
        send_new_code(session, account_id=id_of(account), phone=NEW, address="")

        [message] = list_messages(session, phone=NEW)
        assert message.purpose == "take_phone"

    def test_a_phone_of_another_account_gets_the_same_answer_after_the_same_work_and_no_code(self, session, account):
        make_account(session, phone=f"+86{TAKEN}")
        answers, asked = [], []

        for phone in (NEW, TAKEN):
            with statements(session) as sent:
                answers.append(send_new_code(session, account_id=id_of(account), phone=phone, address="1.2.3.4"))
            asked.append(sent)

        assert answers[0] == answers[1]
        assert asked[0] == asked[1]
        assert list_messages(session, phone=TAKEN) == []

    @pytest.mark.parametrize("phone", [OLD, "199 0000 0001", "123", ""])
    def test_the_own_phone_and_what_is_none_are_told_beside_the_field(self, session, account, phone):
        with pytest.raises(InvalidInput) as told:
            send_new_code(session, account_id=id_of(account), phone=phone, address="")

        assert told.value.field == "phone"

    def test_their_limits_are_those_of_all_codes(self, session, account):
        send_new_code(session, account_id=id_of(account), phone=NEW, address="")

        with pytest.raises(TooManyRequests):
            send_new_code(session, account_id=id_of(account), phone=NEW, address="")


class TestChange:
    def test_the_account_signs_in_with_the_new_phone_from_now_on(self, session, account, cookie):
        code, new_code = codes_for(session, account)

        outcome = change_phone(session, cookie=cookie, code=code, phone="199-0000-0002", new_code=new_code)

        assert outcome.refusal is None
        assert phone_of(account) == f"+86{NEW}"
        assert account.phone_bidx == blind_index("phone", f"+86{NEW}")

    def test_the_persons_phone_goes_along_where_both_were_one(self, session, account, cookie):
        person = session.get_one(Person, account.person_id)
        sealed = seal("persons.phone", f"+86{OLD}")
        person.phone_enc, person.phone_bidx = sealed.enc, sealed.bidx
        session.flush()

        code, new_code = codes_for(session, account)
        change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=new_code)

        assert unseal("persons.phone", person.phone_enc, person.phone_bidx) == f"+86{NEW}"

    def test_a_person_with_another_phone_keeps_it(self, session, account, cookie):
        person = session.get_one(Person, account.person_id)
        sealed = seal("persons.phone", f"+86{TAKEN}")
        person.phone_enc, person.phone_bidx = sealed.enc, sealed.bidx
        session.flush()

        code, new_code = codes_for(session, account)
        change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=new_code)

        assert unseal("persons.phone", person.phone_enc, person.phone_bidx) == f"+86{TAKEN}"

    def test_this_browser_goes_on_under_new_cookies_and_every_other_is_out(self, session, account, cookie):
        there = begin(session, account, cookie=None, address="", user_agent="")
        code, new_code = codes_for(session, account)

        outcome = change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=new_code)

        info = find_session(session, outcome.cookie)
        assert info is not None
        assert info.account_id == account.id
        assert find_session(session, cookie) is None
        assert find_session(session, there) is None
        assert is_known_device(outcome.device, account.phone_bidx)

    def test_the_old_phone_is_told_and_it_is_audited_masked(self, session, account, cookie):
        code, new_code = codes_for(session, account)

        change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=new_code)

        notice = list_messages(session, phone=OLD)[0]
        assert notice.purpose == "phone_changed"
        assert "199****0002" in notice.text
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.verb == "phones:change")).all()
        assert entry.detail == {"from": "199****0001", "to": "199****0002"}

    @pytest.mark.parametrize(("wrong", "field"), [(0, "code"), (1, "new_code")])
    def test_a_wrong_code_is_told_beside_its_field_and_leaves_the_right_one_good(
        self, session, account, cookie, wrong, field
    ):
        codes = list(codes_for(session, account))
        typed = [other_than(code) if place == wrong else code for place, code in enumerate(codes)]

        outcome = change_phone(session, cookie=cookie, code=typed[0], phone=NEW, new_code=typed[1])

        assert field_of(outcome) == field
        assert phone_of(account) == f"+86{OLD}"
        assert change_phone(session, cookie=cookie, code=codes[0], phone=NEW, new_code=codes[1]).refusal is None

    def test_five_wrong_codes_lock_the_account(self, session, account, cookie):
        code, new_code = codes_for(session, account)

        refusals = [
            refused(change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=other_than(new_code)))
            for _ in range(5)
        ]

        assert [refusal.values.get("left") for refusal in refusals[:4]] == [4, 3, 2, 1]
        assert isinstance(refusals[4], TooManyRequests)
        outcome = change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=new_code)
        assert isinstance(outcome.refusal, TooManyRequests)

    @pytest.mark.parametrize(
        ("fields", "field"),
        [({"code": ""}, "code"), ({"new_code": " "}, "new_code"), ({"phone": "1"}, "phone"), ({"phone": OLD}, "phone")],
    )
    def test_what_is_missing_or_none_is_told_beside_its_field_on_this_page_only(
        self, session, account, cookie, fields, field
    ):
        outcome = change_phone(session, **({"cookie": cookie, "code": "1", "phone": NEW, "new_code": "2"} | fields))

        assert field_of(outcome) == field
        assert kept_phone(session, cookie=cookie) == fields.get("phone", NEW)
        form = take_refused_form(session, cookie=cookie, forms=(Form.OWN_PASSWORD, Form.OWN_PHONE))
        assert form is not None
        assert (form.form, form.field) == (Form.OWN_PHONE, field)
        assert take_refused_form(session, cookie=cookie) is None

    def test_a_code_to_one_phone_takes_no_other(self, session, account, cookie):
        code, new_code = codes_for(session, account)

        outcome = change_phone(session, cookie=cookie, code=code, phone=TAKEN, new_code=new_code)

        assert field_of(outcome) == "new_code"

    def test_a_phone_that_got_an_account_meanwhile_is_told_like_a_wrong_code(self, session, account, cookie):
        code, new_code = codes_for(session, account)
        make_account(session, phone=f"+86{NEW}")

        outcome = change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=new_code)

        assert field_of(outcome) == "new_code"
        assert phone_of(account) == f"+86{OLD}"

    @pytest.mark.parametrize(
        "cookie",
        [
            "",
            "x",
            pytest.param(new_session_cookie(), id="unknown session"),
            pytest.param(new_visitor_cookie(), id="visitor"),
        ],
    )
    def test_strangers_are_signed_out(self, session, account, cookie):
        with pytest.raises(SignedOut):
            change_phone(session, cookie=cookie, code="1", phone=NEW, new_code="2")

    def test_a_sign_in_code_leaves_no_phone(self, session, account, cookie):
        send_code(session, phone=OLD)
        send_new_code(session, account_id=id_of(account), phone=NEW, address="")

        outcome = change_phone(
            session, cookie=cookie, code=sent_code(session, OLD), phone=NEW, new_code=sent_code(session, NEW)
        )

        assert field_of(outcome) == "code"


class TestAtOnce:
    def test_of_two_browsers_with_the_same_codes_one_changes_the_phone(self, own_database):
        with unit_of_work() as session:
            account = make_account(session, phone=f"+86{OLD}")
            cookies = [begin(session, account, cookie=None, address="", user_agent="") for _ in range(4)]
            code, new_code = codes_for(session, account)

        def attempt(cookie: str) -> bool:
            try:
                with unit_of_work() as session:
                    outcome = change_phone(session, cookie=cookie, code=code, phone=NEW, new_code=new_code)
                    return outcome.refusal is None
            except SignedOut:
                return False

        with ThreadPoolExecutor(4) as threads:
            changed = list(threads.map(attempt, cookies))

        assert sorted(changed) == [False, False, False, True]

    def test_of_two_accounts_one_takes_a_phone(self, own_database):
        with unit_of_work() as session:
            accounts = [make_account(session, phone=f"+86{phone}") for phone in (OLD, TAKEN)]
            cookies = [begin(session, account, cookie=None, address="", user_agent="") for account in accounts]
            for account in accounts:
                send_own_code(session, account_id=id_of(account), purpose=CodePurpose.LEAVE_PHONE, address="")
            send_new_code(session, account_id=id_of(accounts[0]), phone=NEW, address="")
            new_code = sent_code(session, NEW)
            attempts = [
                (cookie, sent_code(session, phone)) for cookie, phone in zip(cookies, (OLD, TAKEN), strict=True)
            ]

        def attempt(typed: tuple[str, str]) -> bool:
            with unit_of_work() as session:
                outcome = change_phone(session, cookie=typed[0], code=typed[1], phone=NEW, new_code=new_code)
                return outcome.refusal is None

        with ThreadPoolExecutor(2) as threads:
            changed = list(threads.map(attempt, attempts))

        assert sorted(changed) == [False, True]
        with unit_of_work() as session:
            holders = session.exec(select(Account).where(Account.phone_bidx == blind_index("phone", f"+86{NEW}"))).all()
            assert len(holders) == 1
            told = session.exec(select(OutboxMessage).where(OutboxMessage.purpose == "phone_changed")).all()
            assert len(told) == 1
