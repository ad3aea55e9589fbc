"""Locks on the tree: everything that writes into branches shares it, what moves branches has it alone (design §4).

Both last until the transaction ends. Take them before any row is locked, and never the second after the first in one
transaction. SQLite needs neither: it has one writer.
"""

from sqlalchemy import func, select
from sqlmodel import Session

from gdftu_app.db import dialect

_TREE, _FOLD = 7_301_002, 7_301_003


def share_tree(session: Session) -> None:
    """Write into branches while others do, and none of them moves."""
    if dialect(session) == "postgresql":
        session.connection().execute(select(func.pg_advisory_xact_lock_shared(_TREE)))


def seize_tree(session: Session) -> None:
    """Wait until nobody writes into any branch, and keep them out."""
    if dialect(session) == "postgresql":
        session.connection().execute(select(func.pg_advisory_xact_lock(_TREE)))


def claim_folding(session: Session) -> bool:
    """Become the only one who folds pending figures; false when another is at it."""
    if dialect(session) == "postgresql":
        return bool(session.connection().execute(select(func.pg_try_advisory_xact_lock(_FOLD))).scalar_one())
    return True
