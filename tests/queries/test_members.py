"""Lists of members: pages, filters, orders, numbers, and that no way of finding them loses anybody."""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlmodel import Session

from gdftu_app.errors import NotFound
from gdftu_app.models.identifiers import complete_resident_id
from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.people import Sex
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import UnionLevel
from gdftu_app.queries.member_filters import MemberFilter, MemberSort, Place
from gdftu_app.queries.member_finding import Budgets
from gdftu_app.queries.member_numbers import NoWholeNumber
from gdftu_app.queries.members import MemberPage, PageAsked, find_members_by_number, list_members
from gdftu_app.security.actors import Actor
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.memberships import admit, remove, retain
from gdftu_app.services.people import PersonDraft, enrol
from tests.counting import assert_queries
from tests.factories import id_of, make_member
from tests.peopling import FIRST_DAY, Peopled, people

ActAs = Callable[..., Actor]
# Each forces another way through a branch within an area: by unions only, walks that fail or end anywhere.
WAYS = {
    "as usual": Budgets(),
    "by unions": Budgets(small=10_000),
    "short walks": Budgets(small=0, walked=3),
    "longer walks": Budgets(small=0, walked=60),
    "one long walk": Budgets(small=0, walked=100_000),
}
ORDERED = {
    MemberSort.NEWEST: lambda row: (-row["joined_on"].toordinal(), -row["id"]),
    MemberSort.OLDEST: lambda row: (row["joined_on"], row["id"]),
    MemberSort.NAME: lambda row: (row["name"].encode(), row["id"]),
}


def matching(world: Peopled, unions: set[int], wanted: MemberFilter, sort: MemberSort) -> list[int]:
    """What a list must show, found the plain way: look at everybody, keep those that match, sort them."""
    kept = [row for row in world.members if row["union_id"] in unions and _matches(row, wanted)]
    return [row["id"] for row in sorted(kept, key=ORDERED[sort])]


def _matches(row: dict[str, Any], wanted: MemberFilter) -> bool:
    asked = {
        "sex": wanted.sex,
        "verified": wanted.verified,
        "is_migrant": wanted.is_migrant,
        "occupation": wanted.occupation or None,
        "education": wanted.education or None,
    }
    return (
        row["status"] == wanted.status
        and all(value is None or row[name] == value for name, value in asked.items())
        and (wanted.joined_from or date.min) <= row["joined_on"] <= (wanted.joined_to or date.max)
        and row["name"].startswith(wanted.name)
    )


def all_pages(ask: Callable[..., MemberPage], size: int) -> list[list[int]]:
    """Every page from the first to the last."""
    pages: list[list[int]] = []
    page = ask(page=PageAsked(size=size))
    while True:
        pages.append([row.id for row in page.rows])
        if page.after is None:
            return pages
        page = ask(page=PageAsked(size=size, place=page.after))


def chosen(chance: Random) -> MemberFilter:
    """A filter, common or rare."""
    day = date.fromordinal(FIRST_DAY.toordinal() + chance.randrange(400))
    return MemberFilter(
        status=chance.choice((*[MembershipStatus.CURRENT] * 4, MembershipStatus.RETAINED, MembershipStatus.ENDED)),
        sex=chance.choice((None, None, Sex.FEMALE)),
        verified=chance.choice((None, None, True, False)),
        is_migrant=chance.choice((None, None, None, True)),
        joined_from=chance.choice((None, None, day)),
        joined_to=chance.choice((None, None, None, day)),
        occupation=chance.choice(("", "", "", "courier")),
        education=chance.choice(("", "", "", "11")),
        name=chance.choice(("", "", "", "陈", "李三", "欧阳五", "无此")),
    )


class TestNoWayLosesAnybody:
    @pytest.mark.parametrize("way", WAYS)
    def test_all_pages_are_a_full_sort(self, session: Session, act_as: ActAs, way: str):
        world, chance = people(session), invention("questions")
        actor = act_as(world.federation.province)
        levels = (UnionLevel.COUNTY, UnionLevel.TOWN)
        places = [*vars(world.federation).values(), *(union for union in world.unions if union.level in levels)]

        for _ in range(40):
            union, below = chance.choice(places), chance.random() < 0.8
            wanted, sort, size = chosen(chance), chance.choice(list(MemberSort)), chance.choice((7, 20, 100))

            def ask(page: PageAsked, **asked: Any) -> MemberPage:
                return list_members(session, actor, page=page, budgets=WAYS[way], **asked)

            asked = {"union": id_of(union), "below": below, "wanted": wanted, "sort": sort}
            pages = all_pages(lambda page, asked=asked, ask=ask: ask(page, **asked), size)

            expected = matching(world, world.within(union) if below else {id_of(union)}, wanted, sort)
            assert [number for page in pages for number in page] == expected, (union.name, below, wanted, sort)
            assert all(len(page) == size for page in pages[:-1])

    @pytest.mark.parametrize("sort", list(MemberSort))
    def test_pages_read_backwards_are_the_pages_read_on(self, session: Session, act_as: ActAs, sort: MemberSort):
        world = people(session)
        actor, size = act_as(world.federation.city), 50

        pages = all_pages(lambda page: list_members(session, actor, below=True, sort=sort, page=page), size)
        back: list[list[int]] = []
        place = list_members(session, actor, below=True, sort=sort, page=_last(pages, world, sort)).before
        while place is not None:
            page = list_members(session, actor, below=True, sort=sort, page=PageAsked(size, place, backwards=True))
            back.insert(0, [row.id for row in page.rows])
            assert page.after is not None
            place = page.before

        assert back == pages[:-1]


