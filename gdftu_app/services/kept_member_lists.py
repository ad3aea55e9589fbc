"""保存的筛选 and 列设置: what somebody keeps of how they look at members, for themselves alone."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.kept_member_lists import LONGEST_QUERY, KeptMemberList
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

MOST_KEPT, LONGEST_NAME, LONGEST_VALUE = 20, 30, 120
# What the address of the list may say; places in it belong to one moment and are left out.
KEPT_WORDS = (
    *("union", "own", "status", "sex", "verified", "migrant", "occupation", "education"),
    *("from", "to", "q", "sort", "size", "cols"),
)
COLUMNS = ("sex", "document", "union", "occupation", "education", "employment", "is_migrant")
_NAME = "name"
_TAKEN = msg("已有同名的筛选，请换一个名称。")


@requires(Permission.MEMBERS_VIEW)
def keep_member_list(session: Session, actor: Actor, *, name: str, query: str) -> int:
    """Keep a filter of the list under a name, for the acting union; gives its id.

    Of `query`, an address's, only what the list knows is kept. Raises InvalidInput (field `name`): without a name, for
    a name that is taken, and for more than twenty.
    """
    called = _sound_name(name)
    # Locked, so that two clicks do not pass the limit together.
    session.exec(select(Account.id).where(Account.id == actor.account_id).with_for_update()).one()
    count = session.exec(select(func.count()).select_from(KeptMemberList).where(*_mine(actor))).one()
    if count >= MOST_KEPT:
        raise InvalidInput(msg("最多保存 {limit} 个筛选，请先删除不用的。"), field=_NAME, limit=MOST_KEPT)
    kept = KeptMemberList(account_id=actor.account_id, union_id=actor.union_id, name=called, query=_sound_query(query))
    _call(session, kept, called)
    return kept.id or 0


@requires(Permission.MEMBERS_VIEW)
def rename_member_list(session: Session, actor: Actor, *, kept: int, name: str) -> None:
    """重命名. Raises NotFound unless it is the actor's own in the acting union, InvalidInput (field `name`)."""
    _call(session, _own(session, actor, kept), _sound_name(name))


@requires(Permission.MEMBERS_VIEW)
def forget_member_list(session: Session, actor: Actor, *, kept: int) -> None:
    """删除; NotFound unless it is the actor's own in the acting union."""
    session.delete(_own(session, actor, kept))
    session.flush()


@requires(Permission.MEMBERS_VIEW)
def keep_member_columns(session: Session, actor: Actor, *, columns: Sequence[str]) -> None:
    """列设置: the columns that the account's lists of members show from now on, in whichever union."""
    account = session.get_one(Account, actor.account_id)
    account.member_columns = [name for name in COLUMNS if name in columns]
    session.add(account)
    session.flush()


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        col(KeptMemberList.account_id) == actor.account_id,
        col(KeptMemberList.union_id) == actor.union_id,
    )


def _own(session: Session, actor: Actor, kept: int) -> KeptMemberList:
    row = session.exec(select(KeptMemberList).where(KeptMemberList.id == kept, *_mine(actor))).first()
    if row is None:
        raise NotFound
    return row


def _call(session: Session, row: KeptMemberList, name: str) -> None:
    """Give a filter, new or not, its name; raises InvalidInput when another of the same owner has it."""
    same = select(KeptMemberList.id).where(
        KeptMemberList.account_id == row.account_id,
        KeptMemberList.union_id == row.union_id,
        KeptMemberList.name == name,
        col(KeptMemberList.id).is_distinct_from(row.id),
    )
    if session.exec(same).first() is not None:
        raise InvalidInput(_TAKEN, field=_NAME)
    try:
        with session.begin_nested():
            row.name = name
            session.add(row)
    except IntegrityError as reason:
        raise InvalidInput(_TAKEN, field=_NAME) from reason


def _sound_name(typed: str) -> str:
    name = one_line(typed)
    if not name:
        raise InvalidInput(msg("请填写名称。"), field=_NAME)
    if len(name) > LONGEST_NAME:
        raise InvalidInput(msg("名称不能超过 {limit} 个字。"), field=_NAME, limit=LONGEST_NAME)
    return name


def _sound_query(typed: str) -> str:
    asked = parse_qsl(typed[: LONGEST_QUERY * 4], max_num_fields=50)
    known = {word: value for word, value in asked if word in KEPT_WORDS and len(value) <= LONGEST_VALUE}
    query = urlencode(known)
    if len(query) > LONGEST_QUERY:
        raise InvalidInput(msg("筛选条件太长，不能保存。"), field=_NAME)
    return query
