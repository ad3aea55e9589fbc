"""People of the demo who want to join a union or to transfer to another, and such as were rejected (入会、转会申请)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from random import Random

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Union, UnionCategory, UnionStatus
from gdftu_app.security.permissions import Role
from gdftu_app.security.personal_data import seal, unseal
from gdftu_app.services.administrators import grant
from gdftu_app.services.demo.bases import CROWDED_TOWN
from gdftu_app.services.demo.days import working_moment
from gdftu_app.services.demo.drafts import invented_person
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.demo.people import BASE_IN_TIANHE, BASE_IN_YUEXIU, BEIJING_ROAD
from gdftu_app.services.demo.tree import EXPRESS_FEDERATION
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.people import PHONE_FIELD, enrol_many
from gdftu_app.services.transfer_reviews import TRANSFERS
from gdftu_app.services.verifications import mark_all_verified

# By the key of the union: how many wait, and how many were rejected; the same of each queue.
_APPLIED = {
    BASE_IN_TIANHE: (72, 14),
    BASE_IN_YUEXIU: (12, 4),
    BEIJING_ROAD: (36, 9),
    CROWDED_TOWN: (14, 4),
    f"44/{EXPRESS_FEDERATION}": (24, 6),
}
_OTHER_BASES, _EACH = 30, (2, 1)
_FIRST_PERSON = 800_000
_PURPOSES = ("换了工作单位", "工作地点变动", "劳务派遣转为正式职工", "单位合并")
_MOST_DETAILS = ("workplace", "occupation", "education", "employment", "household", "politics", "ethnicity", "skill")


def submit_applications(session: Session, unions: Mapping[str, Union]) -> None:
    """Hand in applications to join and to transfer; `unions` by the keys of the demo tree and of its sign-ins."""
    random = invention("waiting members")
    places = [(unions[key], waiting, rejected) for key, (waiting, rejected) in _APPLIED.items()]
    places += [(union, *_EACH) for union in _other_bases(session, random, {union.id for union, _, _ in places})]
    made = _Making(session, random)
    made.join(places)
    made.transfer(places)


def _other_bases(session: Session, random: Random, taken: set[int | None]) -> list[Union]:
    bases = select(Union).where(Union.category == UnionCategory.SINGLE_BASE, Union.status == UnionStatus.ACTIVE)
    found = [union for union in session.exec(bases.order_by(col(Union.id))) if union.id not in taken]
    return random.sample(found, _OTHER_BASES)


class _Making:
    """Applications in the making."""

    def __init__(self, session: Session, random: Random) -> None:
        self.session, self.random = session, random
        self.numbers = count(_FIRST_PERSON)
        self.reviewers: dict[int, Account] = {}

    def join(self, places: Iterable[tuple[Union, int, int]]) -> None:
        """People who are nobody's members yet."""
        for union, waiting, rejected in places:
            drafts = [
                invented_person(self.random, next(self.numbers), workplace=union.name.removesuffix("工会委员会"))
                for _ in range(waiting + rejected)
            ]
            people = enrol_many(self.session, drafts)
            mark_all_verified(self.session, people)
            for order, account in enumerate(self._accounts(people)):
                request = JoinApplication(
                    reviewing_union_id=union.id or 0,
                    submitted_by_id=account.id or 0,
                    person_id=people[order].id or 0,
                    details=self._details(people[order]),
                )
                self._place(request, union, order < waiting, JOINS.reasons)

    def transfer(self, places: Sequence[tuple[Union, int, int]]) -> None:
        """Verified members of other unions, each at most once."""
        wanted = sum(waiting + rejected for _, waiting, rejected in places)
        elsewhere = (
            select(Membership.id)
            .join(Person, col(Person.id) == Membership.person_id)
            .where(
                Membership.status == MembershipStatus.CURRENT,
                col(Membership.verified),
                col(Membership.union_id).not_in([union.id for union, _, _ in places]),
                col(Person.phone_enc).is_not(None),
            )
            .order_by(col(Membership.id))
        )
        chosen = self.random.sample(self.session.exec(elsewhere).all(), wanted)
        found = select(Membership, Person).join(Person, col(Person.id) == Membership.person_id)
        by_id = {row[0].id: row for row in self.session.exec(found.where(col(Membership.id).in_(chosen)))}
        rows = [by_id[number] for number in chosen]
        accounts = iter(zip(rows, self._accounts([person for _, person in rows]), strict=True))
        for union, waiting, rejected in places:
            for order in range(waiting + rejected):
                (membership, person), account = next(accounts)
                request = TransferApplication(
                    reviewing_union_id=union.id or 0,
                    submitted_by_id=account.id or 0,
                    person_id=person.id or 0,
                    membership_id=membership.id or 0,
                    from_union_id=membership.union_id,
                    target_union_id=union.id or 0,
                    purpose=self.random.choice(_PURPOSES),
                )
                self._place(request, union, order < waiting, TRANSFERS.reasons)
        self.session.flush()

    def _place(
        self, request: JoinApplication | TransferApplication, union: Union, is_waiting: bool, reasons: Sequence[str]
    ) -> None:
        days = int(self.random.triangular(0, 12, 1)) if is_waiting else self.random.randrange(20, 90)
        request.submitted_at = working_moment(self.random, days)
        if not is_waiting:
            request.status = ReviewStatus.REJECTED
            request.closed_by_id = self._reviewer(union).id
            request.closed_at = request.submitted_at + timedelta(days=self.random.randrange(1, 9), minutes=37)
            request.reason = self.random.choice(reasons)
        self.session.add(request)

    def _details(self, person: Person) -> dict[str, str]:
        """What the applicant filled in: mostly not everything."""
        filled = {name: str(getattr(person, name)) for name in _MOST_DETAILS[: self.random.randint(1, 8)]}
        return {name: value for name, value in filled.items() if value}

    def _accounts(self, people: Sequence[Person]) -> list[Account]:
        """An account of each person, with the phone that is recorded."""
        accounts: list[Account] = []
        for person in people:
            sealed = seal("accounts.phone", unseal(PHONE_FIELD, person.phone_enc or "", person.phone_bidx or ""))
            accounts.append(
                Account(
                    name=person.name,
                    phone_enc=sealed.enc,
                    phone_bidx=sealed.bidx,
                    person_id=person.id,
                    is_demo=True,
                )
            )
        self.session.add_all(accounts)
        self.session.flush()
        return accounts

    def _reviewer(self, union: Union) -> Account:
        """Who decides for a union: its first administrator, or a reviewer appointed here where there is none."""
        number = union.id or 0
        if number not in self.reviewers:
            granted = select(Account).join(Administrator, col(Administrator.account_id) == Account.id)
            first = granted.where(Administrator.union_id == number).order_by(col(Administrator.id))
            self.reviewers[number] = self.session.exec(first).first() or self._appointed(union)
        return self.reviewers[number]

    def _appointed(self, union: Union) -> Account:
        people = enrol_many(self.session, [invented_person(self.random, next(self.numbers))])
        mark_all_verified(self.session, people)
        [account] = self._accounts(people)
        grant(self.session, account, union, Role.REVIEWER)
        return account
