"""Members of other unions who stand in an import: offered a transfer, once that was confirmed (decision 0029)."""

from sqlmodel import Session, col, select

from gdftu_app.models.jobs import ImportOutcome, ImportRow
from gdftu_app.security.permissions import Permission
from gdftu_app.services.import_rows import become, find_known
from gdftu_app.services.job_running import Run
from gdftu_app.services.transfer_offers import offer_transfers
from gdftu_app.services.unions import get_union

OFFERED_AT_ONCE = 500


def offer_some(session: Session, run: Run, done: int) -> int:
    """Offer the next of them a transfer, and say so in the same transaction; how many rows were looked at.

    Whoever was asked lately, or is a member of no other union by now, is passed over.
    """
    actor = run.actor(session)
    actor.require(Permission.MEMBERS_IMPORT)
    elsewhere = select(ImportRow.number, ImportRow.document).where(
        ImportRow.job_id == run.job_id,
        ImportRow.outcome == ImportOutcome.ELSEWHERE,
        col(ImportRow.document).is_not(None),
    )
    rows = session.exec(elsewhere.order_by(col(ImportRow.number)).limit(OFFERED_AT_ONCE)).all()
    if not rows:
        return 0
    known = find_known(session, [document for _, document in rows if document])
    people = {number: known[document].person_id for number, document in rows if document in known}
    union = get_union(session, actor.union_id)
    offered = offer_transfers(session, union, set(people.values()), operator_id=actor.account_id)
    asked = [number for number, _ in rows if people.get(number) in offered]
    passed_over = [number for number, _ in rows if people.get(number) not in offered]
    for numbers, outcome in ((asked, ImportOutcome.OFFERED), (passed_over, ImportOutcome.ELSEWHERE)):
        if numbers:
            become(session, run.job_id, numbers, outcome)
    run.step(session, done=done + len(rows))
    return len(rows)
