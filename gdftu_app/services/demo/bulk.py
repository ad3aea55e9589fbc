"""The bulk scales: as many unions and members as a city or the whole province has, written in bulk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from multiprocessing import get_context
from random import Random
from typing import TypeVar

from sqlmodel import Session

from gdftu_app.clock import day_of, frozen_at, now
from gdftu_app.db import dialect
from gdftu_app.models.divisions import divisions
from gdftu_app.models.unions import Union
from gdftu_app.queries.areas import areas_of
from gdftu_app.services.demo import bulk_members, bulk_unions
from gdftu_app.services.demo.bases import CROWDED_TOWN, places_for
from gdftu_app.services.demo.bulk_lines import COLUMNS, Block
from gdftu_app.services.demo.bulk_members import DAYS, STAYING, Areas, Crowd
from gdftu_app.services.demo.bulk_unions import Place
from gdftu_app.services.demo.bulk_writing import BulkWriter
from gdftu_app.services.demo.days import last_morning
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.demo.people import (
    BASE_IN_TIANHE,
    BASE_IN_YUEXIU,
    BEIJING_ROAD,
    DEMO_SIGN_INS,
    open_accounts,
)
from gdftu_app.services.demo.small import Report
from gdftu_app.services.demo.tree import EXPRESS_FEDERATION, plant
from gdftu_app.services.figure_checks import count_anew
from gdftu_app.services.unions import get_union

T = TypeVar("T")
PROCESSES, AHEAD = 2, 3
UNIONS_A_SHARE, PEOPLE_A_SHARE = 2_000, 20_000
CROWDED = 1_500
LARGEST_FEDERATION, LARGEST_UNION = 100_000, 20_000
# A county whose members all joined within three years: lists of the newest find none of them.
EARLY_COUNTY, EARLY_UNTIL = "441224", 3 * 365


@dataclass(frozen=True, slots=True)
class Volume:
    """How much to load: unions with the divisions' own, and members who count, roughly."""

    unions: int
    members: int


CITY, PROVINCE = Volume(30_000, 1_000_000), Volume(300_000, 30_000_000)


def load_bulk(session: Session, report: Report, volume: Volume) -> None:
    """Load a bulk scale, up to the day of the load, in the session's transaction; figures are counted at the end."""
    random, end = invention("bulk"), last_morning()
    first_day = day_of(end) - timedelta(days=DAYS - 1)
    with (
        frozen_at(end - timedelta(days=DAYS)),
        ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool,
    ):
        writer = BulkWriter(session, COLUMNS | {"unions": bulk_unions.union_columns()})
        writer.begin()
        tree = plant(session, random, day_of(end))
        places = _places(random, tree, volume.unions - len(tree))
        for done, block in _made(pool, bulk_unions.union_block, _union_shares(session, places, day_of(end))):
            writer.write(block)
            report("unions", done * UNIONS_A_SHARE, volume.unions)
        report("unions", volume.unions, volume.unions)
        crowds = _crowds(random, tree, places, volume.members)
        shares = _member_shares(crowds, places, _areas(session, tree, places), first_day)
        for done, block in _made(pool, bulk_members.member_block, shares):
            writer.write(block)
            report("members", min(done * PEOPLE_A_SHARE, volume.members), volume.members)
        report("members", volume.members, volume.members)
        writer.finish(lambda: count_anew(session), lambda done, total: report("figures", done, total))
    with frozen_at(end):
        open_accounts(session, tree | _landmarks(session, places))


