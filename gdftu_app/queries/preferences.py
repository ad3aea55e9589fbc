"""What a person chose before."""

from sqlmodel import Session

from gdftu_app.security.sessions import find_session


def preferences_of(session: Session, *, cookie: str) -> tuple[str, str] | None:
    """Language and scaling of whoever the cookie stands for; None when it stands for nobody."""
    info = find_session(session, cookie)
    return (info.language, info.scaling) if info else None
