"""The life of a union: private files, registrations, change requests, notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING = sa.text("status = 'pending'")
UNREAD = sa.text("read_at IS NULL")
HISTORY = sa.text("subject LIKE 'unions:%' AND verb <> 'unions:enter'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "change_requests",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("reviewing_union_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("union_version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("phone_enc", sa.Text(), nullable=True),
        sa.Column("phone_bidx", sa.String(length=43), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (status = 'pending')", name=op.f("ck_change_requests_closed_when")),
        sa.CheckConstraint(
            "status <> 'rejected' OR reason <> ''", name=op.f("ck_change_requests_rejected_with_a_reason")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_change_requests_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'rejected') OR closed_by_id <> submitted_by_id",
            name=op.f("ck_change_requests_nobody_reviews_their_own"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_change_requests_closed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name=op.f("fk_change_requests_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["reviewing_union_id"], ["unions.id"], name=op.f("fk_change_requests_reviewing_union_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["accounts.id"], name=op.f("fk_change_requests_submitted_by_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_change_requests_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
    )
    op.create_index(
        "ix_change_requests_closed",
        "change_requests",
        ["reviewing_union_id", "status", "closed_at", "id"],
        unique=False,
    )
    op.create_index("ix_change_requests_submitted_by", "change_requests", ["submitted_by_id", "id"], unique=False)
    op.create_index("ix_change_requests_union", "change_requests", ["union_id", "id"], unique=False)
    op.create_index(
        "ix_change_requests_waiting",
        "change_requests",
        ["reviewing_union_id", "submitted_at", "id"],
        unique=False,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_index(
        "uq_change_requests_pending",
        "change_requests",
        ["union_id"],
        unique=True,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )

    op.create_table(
        "files",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("has_thumbnail", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kept_until IS NULL) = (subject <> '')", name=op.f("ck_files_kept_for_something")),
        sa.CheckConstraint("size > 0", name=op.f("ck_files_size_counts")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_files_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("key", name=op.f("uq_files_key")),
    )
    op.create_index(op.f("ix_files_account_id"), "files", ["account_id"], unique=False)
    op.create_index("ix_files_kept_until", "files", ["kept_until"], unique=False)
    op.create_index("ix_files_subject", "files", ["subject"], unique=False)

    op.create_table(
        "notifications",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('registration_approved', 'registration_rejected', 'change_approved', 'change_rejected', 'appointed', 'permissions_changed', 'dismissed', 'union_moved')",
            name=op.f("ck_notifications_kind_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notifications_account_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_notifications_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index("ix_notifications_account", "notifications", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["account_id"],
        unique=False,
        postgresql_where=UNREAD,
        sqlite_where=UNREAD,
    )

    op.create_table(
        "registrations",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("reviewing_union_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("employer_name", sa.String(length=200), nullable=False),
        sa.Column("employer_uscc", sa.String(length=24), nullable=False),
        sa.Column("employer_certificate_id", BIG_ID, nullable=False),
        sa.Column("is_independent", sa.Boolean(), nullable=False),
        sa.Column("union_name", sa.String(length=200), nullable=False),
        sa.Column("union_uscc", sa.String(length=24), nullable=True),
        sa.Column("union_certificate_id", BIG_ID, nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=True),
        sa.Column("earlier_id", BIG_ID, nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (status = 'pending')", name=op.f("ck_registrations_closed_when")),
        sa.CheckConstraint(
            "(union_id IS NOT NULL) = (status = 'approved')", name=op.f("ck_registrations_approval_makes_a_union")
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR reason <> ''", name=op.f("ck_registrations_rejected_with_a_reason")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_registrations_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'rejected') OR closed_by_id <> submitted_by_id",
            name=op.f("ck_registrations_nobody_reviews_their_own"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_registrations_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "is_independent = (union_uscc IS NOT NULL) AND is_independent = (union_certificate_id IS NOT NULL)",
            name=op.f("ck_registrations_independent_unions_have_a_code"),
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name=op.f("fk_registrations_closed_by_id")),
        sa.ForeignKeyConstraint(["earlier_id"], ["registrations.id"], name=op.f("fk_registrations_earlier_id")),
        sa.ForeignKeyConstraint(
            ["employer_certificate_id"], ["files.id"], name=op.f("fk_registrations_employer_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewing_union_id"], ["unions.id"], name=op.f("fk_registrations_reviewing_union_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["accounts.id"], name=op.f("fk_registrations_submitted_by_id")),
        sa.ForeignKeyConstraint(
            ["union_certificate_id"], ["files.id"], name=op.f("fk_registrations_union_certificate_id")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_registrations_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("union_id", name=op.f("uq_registrations_union_id")),
    )
    op.create_index(
        "ix_registrations_closed", "registrations", ["reviewing_union_id", "status", "closed_at", "id"], unique=False
    )
    op.create_index("ix_registrations_submitted_by", "registrations", ["submitted_by_id", "id"], unique=False)
    op.create_index(
        "ix_registrations_waiting",
        "registrations",
        ["reviewing_union_id", "submitted_at", "id"],
        unique=False,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_index(
        "uq_registrations_employer_pending",
        "registrations",
        ["employer_uscc"],
        unique=True,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
    op.create_index(
        "uq_registrations_union_pending",
        "registrations",
        ["union_uscc"],
        unique=True,
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )

    op.create_table(
        "registration_drafts",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("earlier_id", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_registration_drafts_account_id")),
        sa.ForeignKeyConstraint(["earlier_id"], ["registrations.id"], name=op.f("fk_registration_drafts_earlier_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_registration_drafts")),
    )
    op.create_index(op.f("ix_registration_drafts_updated_at"), "registration_drafts", ["updated_at"], unique=False)

    with op.batch_alter_table("administrators") as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("dismissed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_foreign_key(
            batch_op.f("fk_administrators_dismissed_by_id"), "accounts", ["dismissed_by_id"], ["id"]
        )

    op.create_index(
        "ix_audit_entries_union_history",
        "audit_entries",
        ["subject", "id"],
        unique=False,
        postgresql_where=HISTORY,
        sqlite_where=HISTORY,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index(
        "ix_audit_entries_union_history", table_name="audit_entries", postgresql_where=HISTORY, sqlite_where=HISTORY
    )

    with op.batch_alter_table("administrators") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_administrators_dismissed_by_id"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("dismissed_by_id")
        batch_op.drop_column("changed_at")

    op.drop_index(op.f("ix_registration_drafts_updated_at"), table_name="registration_drafts")

    op.drop_table("registration_drafts")
    op.drop_index(
        "uq_registrations_union_pending", table_name="registrations", postgresql_where=PENDING, sqlite_where=PENDING
    )
    op.drop_index(
        "uq_registrations_employer_pending", table_name="registrations", postgresql_where=PENDING, sqlite_where=PENDING
    )
    op.drop_index(
        "ix_registrations_waiting", table_name="registrations", postgresql_where=PENDING, sqlite_where=PENDING
    )
    op.drop_index("ix_registrations_submitted_by", table_name="registrations")
    op.drop_index("ix_registrations_closed", table_name="registrations")

    op.drop_table("registrations")
    op.drop_index("ix_notifications_unread", table_name="notifications", postgresql_where=UNREAD, sqlite_where=UNREAD)
    op.drop_index("ix_notifications_account", table_name="notifications")

    op.drop_table("notifications")
    op.drop_index("ix_files_subject", table_name="files")
    op.drop_index("ix_files_kept_until", table_name="files")
    op.drop_index(op.f("ix_files_account_id"), table_name="files")

    op.drop_table("files")
    op.drop_index(
        "uq_change_requests_pending", table_name="change_requests", postgresql_where=PENDING, sqlite_where=PENDING
    )
    op.drop_index(
        "ix_change_requests_waiting", table_name="change_requests", postgresql_where=PENDING, sqlite_where=PENDING
    )
    op.drop_index("ix_change_requests_union", table_name="change_requests")
    op.drop_index("ix_change_requests_submitted_by", table_name="change_requests")
    op.drop_index("ix_change_requests_closed", table_name="change_requests")

    op.drop_table("change_requests")
