"""Jobs in tests: an administrator who starts them, and a look at what became of them."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from gdftu_app.db import unit_of_work
from gdftu_app.models.jobs import Job
from gdftu_app.models.unions import Union
from gdftu_app.queries.jobs import find_result
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.job_files import read_sealed
from tests.factories import Federation, id_of, make_account, make_administrator, make_federation


@dataclass(frozen=True)
class Office:
    """A federation, and an administrator of its factory."""

    world: Federation
    account_id: int
    union_id: int

    def actor(self, session: Any) -> Actor:
        """The administrator as an actor now."""
        return get_actor(session, account_id=self.account_id, union_id=self.union_id)


def open_office(*, role: Role = Role.OWNER) -> Office:
    """A world with an administrator of the factory, kept."""
    with unit_of_work() as session:
        world = make_federation(session)
        account = appoint(session, world.factory, role=role)
        return Office(world, account, id_of(world.factory))


def appoint(session: Any, union: Union, *, role: Role = Role.OWNER) -> int:
    """Somebody new with a role in a union."""
    account = make_account(session)
    make_administrator(session, account, union, role=role)
    return id_of(account)


def job(number: int) -> Job:
    """The job as it is now."""
    with unit_of_work(reading=True) as session:
        return session.get_one(Job, number)


def result(account_id: int, number: int) -> dict[str, list[tuple[Any, ...]]]:
    """The sheets of the workbook that a job made."""
    with unit_of_work(reading=True) as session:
        file = find_result(session, account_id=account_id, job_id=number)
    assert file is not None
    book = load_workbook(BytesIO(read_sealed(file.key)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
