"""Days carried: the past of superiors stays as it was when a branch moves."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FIGURES = (
    "joined",
    "transferred_in",
    "transferred_out",
    "removed",
    "verified",
    "members",
    "verified_members",
    "registered",
)
# The past goes with the branches again.
MOVED_ALONG = """
INSERT INTO daily_figures (union_id, day, joined, transferred_in, transferred_out, removed, verified,
  members, verified_members, registered)
SELECT carried.union_id, carried.day, -carried.joined, -carried.transferred_in, -carried.transferred_out,
  -carried.removed, -carried.verified, -carried.members, -carried.verified_members, -carried.registered
FROM carried_days carried JOIN unions ON unions.id = carried.union_id
WHERE unions.is_above_base
ON CONFLICT (union_id, day) DO UPDATE SET
  joined = daily_figures.joined + excluded.joined,
  transferred_in = daily_figures.transferred_in + excluded.transferred_in,
  transferred_out = daily_figures.transferred_out + excluded.transferred_out,
  removed = daily_figures.removed + excluded.removed,
  verified = daily_figures.verified + excluded.verified,
  members = daily_figures.members + excluded.members,
  verified_members = daily_figures.verified_members + excluded.verified_members,
  registered = daily_figures.registered + excluded.registered
"""


def upgrade() -> None:
    """Apply; branches that moved before took their past along."""
    path = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
    op.create_table(
        "branch_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("before", path, nullable=False),
        sa.Column("after", path, nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_branch_moves_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_moves")),
    )
    op.create_index("ix_branch_moves_union", "branch_moves", ["union_id", "day"], unique=False)
    op.create_table(
        "carried_days",
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in FIGURES),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_carried_days_union_id")),
        sa.PrimaryKeyConstraint("union_id", "day", name=op.f("pk_carried_days")),
    )


def downgrade() -> None:
    """Take back."""
    op.execute(MOVED_ALONG)
    op.drop_table("carried_days")
    op.drop_index("ix_branch_moves_union", table_name="branch_moves")
    op.drop_table("branch_moves")
