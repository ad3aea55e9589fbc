"""Grams of a branch: before the grams of each union stand the ids of the first two branches below the root it is in.

Searches below one of these branches ask the index for its unions alone. A union that is in fewer branches has its own
id there. All rows are written anew, without the index, which is made again after that: some ten seconds for 300,000.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MARKED = """
    UPDATE union_search
    SET grams = ARRAY[ids[least(2, cardinality(ids))], ids[least(3, cardinality(ids))]] || grams
    FROM (SELECT id, CAST(string_to_array(btrim(path, '/'), '/') AS integer[]) AS ids FROM unions) AS placed
    WHERE placed.id = union_search.union_id
"""
BARE = "UPDATE union_search SET grams = grams[3:]"


def upgrade() -> None:
    """Apply."""
    rewrite(MARKED)


def downgrade() -> None:
    """Take back."""
    rewrite(BARE)


def rewrite(statement: str) -> None:
    """Change all rows, and have their statistics taken, by which searches choose their way; SQLite keeps no grams."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_union_search_grams", table_name="union_search", postgresql_using="gin")
        op.execute(statement)
        op.create_index("ix_union_search_grams", "union_search", ["grams"], unique=False, postgresql_using="gin")
        op.execute("ANALYZE union_search")
