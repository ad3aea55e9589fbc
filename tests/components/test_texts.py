"""Texts on screen: every language travels with the page, and the browser picks."""

import json

import pytest
from reflex.vars import NumberVar

from gdftu_app.components.texts import label_of, number, pick, t
from gdftu_app.i18n import LANGUAGES
from gdftu_app.state.preferences import PreferencesState

CHOSEN = str(PreferencesState.language)


def test_a_text_holds_every_language():
    held = str(t("登录"))

    for language, words in {"zh-CN": "登录", "zh-Hant": "登入", "en": "Sign in"}.items():
        assert f'["{language}"] : {json.dumps(words)}' in held
    assert held.endswith(f"[{CHOSEN}]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_held_in_every_language(language):
    assert f'["{language}"]' in str(label_of({"a": "正常"}, PreferencesState.scaling))


def test_a_text_of_the_server_is_picked_by_language_too():
    assert str(pick({"zh-CN": "一", "zh-Hant": "一", "en": "one"})).endswith(f"[{CHOSEN}]")


def test_numbers_are_written_by_the_browser_in_the_language_chosen():
    written = str(number(NumberVar.create(38_906)))

    assert "new Intl.NumberFormat(language).format(number)" in written
    assert f"({CHOSEN}, 38906)" in written
