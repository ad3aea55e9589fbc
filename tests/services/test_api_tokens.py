"""Tokens of the API: by the rules of every door, ended with everything else, and gone in time."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, NotFound, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.api_tokens import ApiAnswer, ApiToken
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.accounts import own_sessions, phone_of
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.api_tokens import api_token_hash, find_token
from gdftu_app.services.api_answers import Kept, KeyReused, Sent, answer_once
from gdftu_app.services.api_tokens import end_token, open_token_with_code, open_token_with_wechat
from gdftu_app.services.housekeeping import remove_expired
from gdftu_app.services.own_sessions import end_other_sessions, end_own_session
from gdftu_app.services.phone_proofs import WrongCredentials
from gdftu_app.services.sessions import begin
from gdftu_app.services.sign_in_codes import send_code
from tests.factories import id_of, make_account


def token_of(session: Session, account: Account) -> str:
    return open_token_with_wechat(session, phone=phone_of(account)).token


def row_of(session: Session, token: str) -> ApiToken:
    return session.exec(select(ApiToken).where(ApiToken.token_hash == api_token_hash(token))).one()


class TestOpening:
    def test_the_newest_code_opens_one_once(self, session: Session):
        account = make_account(session)
        send_code(session, phone=phone_of(account))
        code = "".join(one for one in list_messages(session, phone=phone_of(account))[0].text if one.isdigit())[:6]

        first = open_token_with_code(session, phone=phone_of(account), code=f" {code} ")
        again = open_token_with_code(session, phone=phone_of(account), code=code)

        info = find_token(session, first.token)
        assert info is not None
        assert info.account_id == account.id
        assert isinstance(again.refusal, WrongCredentials)
        assert (again.token, again.expires_at) == ("", None)

    def test_wrong_codes_lock_the_phone_for_every_door(self, session: Session):
        phone = phone_of(make_account(session))

        refusals = [open_token_with_code(session, phone=phone, code="000000x").refusal for _ in range(5)]

        assert isinstance(refusals[-1], TooManyRequests)
        with pytest.raises(TooManyRequests):
            send_code(session, phone=phone)

    def test_an_account_that_is_disabled_gets_none(self, session: Session):
        account = make_account(session)
        account.disabled_at = now()

        assert isinstance(open_token_with_wechat(session, phone=phone_of(account)).refusal, WrongCredentials)

    def test_each_is_written_down_without_the_token(self, session: Session):
        account = make_account(session)

        token = token_of(session, account)

        written = select(AuditEntry).where(AuditEntry.account_id == account.id)
        entries = session.exec(written).all()
        assert [(entry.verb, entry.detail) for entry in entries] == [("sessions:sign_in", {"method": "wechat"})]
        assert token not in repr(row_of(session, token).model_dump())

    @pytest.mark.parametrize(("phone", "code", "field"), [("12345", "123456", "phone"), ("19911114444", " ", "code")])
    def test_what_is_no_phone_or_no_code_is_no_failure(self, phone: str, code: str, field: str, session: Session):
        with pytest.raises(InvalidInput) as refusal:
            open_token_with_code(session, phone=phone, code=code)

        assert refusal.value.field == field


class TestEnding:
    def test_only_its_own_account_ends_it(self, session: Session):
        account, other = make_account(session), make_account(session)
        token = token_of(session, account)

        end_token(session, account_id=id_of(other), value=token)
        assert find_token(session, token) is not None
        end_token(session, account_id=id_of(account), value=token)

        assert find_token(session, token) is None

    def test_ending_the_other_sign_ins_of_an_account_ends_it(self, session: Session):
        account, other = make_account(session), make_account(session)
        cookie = begin(session, account, cookie=None, address="", user_agent="")
        own, foreign = token_of(session, account), token_of(session, other)

        assert end_other_sessions(session, account_id=id_of(account), cookie=cookie) == 1

        assert find_token(session, own) is None
        assert find_token(session, foreign) is not None

    def test_it_stands_among_the_devices_and_is_ended_by_its_key_alone(self, session: Session):
        account, other = make_account(session), make_account(session)
        cookie = begin(session, account, cookie=None, address="", user_agent="")
        token, foreign = token_of(session, account), token_of(session, other)

        found = {row.is_token: row for row in own_sessions(session, account_id=id_of(account), cookie=cookie)}
        with pytest.raises(NotFound):
            end_own_session(session, account_id=id_of(other), key=found[True].key)
        end_own_session(session, account_id=id_of(account), key=found[True].key)

        assert (len(found), found[False].is_this, found[True].is_this) == (2, True, False)
        assert find_token(session, token) is None
        assert find_token(session, foreign) is not None
        assert [row.is_this for row in own_sessions(session, account_id=id_of(account), cookie=cookie)] == [True]

    def test_what_is_over_long_since_is_removed(self, session: Session):
        old, fresh = (row_of(session, token_of(session, make_account(session))) for _ in range(2))
        old.expires_at = now() - timedelta(days=184)
        session.add(ApiAnswer(key="old", asked="", status=201, created_at=now() - timedelta(hours=25)))
        session.add(ApiAnswer(key="fresh", asked="", status=201))
        session.flush()

        assert remove_expired(session) == 2

        assert session.exec(select(ApiToken.id)).all() == [fresh.id]
        assert session.exec(select(ApiAnswer.key)).all() == ["fresh"]


class TestAnswers:
    def test_are_given_again_for_a_day(self, session: Session):
        numbers = iter(range(10))

        def answer(content: str = "x", whose: str = "account 1") -> Kept:
            return answer_once(session, whose, Sent("key", content), lambda: Kept(201, {"id": next(numbers)}))

        assert [answer(), answer()] == [Kept(201, {"id": 0}), Kept(201, {"id": 0}, is_replay=True)]
        assert answer(whose="account 2") == Kept(201, {"id": 1})
        with pytest.raises(KeyReused):
            answer("y")
        for row in session.exec(select(ApiAnswer)):
            row.created_at = now() - timedelta(hours=25)
        assert answer("y") == Kept(201, {"id": 2})
        assert answer("y").is_replay

    def test_are_not_kept_without_a_key_nor_for_refusals(self, session: Session):
        def refuse() -> Kept:
            raise WrongCredentials

        with pytest.raises(WrongCredentials):
            answer_once(session, "account 1", Sent("key", "x"), refuse)
        answer_once(session, "account 1", Sent("", "x"), lambda: Kept(201, {}))

        assert session.exec(select(ApiAnswer.key)).all() == []

    def test_hold_nothing_of_what_was_asked(self, session: Session):
        answer_once(session, "account 1", Sent("a-key", "440101199001011234"), lambda: Kept(202, {"status": "manual"}))

        [row] = session.exec(select(ApiAnswer)).all()
        assert "a-key" not in repr(row)
        assert "4401011990" not in repr(row)
