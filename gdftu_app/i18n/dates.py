"""Days and moments in writing, as each language does."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime

# By language, in the pattern letters of Unicode's date formats (UTS 35).
DAYS = {"zh-CN": "y 年 M 月 d 日", "zh-Hant": "y 年 M 月 d 日", "en": "d MMMM y"}
MOMENTS = {language: f"{day} HH:mm" for language, day in DAYS.items()}
SHORT_MOMENTS = {"zh-CN": "y-MM-dd HH:mm", "zh-Hant": "y-MM-dd HH:mm", "en": "d MMM y, HH:mm"}


def day(value: date, language: str) -> str:
    """A day in words: 2009 年 6 月 18 日, 18 June 2009."""
    return format_date(value, DAYS[language], locale=locale_of(language))


def moment(value: datetime, language: str) -> str:
    """A moment to the minute, in words: 2009 年 6 月 18 日 17:05; the time is that of the value's own time zone."""
    return _at(value, MOMENTS[language], language)


def short_moment(value: datetime, language: str) -> str:
    """The same for the rows of a list: 2009-06-18 17:05, 18 Jun 2009, 17:05."""
    return _at(value, SHORT_MOMENTS[language], language)


def locale_of(language: str) -> str:
    """A language of the console as Babel spells it."""
    return language.replace("-", "_")


def _at(value: datetime, pattern: str, language: str) -> str:
    return format_datetime(value.replace(tzinfo=None), pattern, locale=locale_of(language))
