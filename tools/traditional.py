"""繁體中文 out of 简体中文: OpenCC's conversion for Hong Kong's readers, then our own terms (design record 0011)."""

import re
from functools import cache
from pathlib import Path

from opencc import OpenCC

CONFIGURATION = "s2hk"
TERMS = Path(__file__).with_name("traditional_terms.tsv")
# One simplified character for several traditional ones: where they stand, OpenCC goes by the word around them.
AMBIGUOUS = frozenset(
    "万丑云借几准划冲制卷历发只台后向周回团困复尽干征志才折斗松注游症签系累胜致舍范药蒙表谷里采钟面须余"
)


def traditional(text: str) -> str:
    """A text of the console in 繁體中文, with its `{placeholders}` as they are. Never for names, which are data."""
    wanted = terms()
    return _pattern().sub(lambda found: wanted[found[0]], _converter().convert(text))


def ambiguous(text: str) -> str:
    """The characters of a simplified text whose conversion a reader has to look at, each once."""
    return "".join(dict.fromkeys(character for character in text if character in AMBIGUOUS))


@cache
def terms(path: Path = TERMS) -> dict[str, str]:
    """The field's terms as we write them, by OpenCC's conversion; raises ValueError for a line that is none."""
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        converted, *rest = line.split("\t")
        if not rest or not converted or not rest[0] or converted in found:
            raise ValueError(f"{path.name}:{number}: “{line}” is not a term, or is there twice")
        found[converted] = rest[0]
    return found


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(term) for term in sorted(terms(), key=len, reverse=True)))


@cache
def _converter() -> OpenCC:
    return OpenCC(CONFIGURATION)
