"""What merging two records of one person (重复记录合并) would leave, and what stands against it."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, func, select

from gdftu_app.errors import NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.member_fields import MIGRANT, NO, PHONE, YES
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Union
from gdftu_app.queries.members import MemberRow, masked_document, masked_phone, rows_of
from gdftu_app.queries.possible_duplicates import person_of_own_member
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

# Columns that go together, and are taken from one record: the proof of an identity, a document, a phone, and the rest.
PROOF = ("verification", "verified_at")
TOGETHER = (("doc_type", "doc_enc", "doc_bidx"), ("phone_enc", "phone_bidx"))
ALONE = (
    *("name", "sex", "born_on", "workplace", "occupation", "is_migrant", "employment", "education", "skill"),
    *("politics", "household", "ethnicity"),
)
# What a preview shows besides, under names of its own; first of all that by which people are told apart.
DOCUMENT_TYPE, DOCUMENT = "document_type", "document"
_FIRST_SHOWN = ("name", DOCUMENT_TYPE, DOCUMENT, "verification", "sex", "born_on", PHONE)
_OWN = msg("不能合并本人的记录，请由其他管理员办理。")
_NAMES = msg("两条记录的姓名不同，不能合并。姓名有误的，请先更正。")
_BIRTHS = msg("两条记录的性别或出生日期不同，不是同一人，不能合并。")
_BOTH_PROVEN = msg("两条记录的证件都已实名认证，不是同一人，不能合并。")
_NONE_PROVEN = msg("两条记录的证件号码不同，又都没有实名认证。请会员本人先完成实名认证，再来合并。")
_ACCOUNTS = msg("两条记录各有一个登录账号，不能合并。请会员本人先注销其中一个账号。")
_ELSEWHERE = msg("另一条记录现在是其他工会的会员。请先为其办理会籍转移，再来合并。")
_PENDING = msg("另一条记录还有待审核的申请。请等申请办结，再来合并。")


@dataclass(frozen=True, slots=True)
class MergedField:
    """One field of both records and of what is left: codes as kept, numbers masked, days as ISO."""

    key: str
    kept: str
    given_up: str
    left: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """合并预览: the record that is kept, and the one that becomes part of it.

    `memberships` and `applications` of the other go over, and so does its account (`has_account`); `ends` says that its
    own membership here ends by it. `joined_on` is the 入会时间 that is left. `problem`, a message, says why they cannot
    be merged. `seal` stands for all that was shown: whoever confirms names it.
    """

    kept: MemberRow
    given_up: MemberRow
    fields: list[MergedField]
    joined_on: date
    memberships: int
    applications: int
    has_account: bool
    ends: bool
    problem: str
    seal: str


@requires(Permission.MEMBERS_REMOVE)
def preview_merge(session: Session, actor: Actor, *, member: int, other: int) -> MergePreview:
    """What merging the record of `other`, a membership within reach, into an own member's would leave; NotFound."""
    kept = person_of_own_member(session, actor, member)
    given_up = _person_within_reach(session, actor, other)
    if given_up.id == kept.id:
        raise NotFound
    [kept_row, other_row] = rows_of(session, [member, other])
    current = current_membership_of(session, given_up)
    columns = columns_after(kept, given_up)
    before, after = _shown(kept), _shown(Person(**columns))
    fields = [MergedField(key, before[key], value, after[key]) for key, value in _shown(given_up).items()]
    memberships = session.exec(
        select(func.count()).select_from(Membership).where(Membership.person_id == given_up.id)
    ).one()
    joined_on = kept_row.joined_on if current is None else min(kept_row.joined_on, current.joined_on)
    has_account = _account_of(session, given_up) is not None
    seen = (kept_row, other_row, fields, kept.doc_bidx, given_up.doc_bidx, kept.phone_bidx, given_up.phone_bidx)
    counted = (joined_on, memberships, has_account, current and (current.id, current.status))
    return MergePreview(
        kept=kept_row,
        given_up=other_row,
        fields=fields,
        joined_on=joined_on,
        memberships=memberships,
        applications=_applications(session, given_up),
        has_account=has_account,
        ends=current is not None,
        problem=_problem(session, actor, kept, given_up, current),
        seal=sha256(repr((seen, counted)).encode()).hexdigest()[:20],
    )


def columns_after(kept: Person, given_up: Person) -> dict[str, Any]:
    """What is left of two records: of the proven one where only one is, else of the one kept; its gaps are filled."""
    first, second = kept, given_up
    if given_up.verified_at is not None and kept.verified_at is None:
        first, second = given_up, kept
    columns = {name: getattr(first, name) or getattr(second, name) for name in ALONE}
    for group in TOGETHER:
        source = first if getattr(first, group[-1]) is not None else second
        columns |= {name: getattr(source, name) for name in group}
    return columns | {name: getattr(first, name) for name in PROOF}


def current_membership_of(session: Session, person: Person) -> Membership | None:
    """The membership that a person holds now, the retained included, as it is in the database."""
    held = select(Membership).where(Membership.person_id == person.id, Membership.status != MembershipStatus.ENDED)
    return session.exec(held.execution_options(populate_existing=True)).first()


def _person_within_reach(session: Session, actor: Actor, member: int) -> Person:
    within = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(Union, col(Union.id) == Membership.union_id)
        .where(Membership.id == member, actor.reaches())
    )
    person = session.exec(within.execution_options(populate_existing=True)).first()
    if person is None:
        raise NotFound
    return person


def _problem(session: Session, actor: Actor, kept: Person, given_up: Person, current: Membership | None) -> str:
    accounts = [_account_of(session, person) for person in (kept, given_up)]
    proven = [person.verified_at is not None for person in (kept, given_up)]
    has_two_documents = kept.doc_bidx is not None and given_up.doc_bidx is not None
    against = (
        (_OWN, actor.account_id in accounts),
        (_NAMES, kept.name != given_up.name),
        (_BIRTHS, _differ(kept.sex, given_up.sex) or _differ(kept.born_on, given_up.born_on)),
        (_BOTH_PROVEN, has_two_documents and all(proven)),
        (_NONE_PROVEN, has_two_documents and not any(proven)),
        (_ACCOUNTS, None not in accounts),
        (_ELSEWHERE, current is not None and current.union_id != actor.union_id),
        (_PENDING, _applications(session, given_up, only_pending=True) > 0),
    )
    return next((problem for problem, applies in against if applies), "")


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _account_of(session: Session, person: Person) -> int | None:
    return session.exec(select(Account.id).where(Account.person_id == person.id)).first()


def _applications(session: Session, person: Person, *, only_pending: bool = False) -> int:
    count = 0
    for model in (JoinApplication, TransferApplication):
        theirs = select(func.count()).select_from(model).where(col(model.person_id) == person.id)
        if only_pending:
            theirs = theirs.where(col(model.status) == ReviewStatus.PENDING)
        count += session.exec(theirs).one()
    return count


def _shown(person: Person) -> dict[str, str]:
    """The fields of a record by key, in the order of a preview; is_migrant as a word, both numbers masked."""
    values = {name: str(getattr(person, name) or "") for name in ALONE}
    shown = values | {
        MIGRANT: YES if person.is_migrant else NO,
        DOCUMENT_TYPE: person.doc_type or "",
        DOCUMENT: masked_document(person.doc_enc, person.doc_bidx),
        PHONE: masked_phone(person.phone_enc, person.phone_bidx),
        "verification": person.verification,
    }
    return {key: shown[key] for key in (*_FIRST_SHOWN, *(key for key in shown if key not in _FIRST_SHOWN))}
