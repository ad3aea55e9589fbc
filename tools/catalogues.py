"""Catalogues of translations: `extract` brings them up to the code, `check` says what is missing or wrong in them.

Translators write all of them but those of `DERIVED`, which are computed from the source and never edited.
"""

import io
import string
import sys
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from gdftu_app.i18n import LANGUAGES, SOURCE_LANGUAGE
from tools.traditional import ambiguous, traditional

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "gdftu_app"
LOCALES = PACKAGE / "i18n" / "locale"
DERIVED: dict[str, Callable[[str], str]] = {"zh-Hant": traditional}
# Fixed, so that an extraction without new texts changes nothing: no date, no tool, no last translator.
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def texts_of_code(package: Path = PACKAGE) -> Catalog:
    """Every literal text that the code marks as its first argument, with the files it stands in."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    keywords = dict.fromkeys(settings["tool"]["catalogues"]["keywords"], (1,))
    template = Catalog()
    for file, _line, text, _comments, _context in extract_from_dir(
        package,
        [("**.py", "python"), ("h5/templates/**.html", "jinja2"), ("api/templates/**.html", "jinja2")],
        {"**": {"encoding": "utf-8"}},
        keywords,
    ):
        template.add(text, locations=[((package / file).relative_to(package.parent).as_posix(), 1)])
    return template


def catalogue_path(language: str, locales: Path = LOCALES) -> Path:
    """Where the catalogue of a language is kept."""
    return locales / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def read(path: Path, language: str) -> Catalog:
    """The catalogue in a file; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"))
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def write(path: Path, catalogue: Catalog, language: str) -> None:
    """Write a catalogue sorted by text, so that two people's additions seldom touch the same lines."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEADER.format(language=language).encode() + body.getvalue())


def translations() -> list[str]:
    """The languages that have a catalogue: all but the one that the code is written in."""
    return [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


def extract() -> int:
    """Add the code's new texts to every catalogue, and drop the ones that the code no longer has.

    Derived translations are made anew, and those that differ from before are printed, for they want to be read.
    """
    template = texts_of_code()
    for language in translations():
        path = catalogue_path(language)
        catalogue = read(path, language)
        catalogue.update(deepcopy(template), no_fuzzy_matching=True)  # it takes the new entries themselves
        if language in DERIVED:
            for text in derive(catalogue, DERIVED[language]):
                print(f"{language}: {text.string}" + (f"  ({found})" if (found := ambiguous(str(text.id))) else ""))
        write(path, catalogue, language)
        waiting = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {waiting} to translate")
    return 0


def derive(catalogue: Catalog, translate: Callable[[str], str]) -> list[Message]:
    """Translate every text of a catalogue by rule; the texts whose translation was another one or none."""
    changed = [text for text in texts(catalogue) if text.string != translate(str(text.id))]
    for text in changed:
        text.string = translate(str(text.id))
    return changed


def check() -> int:
    """Name every gap between the code and the catalogues; 1 when there is one."""
    template = texts_of_code()
    found = [problem for language in translations() for problem in problems(template, language)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print(f"{len(found)} problems in the catalogues; `make messages` adds and drops texts.", file=sys.stderr)
        return 1
    print(f"Catalogues complete: {len(template)} texts, {', '.join(translations())}")
    return 0


def problems(template: Catalog, language: str, locales: Path = LOCALES) -> Iterator[str]:
    """What keeps one catalogue from being complete, one line each."""
    path = catalogue_path(language, locales)
    catalogue = read(path, language)
    for wanted in texts(template):
        where = f"{language}: “{wanted.id}” ({wanted.locations[0][0]})"
        entry = catalogue.get(wanted.id)
        if entry is None:
            yield f"{where} is missing"
        elif not entry.string:
            yield f"{where} is not translated"
        elif entry.fuzzy:
            yield f"{where} is marked fuzzy"
        elif placeholders(str(entry.string)) != placeholders(str(wanted.id)):
            yield f"{where} has other placeholders in its translation “{entry.string}”"
        elif language in DERIVED and entry.string != (derived := DERIVED[language](str(wanted.id))):
            yield f"{where} reads “{entry.string}”, and is derived as “{derived}”"
    obsolete = [entry for entry in texts(catalogue) if entry.id not in template]
    for entry in [*obsolete, *catalogue.obsolete.values()]:
        yield f"{language}: “{entry.id}” is no longer in the code"


def texts(catalogue: Catalog) -> Iterator[Message]:
    """The entries of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def placeholders(text: str) -> set[str] | None:
    """The names in braces that a text has filled in; None when its braces do not match."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


if __name__ == "__main__":
    commands = {"extract": extract, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit("usage: python -m tools.catalogues extract|check")
    sys.exit(commands[sys.argv[1]]())
