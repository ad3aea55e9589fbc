"""Texts: Chinese is marked wherever a user reads it, and every catalogue has it."""

import ast
import re

import pytest

from gdftu_app.i18n import LANGUAGES, SOURCE_LANGUAGE
from tests.architecture.sources import Module, of_layers
from tools.catalogues import problems, texts_of_code

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKS = {"t", "msg"}
READ_BY_USERS = ("pages", "api", "components", "state", "queries", "security", "models", "services", "web")
# What only Chinese has, or only operators and invented people.
NOT_TRANSLATED = {
    "state/figures.py": "万, a unit that Chinese has and others do not",
    "services/backups.py": "for operators",
    "services/key_rotation.py": "for operators",
    "services/starting.py": "for operators",
    "services/division_unions.py": "names of unions, which are data",
    "models/union_names.py": "names of unions, which are data",
}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE_LANGUAGE])
def test_every_text_is_in_every_catalogue(language: str):
    assert list(problems(texts_of_code(), language)) == []


def unmarked(module: Module) -> list[str]:
    marked = {
        id(argument)
        for called, call in module.calls()
        if called.rpartition(".")[2] in MARKS
        for argument in call.args[:1]
    }
    return [
        f"{module.name}:{text.lineno} {text.value}"
        for text in module.strings()
        if CHINESE.search(str(text.value)) and id(text) not in marked
    ]


def test_every_text_is_marked():
    found = [
        text
        for module in of_layers(*READ_BY_USERS)
        if module.name not in NOT_TRANSLATED and not module.name.startswith(("services/demo/", "models/codes/"))
        for text in unmarked(module)
    ]

    assert found == []


def test_a_mark_holds_the_text_itself():
    computed = [
        f"{module.name}:{call.lineno}"
        for module in of_layers(*READ_BY_USERS)
        for called, call in module.calls()
        if called == "msg" and not (call.args and isinstance(call.args[0], ast.Constant))
    ]

    assert computed == []
