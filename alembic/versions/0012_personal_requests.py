"""Requests about one's personal data, and consents that are withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING = sa.text("status = 'pending'")
REVEALS = sa.text("verb = 'members:reveal'")
KINDS = (
    *("joined", "transferred_in", "transferred_out", "retained", "restored"),
    *("withdrawn", "expelled", "removed", "verified"),
)


def upgrade() -> None:
    """Apply."""
    _know((*KINDS, "unverified"))
    op.create_table(
        "personal_requests",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("reviewing_union_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (status = 'pending')", name=op.f("ck_personal_requests_closed_when")),
        sa.CheckConstraint(
            "kind IN ('correction', 'deletion', 'closure')", name=op.f("ck_personal_requests_kind_known")
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR reason <> ''", name=op.f("ck_personal_requests_rejected_with_a_reason")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_personal_requests_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'rejected') OR closed_by_id <> submitted_by_id",
            name=op.f("ck_personal_requests_nobody_reviews_their_own"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_personal_requests_closed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name=op.f("fk_personal_requests_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["reviewing_union_id"], ["unions.id"], name=op.f("fk_personal_requests_reviewing_union_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["accounts.id"], name=op.f("fk_personal_requests_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_requests")),
    )
    op.create_index(
        "ix_personal_requests_closed",
        "personal_requests",
        ["reviewing_union_id", "status", "closed_at", "id"],
        unique=False,
    )
    op.create_index("ix_personal_requests_submitted_by", "personal_requests", ["submitted_by_id", "id"], unique=False)
    op.create_index(
        "ix_personal_requests_waiting",
        "personal_requests",
        ["reviewing_union_id", "submitted_at", "id"],
        unique=False,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_index(
        "uq_personal_requests_pending",
        "personal_requests",
        ["submitted_by_id", "kind"],
        unique=True,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_index(
        "ix_audit_entries_reveals",
        "audit_entries",
        ["subject", "id"],
        unique=False,
        postgresql_where=REVEALS,
        sqlite_where=REVEALS,
    )
    op.add_column("consents", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take back; that somebody counts as verified no more is forgotten."""
    op.execute("DELETE FROM membership_events WHERE kind = 'unverified'")
    _know(KINDS)
    op.drop_column("consents", "withdrawn_at")
    op.drop_index("ix_audit_entries_reveals", table_name="audit_entries")
    op.drop_table("personal_requests")


def _know(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("membership_events") as table:
        table.drop_constraint(op.f("ck_membership_events_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_membership_events_kind_known"), f"kind IN ({listed})")
