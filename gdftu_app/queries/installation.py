"""Figures about the installation itself, for its operator."""

from sqlalchemy import text
from sqlmodel import Session

_QUESTIONS = {
    "figure_deltas_pending": "SELECT count(*) FROM (SELECT 1 FROM figure_deltas LIMIT 100000) AS pending",
    "outbox_waiting": "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE status = 'waiting' LIMIT 100000) AS waiting",
    "sessions_live": "SELECT count(*) FROM sessions WHERE account_id IS NOT NULL AND ended_at IS NULL "
    "AND last_seen_at > :idle_since",
}


def installation_figures(session: Session) -> dict[str, float]:
    """Backlogs of the worker and live sessions; each question is bounded."""
    from gdftu_app.security.sessions import idle_since

    values = {"idle_since": idle_since()}
    return {name: float(session.connection().execute(text(sql), values).scalar() or 0) for name, sql in _QUESTIONS.items()}
