"""Texts on screen: each compiles to all languages, and the browser shows the one chosen, at once."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.state.preferences import PreferencesState

Text = rx.Var[str] | str


def t(text: str, **values: Any) -> rx.Var[str]:
    """The Chinese text in the reader's language; `{placeholders}` take values or vars."""
    return pick({language: _filled(render(text, language), values) for language in LANGUAGES})


def pick(texts: Mapping[str, Any] | rx.Var) -> rx.Var[str]:
    """The reader's entry of a text held in every language, in Python or in a state var."""
    held = texts if isinstance(texts, rx.Var) else rx.Var.create(dict(texts))
    return held.to(dict[str, str])[PreferencesState.language].to(str)


def label_of(labels: Mapping[Any, str], key: rx.Var) -> rx.Var[str]:
    """The label of a code held in a state var, such as a union's category."""
    tables = {language: {str(code): render(text, language) for code, text in labels.items()} for language in LANGUAGES}
    table = rx.Var.create(tables).to(dict[str, dict[str, str]])[PreferencesState.language]
    return table.to(dict[str, str])[key].to(str)


def _filled(template: str, values: Mapping[str, Any]) -> Any:
    return (
        rx.Var.create(template.format(**{name: f"{value}" for name, value in values.items()})) if values else template
    )
