"""Resident ID numbers (公民身份号码, GB 11643); the residence permits of 港澳台居民 bear numbers of the same form."""

from datetime import date
from typing import Literal

from gdftu_app import clock
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers.spelling import CHECK_FAILED, DIGITS, require_alphabet, require_digits, tidy

LENGTH = 18
CHECK_CHARACTERS = "10X98765432"
WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(LENGTH - 1))
PROVINCES = frozenset(
    str(code)
    for codes in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for code in codes
) | {"71", "81", "82", "83"}
EARLIEST_BIRTH = date(1900, 1, 1)
FIELD = "document_number"


def normalise_resident_id(value: object, *, today: date | None = None) -> str:
    """The 18 characters of a valid number, the check character X in upper case.

    Only the province is compared with a list: people keep numbers of divisions that were renamed or created later.
    `today` is the last birth date accepted, by default the present day in China.

    Raises:
        InvalidInput: field `document_number`; the message never repeats the number.
    """
    number = tidy(value, field=FIELD, missing=msg("请填写居民身份证号码。"))
    if len(number) == 15 and all(character in DIGITS for character in number):
        raise InvalidInput(msg("15 位的旧身份证号码已停用，请填写 18 位号码。"), field=FIELD)
    require_alphabet(number, DIGITS + "X", field=FIELD)
    if len(number) != LENGTH:
        raise InvalidInput(msg("居民身份证号码应为 18 位，现为 {length} 位，请核对。"), field=FIELD, length=len(number))
    require_digits(number, 1, LENGTH - 1, field=FIELD)
    if number[:2] not in PROVINCES:
        raise InvalidInput(msg("第 1、2 位不是省级行政区代码，请对照证件核对。"), field=FIELD)
    require_birth_date(number, today=today)
    require_check_character(number)
    return number


def require_birth_date(number: str, *, today: date | None = None) -> None:
    """Raise InvalidInput unless positions 7 to 14 are a real day between 1900 and today."""
    try:
        born = birth_date_of(number)
    except ValueError:
        raise InvalidInput(msg("第 7 至 14 位不是真实的日期，请核对出生日期。"), field=FIELD) from None
    if not EARLIEST_BIRTH <= born <= (today or clock.today()):
        raise InvalidInput(msg("第 7 至 14 位的出生日期应在 1900 年至今天之间，请核对。"), field=FIELD)


def require_check_character(number: str) -> None:
    """Raise InvalidInput unless the 18th character follows from the others (MOD 11-2)."""
    if number[-1] != check_character_of(number[:-1]):
        raise InvalidInput(CHECK_FAILED, field=FIELD)


def check_character_of(first17: str) -> str:
    """The check character (校验码, MOD 11-2 of ISO 7064) that belongs behind 17 digits.

    Raises:
        ValueError: unless there are 17 digits.
    """
    if len(first17) != LENGTH - 1 or any(character not in DIGITS for character in first17):
        raise ValueError("a check character needs 17 digits")
    return CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def complete_resident_id(first17: str) -> str:
    """The 17 digits with their check character appended; nothing else is examined."""
    return first17 + check_character_of(first17)


def birth_date_of(number: str) -> date:
    """出生日期 of a number in normal form (positions 7 to 14)."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> Literal[1, 2]:
    """性别 of a number in normal form: 1 male, 2 female, as GB/T 2261.1 numbers them (position 17, odd is male)."""
    return 1 if int(number[16]) % 2 else 2
