"""Taking turns: transactions that count before they write go one after another."""

from hashlib import blake2b

from sqlalchemy import func
from sqlmodel import Session, select

from gdftu_app.db import dialect


def take_turns(session: Session, what: str, key: str) -> None:
    """Wait until no other transaction has the turn for this key, and have it until this one ends.

    SQLite needs nothing: its writing transactions take turns anyway.
    """
    if dialect(session) == "postgresql":
        number = int.from_bytes(blake2b(f"{what}|{key}".encode(), digest_size=8).digest(), "big", signed=True)
        session.exec(select(func.pg_advisory_xact_lock(number)))
