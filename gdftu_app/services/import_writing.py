"""Writing an import (写入): who was new is recorded and admitted, some hundreds in a transaction, each row once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, func, select

from gdftu_app.clock import today
from gdftu_app.db import unit_of_work
from gdftu_app.i18n import msg
from gdftu_app.models.jobs import ImportOutcome, ImportRow
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.models.tables import run as run_statement
from gdftu_app.models.tables import table_of
from gdftu_app.models.unions import Union
from gdftu_app.security.permissions import Permission
from gdftu_app.services.import_rows import Known, Seals, draft_of, find_known
from gdftu_app.services.job_running import Result, Run
from gdftu_app.services.membership_rows import AlreadyMember, hold
from gdftu_app.services.memberships import admit_many
from gdftu_app.services.people import AlreadyRecorded, enrol_many
from gdftu_app.services.unions import get_union

WRITTEN_AT_ONCE, MOST_TRIES = 500, 5
REASON = msg("批量导入")
_MEMBERS, _ROWS = table_of(Membership), table_of(ImportRow)
_JOINED = (
    update(_MEMBERS)
    .where(_MEMBERS.c.id == bindparam("member"))
    .values(joined_on=bindparam("day", type_=_MEMBERS.c.joined_on.type))
)


def write_import(run: Run) -> Result:
    """Admit everybody who is still new; whoever became a member meanwhile, here or elsewhere, is passed over."""
    with unit_of_work(reading=True) as session:
        # One that was broken off has some of them behind it.
        done, tries = run.total - _left(session, run), 0
    while True:
        try:
            with unit_of_work() as session:
                written = _write_some(session, run, done)
                if not written:
                    return Result(summary=_summary(session, run))
            done, tries = done + written, 0
        except (AlreadyRecorded, AlreadyMember):
            # Somebody else was quicker with one of them: the next look sees who.
            tries += 1
            if tries >= MOST_TRIES:
                raise


def _write_some(session: Session, run: Run, done: int) -> int:
    """Write the next rows, and say so in the same transaction; how many there were."""
    actor = run.actor(session)
    actor.require(Permission.MEMBERS_IMPORT)
    new = select(ImportRow).where(ImportRow.job_id == run.job_id, ImportRow.outcome == ImportOutcome.NEW)
    rows = session.exec(new.order_by(col(ImportRow.number)).limit(WRITTEN_AT_ONCE)).all()
    if not rows:
        return 0
    seals = Seals(run.job_id)
    union = get_union(session, actor.union_id)
    values = {row.number: seals.open(row.number, row.values) for row in rows}
    known = _held(session, find_known(session, [row.document or "" for row in rows]))
    outcomes = {row.number: _outcome(known.get(row.document or ""), values[row.number], actor.union_id) for row in rows}
    admitted = [row for row in rows if outcomes[row.number] == ImportOutcome.ADMITTED]
    people = _people(session, admitted, values, known)
    _admit(session, people, union, [values[row.number]["joined_on"] for row in admitted], actor.account_id)
    emptied = {"row_values": "", "row_document": None}
    changed = update(_ROWS).where(_ROWS.c.id == bindparam("row_id"))
    changed = changed.values(
        outcome=bindparam("became"), values=bindparam("row_values"), document=bindparam("row_document")
    )
    run_statement(
        session, changed, [{"row_id": row.id, "became": outcomes[row.number].value, **emptied} for row in rows]
    )
    run.step(session, done=done + len(rows))
    return len(rows)


def _left(session: Session, run: Run) -> int:
    new = select(func.count()).where(ImportRow.job_id == run.job_id, ImportRow.outcome == ImportOutcome.NEW)
    return session.exec(new).one()


def _held(session: Session, known: dict[str, Known]) -> dict[str, Known]:
    """The same people, locked against other changes, as they are then."""
    if not known:
        return known
    numbers = [each.person_id for each in known.values()]
    hold(session, session.exec(select(Person).where(col(Person.id).in_(numbers))).all())
    return find_known(session, list(known))


def _outcome(found: Known | None, values: dict[str, Any], union_id: int) -> ImportOutcome:
    if found is None or (found.union_id is None and found.name == values["name"]):
        return ImportOutcome.ADMITTED
    if found.union_id is None:
        return ImportOutcome.WRONG
    return ImportOutcome.HERE if found.union_id == union_id else ImportOutcome.ELSEWHERE


def _people(
    session: Session, rows: Sequence[ImportRow], values: dict[int, dict[str, Any]], known: dict[str, Known]
) -> list[Person]:
    """Who is to be admitted, in the order of the rows; those nobody knew are recorded."""
    numbers = {row.number: known[row.document].person_id for row in rows if row.document in known}
    found = {
        person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(list(numbers.values()))))
    }
    newcomers = [row for row in rows if row.number not in numbers]
    recorded = enrol_many(session, [draft_of(values[row.number]) for row in newcomers]) if newcomers else []
    new = {row.number: person for row, person in zip(newcomers, recorded, strict=True)}
    return [new[row.number] if row.number in new else found[numbers[row.number]] for row in rows]


def _admit(session: Session, people: Sequence[Person], union: Union, days: Sequence[str], operator_id: int) -> None:
    if not people:
        return
    members = admit_many(session, [(person, union) for person in people], reason=REASON, operator_id=operator_id)
    earlier = [
        {"member": member.id, "day": date.fromisoformat(day)}
        for member, day in zip(members, days, strict=True)
        if day and day != today().isoformat()
    ]
    if earlier:
        run_statement(session, _JOINED, earlier)


def _summary(session: Session, run: Run) -> dict[str, int]:
    counted = select(ImportRow.outcome, func.count()).where(ImportRow.job_id == run.job_id)
    found = dict(session.exec(counted.group_by(ImportRow.outcome)).all())
    return {outcome.value: found.get(outcome.value, 0) for outcome in ImportOutcome if outcome != ImportOutcome.NEW}
