"""How SQLite goes about recounts of everything: no table is looked through once for each row of another."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from gdftu_app.db import make_engine
from gdftu_app.services.figure_checks import count_anew, rebuild, verify


@pytest.fixture
def on_sqlite(new_database: Callable[[str], str]) -> Iterator[Session]:
    engine = make_engine(new_database("sqlite"))
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("recount", [count_anew, rebuild, verify])
def test_recounts_look_through_one_table_at_a_time(on_sqlite: Session, recount: Callable[[Session], Any]):
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(on_sqlite.get_bind(), "before_cursor_execute", note)
    recount(on_sqlite)
    event.remove(on_sqlite.get_bind(), "before_cursor_execute", note)

    plans = [_plan(on_sqlite, *statement) for statement in asked if not statement[0].startswith("BEGIN")]
    assert len(plans) >= 5
    assert [plan for plan in plans if _looks_through_many(plan)] == []


def _plan(session: Session, statement: str, parameters: Any) -> list[tuple[int, str]]:
    """The loops of a statement, each under the number of what it is part of."""
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [(row.parent, row.detail) for row in rows]


def _looks_through_many(plan: list[tuple[int, str]]) -> bool:
    # The ids along one path are a few.
    scans = Counter(parent for parent, detail in plan if detail.startswith("SCAN") and "VIRTUAL TABLE" not in detail)
    return max(scans.values(), default=0) > 1
