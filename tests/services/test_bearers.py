"""Asking with a token: one transaction, one account, and the same write once, however fast it is sent again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlmodel import Session, func, select

from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotFound, SignedOut, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.own_profiles import own_profile
from gdftu_app.security.limits import forget_limits
from gdftu_app.security.requests import NOBODY, Caller, current_caller
from gdftu_app.services.api_answers import Kept, Sent
from gdftu_app.services.api_tokens import open_token_with_wechat
from gdftu_app.services.audit import record
from gdftu_app.services.bearers import ask_as_bearer, write_as_bearer
from gdftu_app.services.sessions import begin
from tests.factories import id_of, make_account

AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a token."""

    account_id: int
    token: str


@pytest.fixture
def holder(own_database: str) -> Holder:
    """A new account in a database of the test's own."""
    forget_limits()
    with unit_of_work() as session:
        account = make_account(session)
        return Holder(id_of(account), open_token_with_wechat(session, phone=phone_of(account)).token)


def write_down(session: Session, *, account_id: int) -> int:
    """A write that everybody can count."""
    record(session, "tests:write", account_id=account_id)
    session.flush()
    return account_id


def written() -> int:
    with unit_of_work(reading=True) as session:
        return session.exec(select(func.count()).where(AuditEntry.verb == "tests:write")).one()


def test_the_core_is_asked_for_the_account_of_the_token_and_of_no_cookie(holder: Holder):
    with unit_of_work() as session:
        other = make_account(session)
        cookie = begin(session, other, cookie=None, address="", user_agent="")

    own = ask_as_bearer(Caller(cookie=cookie), holder.token, own_profile)

    assert own.account.id == holder.account_id
    assert current_caller.get() is NOBODY
    with pytest.raises(SignedOut):
        ask_as_bearer(Caller(cookie=cookie), cookie, own_profile)


def test_a_token_of_an_account_that_is_gone_asks_nothing(holder: Holder):
    with unit_of_work() as session:
        session.get_one(Account, holder.account_id).disabled_at = session.get_one(Account, holder.account_id).created_at

    with pytest.raises(SignedOut):
        write_as_bearer(NOBODY, holder.token, Sent("", ""), lambda _: Kept(201, {}), write_down)

    assert written() == 0


def test_writes_sent_at_once_under_one_key_have_one_effect(holder: Holder):
    def send(_number: int) -> Kept:
        return write_as_bearer(NOBODY, holder.token, Sent("key", "x"), lambda id_: Kept(201, {"id": id_}), write_down)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))

    assert written() == 1
    assert sorted(answer.is_replay for answer in answers) == [False] + [True] * (AT_ONCE - 1)
    assert {(answer.status, answer.body["id"]) for answer in answers} == {(201, holder.account_id)}


def test_nothing_of_a_refused_write_stays(holder: Holder):
    def refuse(session: Session, *, account_id: int) -> None:
        write_down(session, account_id=account_id)
        raise NotFound

    with pytest.raises(NotFound):
        write_as_bearer(NOBODY, holder.token, Sent("key", "x"), lambda _: Kept(201, {}), refuse)

    assert written() == 0


def test_one_account_asks_so_often_and_no_more(holder: Holder):
    for _ in range(120):
        ask_as_bearer(NOBODY, holder.token, own_profile)

    with pytest.raises(TooManyRequests) as refusal:
        ask_as_bearer(NOBODY, holder.token, own_profile)

    assert 0 < refusal.value.retry_after <= 60
