"""Changing keys (密钥轮换): sealed values are sealed anew with the present key, and found anew by its digests.

A thousand rows a transaction, by their numbers, so that it may be broken off anywhere and run again, and so that the
platform goes on meanwhile: rows that somebody else is changing are passed over and taken in the next round.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from gdftu_app.db import unit_of_work
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.file_store import Missing, StoreTrouble
from gdftu_app.models.files import StoredFile
from gdftu_app.models.jobs import Job
from gdftu_app.models.tables import run, table_of
from gdftu_app.security.personal_data import Unsealable, known_keys, present_key, seal, unseal
from gdftu_app.services.job_files import renew_seal
from gdftu_app.services.member_exports import NAME_FIELD
from gdftu_app.services.sealed_places import HEAD_LENGTH, PLACES, Place

AT_ONCE = 1000
ROUNDS = 5
FOUND_OTHERWISE = (
    "数据库中的号码不能用现在的密钥查到。更换 GDFTU_SECRET_KEY 时，请把 GDFTU_LOOKUP_SECRET_KEY 设为原来的密钥，"
    "或停止平台后运行 gdftu keys reindex。"
)
Units = Callable[..., AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Renewed:
    """A step on the way: so many rows of a place were sealed anew, so many could not be opened."""

    place: str
    rows: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How many values of a place one key has sealed; `age` 0 is the present secret, None one that is not known."""

    place: str
    key: str
    cipher: str
    age: int | None
    rows: int

    @property
    def is_present(self) -> bool:
        """Whether it is the key that seals now."""
        return self.key == present_key().id


def standings(session: Session) -> list[Standing]:
    """Which keys have sealed what stands in the database, place by place; reads each place once."""
    known = {key.id: key for key in known_keys()}
    found: list[Standing] = []
    for place in PLACES:
        rows = place.rows().subquery()
        for name in place.fields:
            head = func.substr(rows.c[name], 1, HEAD_LENGTH)
            counted = Counter[str]()
            for text, count in run(session, select(head, func.count()).group_by(head)):
                counted[text.split(":")[1] if text.count(":") > 1 else text] += count
            for key_id, count in sorted(counted.items()):
                key = known.get(key_id)
                table = f"{place.table.name}.{name}"
                found.append(Standing(table, key_id, key.cipher if key else "", key.age if key else None, count))
    return found


def is_found(session: Session) -> bool:
    """Whether the newest number of every place is found under the present lookup secret (true of an empty database)."""
    for place in PLACES:
        row = run(session, place.rows().order_by(place.number.desc()).limit(1)).first()
        try:
            if row is not None and not place.is_found(row):
                return False
        except Unsealable:
            continue
    return True


def require_found(session: Session) -> None:
    """Raise `Misconfigured` when numbers are found by digests of another secret than the one configured for them."""
    if not is_found(session):
        raise Misconfigured(FOUND_OTHERWISE)


def rotate(*, unit: Units = unit_of_work) -> Iterator[Renewed]:
    """Seal everything that another key has sealed with the present one, while the platform runs.

    Everything that serves must know the present secret by then. Raises `Misconfigured` as `require_found` does.
    """
    with unit(reading=True) as session:
        require_found(session)
    for _ in range(ROUNDS):
        steps = Counter[str]()
        for step in chain(_renew_places(unit), _renew_jobs(unit), _renew_files(unit)):
            steps[step.place] += step.rows
            yield step
        if not any(steps.values()):
            return


def reindex(*, unit: Units = unit_of_work) -> Iterator[Renewed]:
    """Let everything be found by digests of the present lookup secret; nothing else may run meanwhile.

    Broken off, it is to be run again before anything is served: people come last, so `is_found` tells.
    """
    for place in PLACES:
        if place.is_looked_up:
            yield from _walk(place, unit, anew=True)


def _renew_places(unit: Units) -> Iterator[Renewed]:
    for place in PLACES:
        yield from _walk(place, unit)


def _walk(place: Place, unit: Units, *, anew: bool = False) -> Iterator[Renewed]:
    last: Any = None
    wanted = place.rows() if anew else place.rows().where(place.not_beginning_with(present_key().head))
    wanted = wanted.order_by(place.number).limit(AT_ONCE).with_for_update(skip_locked=True)
    while True:
        with unit() as session:
            rows = run(session, wanted if last is None else wanted.where(place.number > last)).all()
            if not rows:
                return
            last = rows[-1][0]
            step = _renew(session, place, rows, anew=anew)
        yield step


def _renew(session: Session, place: Place, rows: Sequence[Any], *, anew: bool) -> Renewed:
    written: list[dict[str, Any]] = []
    unreadable = 0
    for row in rows:
        try:
            plain = place.opened(row)
        except Unsealable:
            unreadable += 1
            continue
        if anew and place.index and place.present_index(plain) == getattr(row, place.index):
            continue
        columns = place.sealed(row, plain, anew=anew)
        written.append({"the_row": row[0]} | {f"the_{name}": value for name, value in columns.items()})
    if written:
        changed: dict[str, Any] = {
            name.removeprefix("the_"): bindparam(name) for name in written[0] if name != "the_row"
        }
        run(session, update(place.table).where(place.number == bindparam("the_row")).values(changed), written)
    return Renewed(place.name, len(written), unreadable)


def _renew_jobs(unit: Units) -> Iterator[Renewed]:
    """The names that exports search for, which stand among the parameters of jobs."""
    jobs, head = table_of(Job), present_key().head
    with unit() as session:
        renewed = unreadable = 0
        for number, parameters in run(session, select(jobs.c.id, jobs.c.parameters).with_for_update(skip_locked=True)):
            name = parameters.get("name")
            if not name or name[0].startswith(head):
                continue
            try:
                sealed = seal(NAME_FIELD, unseal(NAME_FIELD, *name), index=name[1])
            except Unsealable:
                unreadable += 1
                continue
            parameters["name"] = [sealed.enc, sealed.bidx]
            run(session, update(jobs).where(jobs.c.id == number).values(parameters=parameters))
            renewed += 1
    yield Renewed("jobs.parameters", renewed, unreadable)


def _renew_files(unit: Units) -> Iterator[Renewed]:
    """The files of jobs, which are sealed as a whole; others are not."""
    with unit(reading=True) as session:
        of_jobs = select(col(StoredFile.key)).where(col(StoredFile.subject).like("jobs:%"))
        keys = run(session, of_jobs.order_by(col(StoredFile.id))).scalars().all()
    renewed = unreadable = 0
    for key in keys:
        try:
            renewed += renew_seal(key)
        except (Missing, StoreTrouble):
            unreadable += 1
    yield Renewed("files", renewed, unreadable)
