"""Memory of a process that serves pages."""

import gc

from gdftu_app.gdftu_app import app
from gdftu_app.web.memory import settle


def test_what_is_there_at_the_start_is_not_looked_through_again() -> None:
    kept = [[number] for number in range(100)]

    settle()

    looked_through = {id(thing) for thing in gc.get_objects()}
    assert not looked_through.intersection(map(id, kept))


def test_the_served_application_settles_when_it_starts() -> None:
    assert settle in app.get_lifespan_tasks()
