"""Changing and ending grants by several administrators at once: never two who take power from each other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlmodel import Session, col, select

from gdftu_app.db import unit_of_work
from gdftu_app.errors import Refusal
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.limits import forget_limits
from gdftu_app.security.permissions import Role
from gdftu_app.services.administrators import (
    AlreadyAdministrator,
    appoint,
    change,
    dismiss,
    resign,
)
from tests.appointing import ANALYST, PHONE, asked, own_grant
from tests.factories import id_of, make_account, make_administrator, make_union


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    forget_limits()
    yield
    forget_limits()


class TestAtOnce:
    def test_two_owners_who_dismiss_each_other_do_not_both_succeed(self, own_database: str):
        assert (
            len(both_of_two_owners(lambda session, actor, other: dismiss(session, actor, administrator_id=other))) == 1
        )

    def test_two_owners_who_demote_each_other_do_not_both_succeed(self, own_database: str):
        def demote(session: Session, actor: Actor, other: int) -> None:
            change(session, actor, administrator_id=other, version=1, permissions=ANALYST)

        assert len(both_of_two_owners(demote)) == 1

    def test_two_owners_who_resign_at_once_do_not_both_leave(self, own_database: str):
        def leave(session: Session, actor: Actor, _other: int) -> None:
            resign(session, actor, administrator_id=id_of(own_grant(session, actor)))

        assert len(both_of_two_owners(leave)) == 1

    def test_two_who_appoint_the_same_stranger_make_one_administrator(self, own_database: str):
        with unit_of_work() as session:
            union = make_union(session)
            accounts = [id_of(make_account(session)) for _ in range(2)]
            for number in accounts:
                make_administrator(session, session.get_one(Account, number), union)
            union_id = id_of(union)

        def strike(account_id: int) -> Refusal | None:
            try:
                with unit_of_work() as session:
                    appoint(session, get_actor(session, account_id=account_id, union_id=union_id), **asked())
            except Refusal as refusal:
                return refusal
            return None

        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(strike, accounts))

        with unit_of_work(reading=True) as session:
            assert len(session.exec(select(Account)).all()) == 3
            assert len(session.exec(select(Administrator)).all()) == 3
            assert len(list_messages(session, phone=PHONE)) == 1
        assert [type(outcome) for outcome in outcomes if outcome] == [AlreadyAdministrator]

    def test_two_unions_that_invite_the_same_stranger_share_the_account(self, own_database: str):
        with unit_of_work() as session:
            places: list[tuple[int, int]] = []
            for _ in range(2):
                union, account = make_union(session), make_account(session)
                make_administrator(session, account, union)
                places.append((id_of(account), id_of(union)))

        def strike(place: tuple[int, int]) -> None:
            with unit_of_work() as session:
                appoint(session, get_actor(session, account_id=place[0], union_id=place[1]), **asked())

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(strike, places))

        with unit_of_work(reading=True) as session:
            grants = session.exec(select(Administrator).where(col(Administrator.granted_by_id).is_not(None))).all()
        assert len(grants) == 2
        assert len({grant.account_id for grant in grants}) == 1


def both_of_two_owners(strike: Callable[[Session, Actor, int], None]) -> list[Administrator]:
    """Both owners of a union do something to the other at once; the owners there are afterwards."""
    with unit_of_work() as session:
        union = make_union(session)
        grants = [make_administrator(session, make_account(session), union) for _ in range(2)]
        pairs = [(grants[0].account_id, id_of(grants[1])), (grants[1].account_id, id_of(grants[0]))]
        union_id = id_of(union)

    both_began = Barrier(2)

    def attempt(pair: tuple[int, int]) -> Refusal | None:
        try:
            with unit_of_work() as session:
                actor = get_actor(session, account_id=pair[0], union_id=union_id)
                # Both are owners when they begin; SQLite lets only one begin at a time.
                with suppress(BrokenBarrierError):
                    both_began.wait(timeout=0.5)
                strike(session, actor, pair[1])
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(attempt, pairs))
    assert outcomes.count(None) == 1
    with unit_of_work(reading=True) as session:
        live = select(Administrator).where(col(Administrator.dismissed_at).is_(None), Administrator.role == Role.OWNER)
        return list(session.exec(live).all())
