"""A new installation's first administrator, whose identity the operator vouches for."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput, NotAllowed
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import normalise_phone
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.security.permissions import Role
from gdftu_app.services.accounts import open_account
from gdftu_app.services.administrators import AlreadyAdministrator, get_union_for_grants, grant
from gdftu_app.services.audit import record
from gdftu_app.services.verifications import mark_verified

LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """What came of it; `was_there` says that everything stood as asked already."""

    account_id: int
    union_name: str
    was_there: bool


def create_administrator(session: Session, *, phone: str, name: str, union_id: int, role: Role) -> FirstAdministrator:
    """An account with its person, real-name verified on the operator's word, and its grant; again it changes nothing.

    For whoever holds the server, so without an actor. Raises `InvalidInput` (phone; name, also when the phone's account
    bears another), `NotFound` (no such union), `NotAllowed` (the account is disabled), `AlreadyAdministrator` (there,
    with another role).
    """
    normal, name = normalise_phone(phone), _tidy_name(name)
    union = get_union_for_grants(session, union_id)
    account = _account_of(session, normal, name)
    _vouch_for(session, account)
    standing = session.exec(
        select(Administrator).where(
            Administrator.account_id == account.id,
            Administrator.union_id == union_id,
            col(Administrator.dismissed_at).is_(None),
        )
    ).first()
    if standing is not None and standing.role != role:
        raise AlreadyAdministrator
    if standing is None:
        _grant(session, account, union, role)
    session.flush()
    return FirstAdministrator(account.id or 0, union.name, was_there=standing is not None)


def _tidy_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidInput(msg("请填写姓名。"), field="name")
    if len(tidy) > LONGEST_NAME:
        raise InvalidInput(msg("姓名不能超过 {limit} 个字。"), field="name", limit=LONGEST_NAME)
    return tidy


def _account_of(session: Session, phone: str, name: str) -> Account:
    account, is_new = open_account(session, phone, name=name)
    if is_new:
        record(session, "accounts:create", account_id=account.id, subject=f"accounts:{account.id}", detail=_BY)
        return account
    if account.disabled_at is not None:
        raise NotAllowed(msg("该手机号的账号已停用，请先启用。"))
    account.name = account.name or name
    if account.name != name:
        raise InvalidInput(msg("该手机号已属于另一位姓名不同的账号，请核对手机号和姓名。"), field="name")
    return account


def _vouch_for(session: Session, account: Account) -> None:
    person = session.get(Person, account.person_id) if account.person_id else None
    if person is None:
        person = Person(name=account.name)
    elif person.verified_at is not None:
        return
    session.add(person)
    session.flush()
    mark_verified(session, person)
    account.person_id = person.id
    session.add(account)
    record(session, "people:verify", account_id=account.id, subject=f"persons:{person.id}", detail=_BY)


def _grant(session: Session, account: Account, union: Union, role: Role) -> None:
    made = grant(session, account, union, role)
    record(
        session,
        "administrators:appoint",
        union_id=union.id,
        subject=f"administrators:{made.id}",
        detail={"account": account.id, "union": union.id, "role": role, **_BY},
    )


_BY = {"by": "operator"}
