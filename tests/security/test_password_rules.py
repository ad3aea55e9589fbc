from datetime import UTC, datetime, timedelta

import pytest

from gdftu_app.clock import frozen_at, now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput
from gdftu_app.security.password_rules import LONGEST, days_left, refuse_own_name, refuse_weak

PHONE = "+8619970318264"
GOOD = "Gonghui@2026demo"
MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def configure(monkeypatch):
    def configure(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.cache_clear()


def refused(password: str, again: str | None = None) -> InvalidInput:
    with pytest.raises(InvalidInput) as told:
        refuse_weak(password, again=password if again is None else again, phone=PHONE)
    return told.value


def named(password: str, name: str) -> bool:
    try:
        refuse_own_name(password, name)
    except InvalidInput:
        return True
    return False


class TestForEverybody:
    @pytest.mark.parametrize(
        "password",
        [GOOD, "Xk7!pq2#Lm", "梅花Plum-香自苦寒来", "correct-Horse-9", "Zhongguo@2026", "ｇＯnghui＠２０２６demo"],
    )
    def test_what_is_long_mixed_and_uncommon_is_taken(self, password):
        refuse_weak(password, again=password, phone=PHONE)

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("", "请填写新密码。"),
            ("Ab1!", "密码至少需要 10 个字符，现有 4 个。"),
            ("Ａb1!", "密码至少需要 10 个字符，现有 4 个。"),
            ("Ab1!" * 40, f"密码最多 {LONGEST} 个字符。"),
            ("onlyletters", "密码需要包含大写字母、小写字母、数字、符号中的至少 3 种。"),
            ("letters4and5digits", "密码需要包含大写字母、小写字母、数字、符号中的至少 3 种。"),
            ("Tian-997031He", "密码不能包含手机号或其中连续的 6 位数字。"),
            ("Tian-19970318264", "密码不能包含手机号或其中连续的 6 位数字。"),
            ("Tian-９９７０３１He", "密码不能包含手机号或其中连续的 6 位数字。"),
        ],
    )
    def test_what_breaks_a_rule_is_told_by_it(self, password, words):
        refusal = refused(password)

        assert (refusal.field, refusal.text("zh-CN")) == ("password", words)

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("Password@2026", "常见的密码或单词"),
            ("P@ssw0rd2026!", "常见的密码或单词"),
            ("p4$$W0RD-p4$$W0RD", "常见的密码或单词"),
            ("Aa123456789!", "常见的密码或单词"),
            ("Admin@123456", "常见的密码或单词"),
            ("Iloveyou@123", "常见的密码或单词"),
            ("1qaz@WSX3edc", "常见的密码或单词"),
            ("!@#$%^&*()Qw1", "键盘上相邻的按键"),
            ("aaaaaaaaaaA1!", "重复的字符"),
            ("Ab1!Ab1!Ab1!Ab1!", "重复的字符"),
            ("1990-05-01Aa", "日期或年份"),
            ("Abcdefghij1!", "连续的字符"),
        ],
    )
    def test_what_lists_know_is_told_why(self, password, reason):
        assert reason in refused(password).text("zh-CN")

    def test_two_that_differ_are_told_beside_the_second(self):
        refusal = refused(GOOD, again=f"{GOOD} ")

        assert (refusal.field, refusal.text("zh-CN")) == ("again", "两次填写的密码不一致。")

    @pytest.mark.parametrize("password", ["\0" * 12, "\ud800" * 12, "🙂" * 12])
    def test_odd_characters_are_answered_calmly(self, password):
        assert refused(password).field == "password"

    def test_a_long_one_is_judged_in_no_time(self):
        password = "@4831$!0" * 16

        assert refused(password).field == "password"

    def test_the_figures_are_the_installations(self, configure):
        configure(GDFTU_PASSWORD_MIN_LENGTH="14", GDFTU_PASSWORD_MIN_CLASSES="4", GDFTU_PASSWORD_MIN_GUESSES="0")

        assert refused("Password@2026").values == {"length": 14, "typed": 13}
        assert refused("password@2026-x").values == {"classes": 4}
        refuse_weak("Password@2026-", again="Password@2026-", phone=PHONE)


class TestOwnName:
    @pytest.mark.parametrize(
        "password",
        ["Huangjianming#8", "8#HUANGJIANMING", "Tian8-jianming", "hjm@2026-Tian", "黄建明Tian-8", "2026HJM-tian"],
    )
    def test_in_characters_pinyin_or_initials_is_refused(self, password):
        assert named(password, "黄建明")

    @pytest.mark.parametrize(
        ("password", "name"), [(GOOD, "黄建明"), ("Island-2026x", "李安娜"), ("Wei-ling-2026", "王伟")]
    )
    def test_letters_that_only_happen_to_be_in_a_word_are_not_it(self, password, name):
        assert not named(password, name)

    def test_of_two_characters_counts_as_a_whole(self):
        assert named("Wangwei-2026", "王伟")

    @pytest.mark.parametrize("name", ["", "A", "李", "O'Neill Anne-Marie", "①②③"])
    def test_odd_names_are_answered_calmly(self, name):
        assert not named(GOOD, name)


class TestAge:
    @pytest.fixture(autouse=True)
    def held_clock(self):
        with frozen_at(MOMENT):
            yield

    @pytest.mark.parametrize(
        ("age", "left"),
        [
            (timedelta(0), 90),
            (timedelta(days=76), 14),
            (timedelta(days=89), 1),
            (timedelta(days=89, hours=23), 1),
            (timedelta(days=90), 0),
            (timedelta(days=400), -310),
        ],
    )
    def test_days_are_counted_from_the_last_change(self, age, left):
        assert days_left(now() - age, is_demo=False) == left

    def test_demo_accounts_and_passwords_without_a_date_do_not_age(self):
        assert days_left(now() - timedelta(days=400), is_demo=True) is None
        assert days_left(None, is_demo=False) is None

    def test_none_ages_where_the_installation_says_so(self, configure):
        configure(GDFTU_PASSWORD_MAX_DAYS="0")

        assert days_left(now() - timedelta(days=400), is_demo=False) is None
