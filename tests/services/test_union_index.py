"""The search index of unions, kept in step with them, and brought to its present form by a migration."""

from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import Engine, select
from sqlmodel import Session

from gdftu_app.db import make_engine
from gdftu_app.models.unions import UnionCategory, UnionLevel, union_search
from gdftu_app.queries.union_grams import MARKED
from gdftu_app.services.migrations import _config
from gdftu_app.services.union_index import reindex_branch
from gdftu_app.services.union_moves import move
from gdftu_app.services.unions import rename
from tests.factories import Federation, make_federation, make_union
from tests.search_index import require_in_step

BEFORE_MARKS = "0003"


class TestReindexing:
    def test_new_unions_are_indexed_where_they_stand(self, session: Session, small_federation: Federation):
        require_in_step(session)

    def test_a_renamed_union_stays_where_it_is(self, session: Session, small_federation: Federation):
        rename(session, small_federation.factory, "云顶智能有限公司工会委员会")

        require_in_step(session)

    def test_a_branch_moved_to_another_city_is_indexed_there(self, session: Session, small_federation: Federation):
        world = small_federation

        move(session, world.district, world.other_city)

        require_in_step(session)

    def test_so_is_a_branch_moved_to_another_county(self, session: Session, small_federation: Federation):
        world = small_federation
        county = make_union(session, world.city, category=UnionCategory.COUNTY, level=UnionLevel.COUNTY)

        move(session, world.street, county)

        require_in_step(session)

    def test_a_branch_that_comes_directly_below_the_root_is_marked_by_its_parts(
        self, session: Session, small_federation: Federation
    ):
        world = small_federation

        move(session, world.district, world.province)

        require_in_step(session)

    def test_nothing_is_rewritten_where_city_and_county_stay(self, session: Session, small_federation: Federation):
        assert reindex_branch(session, small_federation.city) == 0


@pytest.mark.postgres
def test_the_migration_marks_what_is_there_and_takes_the_marks_back(new_database: Callable[[str], str]):
    engine = make_engine(new_database("postgresql"))
    with Session(engine) as session:
        make_federation(session)
        session.commit()
    marked = _grams(engine)

    with engine.connect() as connection:
        command.downgrade(_config(connection), BEFORE_MARKS)
        connection.commit()

    assert _grams(engine) == [grams[len(MARKED) :] for grams in marked]

    with engine.connect() as connection:
        command.upgrade(_config(connection), "head")
        connection.commit()

    assert _grams(engine) == marked
    engine.dispose()


def _grams(engine: Engine) -> list[list[int]]:
    with engine.connect() as connection:
        return list(connection.execute(select(union_search.c.grams).order_by(union_search.c.union_id)).scalars())
