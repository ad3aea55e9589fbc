"""Unified social credit codes (统一社会信用代码, GB 32100-2015) of employers and unions."""

from typing import Literal

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers.spelling import CHECK_FAILED, require_alphabet, require_digits, tidy

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ABSENT_LETTERS = "IOZSV"
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
# The 机构类别代码 (position 2) that each 登记管理部门代码 (position 1) gives out.
CATEGORIES: dict[str, str] = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_FIELD = "uscc"


def normalise_uscc(value: object) -> str:
    """The 18 characters of a valid code, in half width and upper case, without spaces.

    Positions 3 to 8 are the division of the registering body and are not compared with any address.

    Raises:
        InvalidInput: field `uscc`; the message names the position that is wrong.
    """
    code = tidy(value, field=_FIELD, missing=msg("请填写统一社会信用代码。"))
    _refuse_absent_letters(code)
    require_alphabet(code, ALPHABET, field=_FIELD)
    if len(code) != LENGTH:
        raise InvalidInput(
            msg("统一社会信用代码应为 18 位，现为 {length} 位，请对照证书补全或删去多余的字符。"),
            field=_FIELD,
            length=len(code),
        )
    require_digits(code, 3, 8, field=_FIELD)
    if code[1] not in CATEGORIES.get(code[0], ""):
        raise InvalidInput(
            msg("前 2 位「{pair}」不是有效的登记管理部门和机构类别代码，请对照证书核对。"), field=_FIELD, pair=code[:2]
        )
    if code[-1] != check_digit_of(code[:-1]):
        raise InvalidInput(CHECK_FAILED, field=_FIELD)
    return code


def check_digit_of(first17: str) -> str:
    """The check character (校验码) that belongs behind 17 characters: (31 − Σ value·weight mod 31) mod 31.

    Raises:
        ValueError: unless there are 17 characters of the alphabet.
    """
    if len(first17) != LENGTH - 1 or any(character not in _VALUES for character in first17):
        raise ValueError("a check digit needs 17 characters of the alphabet of GB 32100")
    total = sum(_VALUES[character] * weight for character, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def complete_uscc(first17: str) -> str:
    """The 17 characters with their check character appended; nothing else is examined."""
    return first17 + check_digit_of(first17)


def uscc_warnings(value: str, *, of_union: Literal["base", "above_base"] | None) -> list[str]:
    """What a reviewer should look at in a valid code, as texts to render; empty when nothing is unusual.

    A base union's own code starts with 81. Other trade-union bodies start with 89, or with 81 where they register
    as legal persons the way base unions do (联合会, 乡镇街道工会: 基层工会法人登记管理办法, 2020, 第二条).
    Older unions may hold another prefix, so this is never an error. `None`: the code of an employer, of which
    nothing is expected.
    """
    prefix = value[:2]
    if of_union == "base" and prefix != "81":
        return [msg("基层工会的统一社会信用代码一般以 81 开头，该代码不是，请对照工会法人资格证书核对。")]
    if of_union == "above_base" and prefix not in {"81", "89"}:
        return [msg("工会的统一社会信用代码一般以 81 或 89 开头，该代码不是，请对照证书核对。")]
    return []


def _refuse_absent_letters(code: str) -> None:
    for position, character in enumerate(code, start=1):
        if character in ABSENT_LETTERS:
            raise InvalidInput(
                msg("第 {position} 位的「{character}」不能使用：代码中没有字母 I、O、Z、S、V，请核对是否为数字。"),
                field=_FIELD,
                position=position,
                character=character,
            )
