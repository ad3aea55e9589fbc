"""Establishing, renaming and dissolving unions."""

import pytest
from sqlalchemy import select as select_columns
from sqlmodel import Session, select

from gdftu_app.db import dialect
from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionEmployer, UnionLevel, UnionStatus, union_search
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.grams import grams_of
from gdftu_app.queries.union_grams import grams_of_union
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.memberships import retain
from gdftu_app.services.union_rules import SuperiorNotAllowed
from gdftu_app.services.unions import (
    StillInUse,
    UnionDraft,
    UsccTaken,
    dissolve,
    establish,
    establish_many,
    get_union,
    rename,
)
from tests.factories import Federation, make_member, make_union

USCC = complete_uscc("81440199MA5CX4X00")


def _grams(session: Session, union: Union) -> set[int]:
    row = select_columns(union_search.c.grams).where(union_search.c.union_id == union.id)
    return set(session.connection().execute(row).scalar_one())


class TestEstablish:
    def test_the_path_lists_all_superiors(self, small_federation: Federation):
        world = small_federation

        assert world.factory.path == (
            f"/{world.province.id}/{world.city.id}/{world.district.id}/{world.street.id}/{world.factory.id}/"
        )

    def test_a_base_union_is_not_above_base(self, small_federation: Federation):
        assert small_federation.street.is_above_base
        assert not small_federation.factory.is_above_base

    def test_initials_are_those_of_the_pinyin(self, session: Session):
        union = make_union(session, name="重庆路 3D打印（广州）总工会")

        assert union.initials == "cql3ddygzzgh"

    def test_all_superiors_count_one_union_more(self, session: Session, small_federation: Federation):
        before = {
            number: figures_of(session, number) for number in map(int, small_federation.street.path.split("/")[1:-1])
        }

        make_union(session, small_federation.street)

        assert all(
            figures_of(session, number).unions_sub == figures.unions_sub + 1 for number, figures in before.items()
        )
        assert figures_of(session, small_federation.street).unions_direct == 2
        assert figures_of(session, small_federation.district).unions_direct == 1

    def test_a_new_union_starts_with_nothing(self, session: Session, small_federation: Federation):
        figures = figures_of(session, small_federation.factory)

        assert (figures.unions_sub, figures.members_sub, figures.verified_share) == (0, 0, 0.0)

    def test_its_phone_is_sealed(self, session: Session, small_federation: Federation):
        union = make_union(session, small_federation.street, phone="+8613800000000")

        assert union.phone_enc is not None
        assert union.phone_bidx is not None
        assert "138" not in union.phone_enc
        assert unseal("unions.phone", union.phone_enc, union.phone_bidx) == "+8613800000000"

    def test_it_is_found_by_name_initials_and_code(self, session: Session, small_federation: Federation):
        union = make_union(session, small_federation.street, name="珠水电缆厂工会委员会", uscc=USCC)

        if dialect(session) == "postgresql":
            assert set(grams_of_union("电缆", "dlc", USCC[3:9], union.path)) <= _grams(session, union)
        assert union.uscc == USCC

    def test_its_employers_are_kept_with_it(self, session: Session, small_federation: Federation):
        employers = [
            Employer(name=name, uscc=complete_uscc(f"91440199MA5CX4X0{digit}")) for digit, name in enumerate("甲乙")
        ]

        union = make_union(session, small_federation.street, category=UnionCategory.JOINT_BASE, employers=employers)

        covered = session.exec(select(UnionEmployer.employer_id).where(UnionEmployer.union_id == union.id)).all()
        assert sorted(covered) == sorted(employer.id or 0 for employer in employers)

    def test_several_are_established_at_once_in_order(self, session: Session, small_federation: Federation):
        drafts = [
            UnionDraft(name=f"第{number}厂工会委员会", category=UnionCategory.SINGLE_BASE, level=UnionLevel.BASE)
            for number in range(5)
        ]

        made = establish_many(session, small_federation.street, drafts)

        assert [union.name for union in made] == [draft.name for draft in drafts]
        assert figures_of(session, small_federation.province).unions_sub == 11
        assert verify(session) == []

    def test_a_code_belongs_to_one_living_union(self, session: Session, small_federation: Federation):
        first = make_union(session, small_federation.street, uscc=USCC)

        with pytest.raises(UsccTaken) as refusal:
            make_union(session, small_federation.street, uscc=USCC)

        assert refusal.value.field == "uscc"
        dissolve(session, first)
        assert make_union(session, small_federation.street, uscc=USCC).uscc == USCC
        assert verify(session) == []

    def test_a_wrong_code_is_refused(self, session: Session, small_federation: Federation):
        with pytest.raises(InvalidInput):
            make_union(session, small_federation.street, uscc="81440199MA5CX4X000")

    @pytest.mark.parametrize("name", ["", "  ", "长" * 201])
    def test_a_name_must_fit(self, session: Session, small_federation: Federation, name: str):
        with pytest.raises(InvalidInput) as refusal:
            establish(
                session,
                superior=small_federation.street,
                name=name,
                category=UnionCategory.SINGLE_BASE,
                level=UnionLevel.BASE,
            )

        assert refusal.value.field == "name"


