"""Figures of months and years: written with the days, checked against them, and set right."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select as select_rows
from sqlalchemy import update
from sqlmodel import Session

from gdftu_app.models.span_figures import MONTH, YEAR, SpanFigures
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import UnionCategory
from gdftu_app.queries.pending_figures import DAILY
from gdftu_app.services.figure_checks import Drift, count_anew, rebuild, verify
from gdftu_app.services.figures import fold
from gdftu_app.services.memberships import admit, transfer
from gdftu_app.services.union_moves import move
from tests.factories import Federation, id_of, make_member, make_person, make_union

LEAP = date(2024, 2, 29)
_SPANS = table_of(SpanFigures)


def spans_kept(session: Session, union_id: int, months: int, figure: str) -> dict[date, int]:
    rows = select_rows(_SPANS).where(_SPANS.c.union_id == union_id, _SPANS.c.months == months)
    return {row["first"]: row[figure] for row in run(session, rows).mappings() if row[figure]}


@pytest.fixture
def joined(session: Session, small_federation: Federation) -> Federation:
    """One member of a leap day, whose changes are folded."""
    admit(session, make_person(session), small_federation.factory, joined_on=LEAP)
    fold(session)
    return small_federation


def test_each_join_counts_in_its_month_and_year_of_every_union_above(session: Session, joined: Federation):
    for union in (joined.factory, joined.street, joined.province):
        assert spans_kept(session, id_of(union), MONTH, "joined") == {date(2024, 2, 1): 1}
        assert spans_kept(session, id_of(union), YEAR, "joined") == {date(2024, 1, 1): 1}


def test_base_unions_count_what_is_below_them(session: Session, joined: Federation):
    branch = make_union(session, joined.factory, category=UnionCategory.BRANCH)
    admit(session, make_person(session), branch, joined_on=LEAP)
    fold(session)

    assert spans_kept(session, id_of(joined.factory), MONTH, "members") == {date(2024, 2, 1): 2}
    assert sum(spans_kept(session, id_of(joined.factory), YEAR, "registered").values()) == 1
    assert verify(session) == []


@pytest.mark.parametrize(("months", "word"), [(MONTH, "month"), (YEAR, "year")])
def test_drift_is_found_and_mended(session: Session, joined: Federation, months: int, word: str):
    factory = id_of(joined.factory)
    wrong = update(_SPANS).where(_SPANS.c.union_id == factory, _SPANS.c.months == months).values(members=7)
    run(session, wrong)

    first = date(2024, 2 if months == MONTH else 1, 1)
    # Years are checked against the months.
    assert Drift(factory, first, f"{word}_members", -6) in verify(session)

    rebuild(session)
    assert verify(session) == []


def test_counting_anew_gives_the_same(session: Session, joined: Federation):
    transfer(session, make_member(session, joined.factory), joined.other_factory)
    fold(session)
    before = _all_kept(session)

    count_anew(session)

    assert _all_kept(session) == before


def test_the_past_stays_with_the_superiors_when_a_branch_moves(session: Session, joined: Federation):
    move(session, joined.district, joined.other_city)
    fold(session)

    assert spans_kept(session, id_of(joined.city), MONTH, "joined") == {date(2024, 2, 1): 1}
    assert spans_kept(session, id_of(joined.other_city), YEAR, "joined") == {}
    assert verify(session) == []


def _all_kept(session: Session) -> Counter[tuple[int, int, date, str]]:
    rows = run(session, select_rows(_SPANS)).mappings()
    kept = {(row["union_id"], row["months"], row["first"], name): row[name] for row in rows for name in DAILY}
    return Counter({key: count for key, count in kept.items() if count})
