"""Texts: every language says the same, with the same gaps to fill."""

import re

import pytest

from gdftu_app.errors import InvalidInput, TooManyRequests
from gdftu_app.i18n import LANGUAGES, catalogue, msg, render


def test_the_source_language_is_the_text_itself():
    assert render(msg("下一步")) == "下一步"


def test_english_comes_from_the_catalogue():
    assert render(msg("下一步"), "en") == "Next"


def test_traditional_chinese_comes_from_its_own():
    assert render(msg("手机短信验证码登录"), "zh-Hant") == "手機短訊驗證碼登入"


def test_gaps_are_filled():
    assert render(msg("找到 {count} 个工会"), "en", count=7) == "7 unions found"


def test_a_text_nobody_translated_stays_chinese():
    assert render("从未写过的句子", "en") == "从未写过的句子"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "zh-CN"])
def test_translations_have_the_gaps_of_their_source(language):
    for source, translated in catalogue(language).items():
        assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", translated)), source


def test_a_refusal_speaks_the_readers_language():
    refusal = TooManyRequests(retry_after=30)

    assert refusal.text("en") == "Too many requests. Try again shortly."
    assert InvalidInput("校验未通过，请核对第 18 位。").text("zh-CN") == "校验未通过，请核对第 18 位。"
