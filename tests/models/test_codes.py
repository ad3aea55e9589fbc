"""The code tables of employers and members."""

import pytest

from gdftu_app.models import codes
from gdftu_app.models.codes import CodeTable

TABLES: dict[str, CodeTable] = {
    name: table for name in codes.__all__ if isinstance(table := getattr(codes, name), CodeTable)
}


class TestTables:
    @pytest.mark.parametrize(
        ("table", "size"),
        [
            ("EMPLOYER_NATURES", 20),
            ("ECONOMIC_TYPES", 9),
            ("INDUSTRIES", 20),
            ("EMPLOYMENT_STATUSES", 8),
            ("EDUCATION_LEVELS", 8),
            ("SKILL_LEVELS", 6),
            ("POLITICAL_AFFILIATIONS", 13),
            ("ETHNIC_GROUPS", 56),
            ("HOUSEHOLD_TYPES", 8),
            ("OCCUPATION_GROUPS", 5),
        ],
    )
    def test_a_table_is_complete(self, table, size):
        assert len(TABLES[table].codes) == size

    @pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
    def test_no_label_occurs_twice(self, table):
        labels = [table.label(code) for code in table.codes]

        assert all(labels)
        assert len(set(labels)) == len(labels)

    @pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
    def test_a_table_has_a_name_and_codes_that_fit_their_column(self, table):
        assert table.name
        assert all(0 < len(code) <= 24 and code.isascii() for code in table.codes)

    @pytest.mark.parametrize(
        ("table", "code", "label"),
        [
            ("EMPLOYER_NATURES", "110", "国有企业"),
            ("EMPLOYER_NATURES", "170", "私营企业"),
            ("EMPLOYER_NATURES", "900", "其他组织"),
            ("ECONOMIC_TYPES", "1", "国有经济"),
            ("ECONOMIC_TYPES", "9", "其他经济类"),
            ("INDUSTRIES", "A", "农、林、牧、渔业"),
            ("INDUSTRIES", "C", "制造业"),
            ("INDUSTRIES", "G", "交通运输、仓储和邮政业"),
            ("INDUSTRIES", "T", "国际组织"),
            ("ETHNIC_GROUPS", "01", "汉族"),
            ("ETHNIC_GROUPS", "08", "壮族"),
            ("ETHNIC_GROUPS", "13", "瑶族"),
            ("ETHNIC_GROUPS", "22", "畲族"),
            ("ETHNIC_GROUPS", "36", "毛南族"),
            ("ETHNIC_GROUPS", "46", "德昂族"),
            ("ETHNIC_GROUPS", "56", "基诺族"),
            ("POLITICAL_AFFILIATIONS", "01", "中共党员"),
            ("POLITICAL_AFFILIATIONS", "03", "共青团员"),
            ("POLITICAL_AFFILIATIONS", "13", "群众"),
            ("EDUCATION_LEVELS", "11", "博士"),
            ("EDUCATION_LEVELS", "31", "大专"),
            ("SKILL_LEVELS", "1", "一级(高级技师)"),
            ("SKILL_LEVELS", "0", "无"),
            ("HOUSEHOLD_TYPES", "12", "农业家庭户口"),
            ("EMPLOYMENT_STATUSES", "2", "待(下)岗"),
            ("OCCUPATION_GROUPS", "courier", "快递员"),
        ],
    )
    def test_a_code_bears_its_label(self, table, code, label):
        assert TABLES[table].label(code) == label

    @pytest.mark.parametrize(
        ("table", "expected"),
        [
            (
                "EMPLOYER_NATURES",
                "110 120 130 140 151 159 161 169 170 190 200 300 410 490 500 600 710 720 730 900",
            ),
            ("ECONOMIC_TYPES", "1 2 3 4 5 6 7 8 9"),
            ("INDUSTRIES", "A B C D E F G H I J K L M N O P Q R S T"),
            ("EMPLOYMENT_STATUSES", "1 2 3 4 6 7 8 9"),
            ("EDUCATION_LEVELS", "11 14 21 31 41 61 71 81"),
            ("SKILL_LEVELS", "0 1 2 3 4 5"),
            ("POLITICAL_AFFILIATIONS", "01 02 03 04 05 06 07 08 09 10 11 12 13"),
            ("HOUSEHOLD_TYPES", "10 11 12 20 21 22 30 90"),
            ("OCCUPATION_GROUPS", "truck_driver ride_hailing_driver courier food_courier other"),
        ],
    )
    def test_stored_codes_never_change(self, table, expected):
        assert " ".join(TABLES[table].codes) == expected

    def test_ethnic_groups_are_numbered_without_a_gap(self):
        assert codes.ETHNIC_GROUPS.codes == tuple(f"{number:02}" for number in range(1, 57))


class TestCodeTable:
    def test_it_contains_its_codes_and_nothing_else(self):
        table = CodeTable("颜色", {"1": "红"})

        assert "1" in table
        assert not any(other in table for other in ("2", "红", "", None, 1, True, ["1"]))

    def test_a_code_outside_the_table_has_no_label(self):
        table = CodeTable("颜色", {"1": "红"})

        with pytest.raises(KeyError):
            table.label("2")

    def test_it_cannot_be_changed(self):
        source = {"1": "红"}
        table = CodeTable("颜色", source)

        source["2"] = "黑"

        assert table.codes == ("1",)
        with pytest.raises(TypeError):
            table.labels["2"] = "黑"  # pyright: ignore[reportIndexIssue]
