"""The front door: consents, identity checks, earlier passwords, and codes for more than signing in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = "purpose IN ('sign_in')"
NOW = "purpose IN ('sign_in', 'set_password', 'leave_phone', 'take_phone')"


def upgrade() -> None:
    """Apply."""
    op.add_column("sessions", sa.Column("form_field", sa.String(length=24), nullable=False, server_default=""))
    op.add_column(
        "sign_in_codes", sa.Column("from_known_device", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("sign_in_codes") as codes:
        codes.drop_constraint(op.f("ck_sign_in_codes_purpose_known"), type_="check")
        codes.create_check_constraint(op.f("ck_sign_in_codes_purpose_known"), NOW)
    op.create_table(
        "earlier_passwords",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_earlier_passwords_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_passwords")),
    )
    op.create_index("ix_earlier_passwords_account", "earlier_passwords", ["account_id", "id"])
    op.create_table(
        "consents",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("version", sa.String(length=24), nullable=False),
        sa.Column("text_digest", sa.String(length=43), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_account", "consents", ["account_id", "id"])
    op.create_table(
        "identity_checks",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("doc_type", sa.String(length=24), nullable=False),
        sa.Column("doc_enc", sa.Text(), nullable=True),
        sa.Column("doc_bidx", sa.String(length=43), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("problem", sa.String(length=24), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'manual', 'verified', 'failed')", name=op.f("ck_identity_checks_status_known")
        ),
        sa.CheckConstraint(
            "(decided_at IS NOT NULL) = (status IN ('verified', 'failed'))",
            name=op.f("ck_identity_checks_decided_when"),
        ),
        sa.CheckConstraint(
            "decided_at IS NULL OR (doc_enc IS NULL AND doc_bidx IS NULL)",
            name=op.f("ck_identity_checks_document_forgotten"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> account_id",
            name=op.f("ck_identity_checks_nobody_confirms_themselves"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_identity_checks_account_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_identity_checks_consent_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_identity_checks_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_checks")),
    )
    op.create_index("ix_identity_checks_account", "identity_checks", ["account_id", "id"])
    op.create_index("ix_identity_checks_status", "identity_checks", ["status", "id"])
    op.create_index(
        "uq_identity_checks_open",
        "identity_checks",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
        sqlite_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("identity_checks")
    op.drop_table("consents")
    op.drop_table("earlier_passwords")
    op.execute("DELETE FROM sign_in_codes WHERE purpose <> 'sign_in'")
    with op.batch_alter_table("sign_in_codes") as codes:
        codes.drop_constraint(op.f("ck_sign_in_codes_purpose_known"), type_="check")
        codes.create_check_constraint(op.f("ck_sign_in_codes_purpose_known"), BEFORE)
        codes.drop_column("from_known_device")
    op.drop_column("sessions", "form_field")
