"""What in the data has not come yet."""

from datetime import date, datetime

from sqlalchemy import Date, func, select
from sqlmodel import Session, SQLModel

from gdftu_app.clock import day_of
from gdftu_app.models.types import Moment

# Meant to lie ahead: the end of a term of office.
AHEAD = {"unions.term_ends_on"}


def ahead_of(session: Session, moment: datetime) -> list[str]:
    """The columns of all tables that hold a later day or a later moment."""
    found: list[str] = []
    for table in SQLModel.metadata.sorted_tables:
        latest: date
        for column in table.columns:
            if isinstance(column.type, Date):
                latest = day_of(moment)
            elif isinstance(column.type, Moment):
                latest = moment
            else:
                continue
            later = select(func.count()).select_from(table).where(column > latest)
            if session.connection().execute(later).scalar_one():
                found.append(f"{table.name}.{column.name}")
    return [name for name in found if name not in AHEAD]
