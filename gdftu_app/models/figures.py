"""Figures (统计数): kept, never counted on the fly above a base union (data design §3)."""

from datetime import date
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from gdftu_app.models.cells import Counts
from gdftu_app.models.types import BigId, ByteOrdered


class UnionFigures(SQLModel, table=True):
    """Totals of one union: `…_own` of itself, `…_sub` with everything below it.

    `unions_direct` and `unions_sub` count its subordinates, not itself.
    """

    __tablename__: ClassVar[Any] = "union_figures"
    __table_args__ = ({"postgresql_with": {"fillfactor": 70}},)

    union_id: int = Field(primary_key=True, foreign_key="unions.id", sa_column_kwargs={"autoincrement": False})
    unions_direct: int = 0
    unions_sub: int = 0
    members_own: int = 0
    members_sub: int = 0
    verified_own: int = 0
    verified_sub: int = 0
    women_own: int = 0
    women_sub: int = 0
    migrant_own: int = 0
    migrant_sub: int = 0


class Movements(SQLModel):
    """What happened in a union within some time, with everything below it.

    `members` and `verified_members` are by how much the time changed the two counts; `verified` counts all who were
    proven, the retained too. `registered` counts the unions below it that were entered on the platform.
    """

    joined: int = 0
    transferred_in: int = 0
    transferred_out: int = 0
    removed: int = 0
    verified: int = 0
    members: int = 0
    verified_members: int = 0
    registered: int = 0


class DailyFigures(Movements, table=True):
    """Movements of one above-base union on one day."""

    __tablename__: ClassVar[Any] = "daily_figures"

    union_id: int = Field(primary_key=True, foreign_key="unions.id")
    day: date = Field(primary_key=True)


class CompositionFigures(SQLModel, table=True):
    """How many members, or unions, of one above-base union count in one cell (see `models.cells`).

    Members are counted with everything below; unions are those below, without itself.
    """

    __tablename__: ClassVar[Any] = "composition_figures"

    union_id: int = Field(primary_key=True, foreign_key="unions.id")
    cell: str = Field(primary_key=True, sa_type=ByteOrdered)
    count: int = 0


class FigureDelta(SQLModel, table=True):
    """What one transaction changed in one union's own figures, until the worker folds it into the superiors.

    `unions` is the change in direct subordinates, `registered` how many were entered; `joined` … `newly_verified` are
    the day's movements. `cells` are the changes of cells, but for those of members by industry and level: these follow
    from `members`, and from what the union is when they are folded or read.
    """

    __tablename__: ClassVar[Any] = "figure_deltas"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    union_id: int = Field(foreign_key="unions.id")
    day: date
    unions: int = 0
    members: int = 0
    verified: int = 0
    women: int = 0
    migrant: int = 0
    joined: int = 0
    transferred_in: int = 0
    transferred_out: int = 0
    removed: int = 0
    newly_verified: int = 0
    registered: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    cells: dict[str, int] | None = Field(default=None, sa_type=Counts)
