"""Long times: what is read from months and years is what events of every single day give."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import day_of
from gdftu_app.models.memberships import MembershipEvent
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union, UnionCategory
from gdftu_app.queries.comparisons import Compared, compare
from gdftu_app.queries.flows import PeriodFigures, Place, flows_of
from gdftu_app.queries.periods import Span
from gdftu_app.queries.statistics import Wanted, view_statistics
from gdftu_app.security.actors import get_actor
from gdftu_app.services.figures import fold
from gdftu_app.services.memberships import admit_many, remove, restore, retain, transfer
from gdftu_app.services.verifications import mark_verified
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_federation,
    make_person,
    make_union,
)
from tests.recounts import MOVEMENT_OF_KIND
from tests.statements import statements

DAYS = [
    date(2016, 12, 31),
    date(2022, 1, 1),
    date(2023, 2, 28),
    date(2023, 3, 1),
    date(2024, 2, 29),
    date(2024, 3, 17),
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 6, 30),
]
SPANS = [
    Span(date(2016, 12, 31), date(2016, 12, 31)),
    Span(date(2022, 1, 1), date(2024, 12, 31)),
    Span(date(2022, 1, 2), date(2024, 12, 30)),
    Span(date(2023, 3, 1), date(2024, 2, 29)),
    Span(date(2023, 2, 28), date(2025, 1, 1)),
    Span(date(2024, 3, 10), date(2025, 6, 29)),
    Span(date(2025, 6, 1), date(2025, 6, 30)),
    Span(date(2015, 5, 5), date(2100, 1, 1)),
]
COUNTED = ("joined", "transferred_in", "transferred_out", "removed", "newly_verified", "registered", "other")


@dataclass(frozen=True)
class World:
    """A federation with a branch below one of its factories, and the unions whose times are asked for."""

    federation: Federation
    branch: Union

    @property
    def asked(self) -> list[Union]:
        tree = self.federation
        return [tree.province, tree.city, tree.street, tree.factory, tree.other_city, tree.other_factory, self.branch]


@pytest.fixture
def world(session: Session) -> World:
    """Members who joined on days at and between the edges of months and years; half of it is folded."""
    federation = make_federation(session)
    branch = make_union(session, federation.factory, category=UnionCategory.BRANCH)
    places = [federation.factory, federation.other_factory, branch]
    for at, place in enumerate(places):
        people = [make_person(session, verified=number % 2 == at % 2) for number in range(len(DAYS))]
        members = admit_many(session, [(person, place) for person in people], joined_on=DAYS)
        transfer(session, members[at], places[at - 1])
        remove(session, members[at + 3], RemovalReason.WITHDRAWN)
        retained = retain(session, members[at + 5])
        if at:
            restore(session, retained)
        mark_verified(session, people[1 - at % 2])
        if at == 1:
            fold(session)
    return World(federation, branch)


def counted(session: Session, union: Union, span: Span) -> dict[str, int]:
    """What events and registrations of every day give, one by one."""
    unions = [each for each in session.exec(select(Union)) if each.path.startswith(union.path)]
    ids = {each.id for each in unions}
    found: dict[str, int] = dict.fromkeys((*COUNTED, "members", "verified"), 0)
    words = {"verified": "newly_verified"}
    for event in session.exec(select(MembershipEvent)):
        if event.union_id not in ids or event.day > span.last:
            continue
        found["members"] += event.change
        found["verified"] += event.verified_change
        if event.day < span.first:
            continue
        movement = MOVEMENT_OF_KIND.get(event.kind)
        if movement:
            found[words.get(movement, movement)] += 1
        else:
            found["other"] += event.change
    entered = [day_of(each.created_at) for each in unions if each.id != union.id]
    found["registered"] = sum(span.first <= day <= span.last for day in entered)
    return found


def shown(figures: PeriodFigures | Compared) -> dict[str, int]:
    return {name: getattr(figures, name) for name in (*COUNTED, "members", "verified")}


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_the_time_of_a_union(session: Session, world: World, span: Span):
    for union in world.asked:
        place = Place(id_of(union), union.name, union.path, union.is_above_base, union.category, union.level, "active")

        figures = flows_of(session, place, below=True, spans=[span]).of(span.first, span.last)

        assert shown(figures) == counted(session, union, span), union.name


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_the_times_of_its_subordinates(session: Session, world: World, span: Span):
    for superior in world.asked:
        for row in compare(session, id_of(superior), span):
            assert shown(row) == counted(session, session.get_one(Union, row.id), span), row.name


@pytest.mark.parametrize("union", ["province", "street", "factory"])
def test_no_time_takes_more_than_ten_statements(session: Session, world: World, union: str):
    account, chosen = make_account(session), getattr(world.federation, union)
    make_administrator(session, account, chosen)
    actor = get_actor(session, account_id=id_of(account), union_id=id_of(chosen))
    sent: list[int] = []

    for span in SPANS:
        for below in (True, False):
            with statements(session) as of_statistics:
                view_statistics(session, actor, wanted=Wanted(span.first, span.last, below=below))
            sent.append(len(of_statistics))

    assert max(sent) <= 10
