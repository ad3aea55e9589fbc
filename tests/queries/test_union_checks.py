"""What is typed into the fields of a union, in the form it is kept in."""

from datetime import datetime

import pytest

from gdftu_app.clock import BEIJING, frozen_at
from gdftu_app.errors import InvalidInput
from gdftu_app.models.unions import Employer, UnionStatus
from gdftu_app.queries.union_checks import misplaced, require_free_code, sound_value, warnings_about
from gdftu_app.services.unions import dissolve
from tests.factories import id_of, make_union, make_uscc

OWN_CODE = make_uscc(1, prefix="8144")
MORNING = datetime(2026, 11, 23, 9, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("name", "  榕江　电器\u200b有限公司 工会委员会\n", "榕江 电器有限公司 工会委员会"),
        ("uscc", OWN_CODE.lower(), OWN_CODE),
        ("uscc", "  ", ""),
        ("founded_on", "2009-06-18", "2009-06-18"),
        ("term_ends_on", "2099-01-01", "2099-01-01"),
        ("phone", "138 1234 2046", "+8613812342046"),
        ("postcode", "５２８３１１", "528311"),
        ("division_code", "440606101", "440606101"),
        ("employers.12.nature", "170", "170"),
        ("employers.12.employee_count", " 5,120 ", "5120"),
        ("employers.12.employee_count", "007", "7"),
        ("employers.12.employee_count", "0", "0"),
    ],
)
def test_is_kept_tidily(key: str, typed: str, kept: str):
    assert sound_value(key, typed) == kept


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("name", "厂"), ("name", "····"), ("name", "长" * 201), ("principal_name", "名" * 51),
        ("uscc", f"{OWN_CODE[:-1]}{'1' if OWN_CODE[-1] != '1' else '2'}"), ("uscc", "8144"),
        ("founded_on", "2009-02-30"), ("founded_on", "2009/06/18"), ("founded_on", "20090618"),
        ("founded_on", "1899-12-31"), ("founded_on", "2026-11-24"), ("term_starts_on", "2101-01-01"),
        ("phone", "0757-22330001"), ("phone", "12345"), ("postcode", "52831"), ("postcode", "52831a"),
        ("division_code", "999999"), ("division_code", "441900"),
        ("employers.1.nature", "999"), ("employers.1.industry", "制造业"),
        ("employers.1.employee_count", "-1"), ("employers.1.employee_count", "1e3"),
        ("employers.1.employee_count", "10000001"), ("employers.1.employee_count", "9" * 40),
        ("employers.1.employee_count", f"{'0' * 12}{'9' * 11}"),
    ],
)  # fmt: skip
def test_is_refused_beside_its_field(key: str, typed: str):
    with frozen_at(MORNING), pytest.raises(InvalidInput) as refused:
        sound_value(key, typed)

    assert refused.value.field == key


@pytest.mark.parametrize("key", ["", "path", "version", "superior_id", "employers.x.name", "employers.1.id", "a.b.c"])
def test_there_are_no_other_fields(key: str):
    with pytest.raises(KeyError):
        sound_value(key, "1")


class TestCodes:
    def test_of_a_living_union_are_taken(self, session, small_federation):
        union = make_union(session, small_federation.street, name="旧厂工会委员会", uscc=OWN_CODE)

        with pytest.raises(InvalidInput) as refused:
            require_free_code(session, OWN_CODE, key="uscc", besides=id_of(small_federation.factory))

        assert refused.value.values == {"union": "旧厂工会委员会"}
        require_free_code(session, OWN_CODE, key="uscc", besides=id_of(union))

    def test_of_a_dissolved_one_are_free(self, session, small_federation):
        dissolve(session, make_union(session, small_federation.street, uscc=OWN_CODE, status=UnionStatus.ACTIVE))

        require_free_code(session, OWN_CODE, key="uscc")

    def test_of_an_employer_are_taken_by_whoever_covers_it(self, session, small_federation):
        employer = Employer(name="榕江灯饰", uscc=make_uscc(2))
        make_union(session, small_federation.street, employers=[employer])

        with pytest.raises(InvalidInput):
            require_free_code(session, make_uscc(2), key="employers.1.uscc", besides=id_of(employer) + 1)
        require_free_code(session, make_uscc(2), key="employers.1.uscc", besides=id_of(employer))

    def test_with_an_unusual_beginning_are_told_and_taken(self):
        assert warnings_about("uscc", make_uscc(3), is_above_base=False)
        assert not warnings_about("uscc", OWN_CODE, is_above_base=False)
        assert warnings_about("employers.1.uscc", OWN_CODE, is_above_base=False)
        assert not warnings_about("name", OWN_CODE, is_above_base=True)


class TestWhatDoesNotGoTogether:
    def test_is_a_term_that_ends_before_it_starts(self):
        values = {"term_starts_on": "2027-01-01", "term_ends_on": "2026-01-01"}

        assert list(misplaced(values, {"term_starts_on": ""})) == ["term_starts_on"]
        assert list(misplaced(values, values)) == ["term_ends_on"]

    def test_is_one_code_for_two(self):
        values = {"uscc": OWN_CODE, "employers.1.uscc": OWN_CODE}

        assert list(misplaced(values, {"uscc": OWN_CODE})) == ["uscc"]
        assert list(misplaced(values, {"employers.1.uscc": OWN_CODE})) == ["employers.1.uscc"]

    def test_is_not_what_was_there_already(self):
        assert misplaced({"uscc": OWN_CODE, "employers.1.uscc": OWN_CODE}, {"name": "x"}) == {}
