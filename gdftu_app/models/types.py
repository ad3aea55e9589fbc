"""Column types shared by the tables."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, Dialect, Integer, SmallInteger, String, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Byte order on both databases: path prefixes become ranges, and sorting does not depend on the machine's locale.
ByteOrdered = Text(collation="C").with_variant(Text(), "sqlite")
# SQLite numbers rows by itself only for INTEGER keys.
BigId = BigInteger().with_variant(Integer(), "sqlite")
Small = SmallInteger()
Word = String(24)
Name = String(200)
Digest = String(43)
Json = JSON()


class SealedText(Text):
    """Text that `security.personal_data` sealed; whatever changes keys knows each column of this type."""


Sealed = SealedText()


class Moment(TypeDecorator[datetime]):
    """A moment in time, aware and in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive moments; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """SQLite gives naive values back: they are UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, words: type[StrEnum], *, name: str = "") -> CheckConstraint:
    """The constraint that a text column holds one of an enumeration's words."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")
