"""People merged, and filters kept."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "person_merges",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kept_id", BIG_ID, nullable=False),
        sa.Column("merged_id", BIG_ID, nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kept_id"], ["persons.id"], name=op.f("fk_person_merges_kept_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_person_merges_union_id")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["accounts.id"], name=op.f("fk_person_merges_merged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merges")),
        sa.UniqueConstraint("merged_id", name=op.f("uq_person_merges_merged_id")),
    )
    op.create_index("ix_person_merges_kept", "person_merges", ["kept_id"], unique=False)
    op.create_table(
        "kept_member_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_kept_member_lists_account_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_kept_member_lists_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_member_lists")),
        sa.UniqueConstraint("account_id", "union_id", "name", name="uq_kept_member_lists_name"),
    )
    op.add_column("accounts", sa.Column("member_columns", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take back; who was merged into whom is forgotten, and so are the filters kept."""
    with op.batch_alter_table("accounts") as table:
        table.drop_column("member_columns")
    op.drop_table("kept_member_lists")
    op.drop_index("ix_person_merges_kept", table_name="person_merges")
    op.drop_table("person_merges")
