"""The small demo: a tree that can be walked, three and a half thousand base unions, twenty-two thousand members."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from sqlmodel import Session

from gdftu_app.clock import day_of, frozen_at
from gdftu_app.models.divisions import divisions
from gdftu_app.models.unions import Union
from gdftu_app.services.demo.bases import CROWDED_TOWN, LONG_NAME_TOWN, base_drafts, long_named, places_for
from gdftu_app.services.demo.days import DAYS, last_morning
from gdftu_app.services.demo.duplicates import record_twice
from gdftu_app.services.demo.history import live_through
from gdftu_app.services.demo.history_rows import write_history
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.demo.people import BASE_IN_TIANHE, BASE_IN_YUEXIU, BEIJING_ROAD, open_accounts
from gdftu_app.services.demo.started_jobs import start_jobs
from gdftu_app.services.demo.tree import EXPRESS_FEDERATION, plant
from gdftu_app.services.demo.waiting_checks import submit_documents
from gdftu_app.services.demo.waiting_members import submit_applications
from gdftu_app.services.demo.waiting_requests import submit_personal_requests
from gdftu_app.services.demo.waiting_reviews import submit_requests
from gdftu_app.services.figure_checks import count_anew
from gdftu_app.services.figures import gathering
from gdftu_app.services.unions import dissolve, establish_many

DISSOLVED = 40
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """Base unions in all, those of them in the crowded town, and people who join."""

    bases: int = 3_500
    crowded: int = 1_060
    members: int = 22_500


FULL = Size()


def load_small(session: Session, report: Report, *, size: Size = FULL) -> None:
    """Load the small demo as if it had happened up to now: unions through the services, members by their rules.

    On one day it is the same at every load.
    """
    random, end = invention("small"), last_morning()
    with gathering(session):
        with frozen_at(end - timedelta(days=DAYS)):
            tree = plant(session, random, day_of(end))
            bases = _establish_bases(session, random, tree, size, day_of(end), report)
        sizes = _sizes(random, tree, bases, size.members)
        history = live_through(random, sizes, day_of(end), report=lambda done, total: report("members", done, total))
        write_history(session, history)
        count_anew(session)
        with frozen_at(end):
            for union in bases["dissolved"]:
                dissolve(session, union)
            marks = {BASE_IN_TIANHE: bases[CROWDED_TOWN][0], BASE_IN_YUEXIU: bases[BEIJING_ROAD][0]}
            open_accounts(session, tree | marks)
            submit_documents(session, tree | marks)
            submit_requests(session, tree | marks)
            submit_applications(session, tree | marks)
            submit_personal_requests(session, tree | marks)
            record_twice(session, tree | marks)
            start_jobs(session, tree | marks)


def _establish_bases(
    session: Session, random: Random, tree: dict[str, Union], size: Size, last: date, report: Report
) -> dict[str, list[Union]]:
    """Base unions by the key of their superior; under `dissolved` those that will not last."""
    names = {division.code: division.name for division in divisions()}
    numbers = count(1)
    places = places_for(random, tree, size.bases, crowded=size.crowded)
    places[BEIJING_ROAD] = max(places[BEIJING_ROAD], 3)
    bases: dict[str, list[Union]] = {}
    for key, wanted in sorted(places.items()):
        code = key.partition("/")[0]
        drafts = base_drafts(random, names[code], names[code[:4]], wanted, numbers, division_code=code, last=last)
        if key == LONG_NAME_TOWN:
            drafts[0] = long_named(random, next(numbers), last)
        bases[key] = establish_many(session, tree[key], drafts)
        report("unions", sum(map(len, bases.values())), size.bases)
    passing = [unions[-1] for unions in bases.values() if len(unions) > 2]
    bases["dissolved"] = passing[:: max(1, len(passing) // DISSOLVED)]
    return bases


def _sizes(
    random: Random, tree: dict[str, Union], bases: dict[str, list[Union]], members: int
) -> list[tuple[Union, int]]:
    """How many people join each union that holds members, about `members` in all."""
    fixed = {tree[f"44/{EXPRESS_FEDERATION}"].path: 600, bases[CROWDED_TOWN][0].path: 90}
    fixed |= {bases[LONG_NAME_TOWN][0].path: 130, bases[BEIJING_ROAD][0].path: 45}
    federations = [union for key, union in tree.items() if key.endswith(EXPRESS_FEDERATION)]
    lasting = [union for key, unions in bases.items() if key != "dissolved" for union in unions]
    passing = {union.path for union in bases["dissolved"]}
    holders = [union for union in federations + lasting if union.path not in passing]
    drawn = {union.path: fixed.get(union.path, random.lognormvariate(1.0, 1.0)) for union in holders}
    stretch = (members - sum(fixed.values())) / sum(size for path, size in drawn.items() if path not in fixed)
    return [
        (union, round(drawn[union.path] * (1 if union.path in fixed else stretch) + random.uniform(-0.5, 0.5)))
        for union in holders
    ]