def _places(random: Random, tree: dict[str, Union], count: int) -> list[Place]:
    """Where the base unions stand; their ids follow those of the tree."""
    names = {division.code: division.name for division in divisions()}
    wanted = places_for(random, tree, count, crowded=min(CROWDED, count // 4))
    wanted[BEIJING_ROAD] = max(wanted[BEIJING_ROAD], 3)
    places: list[Place] = []
    next_id = max(union.id or 0 for union in tree.values()) + 1
    for key, unions in sorted(wanted.items()):
        code, superior = key.partition("/")[0], tree[key]
        places.append(Place(key, superior.id or 0, superior.path, (names[code], names[code[:4]]), next_id, unions))
        next_id += unions
    return places


def _crowds(random: Random, tree: dict[str, Union], places: Sequence[Place], members: int) -> list[Crowd]:
    """How many people join each union that holds members: few in most, very many in some, as in life."""
    joining = int(members / STAYING)
    largest = min(LARGEST_FEDERATION, joining // 10)
    federations = [tree[key].id or 0 for key in tree if key.endswith(EXPRESS_FEDERATION)]
    sizes = dict(zip(federations, [largest, *[largest // 40] * (len(federations) - 1)], strict=True))
    drawn = [
        (place.key, number, random.lognormvariate(0, 1.2))
        for place in places
        for number in range(place.first_id, place.first_id + place.count)
    ]
    stretch = (joining - sum(sizes.values())) / sum(weight for _, _, weight in drawn)
    crowds = [Crowd(union_id, size, DAYS - 1) for union_id, size in sizes.items()]
    owed = 0.0
    for key, number, weight in drawn:
        owed += min(weight * stretch, LARGEST_UNION)
        size = int(owed)
        owed -= size
        if size:
            crowds.append(Crowd(number, size, EARLY_UNTIL if key.startswith(EARLY_COUNTY) else DAYS - 1))
    return crowds


def _union_shares(session: Session, places: Sequence[Place], last: date) -> Iterator[bulk_unions.Share]:
    with_grams = dialect(session) == "postgresql"
    held: list[Place] = []
    number = 0
    for place in places:
        held.append(place)
        if sum(each.count for each in held) >= UNIONS_A_SHARE or place is places[-1]:
            yield bulk_unions.Share(number, held, now(), last, with_grams)
            held, number = [], number + 1


def _areas(session: Session, tree: Mapping[str, Union], places: Sequence[Place]) -> Areas:
    """The areas of the tree's unions and of the base unions, which share those of their places."""
    paths = {union.id or 0: union.path for union in tree.values()}
    paths |= {place.first_id: place.superior_path for place in places}
    found, firsts = areas_of(session, paths.values()), sorted(paths)
    return Areas(firsts, [found[paths[first]] for first in firsts])


def _member_shares(
    crowds: Sequence[Crowd], places: Sequence[Place], areas: Areas, first_day: date
) -> Iterator[bulk_members.Share]:
    first_base, last_base = places[0].first_id, places[-1].first_id + places[-1].count - 1
    first_person, number, room = len(DEMO_SIGN_INS), 0, PEOPLE_A_SHARE
    held: list[Crowd] = []
    for crowd in crowds:
        left = crowd.size
        while left:
            taken = min(left, room)
            held.append(Crowd(crowd.union_id, taken, crowd.until))
            left, room = left - taken, room - taken
            if not room:
                yield bulk_members.Share(number, first_day, first_person, held, first_base, last_base, areas)
                first_person, number, held, room = first_person + PEOPLE_A_SHARE, number + 1, [], PEOPLE_A_SHARE
    if held:
        yield bulk_members.Share(number, first_day, first_person, held, first_base, last_base, areas)


def _made(pool: ProcessPoolExecutor, make: Callable[[T], Block], shares: Iterable[T]) -> Iterator[tuple[int, Block]]:
    """Blocks in the order of their shares, some made ahead while others are written."""
    waiting = iter(shares)
    making: list[Future[Block]] = [pool.submit(make, share) for share in islice(waiting, PROCESSES + AHEAD)]
    done = 0
    while making:
        block = making.pop(0).result()
        making += [pool.submit(make, share) for share in islice(waiting, 1)]
        done += 1
        yield done, block


def _landmarks(session: Session, places: Sequence[Place]) -> dict[str, Union]:
    first = {place.key: place.first_id for place in places}
    return {
        BASE_IN_TIANHE: get_union(session, first[CROWDED_TOWN]),
        BASE_IN_YUEXIU: get_union(session, first[BEIJING_ROAD]),
    }
