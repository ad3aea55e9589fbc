"""Base unions of the bulk scales, made in worker processes: a share of the places at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from gdftu_app.models.unions import Employer
from gdftu_app.queries.union_grams import grams_of_union
from gdftu_app.services.demo.bases import LONG_NAME_TOWN, base_drafts, long_named
from gdftu_app.services.demo.bulk_lines import COLUMNS, Block, joined, line_of
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.union_drafts import row_of

EMPLOYERS_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Place:
    """So many base unions to be established below one union, with ids from `first_id` on."""

    key: str
    superior_id: int
    superior_path: str
    names: tuple[str, str]
    first_id: int
    count: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one call of `union_block` makes; `established_at` is when the rows say they were written, `last` the
    last day of the demo."""

    number: int
    places: Sequence[Place]
    established_at: datetime
    last: date
    with_grams: bool


def union_block(share: Share) -> Block:
    """The rows of a share's unions; the same whichever process makes them."""
    random = invention(f"bulk unions {share.number}")
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for place in share.places:
        code = place.key.partition("/")[0]
        drafts = base_drafts(
            random, *place.names, place.count, count(place.first_id), division_code=code, last=share.last
        )
        if place.key == LONG_NAME_TOWN:
            drafts[0] = long_named(random, place.first_id, share.last)
        for number, draft in enumerate(drafts, start=place.first_id):
            row = row_of(draft, number, superior_id=place.superior_id, superior_path=place.superior_path)
            moments = {"version": 1, "created_at": share.established_at, "updated_at": share.established_at}
            lines["unions"].append(line_of((row | moments).values()))
            grams = grams_of_union(row["name"], row["initials"], row["uscc"], row["path"]) if share.with_grams else None
            lines["union_search"].append(line_of((number, f"{{{','.join(map(str, grams))}}}" if grams else "")))
            for order, employer in enumerate(draft.employers):
                _add_employer(lines, number, number * EMPLOYERS_AT_MOST + order, employer)
    return joined(lines)


def union_columns() -> tuple[str, ...]:
    """The columns of the rows of unions, in their order."""
    draft = long_named(invention("columns"), 1, date(2026, 11, 20))
    return (*row_of(draft, 1, superior_id=None, superior_path=""), "version", "created_at", "updated_at")


def _add_employer(lines: dict[str, list[str]], union_id: int, employer_id: int, employer: Employer) -> None:
    values = employer.model_dump() | {"id": employer_id}
    lines["employers"].append(line_of(values[name] for name in COLUMNS["employers"]))
    lines["union_employers"].append(line_of((union_id, employer_id)))
