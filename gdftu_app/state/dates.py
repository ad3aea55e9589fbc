"""Days and moments as a page shows them: in every language, in China's time; `components.texts.pick` draws them."""

from datetime import date, datetime

from gdftu_app.clock import BEIJING
from gdftu_app.i18n import LANGUAGES, dates

Texts = dict[str, str]
NONE: Texts = dict.fromkeys(LANGUAGES, "—")


def day(value: date | None) -> Texts:
    """A day in words (2009 年 6 月 18 日, 18 June 2009); a dash when there is none."""
    return {language: dates.day(value, language) for language in LANGUAGES} if value else NONE


def moment(value: datetime | None) -> Texts:
    """An aware moment in words, to the minute; a dash when there is none."""
    if value is None:
        return NONE
    return {language: dates.moment(value.astimezone(BEIJING), language) for language in LANGUAGES}


def short_moment(value: datetime | None) -> Texts:
    """The same for the rows of a list: 2026-11-22 17:05, 22 Nov 2026, 17:05."""
    if value is None:
        return NONE
    return {language: dates.short_moment(value.astimezone(BEIJING), language) for language in LANGUAGES}
