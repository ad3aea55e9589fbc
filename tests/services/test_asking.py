"""The one door from the screens to the core: whose question it is, in one transaction, read afresh each time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from gdftu_app import clock
from gdftu_app.config import settings
from gdftu_app.db import engine, unit_of_work
from gdftu_app.errors import NotAllowed, NotFound, SignedOut
from gdftu_app.models.accounts import Account, Administrator, SignInSession
from gdftu_app.models.people import Person, VerificationStatus
from gdftu_app.models.unions import Union
from gdftu_app.queries.unions import get_own_union, get_union
from gdftu_app.security.actors import Actor
from gdftu_app.security.requests import NOBODY, Caller, current_caller
from gdftu_app.security.tokens import new_session_cookie, new_visitor_cookie, token_hash
from gdftu_app.services.asking import (
    account_of,
    actor_of,
    ask_as_account,
    ask_as_actor,
    ask_as_visitor,
    only_reads,
)
from gdftu_app.services.entrances import enter
from gdftu_app.services.sessions import begin, sign_out
from tests.factories import id_of, make_account, make_administrator, make_union

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    """An owner of a city, signed in since noon."""

    caller: Caller
    account_id: int
    union_id: int
    elsewhere_id: int


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def installed(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[str]:
    """The kind of the database that this process is configured for, one of each for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GDFTU_DATABASE_URL", new_database(request.param))
        settings.cache_clear()
        yield request.param
        engine().dispose()
    settings.cache_clear()


@pytest.fixture
def somebody(installed: str) -> Iterator[Somebody]:
    with clock.frozen_at(NOON):
        with unit_of_work() as session:
            city = make_union(session, name="云山市总工会")
            elsewhere = make_union(session, name="别省总工会")
            account = make_account(session)
            make_administrator(session, account, city)
            cookie = begin(session, account, cookie=None, address="", user_agent="")
        yield Somebody(Caller(cookie=cookie, request_id="7"), id_of(account), id_of(city), id_of(elsewhere))


def rename(session: Session, actor: Actor, *, name: str) -> str:
    """A core function that writes."""
    union = session.get_one(Union, actor.union_id)
    union.name = name
    session.add(union)
    session.flush()
    return name


def rename_and_fail(session: Session, actor: Actor, *, name: str) -> None:
    rename(session, actor, name=name)
    raise NotAllowed


def rename_as_a_query(session: Session, actor: Actor, *, name: str) -> str:
    return rename(session, actor, name=name)


rename_as_a_query.__module__ = "gdftu_app.queries.pretended"


def name_of(union_id: int) -> str:
    with unit_of_work(reading=True) as session:
        return session.get_one(Union, union_id).name


def last_seen(cookie: str) -> datetime:
    with unit_of_work(reading=True) as session:
        found = select(SignInSession.last_seen_at).where(SignInSession.token_hash == token_hash(cookie))
        return session.exec(found).one()


class TestAskAsActor:
    def test_gives_the_answer_of_the_callers_account_in_the_union(self, somebody: Somebody):
        head = ask_as_actor(somebody.caller, somebody.union_id, get_own_union)

        assert (head.id, head.name) == (somebody.union_id, "云山市总工会")

    def test_keeps_what_was_written(self, somebody: Somebody):
        ask_as_actor(somebody.caller, somebody.union_id, rename, name="新名总工会")

        assert name_of(somebody.union_id) == "新名总工会"

    def test_keeps_nothing_of_what_was_refused(self, somebody: Somebody):
        with pytest.raises(NotAllowed):
            ask_as_actor(somebody.caller, somebody.union_id, rename_and_fail, name="新名总工会")

        assert name_of(somebody.union_id) == "云山市总工会"

    def test_finds_no_union_without_a_grant(self, somebody: Somebody):
        for union_id in (somebody.elsewhere_id, 9_999_999, 0, -1):
            with pytest.raises(NotFound):
                ask_as_actor(somebody.caller, union_id, get_own_union)

    def test_passes_the_arguments_on_as_they_are(self, somebody: Somebody):
        with pytest.raises(NotFound):
            ask_as_actor(somebody.caller, somebody.union_id, get_union, union=somebody.elsewhere_id)

    @pytest.mark.parametrize("lost", ["grant", "verification", "account", "union"])
    def test_notices_at_once_what_was_taken_away(self, lost: str, somebody: Somebody):
        with unit_of_work() as session:
            _take_away(session, lost, somebody)

        with pytest.raises((NotFound, SignedOut)):
            ask_as_actor(somebody.caller, somebody.union_id, get_own_union)

    @pytest.mark.parametrize(
        "cookie",
        [
            "",
            "x",
            pytest.param(new_session_cookie(), id="unknown session"),
            pytest.param(new_visitor_cookie(), id="visitor"),
        ],
    )
    def test_is_for_the_signed_in(self, cookie: str, somebody: Somebody):
        with pytest.raises(SignedOut):
            ask_as_actor(Caller(cookie=cookie), somebody.union_id, get_own_union)

    def test_ends_with_the_session(self, somebody: Somebody):
        with unit_of_work() as session:
            sign_out(session, somebody.caller.cookie)

        with pytest.raises(SignedOut):
            ask_as_actor(somebody.caller, somebody.union_id, get_own_union)


