"""`gdftu check`."""

import pytest
from typer.testing import CliRunner

from gdftu_app.cli.check import app
from gdftu_app.models.identifiers import complete_resident_id

RESIDENT_ID = complete_resident_id("44019919900101001")


def check(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


class TestAccepted:
    @pytest.mark.parametrize(
        ("arguments", "normal"),
        [
            (("uscc", "91350100M000100Y43"), "91350100M000100Y43"),
            (("uscc", " ９１３５０１００ｍ０００１００ｙ４３ "), "91350100M000100Y43"),
            (("id", RESIDENT_ID), RESIDENT_ID),
            (("id", f"{RESIDENT_ID[:6]} {RESIDENT_ID[6:]}"), RESIDENT_ID),
            (("id", "h00000000", "--type", "hk_macao_permit"), "H00000000"),
            (("id", "--type", "passport", "e00000000"), "E00000000"),
            (("id", "--type=taiwan_permit", "0000000001(B)"), "00000000"),
            (("id", "--type", "permanent_residence", "932682198501010017"), "932682198501010017"),
        ],
    )
    def test_the_normal_form_is_all_that_is_printed(self, arguments, normal):
        result = check(*arguments)

        assert result.exit_code == 0
        assert result.stdout == normal + "\n"
        assert result.stderr == ""


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (("uscc", "91350100M000100Y44"), "校验未通过"),
            (("uscc", "91350100M000100YO3"), "第 17 位的「O」不能使用"),
            (("uscc", "9135"), "应为 18 位，现为 4 位"),
            (("uscc", ""), "请填写统一社会信用代码"),
            (("uscc", "-1"), "第 1 位的「-」不是可用的字符"),
            (("uscc", "--all"), "第 1 位的「-」不是可用的字符"),
            (("id", RESIDENT_ID[:-1] + "Y"), "第 18 位的「Y」不是可用的字符"),
            (("id", "440199900101001"), "已停用"),
            (("id", ""), "请填写居民身份证号码"),
            (("id", "-x"), "第 1 位的「-」不是可用的字符"),
            (("id", "H00000000"), "第 1 位的「H」不是可用的字符"),
            (("id", "A00000000", "--type", "hk_macao_permit"), "字母 H 或 M"),
        ],
    )
    def test_the_reason_goes_to_stderr(self, arguments, reason):
        result = check(*arguments)

        assert result.exit_code == 1
        assert result.stdout == ""
        assert reason in result.stderr
        assert "Traceback" not in result.output


class TestMisused:
    @pytest.mark.parametrize("arguments", [(), ("uscc",), ("phone", "1"), ("id", "1", "--type", "library_card")])
    def test_a_wrong_command_line_is_a_usage_error(self, arguments):
        result = check(*arguments)

        assert result.exit_code == 2
