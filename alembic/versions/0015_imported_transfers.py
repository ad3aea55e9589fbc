"""Members of other unions who stand in an import may be offered a transfer."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = ("new", "here", "elsewhere", "wrong", "admitted")
AFTER = (*BEFORE, "offered")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "transfer_offers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("application_id", BIG_ID, nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'declined', 'lapsed')", name=op.f("ck_transfer_offers_status_known")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (status IN ('open', 'lapsed'))", name=op.f("ck_transfer_offers_answered_when")
        ),
        sa.CheckConstraint(
            "(application_id IS NOT NULL) = (status = 'accepted')",
            name=op.f("ck_transfer_offers_acceptance_applies"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["transfer_applications.id"], name=op.f("fk_transfer_offers_application_id")
        ),
        sa.ForeignKeyConstraint(["offered_by_id"], ["accounts.id"], name=op.f("fk_transfer_offers_offered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_transfer_offers_person_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_transfer_offers_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_offers")),
    )
    op.create_index("ix_transfer_offers_person", "transfer_offers", ["person_id", "id"], unique=False)
    _know(AFTER)


def downgrade() -> None:
    """Take back; offers are forgotten."""
    op.execute("UPDATE import_rows SET outcome = 'elsewhere' WHERE outcome = 'offered'")
    _know(BEFORE)
    op.drop_index("ix_transfer_offers_person", table_name="transfer_offers")
    op.drop_table("transfer_offers")


def _know(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("import_rows") as table:
        table.drop_constraint(op.f("ck_import_rows_outcome_known"), type_="check")
        table.create_check_constraint(op.f("ck_import_rows_outcome_known"), f"outcome IN ({listed})")
