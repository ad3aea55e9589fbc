"""A small peopled world for a served application: unions, people in every position, and what each must never see."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from gdftu_app.clock import now
from gdftu_app.db import make_engine
from gdftu_app.models.accounts import Account
from gdftu_app.models.jobs import OPEN, Job
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionEmployer, UnionLevel
from gdftu_app.security.passwords import hash_password
from gdftu_app.security.permissions import Role
from gdftu_app.security.tokens import new_visitor_cookie
from gdftu_app.services.sessions import begin
from tests import factories

PASSWORD = "Gonghui@2026tests"
# Ids from here on are mistaken for no count, page or year in an answer.
FIRST_UNION_ID = 7_400_000
# How long jobs may take to end.
JOBS_TENTHS = 300
# Written by sign-ins and by the worker, whenever they like.
RESTLESS_TABLES = {
    *("sessions", "outbox", "audit_seals"),
    *("union_figures", "daily_figures", "span_figures", "composition_figures", "figure_deltas"),
}


@dataclass(frozen=True, slots=True)
class Position:
    """What somebody is: the role held in some unions of the world, and whether that counts for anything."""

    unions: tuple[str, ...] = ()
    role: Role = Role.OWNER
    is_verified: bool = True
    is_dismissed: bool = False

    @property
    def counts(self) -> bool:
        """Whether this person is an administrator at all."""
        return bool(self.unions) and self.is_verified and not self.is_dismissed


PEOPLE = {
    "owner of the province": Position(("province",)),
    "owner of the city": Position(("city",)),
    "reviewer of the city": Position(("city",), Role.REVIEWER),
    "members' administrator of the city": Position(("city",), Role.MEMBERS),
    "editor of the city": Position(("city",), Role.EDITOR),
    "analyst of the city": Position(("city",), Role.ANALYST),
    "auditor of the city": Position(("city",), Role.AUDITOR),
    "owner of the district": Position(("district",)),
    "owner of the factory": Position(("factory",)),
    "owner of the other city": Position(("other_city",)),
    "owner of both factories": Position(("factory", "other_factory")),
    "account without a union": Position(),
    "account not verified": Position(("city",), is_verified=False),
    "dismissed owner of the city": Position(("city",), is_dismissed=True),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A union of the world, and the texts that only those who reach it may read."""

    id: int
    path: str
    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody's account, and the ids of the unions it really administers."""

    account_id: int
    phone: str
    name: str
    unions: tuple[int, ...]


@dataclass(slots=True)
class World:
    """What stands in the database of a served application."""

    database_url: str
    engine: Engine
    places: dict[str, Place] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator[Session]:
        """A transaction on the server's database."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def sign_in(self, name: str) -> str:
        """A fresh cookie of a resident, as a sign-in would have set it."""
        with self.open() as session:
            account = session.get_one(Account, self.residents[name].account_id)
            return begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")

    def visit(self) -> str:
        """A fresh visitor's cookie."""
        return new_visitor_cookie()

    def hidden_from(self, name: str | None) -> list[Place]:
        """The unions that a resident, or a visitor, reaches in no union and is told nothing about."""
        held = self.residents[name].unions if name else ()
        own = [place.path for place in self.places.values() if place.id in held]
        return [place for place in self.places.values() if not place.path.startswith(tuple(own))]

    def superiors_of(self, name: str | None, *, nearest: bool = False) -> set[int]:
        """Ids of the unions above those that a resident administers, or of the ones directly above."""
        held = [place for place in self.places.values() if name and place.id in self.residents[name].unions]
        above = [[int(number) for number in place.path.strip("/").split("/")[:-1]] for place in held]
        return {number for numbers in above for number in (numbers[-1:] if nearest else numbers)}

    def fingerprint(self) -> dict[str, Any]:
        """Every row of every table that only somebody's action writes, once the jobs under way have ended."""
        self._let_jobs_end()
        names = SQLModel.metadata.tables.keys() - RESTLESS_TABLES
        with self.engine.connect() as connection:
            rows = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names}
        return {name: sorted(map(repr, found)) for name, found in rows.items()}

    def _let_jobs_end(self) -> None:
        for _ in range(JOBS_TENTHS):
            with self.open() as session:
                if session.exec(select(Job.id).where(col(Job.status).in_(OPEN))).first() is None:
                    return
            time.sleep(0.1)
        raise AssertionError("a job does not end")


def settle(database_url: str) -> World:
    """Fill an empty database: a province with two cities, another province, and people in every position."""
    world = World(database_url, make_engine(database_url))
    with world.open() as session:
        other_province = Union(
            id=FIRST_UNION_ID,
            path=f"/{FIRST_UNION_ID}/",
            level=UnionLevel.PROVINCE,
            category=UnionCategory.PROVINCIAL,
            name="别省总工会",
            initials="bszgh",
        )
        session.add(other_province)
        session.flush()
        unions = vars(factories.make_federation(session)) | {"other_province": other_province}
        marks = dict(zip(unions, "甲乙丙丁戊己庚辛", strict=True))
        world.places = {key: _furnish(session, union, marks[key]) for key, union in unions.items()}
        _people(session, world, unions)
    return world


def _furnish(session: Session, union: Union, mark: str) -> Place:
    number = factories.id_of(union)
    union.principal_name, union.contact_name, union.approval_number = f"{mark}负责人", f"{mark}联系人", f"{mark}字一号"
    session.add(union)
    texts = [union.name, union.principal_name, union.contact_name, union.approval_number]
    if not union.is_above_base:
        employer = Employer(name=f"{mark}单位有限公司", uscc=f"9144{number}MA5TEST")
        session.add(employer)
        session.flush()
        session.add(UnionEmployer(union_id=number, employer_id=factories.id_of(employer)))
        factories.make_member(session, union, name=f"{mark}会员")
        texts += [f"{mark}会员", employer.uscc, employer.name]
    session.flush()
    return Place(number, union.path, union.name, tuple(texts))


def _people(session: Session, world: World, unions: Mapping[str, Union]) -> None:
    password_hash = hash_password(PASSWORD)
    for number, (name, position) in enumerate(PEOPLE.items()):
        phone = f"199{number:08d}"
        account = factories.make_account(
            session, phone=f"+86{phone}", name=f"账号{number}号", verified=position.is_verified
        )
        account.password_hash = password_hash
        for key in position.unions:
            grant = factories.make_administrator(session, account, unions[key], role=position.role)
            grant.dismissed_at = now() if position.is_dismissed else None
        held = tuple(factories.id_of(unions[key]) for key in position.unions) if position.counts else ()
        world.residents[name] = Resident(factories.id_of(account), phone, account.name, held)
