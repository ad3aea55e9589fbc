"""Digests of what must be the same at every load of the demo data."""

import hashlib

from sqlalchemy import text
from sqlmodel import Session

QUESTIONS = {
    "unions": "SELECT id, path, name, initials, uscc, status, phone_bidx FROM unions ORDER BY id",
    "employers": "SELECT id, name, uscc, industry, employee_count FROM employers ORDER BY id",
    "persons": "SELECT id, name, sex, doc_bidx, phone_bidx, education, verification FROM persons ORDER BY id",
    "memberships": "SELECT id, person_id, union_id, status, CAST(joined_on AS text) FROM memberships ORDER BY id",
    "events": "SELECT id, membership_id, union_id, kind, CAST(day AS text) FROM membership_events ORDER BY id",
    "figures": "SELECT union_id, unions_sub, members_sub, verified_sub, women_sub FROM union_figures ORDER BY 1",
    "accounts": "SELECT id, name, phone_bidx, person_id FROM accounts ORDER BY id",
    "administrators": "SELECT account_id, union_id, role FROM administrators ORDER BY id",
}


def digest(session: Session) -> dict[str, str]:
    """One digest a table; what is sealed counts by its blind index, for its nonces differ."""
    return {
        table: hashlib.sha256(repr(session.connection().execute(text(question)).all()).encode()).hexdigest()
        for table, question in QUESTIONS.items()
    }


def no_report(*_: object) -> None:
    """Nobody watches the progress."""
