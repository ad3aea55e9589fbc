"""Who may do something in a union at present, whoever asks: reviewers to wait for, administrators to be told."""

from collections import defaultdict
from collections.abc import Collection

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import GRANT_COUNTS
from gdftu_app.security.permissions import Permission


def accounts_that_may(
    session: Session, union_ids: Collection[int], permission: Permission
) -> defaultdict[int, list[int]]:
    """The accounts whose grants in these unions count and name the permission, by union."""
    granted = (
        select(Administrator)
        .join(Account, col(Account.id) == Administrator.account_id)
        .join(Person, col(Person.id) == Account.person_id)
        .join(Union, col(Union.id) == Administrator.union_id)
        .where(col(Administrator.union_id).in_(union_ids), GRANT_COUNTS)
        .order_by(col(Administrator.id))
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for grant in session.exec(granted):
        if permission.value in grant.permissions:
            found[grant.union_id].append(grant.account_id)
    return found
