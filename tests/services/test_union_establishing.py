"""Establishing a union below directly: what may stand where, what is recorded, and what is refused."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput, NotAllowed, NotFound
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionEmployer, UnionLevel
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.union_checks import SeveralInvalid
from gdftu_app.queries.union_history import own_history
from gdftu_app.queries.union_values import plain_phone
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.union_establishing import check_new_union, establish_below, place_below
from gdftu_app.services.union_rules import SuperiorNotAllowed
from gdftu_app.services.unions import dissolve
from tests.factories import id_of, make_union, make_uscc
from tests.recounts import recount, shown

BASE = {"category": "single_base", "name": "榕溪灯具有限公司工会委员会", "division_code": "440606101"}
CODE, EMPLOYER_CODE = make_uscc(61, prefix="8144"), make_uscc(62)
EMPLOYER = {"employers.1.name": "榕溪灯具有限公司", "employers.1.uscc": EMPLOYER_CODE}


def establish(session: Session, actor: Actor, superior: Union, **typed: str) -> Union:
    typed = {key.replace("__", "."): value for key, value in typed.items()}
    made = establish_below(session, actor, superior=id_of(superior), typed=typed)
    return session.get_one(Union, made.id)


def refused(session: Session, actor: Actor, superior: Union, typed: dict[str, str]) -> set[str]:
    before = session.exec(select(Union.id)).all()
    with pytest.raises(SeveralInvalid) as refusal:
        establish_below(session, actor, superior=id_of(superior), typed=typed)
    assert session.exec(select(Union.id)).all() == before
    return set(refusal.value.problems)


class TestWhatMayStandWhere:
    def test_base_unions_and_lower_ones_stand_below_an_above_base_union(self, session, act_as, small_federation):
        levels = place_below(session, act_as(small_federation.province), superior=id_of(small_federation.city)).levels

        assert UnionCategory.PROVINCIAL not in levels
        assert UnionCategory.CITY not in levels
        assert levels[UnionCategory.COUNTY] == (UnionLevel.COUNTY,)
        assert levels[UnionCategory.SINGLE_BASE] == (UnionLevel.BASE,)
        assert levels[UnionCategory.INDUSTRY] == (UnionLevel.CITY, UnionLevel.COUNTY, UnionLevel.TOWN)
        assert not levels.keys() & {UnionCategory.BRANCH, UnionCategory.TEAM}

    def test_branches_and_teams_alone_stand_below_a_base_union(self, session, act_as, small_federation):
        factory = small_federation.factory

        place = place_below(session, act_as(small_federation.city), superior=id_of(factory))

        assert (place.superior.name, list(place.levels)) == (
            factory.name,
            [UnionCategory.BRANCH, UnionCategory.TEAM],
        )

    def test_nothing_stands_below_a_dissolved_one(self, session, act_as, small_federation):
        dissolve(session, small_federation.factory)
        actor = act_as(small_federation.street)

        assert place_below(session, actor, superior=id_of(small_federation.factory)).levels == {}
        with pytest.raises(SuperiorNotAllowed):
            establish(session, actor, small_federation.factory, category="branch", name="一分会")


class TestEstablishing:
    def test_makes_a_base_union_with_its_employer(self, session, act_as, small_federation):
        street = small_federation.street
        typed = BASE | EMPLOYER | {
            "uscc": CODE.lower(),
            "founded_on": "2026-03-01",
            "principal_name": " 何 伟杰",
            "phone": "139 1234 9999",
            "term_starts_on": "2026-03-01",
            "term_ends_on": "2031-02-28",
            "employers.1.address": "榕溪路 1 号",
            "employers.1.division_code": "440606101",
            "employers.1.nature": "170",
            "employers.1.employee_count": "35",
        }  # fmt: skip

        union = establish(session, act_as(small_federation.city), street, **typed)

        assert (union.superior_id, union.path) == (street.id, f"{street.path}{union.id}/")
        assert (union.name, union.uscc, union.category, union.level) == (BASE["name"], CODE, "single_base", "base")
        assert (union.status, union.data_source, union.founded_on) == ("active", "established", date(2026, 3, 1))
        assert (union.principal_name, plain_phone(union)) == ("何 伟杰", "+8613912349999")
        covered = select(Employer).join(UnionEmployer, col(UnionEmployer.employer_id) == Employer.id)
        employer = session.exec(covered.where(UnionEmployer.union_id == union.id)).one()
        assert (employer.uscc, employer.nature, employer.employee_count) == (EMPLOYER_CODE, "170", 35)
        assert figures_of(session, id_of(small_federation.city)).unions_sub == 4
        assert verify(session) == []
        assert shown(session) == recount(session)

    def test_takes_any_category_that_may_stand_there(self, session, act_as, small_federation):
        actor, city = act_as(small_federation.city), small_federation.city
        typed = {"division_code": "440606"}

        county = establish(session, actor, city, category="county", name="临水区总工会", **typed)
        industry = establish(session, actor, city, category="industry", level="city", name="云山教育工会", **typed)
        branch = establish(session, actor, small_federation.factory, category="branch", name="一分会", **typed)

        assert [union.level for union in (county, industry, branch)] == ["county", "city", "base"]
        assert branch.superior_id == small_federation.factory.id
        assert verify(session) == []

    def test_joins_an_employer_that_is_known_as_it_is(self, session, act_as, small_federation):
        street = small_federation.street
        known = Employer(name="榕溪灯具老厂", uscc=EMPLOYER_CODE, address="旧街 1 号")
        make_union(session, street, category="joint_base", employers=[known])

        union = establish(session, act_as(street), street, **BASE | EMPLOYER)

        covered = select(UnionEmployer.employer_id).where(UnionEmployer.union_id == union.id)
        assert session.exec(covered).all() == [known.id]
        assert (known.name, known.address) == ("榕溪灯具老厂", "旧街 1 号")

    def test_of_a_joint_union_covers_several(self, session, act_as, small_federation):
        typed = {**BASE, **EMPLOYER, "category": "joint_base"}
        typed |= {"employers.2.name": "榕溪五金厂", "employers.2.uscc": make_uscc(63)}

        union = establish(session, act_as(small_federation.street), small_federation.street, **typed)

        covered = select(UnionEmployer).where(UnionEmployer.union_id == union.id)
        assert len(session.exec(covered).all()) == 2

    def test_is_recorded_and_begins_the_history(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        union = establish(
            session, actor, small_federation.street, **BASE | EMPLOYER | {"phone": "13912349999", "uscc": CODE}
        )

        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "unions:establish")).one()
        assert (entry.subject, entry.account_id) == (f"unions:{union.id}", actor.account_id)
        assert "13912349999" not in str(entry.detail)
        [told] = own_history(session, act_as(union)).entries
        assert (told.verb, told.acting) == ("上级建立", small_federation.city.name)
        words = {field.label: field.after.text for field in told.changes}
        assert (words["工会名称"], words["上级工会"], words["工会类型"]) == (
            BASE["name"],
            small_federation.street.name,
            "单独基层工会",
        )


class TestWhatIsWrong:
    def test_is_told_beside_every_field_at_once(self, session, act_as, small_federation):
        typed = {"category": "single_base", "uscc": "1", "phone": "2", "employers.1.employee_count": "x"}

        wrong = refused(session, act_as(small_federation.city), small_federation.street, typed)

        assert wrong == {
            "name", "division_code", "uscc", "phone",
            "employers.1.name", "employers.1.uscc", "employers.1.employee_count",
        }  # fmt: skip

    @pytest.mark.parametrize("category", ["", "provincial", "city", "branch", "nonsense"])
    def test_is_a_category_that_cannot_stand_there(self, session, act_as, small_federation, category):
        typed = BASE | EMPLOYER | {"category": category}

        assert refused(session, act_as(small_federation.city), small_federation.street, typed) == {"category"}

    @pytest.mark.parametrize("level", ["", "base", "province", "x"])
    def test_is_a_level_that_is_not_offered(self, session, act_as, small_federation, level):
        typed = {"category": "industry", "level": level, "name": "云山教育工会", "division_code": "4406"}

        assert refused(session, act_as(small_federation.province), small_federation.city, typed) == {"level"}

    def test_is_a_name_that_a_sister_has(self, session, act_as, small_federation):
        typed = {"category": "county", "name": f" {small_federation.district.name} ", "division_code": "440606"}

        assert refused(session, act_as(small_federation.city), small_federation.city, typed) == {"name"}

    def test_is_a_code_in_use(self, session, act_as, small_federation):
        make_union(session, small_federation.other_city, uscc=CODE)

        typed = BASE | EMPLOYER | {"uscc": CODE}

        assert refused(session, act_as(small_federation.city), small_federation.street, typed) == {"uscc"}

    def test_is_an_employer_with_a_union_of_its_own(self, session, act_as, small_federation):
        make_union(session, small_federation.other_city, employers=[Employer(name="榕溪", uscc=EMPLOYER_CODE)])

        wrong = refused(session, act_as(small_federation.city), small_federation.street, BASE | EMPLOYER)

        assert wrong == {"employers.1.uscc"}

    def test_is_a_second_employer_of_a_single_union(self, session, act_as, small_federation):
        typed = BASE | EMPLOYER | {"employers.2.name": "榕溪五金厂", "employers.2.uscc": make_uscc(63)}

        wrong = refused(session, act_as(small_federation.city), small_federation.street, typed)

        assert wrong == {"employers.2.name"}

    def test_is_one_code_twice(self, session, act_as, small_federation):
        typed = {**BASE, **EMPLOYER, "category": "joint_base", "employers.2.name": "二厂"}

        typed["employers.2.uscc"] = EMPLOYER_CODE

        wrong = refused(session, act_as(small_federation.city), small_federation.street, typed)
        assert wrong == {"employers.2.uscc"}

    def test_is_a_code_of_a_branch(self, session, act_as, small_federation):
        typed = {"category": "branch", "name": "一分会", "division_code": "4406", "uscc": CODE}

        assert refused(session, act_as(small_federation.city), small_federation.factory, typed) == {"uscc"}

    @pytest.mark.parametrize(
        "key", ["path", "status", "employers.0.name", "employers.11.name", "employers.1.id", "employers.x.name", ""]
    )
    def test_is_a_field_that_no_form_asks_for(self, session, act_as, small_federation, key):
        with pytest.raises(InvalidInput) as refusal:
            establish(session, act_as(small_federation.city), small_federation.street, **BASE, **{key: "1"})

        assert type(refusal.value) is InvalidInput

    def test_is_an_employer_of_an_above_base_union(self, session, act_as, small_federation):
        typed = EMPLOYER | {"category": "county", "name": "临水区总工会", "division_code": "440606"}

        with pytest.raises(InvalidInput):
            establish(session, act_as(small_federation.city), small_federation.city, **typed)


class TestWhoMay:
    @pytest.mark.parametrize("place", ["province", "other_city", "other_factory"])
    def test_nobody_out_of_reach(self, session, act_as, small_federation, place):
        actor, superior = act_as(small_federation.city), getattr(small_federation, place)

        with pytest.raises(NotFound):
            establish(session, actor, superior, **BASE, **EMPLOYER)
        with pytest.raises(NotFound):
            place_below(session, actor, superior=id_of(superior))
        with pytest.raises(NotFound):
            check_new_union(session, actor, superior=id_of(superior), category="town", key="name", typed="x")

    def test_no_base_union_not_even_for_a_branch_of_its_own(self, session, act_as, small_federation):
        factory = small_federation.factory

        with pytest.raises(NotAllowed):
            establish(session, act_as(factory), factory, category="branch", name="一分会", division_code="4406")

    def test_only_whoever_edits(self, session, act_as, small_federation):
        for role in set(Role) - {Role.OWNER}:
            with pytest.raises(NotAllowed):
                establish(session, act_as(small_federation.city, role), small_federation.street, **BASE, **EMPLOYER)

    def test_below_the_acting_union_itself_too(self, session, act_as, small_federation):
        union = establish(session, act_as(small_federation.street), small_federation.street, **BASE, **EMPLOYER)

        assert union.superior_id == small_federation.street.id


class TestCheckingAField:
    def test_tells_what_is_unusual(self, session, act_as, small_federation):
        asked = {"superior": id_of(small_federation.street), "category": "single_base", "key": "uscc"}

        assert check_new_union(session, act_as(small_federation.city), typed=CODE, **asked) == []
        assert check_new_union(session, act_as(small_federation.city), typed=make_uscc(64), **asked) != []

    def test_tells_what_is_wrong(self, session, act_as, small_federation):
        with pytest.raises(InvalidInput) as refusal:
            check_new_union(
                session,
                act_as(small_federation.city),
                superior=id_of(small_federation.city),
                category="county",
                key="name",
                typed=small_federation.district.name,
            )

        assert (refusal.value.field, refusal.value.code) == ("name", "name_taken")
