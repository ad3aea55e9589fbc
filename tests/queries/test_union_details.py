"""Everything recorded of one union."""

from datetime import date

from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.people import Sex
from gdftu_app.models.unions import DataSource, Employer, UnionStatus
from gdftu_app.queries.union_details import get_own_details, get_union_details
from gdftu_app.queries.unions import UnionRef
from tests.counting import assert_queries
from tests.factories import id_of, make_member, make_union

USCC = complete_uscc("81440606700000001")
PLAIN = "13812342046"


def make_recorded_union(session, superior, *employers):
    return make_union(
        session,
        superior,
        name="粤泓智能家电制造有限公司工会委员会",
        uscc=USCC,
        division_code="440606",
        founded_on=date(2009, 6, 18),
        principal_name="梁婉婷",
        contact_name="陈明",
        phone=f"+86{PLAIN}",
        postcode="528311",
        approval_number="北工复〔2009〕18 号",
        term_starts_on=date(2022, 7, 1),
        term_ends_on=date(2027, 6, 30),
        status=UnionStatus.PREPARING,
        data_source=DataSource.REGISTRATION,
        employers=employers,
    )


def make_employer(number: int, **fields):
    return Employer(name=f"第{number}单位", uscc=complete_uscc(f"9144060670000000{number}"), **fields)


class TestGetUnionDetails:
    def test_every_field_is_there(self, session, act_as, small_federation):
        union = make_recorded_union(session, small_federation.street)
        make_member(session, union, sex=Sex.FEMALE)
        make_member(session, union, verified=False, is_migrant=True)
        actor = act_as(small_federation.city)

        found = get_union_details(session, actor, union=id_of(union))

        assert (found.name, found.uscc) == ("粤泓智能家电制造有限公司工会委员会", USCC)
        assert found.superior == UnionRef(id_of(small_federation.street), small_federation.street.name)
        assert (found.category, found.level, found.status) == ("single_base", "base", "preparing")
        assert (found.founded_on, found.division) == (date(2009, 6, 18), "广东省佛山市顺德区")
        assert (found.principal_name, found.contact_name, found.postcode) == ("梁婉婷", "陈明", "528311")
        assert (found.approval_number, found.data_source) == ("北工复〔2009〕18 号", "registration")
        assert (found.term_starts_on, found.term_ends_on) == (date(2022, 7, 1), date(2027, 6, 30))
        assert (found.members, found.women, found.migrant, found.verified, found.rate) == (2, 1, 1, 1, 0.5)
        assert found.updated_at == union.updated_at

    def test_the_phone_is_masked(self, session, act_as, small_federation):
        union = make_recorded_union(session, small_federation.street)
        actor = act_as(small_federation.city)

        found = get_union_details(session, actor, union=id_of(union))

        assert found.phone == "138****2046"
        assert PLAIN not in repr(found)

    def test_employers_come_with_their_labels_as_they_were_recorded(self, session, act_as, small_federation):
        first = make_employer(
            1,
            address="工业大道 18 号",
            division_code="440606101",
            nature="170",
            economy="3",
            industry="C",
            employee_count=5120,
        )
        union = make_recorded_union(session, small_federation.street, first, make_employer(2))
        actor = act_as(small_federation.city)

        full, bare = get_union_details(session, actor, union=id_of(union)).employers

        assert (full.name, full.uscc, full.address) == ("第1单位", first.uscc, "工业大道 18 号")
        assert (full.division, full.nature, full.economy) == ("广东省佛山市顺德区陈村镇", "私营企业", "私营经济")
        assert (full.industry_code, full.industry, full.employee_count) == ("C", "制造业", 5120)
        assert (bare.nature, bare.economy, bare.industry, bare.division) == ("", "", "", "")

    def test_what_was_never_recorded_is_empty(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        found = get_union_details(session, actor, union=id_of(small_federation.factory))

        assert (found.uscc, found.founded_on, found.phone, found.division) == (None, None, "", "")
        assert (found.rate, found.employers) == (None, [])

    def test_the_superior_of_the_acting_union_is_not_told(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        found = get_union_details(session, actor, union=actor.union_id)

        assert found.superior is None

    def test_it_takes_four_statements_however_many_employers(self, session, act_as, small_federation):
        many = [make_employer(number) for number in range(3, 9)]
        union = make_recorded_union(session, small_federation.street, *many)
        actor = act_as(small_federation.city)

        for number in (id_of(union), id_of(small_federation.factory)):
            with assert_queries(session, 4):
                get_union_details(session, actor, union=number)


class TestOwnDetails:
    def test_name_the_superior_although_it_is_beyond_reach(self, session, act_as, small_federation):
        own = get_own_details(session, act_as(small_federation.factory))

        assert own.name == small_federation.factory.name
        assert own.superior is not None
        assert own.superior.name == small_federation.street.name

    def test_of_the_province_name_none(self, session, act_as, small_federation):
        assert get_own_details(session, act_as(small_federation.province)).superior is None
