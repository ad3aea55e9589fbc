"""A storm: operations of every kind on a small federation, each in a transaction of its own, drawn by chance."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from gdftu_app.clock import today
from gdftu_app.errors import Refusal
from gdftu_app.models.codes import EDUCATION_LEVELS, OCCUPATION_GROUPS
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionEmployer, UnionLevel
from gdftu_app.security.actors import get_actor
from gdftu_app.services.composition_shifts import renew_industries
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.figure_checks import rebuild, verify
from gdftu_app.services.figures import fold
from gdftu_app.services.member_corrections import put_right
from gdftu_app.services.member_removals import remove_members
from gdftu_app.services.membership_rows import CURRENT, hold
from gdftu_app.services.memberships import admit, admit_many, remove, restore, retain, transfer
from gdftu_app.services.tree_locks import seize_tree, share_tree
from gdftu_app.services.union_moves import move
from gdftu_app.services.unions import dissolve
from gdftu_app.services.verifications import mark_verified, renew_copies, take_back_verification
from tests.factories import (
    id_of,
    make_account,
    make_administrator,
    make_federation,
    make_member,
    make_person,
    make_union,
    make_uscc,
)

INDUSTRIES = ("C", "G", "I", "")
OFTEN = {"join": 6, "enter_many": 3, "transfer": 4, "correct": 4, "fold": 3, "leave_early": 2, "move_union": 2}

NOW_AND_THEN = (
    "remove",
    "retain",
    "restore",
    "prove",
    "disprove",
    "born",
    "establish",
    "dissolve",
    "move_branch",
    "move_team",
    "reindustrialise",
    "rebuild",
    "check",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """The ids of a federation that a storm is about: above-base unions, those that hold members, branches among them.

    `keepers` are accounts of administrators by the unions that hold members.
    """

    superiors: list[int]
    holders: list[int]
    branches: list[int]
    keepers: dict[int, int]


def set_scene(engine: Engine) -> Scene:
    """A federation of two cities, eight base unions with employers and branches, and members."""
    with Session(engine, expire_on_commit=False) as session:
        world = make_federation(session)
        places = [world.street, world.district, world.city, world.other_city]
        bases = [
            make_union(session, place, employers=[Employer(name="试验单位", uscc=make_uscc(number), industry="C")])
            for number, place in enumerate(places * 2, start=7_000_000)
        ]
        federation = make_union(session, world.city, category=UnionCategory.INDUSTRY_FEDERATION, level=UnionLevel.CITY)
        branches = [make_union(session, base, category=UnionCategory.BRANCH) for base in bases[:3]]
        holders = [*bases, federation, *branches]
        keepers: dict[int, int] = {}
        for holder in holders:
            account = make_account(session)
            make_administrator(session, account, holder)
            keepers[id_of(holder)] = id_of(account)
        for holder in holders * 2:
            make_member(session, holder)
        session.commit()
    superiors = [world.street, world.district, federation, world.city, world.other_city, world.province]
    return Scene([*map(id_of, superiors)], [*map(id_of, holders)], [*map(id_of, branches)], keepers)


@dataclass
class Storm:
    """One writer in a storm, of whom a number makes another."""

    engine: Engine
    scene: Scene
    number: int = 0
    verbs: list[Callable[[Session], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = invention(f"storm {self.number}")
        once = ("remove", "retain", "restore", "prove", "disprove", "born", "establish", "dissolve", "move_branch")
        for name, weight in (
            OFTEN | dict.fromkeys((*once, "move_team", "reindustrialise", "rebuild", "check"), 1)
        ).items():
            self.verbs += [getattr(self, name)] * weight

    def blow(self, times: int) -> None:
        """Do so many things, each of which may be refused."""
        for _ in range(times):
            self.do(self.random.choice(self.verbs))

    def do(self, verb: Callable[[Session], object]) -> None:
        """One thing in a transaction; what is refused changes nothing."""
        with Session(self.engine) as session:
            try:
                verb(session)
            except Refusal:
                return
            session.commit()

    def join(self, session: Session) -> None:
        admit(session, self._newcomer(session), self._holder(session))

    def enter_many(self, session: Session) -> None:
        """As an import does: several at once, most of whom joined long ago."""
        holder = self._holder(session)
        people = [self._newcomer(session) for _ in range(5)]
        admit_many(session, [(person, holder) for person in people], joined_on=[self._day() for _ in people])

    def transfer(self, session: Session) -> None:
        transfer(session, self._member(session), self._holder(session))

    def remove(self, session: Session) -> None:
        remove(session, self._member(session), self.random.choice(list(RemovalReason)))

    def leave_early(self, session: Session) -> None:
        member = self._member(session)
        actor = get_actor(session, account_id=self.scene.keepers[member.union_id], union_id=member.union_id)
        remove_members(session, actor, members=[id_of(member)], reason=RemovalReason.WITHDRAWN, day=self._day())

    def retain(self, session: Session) -> None:
        retain(session, self._member(session))

    def restore(self, session: Session) -> None:
        restore(session, self._member(session))

    def prove(self, session: Session) -> None:
        mark_verified(session, self._person(session))

    def disprove(self, session: Session) -> None:
        take_back_verification(session, self._person(session))

    def correct(self, session: Session) -> None:
        share_tree(session)
        [person] = hold(session, [self._person(session)])
        typed = {
            "education": self.random.choice(EDUCATION_LEVELS.codes),
            "occupation": self.random.choice(OCCUPATION_GROUPS.codes),
            "is_migrant": self.random.choice(("yes", "no")),
        }
        put_right(session, person, typed)

    def born(self, session: Session) -> None:
        share_tree(session)
        [person] = hold(session, [self._person(session)])
        person.born_on, person.sex = date(self.random.randint(1960, 2005), 1, 1), self.random.choice(list(Sex))
        session.flush()
        renew_copies(session, person)

    def establish(self, session: Session) -> None:
        make_union(session, self._union(session, self.scene.superiors))

    def dissolve(self, session: Session) -> None:
        """The newest one, so that those that hold members stay."""
        newest = select(Union).order_by(col(Union.id).desc()).limit(1)
        dissolve(session, session.exec(newest).one())

    def move_union(self, session: Session) -> None:
        move(session, self._holder(session), self._union(session, self.scene.superiors))

    def move_branch(self, session: Session) -> None:
        places = self.scene.superiors
        move(session, self._union(session, places[:3]), self._union(session, places))

    def move_team(self, session: Session) -> None:
        move(session, self._union(session, self.scene.branches), self._holder(session))

    def reindustrialise(self, session: Session) -> None:
        seize_tree(session)
        union = self._union(session, self.scene.holders[:8])
        covered = select(Employer).join(UnionEmployer).where(UnionEmployer.union_id == union.id)
        session.exec(covered).one().industry = self.random.choice(INDUSTRIES)
        session.flush()
        renew_industries(session, [id_of(union)])

    def fold(self, session: Session) -> None:
        fold(session, limit=self.random.choice((3, 20, 5_000)))

    def check(self, session: Session) -> None:
        """While all the others write."""
        assert verify(session) == []

    def rebuild(self, session: Session) -> None:
        rebuild(session)

    def _newcomer(self, session: Session) -> Person:
        return make_person(
            session,
            verified=self.random.random() < 0.5,
            sex=self.random.choice(list(Sex)),
            is_migrant=self.random.random() < 0.3,
            born_on=date(self.random.randint(1960, 2005), 1, 1),
            education=self.random.choice(EDUCATION_LEVELS.codes),
        )

    def _day(self) -> date:
        return today() - timedelta(days=self.random.choice((0, 1, 40, 400)))

    def _holder(self, session: Session) -> Union:
        return self._union(session, self.scene.holders)

    def _union(self, session: Session, ids: list[int]) -> Union:
        return session.get_one(Union, self.random.choice(ids))

    def _member(self, session: Session) -> Membership:
        members = select(Membership).where(col(Membership.status).in_(CURRENT)).order_by(col(Membership.id))
        return self.random.choice(session.exec(members).all())

    def _person(self, session: Session) -> Person:
        return session.get_one(Person, self._member(session).person_id)
