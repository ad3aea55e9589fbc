"""Locks on the tree: everything that writes into branches shares it, what moves branches has it alone (design §4).

Both last until the transaction ends. Take them before any row is locked, and never the second after the first in one
transaction. SQLite needs neither: it has one writer.
"""

from weakref import ref

from sqlalchemy import func, select
from sqlmodel import Session

from gdftu_app.db import dialect

_TREE, _FOLD = 7_301_002, 7_301_003
_SHARED_BY = "the tree is shared by"
_SHARING = select(func.pg_advisory_xact_lock_shared(_TREE))
_SHARING_WITH_PLANS = _SHARING.add_columns(func.set_config("plan_cache_mode", "auto", True))


def share_tree(session: Session, *, keeping_plans: bool = False) -> None:
    """Write into branches while others do, and none of them moves; once is enough in a transaction.

    A transaction that finds everything by keys may be `keeping_plans`: making them anew for each statement, as ranges
    of paths need it, is half of the work then.
    """
    if dialect(session) != "postgresql" or _shares_it(session):
        return
    session.connection().execute(_SHARING_WITH_PLANS if keeping_plans else _SHARING)
    # A savepoint that is taken back would give the lock up.
    transaction = session.get_transaction()
    if transaction is not None and not session.in_nested_transaction():
        session.info[_SHARED_BY] = ref(transaction)


def _shares_it(session: Session) -> bool:
    shared_by = session.info.get(_SHARED_BY)
    return shared_by is not None and shared_by() is not None and shared_by() is session.get_transaction()


def seize_tree(session: Session) -> None:
    """Wait until nobody writes into any branch, and keep them out."""
    if dialect(session) == "postgresql":
        session.connection().execute(select(func.pg_advisory_xact_lock(_TREE)))


def claim_folding(session: Session) -> bool:
    """Become the only one who folds pending figures; false when another is at it."""
    if dialect(session) == "postgresql":
        return bool(session.connection().execute(select(func.pg_try_advisory_xact_lock(_FOLD))).scalar_one())
    return True


def wait_to_fold(session: Session) -> None:
    """Become the only one who writes folded figures, whoever folds now coming first; after the tree is shared."""
    if dialect(session) == "postgresql":
        session.connection().execute(select(func.pg_advisory_xact_lock(_FOLD)))
