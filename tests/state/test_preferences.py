"""Preferences: what may be chosen."""

from typing import get_args

from gdftu_app.i18n import LANGUAGES
from gdftu_app.state.preferences import Language


def test_every_language_can_be_chosen():
    assert get_args(Language) == tuple(LANGUAGES)
