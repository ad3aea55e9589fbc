"""Writing an import (写入): who was new is recorded and admitted, some hundreds in a transaction, each row once."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from gdftu_app.clock import today
from gdftu_app.db import unit_of_work
from gdftu_app.i18n import msg
from gdftu_app.models.jobs import ImportOutcome, ImportRow
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.security.permissions import Permission
from gdftu_app.services.import_offers import offer_some
from gdftu_app.services.import_rows import Known, Seals, become, draft_of, find_known
from gdftu_app.services.job_running import Result, Run
from gdftu_app.services.membership_rows import AlreadyMember, hold
from gdftu_app.services.memberships import admit_many
from gdftu_app.services.people import AlreadyRecorded, enrol_many
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.unions import get_union

WRITTEN_AT_ONCE, MOST_TRIES = 500, 5
REASON = msg("批量导入")


def write_import(run: Run) -> Result:
    """Admit everybody who is still new; whoever became a member meanwhile, here or elsewhere, is passed over.

    Those who were members elsewhere from the beginning are offered a transfer, where that was confirmed too.
    """
    with unit_of_work(reading=True) as session:
        # One that was broken off has some of them behind it.
        done = run.total - _left(session, run)
    done = _until_none_is_left(done, lambda session, done: _write_some(session, run, done))
    if run.parameters.get("offers"):
        _until_none_is_left(done, lambda session, done: offer_some(session, run, done))
    with unit_of_work(reading=True) as session:
        return Result(summary=_summary(session, run))


def _until_none_is_left(done: int, some: Callable[[Session, int], int]) -> int:
    """Do some rows after others, each time in a transaction of its own; how many are done then."""
    tries = 0
    while True:
        try:
            with unit_of_work() as session:
                written = some(session, done)
            if not written:
                return done
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
    share_tree(session)
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
    for outcome in set(outcomes.values()):
        numbers = [row.number for row in rows if outcomes[row.number] == outcome]
        become(session, run.job_id, numbers, outcome)
    run.step(session, done=done + len(rows))
    return len(rows)


def _left(session: Session, run: Run) -> int:
    left = col(ImportRow.outcome) == ImportOutcome.NEW
    if run.parameters.get("offers"):
        left |= (col(ImportRow.outcome) == ImportOutcome.ELSEWHERE) & col(ImportRow.document).is_not(None)
    return session.exec(select(func.count()).where(ImportRow.job_id == run.job_id, left)).one()


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
    # In one order whatever the workbook's, so that two imports of the same people do not wait for each other.
    newcomers = sorted((row for row in rows if row.number not in numbers), key=lambda row: row.document or "")
    recorded = enrol_many(session, [draft_of(values[row.number]) for row in newcomers]) if newcomers else []
    new = {row.number: person for row, person in zip(newcomers, recorded, strict=True)}
    return [new[row.number] if row.number in new else found[numbers[row.number]] for row in rows]


def _admit(session: Session, people: Sequence[Person], union: Union, days: Sequence[str], operator_id: int) -> None:
    if not people:
        return
    joined_on = [date.fromisoformat(day) if day else today() for day in days]
    newcomers = [(person, union) for person in people]
    admit_many(session, newcomers, joined_on=joined_on, reason=REASON, operator_id=operator_id)


def _summary(session: Session, run: Run) -> dict[str, int]:
    counted = select(ImportRow.outcome, func.count()).where(ImportRow.job_id == run.job_id)
    found = dict(session.exec(counted.group_by(ImportRow.outcome)).all())
    return {outcome.value: found.get(outcome.value, 0) for outcome in ImportOutcome if outcome != ImportOutcome.NEW}
