"""Inviting administrators by phone (新增管理员): whose account it is, and how its holder is told (手册 九、十)."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import normalise_phone
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import ACCOUNT_PHONE, phone_of
from gdftu_app.security.actors import Actor
from gdftu_app.security.limits import hit
from gdftu_app.security.personal_data import SealedValue, seal
from gdftu_app.services.audit import record
from gdftu_app.services.notifications import notify
from gdftu_app.services.outbox import post
from gdftu_app.services.passwords import NOTICE_USEFUL_FOR
from gdftu_app.services.person_names import clean_name, is_same_name, mask_name

APPOINTED_PURPOSE, INVITED_PURPOSE = "appointed", "invited"
APPOINTED_TEXT = msg("【粤工惠】你已成为「{union}」的管理员，请用本手机号登录查看。如非本人，请联系该工会。")
INVITED_TEXT = msg(
    "【粤工惠】「{union}」请你担任管理员。请用本手机号登录会员实名制服务平台，完成实名认证后使用。如非本人，请忽略。"
)
TEXTS_PER_DAY, DAY_SECONDS = 5, 86_400


@dataclass(frozen=True, slots=True)
class Invited:
    """The account of a phone; `is_verified` says whether its holder may act at once."""

    account: Account
    phone: str
    is_verified: bool


def account_to_appoint(session: Session, *, by: Actor, phone: str, name: str) -> Invited:
    """The account of a phone; for an unknown one a new account with this name, which must prove its identity.

    A known account keeps its name, and the name given must be that one: so nobody learns whose phone a number is, and
    a mistyped number appoints no stranger. The refusal shows the known name masked.

    Raises:
        InvalidInput: the phone (field `phone`; also of an account that is disabled) or the name (field `name`).
    """
    normal, called = normalise_phone(phone), clean_name(name)
    sealed = seal(ACCOUNT_PHONE, normal)
    account = _find(session, sealed) or _invite(session, by, sealed, called)
    if not is_same_name(account.name, called):
        raise InvalidInput(
            msg("该手机号的账号姓名是「{name}」，与填写的不一致。请向本人核对手机号和姓名。"),
            field="name",
            name=mask_name(account.name),
        )
    if account.disabled_at is not None:
        raise InvalidInput(msg("该手机号的账号已停用，不能成为管理员。"), field="phone")
    person = session.get(Person, account.person_id) if account.person_id else None
    return Invited(account, normal, person is not None and person.verified_at is not None)


def tell_appointed(session: Session, invited: Invited, union: Union) -> None:
    """Tell the holder by text message and under the bell; `TooManyRequests` after five texts to a phone in a day."""
    account = invited.account
    hit("appointment texts", account.phone_bidx, limit=TEXTS_PER_DAY, seconds=DAY_SECONDS)
    purpose, words = (APPOINTED_PURPOSE, APPOINTED_TEXT) if invited.is_verified else (INVITED_PURPOSE, INVITED_TEXT)
    text = render(words, account.language, union=union.name)
    post(session, phone_of(account), purpose, text, {"union": union.name}, useful_for=NOTICE_USEFUL_FOR)
    notify(
        session,
        [account.id or 0],
        NotificationKind.APPOINTED,
        union_id=union.id,
        link="/overview/",
        union=union.name,
    )


def _find(session: Session, sealed: SealedValue) -> Account | None:
    return session.exec(select(Account).where(Account.phone_bidx == sealed.bidx)).first()


def _invite(session: Session, by: Actor, sealed: SealedValue, name: str) -> Account:
    account = Account(name=name, phone_enc=sealed.enc, phone_bidx=sealed.bidx)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        # Somebody opened it at the same moment.
        return session.exec(select(Account).where(Account.phone_bidx == sealed.bidx)).one()
    record(session, "accounts:invite", actor=by, subject=f"accounts:{account.id}")
    return account
