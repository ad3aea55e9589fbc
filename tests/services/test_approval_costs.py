"""What approving costs: as many statements for many as for one, and locks and answers that nobody waits for twice."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from gdftu_app.db import dialect, make_engine
from gdftu_app.models.memberships import Membership
from gdftu_app.models.tables import run
from gdftu_app.security.actors import Actor
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.reviews import approve
from gdftu_app.services.tree_locks import share_tree
from tests.factories import Federation, id_of, make_join_application
from tests.statements import statements

ActAs = Callable[..., Actor]


def locks(sent: list[str]) -> int:
    return sum("pg_advisory_xact_lock_shared" in statement for statement in sent)


def test_many_are_approved_by_as_many_statements_as_one(session: Session, small_federation: Federation, act_as: ActAs):
    actor = act_as(small_federation.factory)
    one, *others = [id_of(make_join_application(session, small_federation.factory)) for _ in range(8)]
    session.flush()

    with statements(session) as for_one:
        approve(session, actor, queue=JOINS, ids=[one])
    with statements(session) as for_many:
        approve(session, actor, queue=JOINS, ids=others)

    assert len(for_many) == len(for_one)
    assert len(for_one) <= (6 if dialect(session) == "postgresql" else 19)
    assert len(session.exec(select(Membership)).all()) == 8


@pytest.mark.postgres
class TestOnPostgres:
    @pytest.fixture
    def url(self, new_database: Callable[[str], str]) -> str:
        return new_database("postgresql")

    def test_the_tree_is_shared_once_in_a_transaction_and_again_in_the_next(self, url: str):
        engine = make_engine(url)
        with Session(engine) as session, statements(session) as sent:
            share_tree(session)
            share_tree(session, keeping_plans=True)
            assert locks(sent) == 1
            session.commit()

            share_tree(session)

            assert locks(sent) == 2
        engine.dispose()

    def test_a_lock_given_up_with_a_savepoint_is_taken_again(self, url: str):
        engine = make_engine(url)
        with Session(engine) as session, statements(session) as sent:
            with session.begin_nested() as savepoint:
                share_tree(session)
                savepoint.rollback()

            share_tree(session)

            assert locks(sent) == 2
            held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            assert run(session, held).scalar_one() == 1
        engine.dispose()

    def test_plans_are_kept_for_one_transaction_only(self, url: str):
        engine = make_engine(url)
        mode = text("SHOW plan_cache_mode")
        with Session(engine) as session:
            share_tree(session, keeping_plans=True)
            kept = run(session, mode).scalar_one()
            session.commit()

            assert (kept, run(session, mode).scalar_one()) == ("auto", "force_custom_plan")
        engine.dispose()
