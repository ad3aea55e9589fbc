"""Jobs, and the rows that an import has read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("status IN ('queued', 'running')")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "jobs",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("message_values", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("runner", sa.String(length=24), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_key", sa.String(length=43), nullable=False),
        sa.Column("result_key", sa.String(length=43), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('member_export', 'member_import')", name=op.f("ck_jobs_kind_known")),
        sa.CheckConstraint("stage IN ('whole', 'check', 'write')", name=op.f("ck_jobs_stage_known")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')",
            name=op.f("ck_jobs_status_known"),
        ),
        sa.CheckConstraint("(status = 'running') = (runner <> '')", name=op.f("ck_jobs_running_by_somebody")),
        sa.CheckConstraint("(heartbeat_at IS NOT NULL) = (status = 'running')", name=op.f("ck_jobs_running_is_alive")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_jobs_account_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_jobs_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_account", "jobs", ["account_id", "id"], unique=False)
    op.create_index("ix_jobs_open", "jobs", ["id"], unique=False, postgresql_where=OPEN, sqlite_where=OPEN)
    op.create_index("ix_jobs_expires_at", "jobs", ["expires_at"], unique=False)
    op.create_table(
        "import_rows",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("job_id", BIG_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('new', 'here', 'elsewhere', 'wrong', 'admitted')",
            name=op.f("ck_import_rows_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_import_rows_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("job_id", "document", name="uq_import_rows_document"),
        sa.UniqueConstraint("job_id", "number", name="uq_import_rows_number"),
    )
    op.create_index("ix_import_rows_outcome", "import_rows", ["job_id", "outcome", "number"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_import_rows_outcome", table_name="import_rows")
    op.drop_table("import_rows")
    op.drop_index("ix_jobs_expires_at", table_name="jobs")
    op.drop_index("ix_jobs_open", table_name="jobs", postgresql_where=OPEN, sqlite_where=OPEN)
    op.drop_index("ix_jobs_account", table_name="jobs")
    op.drop_table("jobs")
