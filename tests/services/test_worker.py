"""The worker's round: figures folded, audit sealed, messages delivered; one failing task does not stop the others."""

import threading

from sqlmodel import select

from gdftu_app.db import unit_of_work
from gdftu_app.models.figures import FigureDelta
from gdftu_app.models.records import AuditSeal, OutboxMessage, OutboxStatus
from gdftu_app.services import worker
from gdftu_app.services.audit import record
from gdftu_app.services.outbox import post
from tests.factories import make_federation, make_member


def test_a_round_folds_seals_and_delivers(own_database):
    with unit_of_work() as session:
        world = make_federation(session)
        make_member(session, world.factory)
        record(session, "tests:happen")
        post(session, "+8619912345678", "sign_in", "你好")

    worker.tick()

    with unit_of_work(reading=True) as session:
        assert session.exec(select(FigureDelta)).all() == []
        assert len(session.exec(select(AuditSeal)).all()) >= 1
        assert {message.status for message in session.exec(select(OutboxMessage))} == {OutboxStatus.SENT}


def test_a_task_that_fails_does_not_hold_up_the_others(own_database, caplog):
    with unit_of_work() as session:
        record(session, "tests:happen")

    def fail():
        raise RuntimeError("out of order")

    worker._attempt(fail)
    worker.tick()

    assert "out of order" in caplog.text
    with unit_of_work(reading=True) as session:
        assert len(session.exec(select(AuditSeal)).all()) == 1


def test_it_stops_when_told(own_database):
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()

    stop.set()
    thread.join(10)

    assert not thread.is_alive()
