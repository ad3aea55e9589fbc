"""What the processes of a run do: approve, fold and seal, move branches, read pages, and storm."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from psycopg import Error
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bench.approval_board import Board
from bench.approval_world import REVIEWER, Queue
from bench.asking import actor_in
from gdftu_app.clock import today
from gdftu_app.db import engine, unit_of_work
from gdftu_app.errors import Refusal
from gdftu_app.models.memberships import Membership
from gdftu_app.models.unions import Union, UnionCategory
from gdftu_app.queries.members import list_members
from gdftu_app.queries.overviews import get_overview
from gdftu_app.queries.periods import Grain
from gdftu_app.queries.statistics import Wanted, view_statistics
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Role
from gdftu_app.services.figures import fold
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.membership_rows import CURRENT
from gdftu_app.services.reviews import approve
from gdftu_app.services.union_moves import move
from gdftu_app.services.worker import AT_HOME
from tests.storms import Scene, Storm

# What a statement ends with when the server was killed meanwhile.
GONE = (SQLAlchemyError, Error)


def approving(board: Board, place: int, queues: Sequence[Queue], batch: int) -> None:
    """Approve what waits, so many at once, until told to stop or nothing is left; again when the server was lost."""
    for queue in queues:
        role = ROLE_PERMISSIONS[Role.OWNER]
        actor = Actor(REVIEWER, "黄管理", queue.union, queue.path, False, Role.OWNER, role)
        for first in range(0, len(queue.ids), batch):
            ids = list(queue.ids[first : first + batch])
            while not board.stop.value:
                began = time.perf_counter()
                try:
                    with unit_of_work() as session:
                        outcomes = approve(session, actor, queue=JOINS, ids=ids)
                except GONE:
                    _wait(board, place)
                    continue
                took = (time.perf_counter() - began) * 1_000
                board.note(place, done=sum(outcome.is_decided for outcome in outcomes), milliseconds=took)
                board.busy[place] = time.process_time()
                break


def keeping_house(board: Board, place: int, seconds: float) -> None:
    """Fold the figures and seal the audit trail, as the worker does each second."""
    while not board.stop.value:
        for task in AT_HOME:
            began = time.perf_counter()
            try:
                task()
            except GONE:
                _wait(board, place)
            board.note(place, done=1, milliseconds=(time.perf_counter() - began) * 1_000)
        board.busy[place] = time.process_time()
        time.sleep(seconds)


def moving(board: Board, place: int, seconds: float) -> None:
    """Put a street with all its unions below another county, now and then."""
    # Otherwise the next run would ask for the places where everything stands by now.
    random = Random(os.getpid())
    while not board.stop.value:
        time.sleep(seconds)
        began = time.perf_counter()
        try:
            with unit_of_work() as session:
                towns, counties = (_of(session, category) for category in (UnionCategory.TOWN, UnionCategory.COUNTY))
                move(session, random.choice(towns), random.choice(counties))
        except Refusal:
            board.refused[place] += 1
            continue
        except GONE:
            _wait(board, place)
            continue
        board.note(place, done=1, milliseconds=(time.perf_counter() - began) * 1_000)
        board.busy[place] = time.process_time()


def reading(board: Board, place: int, unions: Sequence[int], seconds: float) -> None:
    """Look at the pages of some unions one after another, with a pause between."""
    pages = _pages()
    while not board.stop.value:
        for union in unions:
            try:
                for page in pages:
                    # Each page asks anew who is looking: the union may have moved meanwhile.
                    actor = actor_in(engine(), union)
                    began = time.perf_counter()
                    with unit_of_work(reading=True) as session:
                        page(session, actor)
                    board.note(place, done=1, milliseconds=(time.perf_counter() - began) * 1_000)
                    board.busy[place] = time.process_time()
                    time.sleep(seconds)
            except GONE:
                _wait(board, place)


def storming(board: Board, place: int, scene: Scene, seed: int) -> None:
    """Do anything that changes figures, drawn by chance, until told to stop."""
    storm = _WideStorm(engine(), scene, seed)
    while not board.stop.value:
        began = time.perf_counter()
        try:
            storm.blow(1)
        except GONE:
            _wait(board, place)
            continue
        board.note(place, done=1, milliseconds=(time.perf_counter() - began) * 1_000)


def fold_all() -> None:
    """Fold what is left."""
    folded = 1
    while folded:
        with unit_of_work() as session:
            folded = fold(session)


class _WideStorm(Storm):
    """A storm over more members than are looked through each time."""

    def _member(self, session: Session) -> Membership:
        last = session.exec(select(func.max(Membership.id))).one() or 0
        current = select(Membership).where(col(Membership.status).in_(CURRENT)).order_by(col(Membership.id))
        some = current.where(col(Membership.id) >= self.random.randint(0, last))
        return session.exec(some.limit(1)).first() or session.exec(current.limit(1)).one()


def _of(session: Session, category: UnionCategory) -> Sequence[Union]:
    return session.exec(select(Union).where(Union.category == category).order_by(col(Union.id))).all()


def _pages() -> list[Callable[[Session, Actor], Any]]:
    first = date(today().year - 3, today().month, 1)
    years = Wanted(first, today() - timedelta(days=1), Grain.MONTH)
    return [get_overview, partial(view_statistics, wanted=years), partial(list_members, below=True)]


def _wait(board: Board, place: int) -> None:
    board.failed[place] += 1
    time.sleep(0.2)
