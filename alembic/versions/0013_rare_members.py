"""Members of a branch found area by area, and by what is rare: areas and copies of occupation and education."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RETAINED, CURRENT = sa.text("status = 2"), sa.text("status = 1")
OCCUPATIONS = sa.text("occupation IN ('truck_driver', 'ride_hailing_driver', 'courier', 'food_courier')")
EDUCATIONS = sa.text("education IN ('11', '14', '81')")
EVERYTHING = ["union_id", "verified", "sex", "status", "is_migrant", "occupation", "education"]
# Each union with the nearest union of county level or above, itself or above it.
AREAS = """
CREATE TEMPORARY TABLE area_of_union AS
WITH RECURSIVE areas (union_id, area_id) AS (
  SELECT id, id FROM unions WHERE superior_id IS NULL
  UNION ALL
  SELECT unions.id, CASE WHEN unions.level IN ('province', 'city', 'county') THEN unions.id ELSE areas.area_id END
  FROM unions JOIN areas ON areas.union_id = unions.superior_id
)
SELECT union_id, area_id FROM areas
"""
COPIES = """
UPDATE memberships
SET area_id = area_of_union.area_id, occupation = persons.occupation, education = persons.education
FROM area_of_union, persons
WHERE area_of_union.union_id = memberships.union_id AND persons.id = memberships.person_id
"""


def upgrade() -> None:
    """Apply: of what every row is in, nothing is kept up while all rows are written."""
    op.add_column("memberships", sa.Column("area_id", sa.Integer(), nullable=False, server_default="0"))
    for name in ("occupation", "education"):
        op.add_column("memberships", sa.Column(name, sa.String(length=24), nullable=False, server_default=""))
    _drop("union", ["verified", "sex", "status", "is_migrant"])
    _drop("union_name", None, CURRENT)
    _drop("newest", ["union_id", "verified", "sex", "status", "is_migrant"])
    _drop("name", ["union_id", "status"])
    _drop("retained", ["union_id", "verified", "sex", "is_migrant"], RETAINED)
    op.execute(AREAS)
    op.execute("CREATE UNIQUE INDEX ix_area_of_union ON area_of_union (union_id)")
    op.execute(COPIES)
    op.execute("DROP TABLE area_of_union")
    if op.get_bind().dialect.name == "postgresql":
        # Whoever forgets the area of a membership is told so.
        op.alter_column("memberships", "area_id", server_default=None)
    _create("union", ["union_id", "joined_on", "id"], EVERYTHING[1:])
    _create("union_name", ["union_id", "name", "id"], _but("union_id", "status"), CURRENT)
    _create("area", ["area_id", "joined_on", "id"], EVERYTHING)
    _create("area_name", ["area_id", "name", "id"], EVERYTHING)
    _create("retained", ["area_id", "joined_on", "id"], _but("status"), RETAINED)
    _create("occupation", ["area_id", "occupation", "joined_on", "id"], _but("occupation"), OCCUPATIONS)
    _create("education", ["area_id", "education", "joined_on", "id"], _but("education"), EDUCATIONS)


def downgrade() -> None:
    """Take back."""
    _drop("education", _but("education"), EDUCATIONS)
    _drop("occupation", _but("occupation"), OCCUPATIONS)
    _drop("retained", _but("status"), RETAINED)
    _drop("area_name", EVERYTHING)
    _drop("area", EVERYTHING)
    _drop("union_name", _but("union_id", "status"), CURRENT)
    _drop("union", EVERYTHING[1:])
    for name in ("education", "occupation", "area_id"):
        op.drop_column("memberships", name)
    _create("retained", ["joined_on", "id"], ["union_id", "verified", "sex", "is_migrant"], RETAINED)
    _create("name", ["name", "id"], ["union_id", "status"])
    _create("newest", ["joined_on", "id"], ["union_id", "verified", "sex", "status", "is_migrant"])
    _create("union_name", ["union_id", "name", "id"], None, CURRENT)
    _create("union", ["union_id", "joined_on", "id"], ["verified", "sex", "status", "is_migrant"])


def _but(*names: str) -> list[str]:
    return [name for name in EVERYTHING if name not in names]


def _create(name: str, columns: list[str], included: list[str] | None, where: sa.TextClause | None = None) -> None:
    op.create_index(
        f"ix_memberships_{name}",
        "memberships",
        columns,
        unique=False,
        postgresql_include=included,
        postgresql_where=where,
        sqlite_where=where,
    )


def _drop(name: str, included: list[str] | None, where: sa.TextClause | None = None) -> None:
    op.drop_index(
        f"ix_memberships_{name}",
        table_name="memberships",
        postgresql_include=included,
        postgresql_where=where,
        sqlite_where=where,
    )
