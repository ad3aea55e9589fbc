"""构成: how members and unions divide, right to the last one, with small cells kept from analysts."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session

from gdftu_app.clock import today
from gdftu_app.db import dialect
from gdftu_app.models.people import Sex
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionLevel
from gdftu_app.queries.composition_cells import counted_by_trait
from gdftu_app.queries.composition_parts import by_age, by_industry, by_occupation
from gdftu_app.queries.compositions import Composition, Unit, compositions_of, suppressed
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.flows import place_within
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.figures import fold
from gdftu_app.services.memberships import retain
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_member,
    make_union,
    make_uscc,
)
from tests.statements import statements

# Of so few rows, which no vacuum has visited, reading them would always be the least work.
INDEXES_ALONE = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"

OF_MEMBERS = ("sex", "migrant", "verified", "age", "education", "occupation")
OF_BRANCHES = ("industry", "level", "industry_unions", "level_unions")


def ask(session: Session, union: Union, *, role: Role = Role.OWNER, below: bool = True) -> dict[str, Composition]:
    """The compositions of a union by their keys."""
    account = make_account(session)
    make_administrator(session, account, union, role=role)
    actor = get_actor(session, account_id=id_of(account), union_id=id_of(union))
    place, figures = place_within(session, actor, None), figures_of(session, union)
    with statements(session) as sent:
        found = compositions_of(session, actor, place, figures, below=below)
    assert len(sent) <= 2
    return {each.key: each for each in found}


def parts(composition: Composition) -> dict[str, int | None]:
    return {part.key: part.count for part in composition.parts if part.count != 0}


def employed(industry: str, number: int) -> Employer:
    return Employer(name="榕江电器", uscc=make_uscc(number), industry=industry)


@pytest.fixture
def busy(session: Session, small_federation: Federation) -> Federation:
    """Members of all kinds, one of them in a branch (分会), and one retained."""
    base = make_union(session, small_federation.street, employers=[employed("C", 801)])
    joint = make_union(
        session,
        small_federation.other_city,
        category=UnionCategory.JOINT_BASE,
        employers=[employed("C", 802), employed("G", 803)],
    )
    branch = make_union(session, base, category=UnionCategory.BRANCH)
    make_member(session, base, born_on=date(1990, 1, 1), education="21", occupation="courier")
    make_member(session, branch, born_on=date(1990, 12, 31), education="21", sex=Sex.FEMALE)
    make_member(session, joint, born_on=date(1960, 6, 1), education="99", occupation="other")
    make_member(session, small_federation.factory)
    retain(session, make_member(session, joint, education="11"))
    return small_federation


class TestOfABranch:
    def test_members_divide_by_every_trait(self, session: Session, busy: Federation):
        found = ask(session, busy.province)

        assert tuple(found) == (*OF_MEMBERS, *OF_BRANCHES)
        assert {found[key].total for key in (*OF_MEMBERS, "industry", "level")} == {4}
        assert sum(part.count or 0 for part in found["age"].parts) == 4
        assert parts(found["age"])[""] == 1
        assert parts(found["education"]) == {"21": 2, "other": 1, "": 1}
        assert parts(found["occupation"]) == {"courier": 1, "other": 1, "": 2}
        assert parts(found["industry"]) == {"C": 2, "mixed": 1, "": 1}
        assert parts(found["level"]) == {"base": 4}

    def test_unions_divide_by_level_and_base_unions_by_industry(self, session: Session, busy: Federation):
        found = ask(session, busy.province)

        by_industry, by_level = found["industry_unions"], found["level_unions"]
        assert {by_industry.unit, by_level.unit} == {Unit.UNIONS}
        assert parts(by_industry) == {"C": 1, "mixed": 1, "": 2}
        assert parts(by_level) == {"city": 2, "county": 1, "town": 1, "base": 5}
        assert by_level.total == figures_of(session, busy.province).unions_sub

    def test_folding_changes_nothing(self, session: Session, busy: Federation):
        before = ask(session, busy.city)

        fold(session)

        assert ask(session, busy.city) == before

    def test_a_base_union_counts_its_branches_and_has_one_industry(self, session: Session, busy: Federation):
        base = session.get_one(Union, busy.factory.id)
        make_member(session, make_union(session, base, category=UnionCategory.BRANCH), education="11")

        found = ask(session, base)

        assert tuple(found) == OF_MEMBERS
        assert parts(found["education"]) == {"11": 1, "": 1}

    def test_nobody_divides_into_nothing(self, session: Session, small_federation: Federation):
        found = ask(session, small_federation.province)

        assert {found[key].total for key in OF_MEMBERS} == {0}
        assert {part.count for part in found["age"].parts} == {0}
        assert found["industry"].parts == []


class TestOfAUnionAlone:
    def test_what_is_below_is_left_out(self, session: Session, busy: Federation):
        federation = make_union(session, busy.city, category=UnionCategory.INDUSTRY_FEDERATION, level=UnionLevel.CITY)
        make_member(session, federation, education="11")
        make_member(session, make_union(session, federation), education="21")

        found = ask(session, federation, below=False)

        assert tuple(found) == OF_MEMBERS
        assert parts(found["education"]) == {"11": 1}

    def test_an_index_answers_without_people(
        self, session: Session, small_federation: Federation, act_as: Callable[..., Actor]
    ):
        is_sqlite = dialect(session) == "sqlite"
        if not is_sqlite:
            session.connection().execute(text(INDEXES_ALONE))
        place = place_within(session, act_as(small_federation.factory), None)
        asked: list[tuple[str, Any]] = []
        listen = partial(_note, asked)
        event.listen(session.get_bind(), "before_cursor_execute", listen)
        counted_by_trait(session, place, below=False)
        event.remove(session.get_bind(), "before_cursor_execute", listen)

        [(statement, parameters)] = asked
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        plan = str(session.connection().exec_driver_sql(explain + statement, parameters).all())

        assert "persons" not in plan
        assert ("INDEX" if is_sqlite else "Index Only Scan using") + " ix_memberships_traits " in plan


def _note(asked: list[tuple[str, Any]], _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any):
    asked.append((statement, parameters))


class TestParts:
    def test_ages_are_by_year(self):
        year = today().year
        years = {str(year - age): 1 for age in (10, 24, 25, 34, 35, 59, 60, 99)} | {"": 5}

        assert [count for _, _, count in by_age(years)] == [2, 2, 1, 0, 1, 2, 5]

    def test_codes_that_nobody_knows_are_others(self):
        cells = by_industry({"C": 3, "Z": 2, "": 1})

        assert sum(count for _, _, count in cells) == 6
        assert [(key, count) for key, _, count in cells if count] == [("C", 3), ("other", 2), ("", 1)]
        assert [(key, count) for key, _, count in by_occupation({"other": 1, "pilot": 1}) if count] == [("other", 2)]

    def test_the_largest_come_first_and_the_vague_last(self, session: Session, small_federation: Federation):
        for occupation, members in (("", 3), ("other", 4), ("courier", 1), ("truck_driver", 2)):
            for _ in range(members):
                make_member(session, small_federation.factory, occupation=occupation)

        shown = [part.key for part in ask(session, small_federation.city)["occupation"].parts]

        assert shown == ["truck_driver", "courier", "other", ""]


class TestSuppression:
    def test_small_cells_are_kept_from_analysts(self, session: Session, busy: Federation):
        found = ask(session, busy.province, role=Role.ANALYST)

        told = {part.count for each in found.values() if each.unit is Unit.MEMBERS for part in each.parts}
        assert told <= {None, 0}
        assert parts(found["level_unions"]) == {"city": 2, "county": 1, "town": 1, "base": 5}

    def test_the_order_of_hidden_cells_tells_nothing(self, session: Session, small_federation: Federation):
        for occupation, members in (("courier", 6), ("food_courier", 2), ("truck_driver", 1)):
            for _ in range(members):
                make_member(session, small_federation.factory, occupation=occupation)

        shown = ask(session, small_federation.city, role=Role.ANALYST)["occupation"].parts

        assert [(part.key, part.count) for part in shown] == [
            ("truck_driver", None),
            ("courier", None),
            ("food_courier", None),
        ]

    @pytest.mark.parametrize(
        ("counts", "hidden"),
        [
            ({"a": 4, "b": 100}, {"a", "b"}),
            ({"a": 0, "b": 100}, set()),
            ({"a": 4, "b": 100, "c": 9}, {"a", "c"}),
            ({"a": 1, "b": 1, "c": 9, "d": 8}, {"a", "b", "d"}),
            ({"a": 3, "b": 2, "c": 9}, {"a", "b"}),
            ({"a": 3, "b": 0}, {"a", "b"}),
            ({"a": 5, "b": 5}, set()),
        ],
    )
    def test_no_hidden_cell_can_be_worked_out_from_the_total(self, counts: dict[str, int], hidden: set[str]):
        assert suppressed(counts) == hidden
