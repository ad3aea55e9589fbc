"""Texts on screen: each compiles to all languages, and the browser shows the one chosen, at once."""

from collections.abc import Mapping
from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, NumberVar

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.state.preferences import PreferencesState

Text = rx.Var[str] | str
_WRITTEN = FunctionStringVar.create("((language, number) => new Intl.NumberFormat(language).format(number))")


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


def number(value: NumberVar) -> rx.Var[str]:
    """A whole number held in a state var, as the reader's language groups its digits: 38,906."""
    return _WRITTEN.call(PreferencesState.language, value).to(str)


def _filled(template: str, values: Mapping[str, Any]) -> Any:
    return (
        rx.Var.create(template.format(**{name: f"{value}" for name, value in values.items()})) if values else template
    )
