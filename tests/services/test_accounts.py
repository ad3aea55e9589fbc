import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select

from gdftu_app.db import unit_of_work
from gdftu_app.models.accounts import Account, CodePurpose
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.entrances import welcome_of
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.keys import blind_index
from gdftu_app.security.sessions import find_session
from gdftu_app.services.accounts import open_account
from gdftu_app.services.phone_proofs import WrongCredentials
from gdftu_app.services.sign_in import SignInOutcome, sign_in_with_code, sign_in_with_password
from gdftu_app.services.sign_in_codes import send_code

PHONE = "19900000002"


def code_for(session, purpose: CodePurpose = CodePurpose.SIGN_IN) -> str:
    send_code(session, phone=PHONE, purpose=purpose)
    found = re.search(r"\d{6}", list_messages(session, phone=PHONE)[0].text)
    assert found is not None
    return found[0]


def enter(session, code: str) -> SignInOutcome:
    return sign_in_with_code(session, phone=PHONE, code=code, visitor_cookie=None, address="", user_agent="")


def accounts(session) -> list[Account]:
    return list(session.exec(select(Account).where(Account.phone_bidx == blind_index("phone", f"+86{PHONE}"))).all())


class TestTheFirstCodeOfAPhone:
    def test_opens_an_account_that_is_called_by_its_masked_phone(self, session):
        outcome = enter(session, code_for(session))

        info = find_session(session, outcome.cookie)
        [account] = accounts(session)
        assert info is not None
        assert info.account_id is not None
        assert (info.account_id, account.name, account.person_id) == (account.id, "", None)
        welcome = welcome_of(session, account_id=info.account_id)
        assert (welcome.account_name, welcome.is_verified, welcome.managed) == ("199****0002", False, 0)

    def test_is_audited_as_opening_and_signing_in(self, session):
        enter(session, code_for(session))

        [account] = accounts(session)
        entries = session.exec(
            select(AuditEntry).where(AuditEntry.account_id == account.id).order_by(col(AuditEntry.id))
        )
        assert [entry.verb for entry in entries] == ["accounts:open", "sessions:sign_in"]

    def test_opens_nothing_when_it_is_wrong(self, session):
        code = code_for(session)

        outcome = enter(session, f"{(int(code) + 1) % 1_000_000:06d}")

        assert isinstance(outcome.refusal, WrongCredentials)
        assert accounts(session) == []

    def test_is_the_only_way_in_without_an_account(self, session):
        outcome = sign_in_with_password(
            session, phone=PHONE, password="Gonghui@2026demo", visitor_cookie=None, address="", user_agent=""
        )

        assert isinstance(outcome.refusal, WrongCredentials)
        assert accounts(session) == []

    @pytest.mark.parametrize("purpose", [CodePurpose.SET_PASSWORD, CodePurpose.LEAVE_PHONE])
    def test_is_not_sent_for_what_needs_an_account(self, purpose, session):
        send_code(session, phone=PHONE, purpose=purpose)

        assert list_messages(session, phone=PHONE) == []


class TestOpenAccount:
    def test_finds_the_account_there_is(self, session):
        first, is_new = open_account(session, f"+86{PHONE}", name="陈依依")

        again, is_new_again = open_account(session, f"+86{PHONE}", name="别人")

        assert (is_new, is_new_again) == (True, False)
        assert (again.id, again.name) == (first.id, "陈依依")

    def test_opens_one_when_several_ask_at_once(self, own_database):
        def open_it(_number: int) -> bool:
            with unit_of_work() as session:
                return open_account(session, f"+86{PHONE}")[1]

        with ThreadPoolExecutor(6) as threads:
            opened = list(threads.map(open_it, range(6)))

        assert opened.count(True) == 1
