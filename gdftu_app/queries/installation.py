"""Figures about the installation itself, for its operator."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.db import dialect
from gdftu_app.models.accounts import Account
from gdftu_app.security.sessions import idle_since

_QUESTIONS = {
    "figure_deltas_pending": "SELECT count(*) FROM (SELECT 1 FROM figure_deltas LIMIT 100000) AS pending",
    "outbox_waiting": "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE status = 'waiting' LIMIT 100000) AS waiting",
    "outbox_failed_today": "SELECT count(*) FROM outbox WHERE status = 'failed' AND created_at > :a_day_ago",
    "outbox_uncertain_today": "SELECT count(*) FROM outbox WHERE status = 'uncertain' AND created_at > :a_day_ago",
    "identity_checks_pending": "SELECT count(*) FROM identity_checks WHERE status = 'pending'",
    "identity_checks_manual": "SELECT count(*) FROM identity_checks WHERE status = 'manual'",
    "sessions_live": "SELECT count(*) FROM sessions WHERE account_id IS NOT NULL AND ended_at IS NULL "
    "AND last_seen_at > :idle_since",
}


def installation_figures(session: Session) -> dict[str, float]:
    """Backlogs of the worker, what gateways made of the last day's messages, and live sessions."""
    values = {"idle_since": idle_since(), "a_day_ago": now() - timedelta(days=1)}
    return {
        name: float(session.connection().execute(text(sql), values).scalar() or 0) for name, sql in _QUESTIONS.items()
    }


def has_demo_accounts(session: Session) -> bool:
    """Whether invented people can sign in here."""
    return session.exec(select(Account.id).where(col(Account.is_demo)).limit(1)).first() is not None


def clock_difference_seconds(session: Session) -> float:
    """How far this machine's clock is ahead of the database's; 0 for a database in this process."""
    if dialect(session) == "sqlite":
        return 0.0
    there = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    return (now() - there).total_seconds()


def other_connections(session: Session) -> int:
    """How many others are connected to this database; a file does not tell, and counts 0."""
    if dialect(session) == "sqlite":
        return 0
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    return session.connection().execute(text(others)).scalar_one()
