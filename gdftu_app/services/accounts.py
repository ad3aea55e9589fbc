"""Accounts (账号): opened by whoever appoints the holder of a phone, or by the holder's first text-message code."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from gdftu_app.models.accounts import Account
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.security.personal_data import seal


def open_account(session: Session, phone: str, *, name: str = "") -> tuple[Account, bool]:
    """The account of a phone (E.164), disabled ones too, and whether it is a new one, opened now.

    Without a name it is called by its masked phone until its holder proves an identity.
    """
    sealed = seal(ACCOUNT_PHONE, phone)
    found = select(Account).where(Account.phone_bidx == sealed.bidx)
    if account := session.exec(found).first():
        return account, False
    account = Account(name=name, phone_enc=sealed.enc, phone_bidx=sealed.bidx)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        # Somebody opened it at the same moment.
        return session.exec(found).one(), False
    return account, True
