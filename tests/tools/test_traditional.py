"""繁體中文 out of 简体中文."""

import re

import pytest

from tools.traditional import ambiguous, terms, traditional


@pytest.mark.parametrize(
    ("simplified", "wanted"),
    [
        ("下级工会建立后，会显示在这里。", "下級工會建立後，會顯示在這裏。"),
        ("验证码已发送，{minutes} 分钟内有效。", "驗證碼已發送，{minutes} 分鐘內有效。"),
        ("劳动关系终止", "勞動關係終止"),
        ("产业(系统)工会", "產業(系統)工會"),
        ("可能已被移动，或不在「{union}」的管理范围内。", "可能已被移動，或不在「{union}」的管理範圍內。"),
        ("港澳台商投资企业", "港澳台商投資企業"),
        ("政治面貌", "政治面貌"),
        ("采矿业", "採礦業"),
        ("建会批复文号", "建會批覆文號"),
        ("卫生和社会工作", "衞生和社會工作"),
    ],
)
def test_a_character_of_several_forms_takes_the_one_its_word_wants(simplified: str, wanted: str) -> None:
    assert traditional(simplified) == wanted


@pytest.mark.parametrize(
    ("simplified", "wanted"),
    [
        ("账号密码登录", "帳號密碼登入"),
        ("退出登录", "登出"),
        ("手机短信验证码登录", "手機短訊驗證碼登入"),
        ("请填写手机号。", "請填寫手機號碼。"),
        ("手机号码", "手機號碼"),
        ("集体户口", "集體戶口"),
        ("鄂温克族", "鄂溫克族"),
        ("群众", "群眾"),
        ("请阅读说明", "請閱讀說明"),
        ("脱敏后兑奖", "脫敏後兌獎"),
        ("功能菜单", "功能選單"),
        ("打开「粤工惠」小程序", "打開「粵工惠」小程式"),
    ],
)
def test_words_are_those_of_the_terms(simplified: str, wanted: str) -> None:
    assert traditional(simplified) == wanted


def test_the_longest_term_counts() -> None:
    assert (traditional("信息"), traditional("工会信息")) == ("資訊", "工會資料")
    assert traditional("信息传输、软件和信息技术服务业") == "信息傳輸、軟件和信息技術服務業"


def test_the_signature_of_messages_stays_as_it_was_registered() -> None:
    assert traditional("【粤工惠】验证码 {code}").startswith("【粤工惠】驗證碼")


def test_gaps_and_what_is_not_chinese_stay() -> None:
    assert traditional("{name}（GDFTU_ENV=production）H 或 M") == "{name}（GDFTU_ENV=production）H 或 M"


def test_terms_are_keyed_by_what_opencc_writes() -> None:
    """A key that OpenCC would not write is never found: it would be the simplified word, or another region's."""
    simplified = [term for term in terms() if re.search("[级会员账录证码请与为这话设备单数据网络]", term)]

    assert simplified == []


def test_a_line_that_is_no_term_is_named(tmp_path) -> None:
    table = tmp_path / "terms.tsv"
    table.write_text("# words\n賬號\t帳號\n登錄\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"terms\.tsv:3"):
        terms(table)


def test_a_reader_is_told_which_characters_to_look_at() -> None:
    assert ambiguous("发送后在这里发") == "发后里"
