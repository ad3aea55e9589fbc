"""Storms: many writers at once, and writers who are killed, leave every figure exact."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from gdftu_app.db import make_engine
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.figures import fold
from tests.compositions import cells_shown, recount_cells
from tests.copies import out_of_step
from tests.recounts import days_shown, recount, recount_days, shown
from tests.storms import Storm, set_scene

WRITERS, TIMES = {"sqlite": 2, "postgresql": 8}, {"sqlite": 40, "postgresql": 30}
# Stops in the middle of a transaction, says so, and waits to be killed.
VICTIM = """
import sys, threading
from sqlalchemy import event
from gdftu_app.db import make_engine
from tests.storms import Scene, Storm

url, scene, *stops = sys.argv[1:]
said = threading.Lock()

def stop_at(words):
    engine = make_engine(url)

    @event.listens_for(engine, "after_cursor_execute")
    def stop(connection, cursor, statement, *rest):
        if words in statement:
            with said:
                print(words, flush=True)
            threading.Event().wait()

    return engine

def be_killed(verb, words):
    storm = Storm(stop_at(words), eval(scene))
    for _ in range(100):
        storm.do(getattr(storm, verb))

for stop in stops:
    threading.Thread(target=be_killed, args=stop.split("/")).start()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    return new_database(request.param)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(url)
    yield made
    made.dispose()


def require_exact(engine: Engine) -> None:
    with Session(engine) as session:
        assert verify(session) == []
        assert shown(session) == recount(session)
        assert days_shown(session) == recount_days(session)
        assert cells_shown(session) == recount_cells(session)
        assert out_of_step(session) == []


def test_many_writers_at_once_leave_every_figure_exact(engine: Engine):
    kind, scene = engine.dialect.name, set_scene(engine)

    with ThreadPoolExecutor(WRITERS[kind]) as pool:
        storms = [Storm(engine, scene, seed) for seed in range(WRITERS[kind])]
        for blown in [pool.submit(storm.blow, TIMES[kind]) for storm in storms]:
            blown.result()

    require_exact(engine)
    with Session(engine) as session:
        while fold(session):
            session.commit()
    require_exact(engine)


@pytest.mark.parametrize(
    "stops",
    [
        ["join/INSERT INTO figure_deltas", "correct/UPDATE memberships", "fold/INSERT INTO daily_figures"],
        ["move_union/INSERT INTO carried_days"],
    ],
    ids=["in_the_middle_of_operations_and_of_a_fold", "in_the_middle_of_a_move"],
)
def test_killed_writers_leave_every_figure_exact(url: str, engine: Engine, stops: list[str]):
    scene = set_scene(engine)
    # SQLite has one writer, who folds at once.
    waited = stops[:1] if engine.dialect.name == "sqlite" else stops

    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, url, repr(scene), *waited], stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        assert sorted(victim.stdout.readline().strip() for _ in waited) == sorted(
            stop.partition("/")[2] for stop in waited
        )
        victim.send_signal(signal.SIGKILL)

    require_exact(engine)
    Storm(engine, scene).blow(20)
    require_exact(engine)