class TestSuperiors:
    def test_a_base_union_is_nobodys_superior(self, session: Session, small_federation: Federation):
        with pytest.raises(SuperiorNotAllowed):
            make_union(session, small_federation.factory)

    def test_except_of_its_own_branches(self, session: Session, small_federation: Federation):
        branch = make_union(session, small_federation.factory, category=UnionCategory.BRANCH)
        team = make_union(session, branch, category=UnionCategory.TEAM)

        assert team.path.startswith(small_federation.factory.path)

    def test_a_branch_stands_below_no_street(self, session: Session, small_federation: Federation):
        with pytest.raises(SuperiorNotAllowed):
            make_union(session, small_federation.street, category=UnionCategory.BRANCH)

    def test_a_lower_level_is_no_superior_of_a_higher_one(self, session: Session, small_federation: Federation):
        with pytest.raises(SuperiorNotAllowed):
            make_union(session, small_federation.street, category=UnionCategory.COUNTY, level=UnionLevel.COUNTY)

    def test_a_town_may_stand_directly_below_a_city(self, session: Session, small_federation: Federation):
        town = make_union(session, small_federation.city, category=UnionCategory.TOWN, level=UnionLevel.TOWN)

        assert town.superior_id == small_federation.city.id

    def test_only_a_province_stands_below_nothing(self, session: Session):
        with pytest.raises(SuperiorNotAllowed):
            make_union(session, category=UnionCategory.CITY, level=UnionLevel.CITY)

    def test_a_dissolved_union_is_no_superior(self, session: Session, small_federation: Federation):
        town = make_union(session, small_federation.district, category=UnionCategory.TOWN, level=UnionLevel.TOWN)
        dissolve(session, town)

        with pytest.raises(SuperiorNotAllowed):
            make_union(session, town)

    def test_a_category_stands_at_its_level(self, session: Session, small_federation: Federation):
        with pytest.raises(InvalidInput) as refusal:
            make_union(session, small_federation.district, category=UnionCategory.TOWN, level=UnionLevel.COUNTY)

        assert refusal.value.field == "level"

    def test_an_unknown_superior_is_not_found(self, session: Session, small_federation: Federation):
        unknown = small_federation.street.model_copy(update={"id": 10**9})

        with pytest.raises(NotFound):
            establish(session, superior=unknown, name="厂", category=UnionCategory.SINGLE_BASE, level=UnionLevel.BASE)


class TestRename:
    def test_the_union_is_found_by_its_new_name_only(self, session: Session, small_federation: Federation):
        factory = small_federation.factory

        rename(session, factory, " 榕江智能装备有限公司工会委员会 ")

        assert factory.name == "榕江智能装备有限公司工会委员会"
        assert factory.initials == "rjznzbyxgsghwyh"
        assert factory.version == 2
        if dialect(session) == "postgresql":
            assert set(grams_of("智能")) <= _grams(session, factory)
            assert not set(grams_of("电器", sizes=(2,))) & _grams(session, factory)


class TestDissolve:
    def test_the_row_stays_and_counts_no_more(self, session: Session, small_federation: Federation):
        dissolve(session, small_federation.factory)

        assert get_union(session, small_federation.factory.id).status == UnionStatus.DISSOLVED
        assert figures_of(session, small_federation.street).unions_direct == 0
        assert figures_of(session, small_federation.province).unions_sub == 5
        assert verify(session) == []

    def test_not_while_it_has_subordinates(self, session: Session, small_federation: Federation):
        with pytest.raises(StillInUse):
            dissolve(session, small_federation.street)

    def test_not_while_it_has_members(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.factory)

        with pytest.raises(StillInUse):
            dissolve(session, small_federation.factory)

    def test_retained_members_may_stay(self, session: Session, small_federation: Federation):
        retain(session, make_member(session, small_federation.factory))

        dissolve(session, small_federation.factory)

        assert verify(session) == []

    def test_not_twice(self, session: Session, small_federation: Federation):
        dissolve(session, small_federation.factory)

        with pytest.raises(NotFound):
            dissolve(session, small_federation.factory)
