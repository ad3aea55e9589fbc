"""Mobile phone numbers (手机号) of mainland China, stored as E.164."""

import re
import unicodedata

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers.spelling import require_digits, tidy

COUNTRY = "+86"
LENGTH = 11
_FIELD = "phone"
_CHINA = re.compile(r"(?:\+86|0086|86)")
_ABROAD = re.compile(r"(?:\+|00)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def normalise_phone(value: object) -> str:
    """The number as `+8613800138000`; spaces, hyphens, brackets and a country code of +86, 86 or 0086 may be there.

    Raises:
        InvalidInput: field `phone`; positions in the message count within the 11 digits.
    """
    typed = tidy(value, field=_FIELD, missing=msg("请填写手机号。"))
    dialled = "".join(character for character in typed if not _separates(character))
    number = _CHINA.sub("", dialled, count=1) if _CHINA.match(dialled) else dialled
    if _ABROAD.match(number):
        raise InvalidInput(msg("目前只支持中国内地的手机号，请填写 11 位号码。"), field=_FIELD)
    require_digits(number, 1, len(number), field=_FIELD)
    if len(number) != LENGTH:
        raise InvalidInput(msg("手机号应为 11 位，现为 {length} 位，请核对。"), field=_FIELD, length=len(number))
    if not _MOBILE.fullmatch(number):
        raise InvalidInput(msg("手机号应以 13 至 19 开头，请核对前 2 位。"), field=_FIELD)
    return COUNTRY + number


def national_phone(phone: str) -> str:
    """The 11 digits of a number in normal form, as people in China write it."""
    return phone.removeprefix(COUNTRY)


def mask_phone(phone: str) -> str:
    """`138****1234`, from a number with or without its country code; anything else is hidden whole."""
    number = national_phone(phone)
    if not _MOBILE.fullmatch(number):
        return "*" * len(number)
    return f"{number[:3]}****{number[-4:]}"


def _separates(character: str) -> bool:
    return character in "()" or unicodedata.category(character) == "Pd"
