"""Language and size of a person's console, kept with the account, or with the visitor until sign-in."""

from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.models.accounts import Account
from gdftu_app.security.sessions import find_session
from gdftu_app.services.sessions import visitor_session


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` is a key of `i18n.LANGUAGES`, `scaling` a percentage as Radix Themes spells it."""

    language: str
    scaling: str


def keep_preferences(session: Session, *, cookie: str, chosen: Preferences) -> None:
    """Remember what was chosen with whoever the cookie stands for; nothing for a cookie that stands for nobody."""
    info = find_session(session, cookie)
    if info is None:
        return
    owner = visitor_session(session, cookie) if info.account_id is None else session.get(Account, info.account_id)
    if owner is not None:
        owner.language, owner.scaling = chosen.language, chosen.scaling
        session.add(owner)
