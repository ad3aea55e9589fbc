"""Names of people (姓名) as they are typed: tidied, and compared as documents would be."""

import unicodedata

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import one_line

LONGEST_NAME = 50
# The dot within names of several nationalities, as keyboards and documents write it.
_DOTS = dict.fromkeys(map(ord, "·•・‧∙⋅.．"), "·")


def clean_name(name: str) -> str:
    """A name on one line, without what cannot be seen; raises `InvalidInput` (field `name`)."""
    tidy = one_line(name)
    if not tidy:
        raise InvalidInput(msg("请填写姓名。"), field="name")
    if len(tidy) > LONGEST_NAME:
        raise InvalidInput(msg("姓名不能超过 {limit} 个字。"), field="name", limit=LONGEST_NAME)
    if any(character.isdigit() for character in tidy):
        raise InvalidInput(msg("姓名中不能有数字，请与证件一致。"), field="name")
    return tidy


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for spaces, width, case and the shape of the dot."""
    return _bare(one) == _bare(other)


def mask_name(name: str) -> str:
    """陈**: the first character, and how many follow."""
    return name[:1] + "*" * (len(name) - 1)


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKC", one_line(name)).casefold().translate(_DOTS)
    return "".join(folded.split())
