"""What a password must be (密码规则, MLPS): long, mixed, not guessable from lists, and nothing of its owner's."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from pypinyin import Style, lazy_pinyin
from zxcvbn import zxcvbn  # pyright: ignore[reportMissingTypeStubs]  (it has none)

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import national_phone

LONGEST = 128
# The estimate takes time with the square of the length; what is long enough to be cut is judged by its beginning.
_ESTIMATED_LENGTH = 64
# What consists of known parts but for one character needs so many times the tries: keyboards and lists are tried first.
FOR_KNOWN_PARTS = 100
_PHONE_RUN = 6
_SHORTEST_NAME, _SHORTEST_INITIALS = 4, 3

# By the pattern that most of a guessable password consists of.
GUESSABLE: dict[str, str] = {
    "dictionary": msg(
        "这个密码太容易猜中：主要是常见的密码或单词，换成大写、用相近的符号代替字母或在前后加数字，也同样常见。请换一个。"
    ),
    "spatial": msg("这个密码太容易猜中：主要是键盘上相邻的按键。请换一个。"),
    "repeat": msg("这个密码太容易猜中：主要是重复的字符。请换一个。"),
    "sequence": msg("这个密码太容易猜中：主要是 abc、123 一类连续的字符。请换一个。"),
    "date": msg("这个密码太容易猜中：主要是日期或年份。请换一个。"),
}
_SHORT = msg("这个密码太容易猜中，请加长或换一个。")


def refuse_weak(password: str, *, again: str, phone: str) -> None:
    """Refuse a password that breaks a rule which holds for everybody; `phone` is the account's, in normal form.

    Raises:
        InvalidInput: field `password`, or `again` when the two differ.
    """
    plain = unicodedata.normalize("NFKC", password)
    rules = settings()
    if not password:
        raise InvalidInput(msg("请填写新密码。"), field="password")
    if len(plain) < rules.password_min_length:
        raise InvalidInput(
            msg("密码至少需要 {length} 个字符，现有 {typed} 个。"),
            field="password",
            length=rules.password_min_length,
            typed=len(plain),
        )
    if len(plain) > LONGEST:
        raise InvalidInput(msg("密码最多 {length} 个字符。"), field="password", length=LONGEST)
    if len(_classes(plain)) < rules.password_min_classes:
        raise InvalidInput(
            msg("密码需要包含大写字母、小写字母、数字、符号中的至少 {classes} 种。"),
            field="password",
            classes=rules.password_min_classes,
        )
    if any(run in plain for run in _runs(national_phone(phone))):
        raise InvalidInput(msg("密码不能包含手机号或其中连续的 6 位数字。"), field="password")
    _refuse_guessable(plain)
    if password != again:
        raise InvalidInput(msg("两次填写的密码不一致。"), field="again")


def refuse_own_name(password: str, name: str) -> None:
    """Refuse a password with its owner's name in it, in characters, pinyin or initials. InvalidInput, `password`."""
    plain = unicodedata.normalize("NFKC", password).lower()
    syllables = [syllable.lower() for syllable in lazy_pinyin(name, style=Style.NORMAL)]
    spellings = {"".join(syllables), "".join(syllables[1:]), name.lower()}
    initials = "".join(syllable[0] for syllable in syllables if syllable[:1].isalpha())
    stands_alone = re.compile(rf"(?<![a-z]){re.escape(initials)}(?![a-z])")
    is_named = any(len(spelling) >= _SHORTEST_NAME and spelling in plain for spelling in spellings)
    is_named = is_named or (not name.isascii() and len(name) > 1 and name in plain)
    if is_named or (len(initials) >= _SHORTEST_INITIALS and stands_alone.search(plain)):
        raise InvalidInput(msg("密码不能包含自己的姓名、姓名的拼音或拼音首字母。"), field="password")


def days_left(changed_at: datetime | None, *, is_demo: bool) -> int | None:
    """How many days a password still opens the console, 0 or less when it no longer does; None when it does not age.

    Those of demo accounts, which are printed at every start, do not, nor one whose beginning was not recorded.
    """
    limit = settings().password_max_days
    if not limit or changed_at is None or is_demo:
        return None
    return math.ceil((changed_at + timedelta(days=limit) - now()) / timedelta(days=1))


def _classes(plain: str) -> set[str]:
    """Kinds of characters: capitals, small letters, digits, and everything else as one."""
    kinds = {unicodedata.category(character) for character in plain}
    return {kind if kind in ("Lu", "Ll", "Nd") else "other" for kind in kinds}


def _runs(number: str) -> Iterator[str]:
    for start in range(len(number) - _PHONE_RUN + 1):
        yield number[start : start + _PHONE_RUN]


def _refuse_guessable(plain: str) -> None:
    estimate = cast(dict[str, Any], zxcvbn(plain[:_ESTIMATED_LENGTH], max_length=_ESTIMATED_LENGTH))
    lengths: Counter[str] = Counter()
    for part in cast(list[dict[str, Any]], estimate["sequence"]):
        lengths["date" if part["pattern"] == "regex" else str(part["pattern"])] += len(part["token"])
    invented = lengths.pop("bruteforce", 0)
    needed = settings().password_min_guesses * (1 if invented > 1 else FOR_KNOWN_PARTS)
    if estimate["guesses"] >= needed:
        return
    commonest = lengths.most_common(1)
    raise InvalidInput(GUESSABLE.get(commonest[0][0], _SHORT) if commonest else _SHORT, field="password")