def _last(pages: Sequence[Sequence[int]], world: Peopled, sort: MemberSort) -> PageAsked:
    last = next(row for row in world.members if row["id"] == pages[-2][-1])
    key = last["name"] if sort is MemberSort.NAME else last["joined_on"].isoformat()
    return PageAsked(50, Place(key, last["id"]))


class TestListMembers:
    def test_shows_those_of_the_acting_union_or_of_all_below(self, session, act_as, small_federation):
        make_member(session, small_federation.factory, name="陈甲")
        make_member(session, small_federation.other_factory, name="陈乙")
        actor = act_as(small_federation.city)

        own = list_members(session, actor)
        below = list_members(session, actor, below=True)

        assert (own.rows, own.total) == ([], 0)
        assert [(row.name, row.union.name) for row in below.rows] == [("陈甲", small_federation.factory.name)]
        assert below.total == 1

    def test_numbers_are_masked(self, session, act_as, small_federation):
        number = complete_resident_id("44019919900101122")
        admit(
            session,
            enrol(session, PersonDraft(name="陈甲", document_number=number, phone="17800001234")),
            small_federation.factory,
        )

        [row] = list_members(session, act_as(small_federation.factory)).rows

        assert (row.phone, row.document) == ("178****1234", f"4401************{number[-2:]}")

    def test_a_union_out_of_reach_looks_missing(self, session, act_as, small_federation):
        with pytest.raises(NotFound):
            list_members(session, act_as(small_federation.city), union=id_of(small_federation.other_city), below=True)

    @pytest.mark.parametrize(
        ("wanted", "total"),
        [
            (MemberFilter(), 3),
            (MemberFilter(sex=Sex.FEMALE), 1),
            (MemberFilter(verified=True), 2),
            (MemberFilter(verified=False), 1),
            (MemberFilter(is_migrant=True), 0),
            (MemberFilter(sex=Sex.MALE), None),
            (MemberFilter(sex=Sex.FEMALE, verified=True), None),
            (MemberFilter(status=MembershipStatus.RETAINED), None),
            (MemberFilter(education="21"), None),
        ],
        ids=str,
    )
    def test_totals_are_told_where_the_figures_know_them(self, session, act_as, small_federation, wanted, total):
        for name, verified, sex in (("陈甲", True, 1), ("陈乙", True, 2), ("陈丙", False, 1)):
            make_member(session, small_federation.factory, name=name, verified=verified, sex=sex)
        retain(session, make_member(session, small_federation.factory, name="陈丁"))

        page = list_members(session, act_as(small_federation.city), below=True, wanted=wanted)

        assert page.total == total

    def test_the_first_page_comes_when_rows_before_have_gone(self, session, act_as, small_federation):
        members = [make_member(session, small_federation.factory, name=name) for name in ("陈甲", "陈乙", "陈丙")]
        actor = act_as(small_federation.factory)
        first = list_members(session, actor, page=PageAsked(size=1))
        second = list_members(session, actor, page=PageAsked(size=1, place=first.after))
        remove(session, members[2], RemovalReason.WITHDRAWN)

        back = list_members(session, actor, page=PageAsked(size=1, place=second.before, backwards=True))

        assert ([row.name for row in back.rows], back.before) == (["陈乙"], None)

    def test_it_takes_as_many_statements_for_many_as_for_few(self, session, act_as):
        world = people(session, unions=12, members=120)
        actor = act_as(world.federation.city)
        list_members(session, actor, below=True)

        for size in (20, 50):
            with assert_queries(session, 4):
                list_members(session, actor, below=True, page=PageAsked(size=size))


class TestFindByNumber:
    @pytest.fixture
    def chen(self, session, small_federation):
        draft = PersonDraft(name="陈甲", document_number=complete_resident_id("44019919900101122"), phone="17800001234")
        return admit(session, enrol(session, draft), small_federation.factory)

    @pytest.mark.parametrize("number", ["17800001234", "178 0000 1234", "+86 17800001234", "44019919900101122"])
    def test_a_whole_number_finds_its_member(self, session, act_as, small_federation, chen, number):
        typed = complete_resident_id(number) if len(number) == 17 else number

        page = find_members_by_number(session, act_as(small_federation.city), number=typed)

        assert [row.id for row in page.rows] == [chen.id]

    def test_out_of_reach_there_is_nobody(self, session, act_as, small_federation, chen):
        assert find_members_by_number(session, act_as(small_federation.other_city), number="17800001234").rows == []

    def test_who_left_comes_after_who_counts(self, session, act_as, small_federation, chen):
        remove(session, chen, RemovalReason.WITHDRAWN)
        again = PersonDraft(name="陈乙", document_number=complete_resident_id("44019919900101124"), phone="17800001234")
        admit(session, enrol(session, again), small_federation.factory)

        rows = find_members_by_number(session, act_as(small_federation.city), number="17800001234").rows

        assert [(row.name, row.status) for row in rows] == [
            ("陈乙", MembershipStatus.CURRENT),
            ("陈甲", MembershipStatus.ENDED),
        ]

    @pytest.mark.parametrize("number", ["1780000", "123", "12-3"])
    def test_part_of_a_number_is_refused(self, session, act_as, small_federation, number):
        with pytest.raises(NoWholeNumber):
            find_members_by_number(session, act_as(small_federation.city), number=number)


class TestPlace:
    @pytest.mark.parametrize("text", ["", ".", "2025-01-01", "2025-13-01.4", "x.y", "2025-01-01.-4", "2025-01-01.٣"])
    def test_what_is_none_begins_at_the_first_page(self, text):
        assert Place.of(text, by_name=False) is None

    def test_a_place_reads_back(self):
        assert Place.of("2025-01-03.17", by_name=False) == Place("2025-01-03", 17)
        assert Place.of("阿依古丽·买买提.5", by_name=True) == Place("阿依古丽·买买提", 5)
