"""What is kept of a visitor between a refused form and the next try."""

from sqlmodel import Session, select

from gdftu_app.models.accounts import SignInSession
from gdftu_app.security.personal_data import Unsealable, unseal
from gdftu_app.security.tokens import read_visitor_cookie, token_hash


def kept_phone(session: Session, *, cookie: str) -> str:
    """The phone that the visitor of a cookie typed into the last refused form; empty for anybody else."""
    visitor = read_visitor_cookie(cookie)
    if visitor is None:
        return ""
    digest = token_hash(visitor.value)
    kept = session.exec(select(SignInSession.form_phone_enc).where(SignInSession.token_hash == digest)).first()
    try:
        return unseal("sessions.form_phone", kept, digest) if kept else ""
    except Unsealable:
        return ""
