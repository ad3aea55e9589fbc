"""Who answers requests about personal data: the union that keeps the record, or the nearest above that can."""

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership
from gdftu_app.models.paths import ids_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.union_reviewers import accounts_that_may
from gdftu_app.security.permissions import Permission

ANSWERS = Permission.MEMBERS_IMPORT


def keeper_of(session: Session, account: Account) -> int:
    """The id of the union that answers an account's requests.

    It is the union of the current membership, or of the last one, or else the topmost one; where nobody but the
    applicant may answer there, the nearest above it where somebody may.
    """
    line = _line(session, account.person_id)
    may = accounts_that_may(session, line, ANSWERS)
    able = (number for number in line if any(other != account.id for other in may[number]))
    return next(able, line[-1])


def _line(session: Session, person_id: int | None) -> list[int]:
    """The unions that may be asked, the nearest first."""
    last = (
        select(Union.path)
        .join(Membership, col(Membership.union_id) == Union.id)
        .where(Membership.person_id == person_id)
        # 3 says that a membership has ended.
        .order_by(col(Membership.status), col(Membership.id).desc())
        .limit(1)
    )
    path = session.exec(last).first() if person_id is not None else None
    if path is not None:
        return ids_of(path)[::-1]
    tops = select(Union.id).where(col(Union.superior_id).is_(None)).order_by(col(Union.id))
    return [number for number in session.exec(tops) if number is not None]
