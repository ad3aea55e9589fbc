"""Whatever happens, in whatever order, compositions equal a naive recount after each step."""

from dataclasses import dataclass, field
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionEmployer, UnionLevel
from gdftu_app.services.composition_shifts import renew_industries, unions_covering
from gdftu_app.services.figure_checks import count_anew, rebuild, verify
from gdftu_app.services.figures import fold
from gdftu_app.services.membership_rows import AlreadyMember, MembershipChanged
from gdftu_app.services.memberships import admit, remove, restore, retain, transfer
from gdftu_app.services.tree_locks import seize_tree
from gdftu_app.services.union_moves import move
from gdftu_app.services.union_rules import SuperiorNotAllowed
from gdftu_app.services.unions import StillInUse, dissolve
from gdftu_app.services.verifications import mark_verified, renew_copies
from tests.compositions import cells_shown, recount_cells
from tests.factories import make_federation, make_person, make_union, make_uscc

VERBS = (
    *("join", "transfer", "remove", "retain", "restore", "verify", "correct", "establish", "establish_branch"),
    *("move_holder", "move_branch", "dissolve", "other_industry", "cover", "join", "correct", "other_industry"),
    *("fold", "rebuild", "count_anew"),
)
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=20)
YEARS, EDUCATIONS, OCCUPATIONS, INDUSTRIES = (0, 1960, 1985, 2004), ("", "11", "21"), ("", "courier"), ("", "C", "G")


@dataclass
class World:
    """A small federation with employers, and everybody who ever joined it."""

    session: Session
    superiors: list[Union] = field(default_factory=list)
    holders: list[Union] = field(default_factory=list)
    employers: list[Employer] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = make_federation(self.session)
        federation = make_union(
            self.session, world.city, category=UnionCategory.INDUSTRY_FEDERATION, level=UnionLevel.CITY
        )
        self.superiors = [world.province, world.city, world.district, world.street, world.other_city, federation]
        self.holders = [federation]
        for number, superior in enumerate((world.street, world.other_city)):
            self.establish(superiors=[superior], first=number + 1, second=number)
        self.establish_branch(1, 0)
        for number, holder in enumerate(self.holders * 2):
            self.members.append(admit(self.session, self.person(number), holder))

    def do(self, verb: str, first: int, second: int) -> None:
        """One step; what the rules refuse changes nothing."""
        try:
            with self.session.begin_nested():
                getattr(self, verb)(first, second)
        except (InvalidInput, NotFound, AlreadyMember, MembershipChanged, StillInUse, SuperiorNotAllowed):
            self.session.expire_all()

    def person(self, number: int) -> Person:
        year = YEARS[number % len(YEARS)]
        return make_person(
            self.session,
            verified=number % 2 == 0,
            born_on=date(year, 12, 31) if year else None,
            education=EDUCATIONS[number % len(EDUCATIONS)],
            occupation=OCCUPATIONS[number % len(OCCUPATIONS)],
        )

    def holder(self, number: int) -> Union:
        return self.holders[number % len(self.holders)]

    def member(self, number: int) -> Membership:
        return self.members[number % len(self.members)]

    def join(self, first: int, second: int) -> None:
        self.members.append(admit(self.session, self.person(second), self.holder(first)))

    def transfer(self, first: int, second: int) -> None:
        self.members.append(transfer(self.session, self.member(first), self.holder(second)))

    def remove(self, first: int, second: int) -> None:
        remove(self.session, self.member(first), list(RemovalReason)[second % len(RemovalReason)])

    def retain(self, first: int, _second: int) -> None:
        retain(self.session, self.member(first))

    def restore(self, first: int, _second: int) -> None:
        restore(self.session, self.member(first))

    def verify(self, first: int, _second: int) -> None:
        mark_verified(self.session, self.session.get_one(Person, self.member(first).person_id))

    def correct(self, first: int, second: int) -> None:
        person = self.session.get_one(Person, self.member(first).person_id)
        person.born_on = date(1990 + second, 1, 1) if second else None
        person.occupation, person.education = OCCUPATIONS[second % 2], EDUCATIONS[second % 3]
        renew_copies(self.session, person)

    def establish(self, first: int, second: int, superiors: list[Union] | None = None) -> None:
        among = superiors or self.superiors
        employer = Employer(
            name="榕江电器",
            uscc=make_uscc(7_000 + len(self.employers)),
            industry=INDUSTRIES[second % len(INDUSTRIES)],
        )
        self.employers.append(employer)
        kept = self.employers[first % len(self.employers)]
        kind = UnionCategory.JOINT_BASE if kept is not employer else UnionCategory.SINGLE_BASE
        covered = [kept, employer] if kept is not employer else [employer]
        superior = among[first % len(among)]
        self.holders.append(make_union(self.session, superior, category=kind, employers=covered))

    def establish_branch(self, first: int, _second: int) -> None:
        self.holders.append(make_union(self.session, self.holder(first), category=UnionCategory.BRANCH))

    def move_holder(self, first: int, second: int) -> None:
        superiors = [*self.superiors, *self.holders]
        move(self.session, self.holder(first), superiors[second % len(superiors)])

    def move_branch(self, first: int, second: int) -> None:
        below_the_province = self.superiors[1:]
        superior = self.superiors[second % len(self.superiors)]
        move(self.session, below_the_province[first % len(below_the_province)], superior)

    def dissolve(self, first: int, _second: int) -> None:
        dissolve(self.session, self.holder(first))

    def other_industry(self, first: int, second: int) -> None:
        seize_tree(self.session)
        employer = self.employers[first % len(self.employers)]
        employer.industry = INDUSTRIES[second % len(INDUSTRIES)]
        self.session.add(employer)
        self.session.flush()
        renew_industries(self.session, unions_covering(self.session, [employer.id or 0]))

    def cover(self, first: int, second: int) -> None:
        """Cover one employer more, or one less."""
        seize_tree(self.session)
        bases = [union for union in self.holders if union.category == UnionCategory.JOINT_BASE]
        union, employer = bases[first % len(bases)] if bases else None, self.employers[second % len(self.employers)]
        if union is None:
            return
        pair = (UnionEmployer.union_id == union.id, UnionEmployer.employer_id == employer.id)
        covered = self.session.exec(select(UnionEmployer).where(*pair)).first()
        if covered is None:
            self.session.add(UnionEmployer(union_id=union.id or 0, employer_id=employer.id or 0))
        else:
            self.session.delete(covered)
        self.session.flush()
        renew_industries(self.session, [union.id or 0])

    def fold(self, first: int, _second: int) -> None:
        fold(self.session, limit=first + 1)

    def rebuild(self, _first: int, _second: int) -> None:
        rebuild(self.session)

    def count_anew(self, _first: int, _second: int) -> None:
        count_anew(self.session)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_compositions_equal_a_recount_after_every_step(shared_engine: Engine, steps: list[tuple[str, int, int]]):
    with shared_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            world = World(session)
            for verb, first, second in steps:
                world.do(verb, first, second)

                assert cells_shown(session) == recount_cells(session), verb
            assert verify(session) == []
        transaction.rollback()
