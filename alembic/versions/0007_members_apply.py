"""Members apply: to join a union, and to be carried over to another."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "join_applications",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("reviewing_union_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("membership_id", BIG_ID, nullable=True),
        sa.Column("earlier_id", BIG_ID, nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (status = 'pending')", name=op.f("ck_join_applications_closed_when")),
        sa.CheckConstraint(
            "(membership_id IS NOT NULL) = (status = 'approved')",
            name=op.f("ck_join_applications_approval_makes_a_membership"),
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR reason <> ''", name=op.f("ck_join_applications_rejected_with_a_reason")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_join_applications_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'rejected') OR closed_by_id <> submitted_by_id",
            name=op.f("ck_join_applications_nobody_reviews_their_own"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_join_applications_closed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name=op.f("fk_join_applications_closed_by_id")),
        sa.ForeignKeyConstraint(["earlier_id"], ["join_applications.id"], name=op.f("fk_join_applications_earlier_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["memberships.id"], name=op.f("fk_join_applications_membership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_join_applications_person_id")),
        sa.ForeignKeyConstraint(
            ["reviewing_union_id"], ["unions.id"], name=op.f("fk_join_applications_reviewing_union_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["accounts.id"], name=op.f("fk_join_applications_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_applications")),
        sa.UniqueConstraint("membership_id", name=op.f("uq_join_applications_membership_id")),
    )
    op.create_index(
        "ix_join_applications_closed",
        "join_applications",
        ["reviewing_union_id", "status", "closed_at", "id"],
        unique=False,
    )
    op.create_index("ix_join_applications_person", "join_applications", ["person_id", "id"], unique=False)
    op.create_index("ix_join_applications_submitted_by", "join_applications", ["submitted_by_id", "id"], unique=False)
    op.create_index(
        "ix_join_applications_waiting",
        "join_applications",
        ["reviewing_union_id", "submitted_at", "id"],
        unique=False,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_index(
        "uq_join_applications_pending",
        "join_applications",
        ["person_id"],
        unique=True,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_table(
        "transfer_applications",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("reviewing_union_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("membership_id", BIG_ID, nullable=False),
        sa.Column("from_union_id", sa.Integer(), nullable=False),
        sa.Column("target_union_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("consented_by_id", sa.Integer(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_membership_id", BIG_ID, nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (status = 'pending')", name=op.f("ck_transfer_applications_closed_when")
        ),
        sa.CheckConstraint(
            "(new_membership_id IS NOT NULL) = (status = 'approved')",
            name=op.f("ck_transfer_applications_approval_makes_a_membership"),
        ),
        sa.CheckConstraint(
            "reviewing_union_id = CASE stage WHEN 'consent' THEN from_union_id ELSE target_union_id END",
            name=op.f("ck_transfer_applications_asked_by_stage"),
        ),
        sa.CheckConstraint("stage IN ('consent', 'admission')", name=op.f("ck_transfer_applications_stage_known")),
        sa.CheckConstraint(
            "status <> 'rejected' OR reason <> ''", name=op.f("ck_transfer_applications_rejected_with_a_reason")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_transfer_applications_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'rejected') OR closed_by_id <> submitted_by_id",
            name=op.f("ck_transfer_applications_nobody_reviews_their_own"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_transfer_applications_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "(consented_at IS NULL) = (consented_by_id IS NULL)",
            name=op.f("ck_transfer_applications_consent_by_somebody"),
        ),
        sa.CheckConstraint(
            "consented_by_id <> submitted_by_id", name=op.f("ck_transfer_applications_nobody_consents_to_their_own")
        ),
        sa.CheckConstraint("from_union_id <> target_union_id", name=op.f("ck_transfer_applications_somewhere_else")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name=op.f("fk_transfer_applications_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["consented_by_id"], ["accounts.id"], name=op.f("fk_transfer_applications_consented_by_id")
        ),
        sa.ForeignKeyConstraint(["from_union_id"], ["unions.id"], name=op.f("fk_transfer_applications_from_union_id")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["memberships.id"], name=op.f("fk_transfer_applications_membership_id")
        ),
        sa.ForeignKeyConstraint(
            ["new_membership_id"], ["memberships.id"], name=op.f("fk_transfer_applications_new_membership_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_transfer_applications_person_id")),
        sa.ForeignKeyConstraint(
            ["reviewing_union_id"], ["unions.id"], name=op.f("fk_transfer_applications_reviewing_union_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["accounts.id"], name=op.f("fk_transfer_applications_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_union_id"], ["unions.id"], name=op.f("fk_transfer_applications_target_union_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_applications")),
        sa.UniqueConstraint("new_membership_id", name=op.f("uq_transfer_applications_new_membership_id")),
    )
    op.create_index(
        "ix_transfer_applications_closed",
        "transfer_applications",
        ["reviewing_union_id", "status", "closed_at", "id"],
        unique=False,
    )
    op.create_index("ix_transfer_applications_person", "transfer_applications", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_transfer_applications_submitted_by", "transfer_applications", ["submitted_by_id", "id"], unique=False
    )
    op.create_index(
        "ix_transfer_applications_waiting",
        "transfer_applications",
        ["reviewing_union_id", "submitted_at", "id"],
        unique=False,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_index(
        "uq_transfer_applications_pending",
        "transfer_applications",
        ["person_id"],
        unique=True,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("transfer_applications")
    op.drop_table("join_applications")
