"""Years of birth beside what else memberships keep of their people, and an index that alone divides members."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CURRENT = sa.text("status = 1")
# The table and its indexes are written anew, as a whole: changing row by row would leave them twice as large. The plan
# of the function is made once, and not for each person.
ON_POSTGRESQL = (
    "SET LOCAL plan_cache_mode = force_generic_plan",
    "CREATE FUNCTION pg_temp.born_year_of(person bigint) RETURNS smallint LANGUAGE sql STABLE AS "
    "$$ SELECT CAST(extract(year FROM born_on) AS smallint) FROM persons WHERE id = person $$",
    "ALTER TABLE memberships ALTER COLUMN born_year TYPE smallint USING pg_temp.born_year_of(person_id)",
    "DROP FUNCTION pg_temp.born_year_of",
)
ON_SQLITE = """
UPDATE memberships SET born_year = (
  SELECT CAST(strftime('%Y', born_on) AS integer) FROM persons WHERE persons.id = memberships.person_id)
"""


def upgrade() -> None:
    """Apply."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("memberships", sa.Column("born_year", sa.SmallInteger(), nullable=True))
    if is_sqlite:
        op.execute(ON_SQLITE)
    else:
        for statement in ON_POSTGRESQL:
            op.execute(statement)
    op.create_index(
        "ix_memberships_traits",
        "memberships",
        ["union_id", "born_year", "education", "occupation"],
        unique=False,
        postgresql_where=CURRENT,
        sqlite_where=CURRENT,
    )
    if not is_sqlite:
        op.execute("ANALYZE memberships")


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_memberships_traits", table_name="memberships", postgresql_where=CURRENT, sqlite_where=CURRENT)
    op.drop_column("memberships", "born_year")
