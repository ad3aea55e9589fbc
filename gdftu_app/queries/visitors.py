"""What is kept of a browser between a refused form and the next try."""

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import SignInSession
from gdftu_app.security.personal_data import Unsealable, unseal
from gdftu_app.security.tokens import is_session_cookie, read_visitor_cookie, token_hash


def kept_phone(session: Session, *, cookie: str) -> str:
    """The phone that was typed into the last refused form in the browser of a cookie; empty for anybody else."""
    if not is_session_cookie(cookie) and read_visitor_cookie(cookie) is None:
        return ""
    digest = token_hash(cookie)
    kept = session.exec(
        select(SignInSession.form_phone_enc).where(
            SignInSession.token_hash == digest, col(SignInSession.ended_at).is_(None)
        )
    ).first()
    try:
        return unseal("sessions.form_phone", kept, digest) if kept else ""
    except Unsealable:
        return ""
