"""Inviting administrators by phone (新增管理员): whose account it is, and how its holder is told (手册 九、十)."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import phone_of
from gdftu_app.security.actors import Actor
from gdftu_app.security.limits import hit
from gdftu_app.services.accounts import open_account
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
    a mistyped number appoints no stranger. The refusal shows the known name masked. An account that its holder opened
    and that was not named yet takes the name; if another one is proven then, the appointment lapses.

    Raises:
        InvalidInput: the phone (field `phone`; also of an account that is disabled) or the name (field `name`).
    """
    normal, called = normalise_phone(phone), clean_name(name)
    account, is_new = open_account(session, normal, name=called)
    if is_new:
        record(session, "accounts:invite", actor=by, subject=f"accounts:{account.id}")
    elif not account.name:
        account.name = called
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


def let_lapse(session: Session, account: Account) -> None:
    """End the appointments of an account whose holder turned out to be somebody else than was appointed.

    Those who appointed are told, so that they look at the number again. What the operator granted stays.
    """
    appointed = session.exec(
        select(Administrator, Union.name)
        .join(Union, col(Union.id) == Administrator.union_id)
        .where(
            Administrator.account_id == account.id,
            col(Administrator.dismissed_at).is_(None),
            col(Administrator.granted_by_id).is_not(None),
        )
    ).all()
    phone = mask_phone(phone_of(account))
    for grant, union_name in appointed:
        grant.dismissed_at = now()
        session.add(grant)
        record(
            session,
            "administrators:lapse",
            account_id=account.id,
            union_id=grant.union_id,
            subject=f"administrators:{grant.id}",
            detail={"account": account.id, "union": grant.union_id},
        )
        told = [grant.granted_by_id] if grant.granted_by_id else []
        notify(session, told, NotificationKind.APPOINTMENT_LAPSED, union=union_name, phone=phone)


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
