"""The workbook of a view of 统计, in the language of whoever asks; it holds nothing about single people."""

from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account
from gdftu_app.queries.statistics import Wanted, view_statistics
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.workbooks.statistics import statistics_workbook


@dataclass(frozen=True, slots=True)
class StatisticsFile:
    """A workbook and what it is called."""

    name: str
    content: bytes


@requires(Permission.STATISTICS_VIEW)
def export_statistics(session: Session, actor: Actor, *, wanted: Wanted) -> StatisticsFile:
    """The statistics of a union within reach as a workbook; raises NotFound."""
    found = view_statistics(session, actor, wanted=wanted)
    language = session.get_one(Account, actor.account_id).language
    span = f"{found.whole.first}_{found.whole.last}"
    name = f"{render(msg('统计'), language)}_{found.union.name}_{span}.xlsx".replace("/", "_")
    return StatisticsFile(name, statistics_workbook(found, language))
