"""Accounts (账号): who somebody is here, the unions they administer, the browsers they are signed in with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, or_
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import SignedOut
from gdftu_app.models.accounts import Account, Administrator, SignInSession
from gdftu_app.models.api_tokens import ApiToken
from gdftu_app.models.identifiers import mask_phone
from gdftu_app.models.paths import ids_of
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import GRANT_COUNTS
from gdftu_app.security.api_tokens import token_idle_since
from gdftu_app.security.keys import keyed_digest
from gdftu_app.security.permissions import CUSTOM_ROLE, ROLE_LABELS
from gdftu_app.security.personal_data import unseal
from gdftu_app.security.sessions import idle_since
from gdftu_app.security.tokens import token_hash

ACCOUNT_PHONE = "accounts.phone"


@dataclass(frozen=True, slots=True)
class ManagedUnion:
    """A union in the chooser (选择工会). `superiors` names those above it from the top; `role_label` is a msgid."""

    id: int
    name: str
    category: str
    level: str
    superiors: tuple[str, ...]
    role_label: str


@dataclass(frozen=True, slots=True)
class AccountProfile:
    """An account for its own holder; the phone is masked."""

    id: int
    name: str
    phone: str
    is_verified: bool
    has_password: bool
    language: str
    scaling: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser an account is signed in with (登录设备), or a client of the API (`is_token`).

    `is_this` marks the one that asks. `key` names it to its owner, whom a number would tell how many others there are.
    """

    id: int
    key: str
    signed_in_at: datetime
    last_seen_at: datetime
    address: str
    user_agent: str
    is_this: bool
    is_token: bool = False


def managed_unions(session: Session, *, account_id: int, keyword: str = "", limit: int = 50) -> list[ManagedUnion]:
    """The unions an account may act for: the one chosen last first, then in the order of their pinyin.

    `keyword` is part of a name, of a pinyin's initials, or of a code. Nothing for accounts that are disabled or not
    real-name verified: they are nobody's administrator (手册 一.2).
    """
    found = (
        select(Union, Administrator.role)
        .join(Administrator, col(Administrator.union_id) == Union.id)
        .join(Account, col(Account.id) == Administrator.account_id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Administrator.account_id == account_id, GRANT_COUNTS)
        .order_by(
            case((col(Union.id) == Account.last_union_id, 0), else_=1),
            col(Union.initials),
            col(Union.name),
            col(Union.id),
        )
        .limit(limit)
    )
    if keyword.strip():
        found = found.where(_matches("".join(keyword.split())))
    rows = session.exec(found).all()
    names = _names(session, {number for union, _ in rows for number in _superior_ids(union)})
    return [
        ManagedUnion(
            id=union.id or 0,
            name=union.name,
            category=union.category,
            level=union.level,
            superiors=tuple(names[number] for number in _superior_ids(union) if number in names),
            role_label=ROLE_LABELS.get(role, ROLE_LABELS[CUSTOM_ROLE]),
        )
        for union, role in rows
    ]


def account_profile(session: Session, *, account_id: int) -> AccountProfile:
    """What an account may see of itself; `SignedOut` when there is none."""
    row = session.exec(
        select(Account, Person.verified_at)
        .join(Person, col(Person.id) == Account.person_id, isouter=True)
        .where(Account.id == account_id)
    ).first()
    if row is None:
        raise SignedOut
    account, verified_at = row
    return AccountProfile(
        id=account_id,
        name=account.name,
        phone=mask_phone(phone_of(account)),
        is_verified=verified_at is not None,
        has_password=account.password_hash is not None,
        language=account.language,
        scaling=account.scaling,
    )


def name_and_verification(session: Session, account_id: int) -> tuple[str, datetime | None]:
    """What an account is called and when its person was verified, if ever; `SignedOut` when there is none.

    Until it has a name it is called by its masked phone.
    """
    row = session.exec(
        select(Account, Person.verified_at)
        .join(Person, col(Person.id) == Account.person_id, isouter=True)
        .where(Account.id == account_id)
    ).first()
    if row is None:
        raise SignedOut
    account, verified_at = row
    return account.name or mask_phone(phone_of(account)), verified_at


def phone_of(account: Account) -> str:
    """The phone of an account (E.164), in plain: for messages to it, and for what masks it."""
    return unseal(ACCOUNT_PHONE, account.phone_enc, account.phone_bidx)


def own_sessions(session: Session, *, account_id: int, cookie: str = "", limit: int = 50) -> list[OwnSession]:
    """The sessions and tokens of an account that are not over, the last used first.

    `cookie` is that of the browser that asks.
    """
    this = token_hash(cookie) if cookie else ""
    live = (
        select(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.expires_at) > now(),
            col(SignInSession.last_seen_at) > idle_since(),
        )
        .order_by(col(SignInSession.last_seen_at).desc(), col(SignInSession.id).desc())
        .limit(limit)
    )
    tokens = (
        select(ApiToken)
        .where(
            ApiToken.account_id == account_id,
            col(ApiToken.ended_at).is_(None),
            col(ApiToken.expires_at) > now(),
            col(ApiToken.last_seen_at) > token_idle_since(),
        )
        .order_by(col(ApiToken.last_seen_at).desc(), col(ApiToken.id).desc())
        .limit(limit)
    )
    found = [
        *(_own_session(row, account_id, is_this=row.token_hash == this) for row in session.exec(live)),
        *(_own_session(row, account_id, is_this=False) for row in session.exec(tokens)),
    ]
    return sorted(found, key=lambda one: one.last_seen_at, reverse=True)[:limit]


def _own_session(row: SignInSession | ApiToken, account_id: int, *, is_this: bool) -> OwnSession:
    is_token = isinstance(row, ApiToken)
    return OwnSession(
        id=row.id or 0,
        key=keyed_digest("own token" if is_token else "own session", f"{account_id}|{row.id}"),
        signed_in_at=row.created_at,
        last_seen_at=row.last_seen_at,
        address=row.address,
        user_agent=row.user_agent,
        is_this=is_this,
        is_token=is_token,
    )


def _matches(keyword: str) -> ColumnElement[bool]:
    return or_(
        col(Union.name).contains(keyword, autoescape=True),
        col(Union.initials).contains(keyword.lower(), autoescape=True),
        col(Union.uscc).contains(keyword.upper(), autoescape=True),
    )


def _superior_ids(union: Union) -> list[int]:
    return ids_of(union.path)[:-1]


def _names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    rows = session.exec(select(Union.id, Union.name).where(col(Union.id).in_(list(ids)))).all()
    return {number: name for number, name in rows if number is not None}