class TestAskAsAccount:
    def test_names_the_account(self, somebody: Somebody):
        entrance = ask_as_account(somebody.caller, enter, union_id=somebody.union_id)

        assert entrance.union_id == somebody.union_id
        with unit_of_work(reading=True) as session:
            assert session.get_one(Account, somebody.account_id).last_union_id == somebody.union_id

    def test_is_not_for_visitors(self, installed: str):
        with pytest.raises(SignedOut):
            ask_as_account(Caller(cookie=new_visitor_cookie()), enter, union_id=1)


class TestAskAsVisitor:
    def test_is_for_everybody(self, installed: str):
        assert ask_as_visitor(NOBODY, lambda session, *, number: number + 1, number=1) == 2


class TestTheCheckBeforehand:
    def test_knows_actor_and_account(self, somebody: Somebody):
        assert actor_of(somebody.caller, somebody.union_id).union_path == f"/{somebody.union_id}/"
        assert account_of(somebody.caller) == somebody.account_id

    def test_refuses_whom_the_questions_would_refuse(self, somebody: Somebody):
        with pytest.raises(SignedOut):
            account_of(NOBODY)
        with pytest.raises(NotFound):
            actor_of(somebody.caller, somebody.elsewhere_id)


class TestReading:
    def test_is_what_queries_promise(self):
        assert only_reads(get_own_union)
        assert not only_reads(enter)

    def test_takes_no_lock_on_sqlite_and_is_held_to_its_promise_on_postgresql(self, somebody: Somebody, installed: str):
        if installed == "sqlite":
            with unit_of_work() as writer:
                rename(writer, actor_of(somebody.caller, somebody.union_id), name="写入中")
                seen = ask_as_actor(somebody.caller, somebody.union_id, get_own_union).name
            assert seen == "云山市总工会"
        else:
            with pytest.raises(SQLAlchemyError, match="read-only"):
                ask_as_actor(somebody.caller, somebody.union_id, rename_as_a_query, name="x")


class TestTheCallerAtHand:
    @pytest.mark.parametrize("how", ["actor", "account", "visitor"])
    def test_is_known_within_and_forgotten_after(self, how: str, somebody: Somebody):
        questions: dict[str, Callable[[], Caller]] = {
            "actor": lambda: ask_as_actor(somebody.caller, somebody.union_id, lambda _session, _actor: _at_hand()),
            "account": lambda: ask_as_account(somebody.caller, lambda _session, account_id: _at_hand()),
            "visitor": lambda: ask_as_visitor(somebody.caller, lambda _session: _at_hand()),
        }

        assert questions[how]() == somebody.caller
        assert current_caller.get() == NOBODY

    def test_is_forgotten_after_a_refusal_too(self, somebody: Somebody):
        with pytest.raises(NotAllowed):
            ask_as_actor(somebody.caller, somebody.union_id, rename_and_fail, name="x")

        assert current_caller.get() == NOBODY


class TestLastSeen:
    def test_is_noted_once_a_minute(self, somebody: Somebody):
        clock.travel(timedelta(seconds=50))
        ask_as_actor(somebody.caller, somebody.union_id, get_own_union)
        early = last_seen(somebody.caller.cookie)
        clock.travel(timedelta(seconds=20))

        ask_as_actor(somebody.caller, somebody.union_id, get_own_union)

        assert early == NOON
        assert last_seen(somebody.caller.cookie) == NOON + timedelta(seconds=70)

    def test_keeps_a_session_alive_that_is_used(self, somebody: Somebody):
        for _ in range(4):
            clock.travel(timedelta(minutes=29))

            assert account_of(somebody.caller) == somebody.account_id

    def test_does_not_revive_one_that_was_idle(self, somebody: Somebody):
        clock.travel(timedelta(minutes=31))

        for _ in range(2):
            with pytest.raises(SignedOut):
                account_of(somebody.caller)


def _at_hand() -> Caller:
    return current_caller.get()


def _take_away(session: Session, lost: str, somebody: Somebody) -> None:
    account = session.get_one(Account, somebody.account_id)
    if lost == "grant":
        session.exec(
            select(Administrator).where(Administrator.account_id == account.id)
        ).one().dismissed_at = clock.now()
    elif lost == "verification":
        person = session.get_one(Person, account.person_id)
        person.verification, person.verified_at = VerificationStatus.UNVERIFIED, None
    elif lost == "account":
        account.disabled_at = clock.now()
    else:
        session.get_one(Union, somebody.union_id).status = "dissolved"
