"""Texts: Chinese is the source language, the catalogues hold the others (design record 0004)."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "zh-CN"
LANGUAGES: dict[str, str] = {"zh-CN": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
_LOCALE_FOLDER = Path(__file__).parent / "locale"


def msg(text: str) -> str:
    """Mark a Chinese text for extraction and give it back unchanged; it is rendered later, in the reader's language."""
    return text


@cache
def catalogue(language: str) -> dict[str, str]:
    """Texts of a language by their Chinese source; empty for the source language itself."""
    path = _LOCALE_FOLDER / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    if language == SOURCE_LANGUAGE or not path.exists():
        return {}
    with path.open("rb") as file:
        entries = read_po(file)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}


def render(text: str, language: str = SOURCE_LANGUAGE, **values: object) -> str:
    """The text in a language with its `{placeholders}` filled; a text without translation stays Chinese."""
    translated = catalogue(language).get(text, text)
    return translated.format_map(values) if values else translated
