"""查阅个人信息: handing everything that is kept to whom it is about, with an entry in the audit trail."""

from sqlmodel import Session

from gdftu_app.queries.own_data import DataSection, own_data
from gdftu_app.security.limits import hit
from gdftu_app.services.audit import record

MOST_AN_HOUR, HOUR_SECONDS = 30, 3_600


def read_own_data(session: Session, *, account_id: int) -> list[DataSection]:
    """Everything kept about an account's holder, answered at once. Raises `SignedOut`, TooManyRequests."""
    hit("own data", str(account_id), limit=MOST_AN_HOUR, seconds=HOUR_SECONDS)
    found = own_data(session, account_id=account_id)
    record(session, "personal_data:read", account_id=account_id, subject=f"accounts:{account_id}")
    session.flush()
    return found
