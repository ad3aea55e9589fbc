"""What people of the demo ask about their personal data, waiting and declined (个人信息请求)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.member_fields import PHONE
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PHONE_OF_THE_ACCOUNT, PersonalRequest, PersonalRequestKind
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import within
from gdftu_app.security.personal_data import seal, unseal
from gdftu_app.services.demo.bases import CROWDED_TOWN
from gdftu_app.services.demo.days import working_moment
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.demo.people import BASE_IN_TIANHE, BASE_IN_YUEXIU, BEIJING_ROAD, GUANGZHOU, SHENZHEN, TIANHE
from gdftu_app.services.demo.tree import EXPRESS_FEDERATION
from gdftu_app.services.people import PHONE_FIELD
from gdftu_app.services.personal_request_reviews import PERSONAL_REQUESTS
from gdftu_app.services.verifications import take_back_verification

# By the key of the union that answers: how many wait, and how many were declined.
_ASKED = {
    f"44/{EXPRESS_FEDERATION}": (72, 18),
    BASE_IN_TIANHE: (34, 8),
    BASE_IN_YUEXIU: (14, 4),
    BEIJING_ROAD: (16, 5),
    CROWDED_TOWN: (14, 4),
    TIANHE: (36, 9),
    GUANGZHOU: (22, 6),
    SHENZHEN: (12, 4),
}
_KINDS = {PersonalRequestKind.CORRECTION: 6, PersonalRequestKind.DELETION: 2, PersonalRequestKind.CLOSURE: 1}
_VALUES = {
    "education": ("14", "21", "31"),
    "employment": ("1", "4"),
    "workplace": ("南岭机电有限公司", "粤海物流园", "珠江口岸服务中心"),
}
_WITH_PHONE = 0.2
# Who withdrew the consent to be verified.
_NO_MORE_VERIFIED = 3
_REMARKS = ("", "", "毕业后没有更新", "已换工作单位", "不再使用这个平台")


def submit_personal_requests(session: Session, unions: Mapping[str, Union]) -> None:
    """Hand requests in; `unions` by the keys of the demo tree and of its sign-ins.

    Unions that hold no members themselves answer for members of those below them in which nobody does.
    """
    random = invention("personal requests")
    taken = set(session.exec(select(Account.person_id).where(col(Account.person_id).is_not(None))))
    for key, (waiting, declined) in _ASKED.items():
        union = unions[key]
        members = _members(session, random, union, taken, waiting + declined)
        closer = _reviewer(session, union)
        for order, account in enumerate(_accounts(session, members)):
            request = _request(random, union, account)
            if order >= waiting:
                _decline(random, request, closer)
            session.add(request)
    session.flush()
    for person in _members(session, random, unions[TIANHE], taken, _NO_MORE_VERIFIED):
        take_back_verification(session, person)


def _members(session: Session, random: Random, union: Union, taken: set[int | None], wanted: int) -> Sequence[Person]:
    """Verified members of a branch who have no account yet."""
    found = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(Union, col(Union.id) == Membership.union_id)
        .where(
            within(Union, union.path),
            Membership.status == MembershipStatus.CURRENT,
            col(Membership.verified),
            col(Person.phone_enc).is_not(None),
        )
        .order_by(col(Person.id))
        .limit(4 * wanted)
    )
    free = [person for person in session.exec(found) if person.id not in taken]
    chosen = random.sample(free, min(wanted, len(free)))
    taken |= {person.id for person in chosen}
    return chosen


def _accounts(session: Session, people: Sequence[Person]) -> list[Account]:
    accounts: list[Account] = []
    for person in people:
        phone = unseal(PHONE_FIELD, person.phone_enc or "", person.phone_bidx or "")
        sealed = seal("accounts.phone", phone)
        account = Account(name=person.name, phone_enc=sealed.enc, phone_bidx=sealed.bidx, is_demo=True)
        account.person_id = person.id
        accounts.append(account)
    session.add_all(accounts)
    session.flush()
    return accounts


def _request(random: Random, union: Union, account: Account) -> PersonalRequest:
    [kind] = random.choices(list(_KINDS), list(_KINDS.values()))
    days = int(random.triangular(0, 18, 3))
    return PersonalRequest(
        reviewing_union_id=union.id or 0,
        submitted_by_id=account.id or 0,
        submitted_at=working_moment(random, days),
        kind=kind,
        name=account.name,
        changes=_changes(random, kind),
        remark=random.choice(_REMARKS),
    )


def _changes(random: Random, kind: PersonalRequestKind) -> dict[str, str]:
    if kind is PersonalRequestKind.CLOSURE:
        return {}
    keys = random.sample(sorted(_VALUES), random.randint(1, 2))
    if kind is PersonalRequestKind.DELETION:
        return dict.fromkeys(keys, "")
    changes = {key: random.choice(_VALUES[key]) for key in keys}
    return changes | {PHONE: PHONE_OF_THE_ACCOUNT} if random.random() < _WITH_PHONE else changes


def _decline(random: Random, request: PersonalRequest, closer: Account) -> None:
    request.status = ReviewStatus.REJECTED
    request.submitted_at -= timedelta(days=random.randrange(20, 80))
    request.closed_by_id = closer.id
    request.closed_at = request.submitted_at + timedelta(days=random.randrange(1, 12), minutes=37)
    request.reason = random.choice(PERSONAL_REQUESTS.reasons)


def _reviewer(session: Session, union: Union) -> Account:
    granted = select(Account).join(Administrator, col(Administrator.account_id) == Account.id)
    first = granted.where(Administrator.union_id == union.id).order_by(col(Administrator.id)).limit(1)
    return session.exec(first).one()
