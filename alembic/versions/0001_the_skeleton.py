"""The skeleton: unions, people, memberships, figures, accounts, records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


PROTECTED = ("audit_entries", "audit_seals")
REFUSAL = "audit records are never changed or removed"


def protect_audit() -> None:
    """Let the database itself refuse to change or remove what was recorded."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        for table in PROTECTED:
            op.execute(
                f"CREATE TRIGGER refuse_{table}_change BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
            )
            op.execute(
                f"CREATE TRIGGER refuse_{table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
            )
        return
    for table in PROTECTED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER refuse_{table}_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("union_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_account_at", "audit_entries", ["account_id", "at"], unique=False)
    op.create_index("ix_audit_entries_union_at", "audit_entries", ["union_id", "at"], unique=False)
    op.create_table(
        "employers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("division_code", sa.String(length=24), nullable=False),
        sa.Column("nature", sa.String(length=24), nullable=False),
        sa.Column("economy", sa.String(length=24), nullable=False),
        sa.Column("industry", sa.String(length=24), nullable=False),
        sa.Column("employee_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("employee_count >= 0", name=op.f("ck_employers_employee_count_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employers")),
        sa.UniqueConstraint("uscc", name=op.f("uq_employers_uscc")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phone_enc", sa.Text(), nullable=False),
        sa.Column("phone_bidx", sa.String(length=43), nullable=False),
        sa.Column("body_enc", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'sent', 'failed')", name=op.f("ck_outbox_status_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_phone", "outbox", ["phone_bidx", "id"], unique=False)
    op.create_index("ix_outbox_status", "outbox", ["status", "id"], unique=False)
    op.create_table(
        "persons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sex", sa.SmallInteger(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("ethnicity", sa.String(length=24), nullable=False),
        sa.Column("doc_type", sa.String(length=24), nullable=True),
        sa.Column("doc_enc", sa.Text(), nullable=True),
        sa.Column("doc_bidx", sa.String(length=43), nullable=True),
        sa.Column("phone_enc", sa.Text(), nullable=True),
        sa.Column("phone_bidx", sa.String(length=43), nullable=True),
        sa.Column("education", sa.String(length=24), nullable=False),
        sa.Column("politics", sa.String(length=24), nullable=False),
        sa.Column("household", sa.String(length=24), nullable=False),
        sa.Column("employment", sa.String(length=24), nullable=False),
        sa.Column("skill", sa.String(length=24), nullable=False),
        sa.Column("workplace", sa.String(length=200), nullable=False),
        sa.Column("is_migrant", sa.Boolean(), nullable=False),
        sa.Column("occupation", sa.String(length=24), nullable=False),
        sa.Column("verification", sa.String(length=24), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(verified_at IS NOT NULL) = (verification = 'verified')", name=op.f("ck_persons_verified_when")
        ),
        sa.CheckConstraint(
            "verification IN ('unverified', 'pending', 'verified', 'failed')",
            name=op.f("ck_persons_verification_known"),
        ),
        sa.CheckConstraint("(doc_type IS NULL) = (doc_bidx IS NULL)", name=op.f("ck_persons_document_whole")),
        sa.CheckConstraint("sex IN (1, 2)", name=op.f("ck_persons_sex_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.create_index("ix_persons_phone_bidx", "persons", ["phone_bidx"], unique=False)
    op.create_index("uq_persons_document", "persons", ["doc_type", "doc_bidx"], unique=True)
    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phone_bidx", sa.String(length=43), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("code_hash", sa.String(length=43), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('sign_in')", name=op.f("ck_sign_in_codes_purpose_known")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_sign_in_codes_attempts_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
    )
    op.create_index("ix_sign_in_codes_address", "sign_in_codes", ["address", "created_at"], unique=False)
    op.create_index("ix_sign_in_codes_phone", "sign_in_codes", ["phone_bidx", "purpose", "created_at"], unique=False)
    op.create_table(
        "sign_in_failures",
        sa.Column("phone_bidx", sa.String(length=43), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("phone_bidx", name=op.f("pk_sign_in_failures")),
    )
    op.create_table(
        "unions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("superior_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column(
            "is_above_base",
            sa.Boolean(),
            sa.Computed("category NOT IN ('single_base', 'joint_base', 'branch', 'team')", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "superior_is_above_base",
            sa.Boolean(),
            sa.Computed("category NOT IN ('branch', 'team')", persisted=True),
            nullable=False,
        ),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("initials", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("uscc", sa.String(length=24), nullable=True),
        sa.Column("division_code", sa.String(length=24), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("principal_name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("phone_enc", sa.Text(), nullable=True),
        sa.Column("phone_bidx", sa.String(length=43), nullable=True),
        sa.Column("postcode", sa.String(length=24), nullable=False),
        sa.Column("approval_number", sa.String(length=200), nullable=False),
        sa.Column("term_starts_on", sa.Date(), nullable=True),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("data_source", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "category IN ('provincial', 'city', 'county', 'town', 'regional_federation', 'industry_federation', 'industry', 'work_committee', 'office', 'group', 'single_base', 'joint_base', 'branch', 'team')",
            name=op.f("ck_unions_category_known"),
        ),
        sa.CheckConstraint(
            "data_source IN ('registration', 'import', 'established')", name=op.f("ck_unions_data_source_known")
        ),
        sa.CheckConstraint("is_above_base = (level <> 'base')", name=op.f("ck_unions_level_fits_category")),
        sa.CheckConstraint(
            "level IN ('province', 'city', 'county', 'town', 'base')", name=op.f("ck_unions_level_known")
        ),
        sa.CheckConstraint("status IN ('preparing', 'active', 'dissolved')", name=op.f("ck_unions_status_known")),
        sa.CheckConstraint(
            "substr(path, 1, 1) = '/' AND substr(path, length(path), 1) = '/'", name=op.f("ck_unions_path_is_closed")
        ),
        sa.CheckConstraint(
            "superior_id IS NOT NULL OR level = 'province'", name=op.f("ck_unions_only_the_province_is_a_root")
        ),
        sa.CheckConstraint(
            "term_ends_on IS NULL OR term_starts_on <= term_ends_on", name=op.f("ck_unions_term_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["superior_id", "superior_is_above_base"], ["unions.id", "unions.is_above_base"], name="fk_unions_superior"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unions")),
        sa.UniqueConstraint("id", "is_above_base", name=op.f("uq_unions_id_is_above_base")),
    )
    op.create_index(
        "ix_unions_above_base_path",
        "unions",
        ["path"],
        unique=False,
        postgresql_include=["id", "category", "status", "name", "initials", "uscc"],
        postgresql_where=sa.text("is_above_base"),
        sqlite_where=sa.text("is_above_base"),
    )
    op.create_index("ix_unions_superior", "unions", ["superior_id", "is_above_base", "id"], unique=False)
    op.create_index(
        "uq_unions_path",
        "unions",
        ["path"],
        unique=True,
        postgresql_include=["id", "category", "status", "name", "initials", "uscc", "is_above_base"],
    )
    op.create_index(
        "uq_unions_uscc_live",
        "unions",
        ["uscc"],
        unique=True,
        postgresql_where=sa.text("status <> 'dissolved'"),
        sqlite_where=sa.text("status <> 'dissolved'"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone_enc", sa.Text(), nullable=False),
        sa.Column("phone_bidx", sa.String(length=43), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_union_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=24), nullable=False),
        sa.Column("scaling", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["last_union_id"], ["unions.id"], name=op.f("fk_accounts_last_union_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("person_id", name=op.f("uq_accounts_person_id")),
        sa.UniqueConstraint("phone_bidx", name=op.f("uq_accounts_phone_bidx")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entries.id"], name=op.f("fk_audit_seals_entry_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seals_entry_id")),
    )
    op.create_table(
        "daily_figures",
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("transferred_in", sa.Integer(), nullable=False),
        sa.Column("transferred_out", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_daily_figures_union_id")),
        sa.PrimaryKeyConstraint("union_id", "day", name=op.f("pk_daily_figures")),
    )
    op.create_table(
        "figure_deltas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unions", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("migrant", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("transferred_in", sa.Integer(), nullable=False),
        sa.Column("transferred_out", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("newly_verified", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_figure_deltas_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_deltas")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("sex", sa.SmallInteger(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("is_migrant", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(ended_on IS NOT NULL) = (status = 3)", name=op.f("ck_memberships_ended_when")),
        sa.CheckConstraint("sex IN (1, 2)", name=op.f("ck_memberships_sex_known")),
        sa.CheckConstraint("status IN (1, 2, 3)", name=op.f("ck_memberships_status_known")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_memberships_person_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_memberships_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(
        "ix_memberships_name", "memberships", ["name", "id"], unique=False, postgresql_include=["union_id", "status"]
    )
    op.create_index(
        "ix_memberships_newest",
        "memberships",
        ["joined_on", "id"],
        unique=False,
        postgresql_include=["union_id", "verified", "sex", "status", "is_migrant"],
    )
    op.create_index(
        "ix_memberships_union",
        "memberships",
        ["union_id", "joined_on", "id"],
        unique=False,
        postgresql_include=["verified", "sex", "status", "is_migrant"],
    )
    op.create_index(
        "ix_memberships_union_name",
        "memberships",
        ["union_id", "name", "id"],
        unique=False,
        postgresql_where=sa.text("status = 1"),
        sqlite_where=sa.text("status = 1"),
    )
    op.create_index(
        "uq_memberships_current",
        "memberships",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status IN (1, 2)"),
        sqlite_where=sa.text("status IN (1, 2)"),
    )
    op.create_table(
        "union_employers",
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_union_employers_employer_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_union_employers_union_id")),
        sa.PrimaryKeyConstraint("union_id", "employer_id", name=op.f("pk_union_employers")),
    )
    op.create_index(op.f("ix_union_employers_employer_id"), "union_employers", ["employer_id"], unique=False)
    op.create_table(
        "union_figures",
        sa.Column("union_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unions_direct", sa.Integer(), nullable=False),
        sa.Column("unions_sub", sa.Integer(), nullable=False),
        sa.Column("members_own", sa.Integer(), nullable=False),
        sa.Column("members_sub", sa.Integer(), nullable=False),
        sa.Column("verified_own", sa.Integer(), nullable=False),
        sa.Column("verified_sub", sa.Integer(), nullable=False),
        sa.Column("women_own", sa.Integer(), nullable=False),
        sa.Column("women_sub", sa.Integer(), nullable=False),
        sa.Column("migrant_own", sa.Integer(), nullable=False),
        sa.Column("migrant_sub", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_union_figures_union_id")),
        sa.PrimaryKeyConstraint("union_id", name=op.f("pk_union_figures")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "union_search",
        sa.Column("union_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Integer()).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_union_search_union_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("union_id", name=op.f("pk_union_search")),
    )
    op.create_index("ix_union_search_grams", "union_search", ["grams"], unique=False, postgresql_using="gin")
    op.create_table(
        "administrators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "granted_by_id IS NULL OR granted_by_id <> account_id",
            name=op.f("ck_administrators_nobody_grants_to_themselves"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_administrators_account_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["accounts.id"], name=op.f("fk_administrators_granted_by_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_administrators_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrators")),
    )
    op.create_index("ix_administrators_union", "administrators", ["union_id"], unique=False)
    op.create_index(
        "uq_administrators_live",
        "administrators",
        ["account_id", "union_id"],
        unique=True,
        postgresql_where=sa.text("dismissed_at IS NULL"),
        sqlite_where=sa.text("dismissed_at IS NULL"),
    )
    op.create_table(
        "membership_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("change", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('joined', 'transferred_in', 'transferred_out', 'retained', 'restored', 'withdrawn', 'expelled', 'removed', 'verified')",
            name=op.f("ck_membership_events_kind_known"),
        ),
        sa.CheckConstraint("change IN (-1, 0, 1)", name=op.f("ck_membership_events_change_is_one_member")),
        sa.ForeignKeyConstraint(["membership_id"], ["memberships.id"], name=op.f("fk_membership_events_membership_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["accounts.id"], name=op.f("fk_membership_events_operator_id")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_membership_events_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_events")),
    )
    op.create_index("ix_membership_events_membership", "membership_events", ["membership_id", "id"], unique=False)
    op.create_index("ix_membership_events_union_day", "membership_events", ["union_id", "day"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=43), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=24), nullable=False),
        sa.Column("scaling", sa.String(length=24), nullable=False),
        sa.Column("form_message", sa.String(), nullable=False),
        sa.Column("form_values", sa.JSON(), nullable=False),
        sa.Column("form_phone_enc", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_account", "sessions", ["account_id"], unique=False)
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    protect_audit()


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_sessions_expires_at", table_name="sessions")
    op.drop_index("ix_sessions_account", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_membership_events_union_day", table_name="membership_events")
    op.drop_index("ix_membership_events_membership", table_name="membership_events")
    op.drop_table("membership_events")
    op.drop_index(
        "uq_administrators_live",
        table_name="administrators",
        postgresql_where=sa.text("dismissed_at IS NULL"),
        sqlite_where=sa.text("dismissed_at IS NULL"),
    )
    op.drop_index("ix_administrators_union", table_name="administrators")
    op.drop_table("administrators")
    op.drop_index("ix_union_search_grams", table_name="union_search", postgresql_using="gin")
    op.drop_table("union_search")
    op.drop_table("union_figures")
    op.drop_index(op.f("ix_union_employers_employer_id"), table_name="union_employers")
    op.drop_table("union_employers")
    op.drop_index(
        "uq_memberships_current",
        table_name="memberships",
        postgresql_where=sa.text("status IN (1, 2)"),
        sqlite_where=sa.text("status IN (1, 2)"),
    )
    op.drop_index(
        "ix_memberships_union_name",
        table_name="memberships",
        postgresql_where=sa.text("status = 1"),
        sqlite_where=sa.text("status = 1"),
    )
    op.drop_index(
        "ix_memberships_union", table_name="memberships", postgresql_include=["verified", "sex", "status", "is_migrant"]
    )
    op.drop_index(
        "ix_memberships_newest",
        table_name="memberships",
        postgresql_include=["union_id", "verified", "sex", "status", "is_migrant"],
    )
    op.drop_index("ix_memberships_name", table_name="memberships", postgresql_include=["union_id", "status"])
    op.drop_table("memberships")
    op.drop_table("figure_deltas")
    op.drop_table("daily_figures")
    op.drop_table("audit_seals")
    op.drop_table("accounts")
    op.drop_index(
        "uq_unions_uscc_live",
        table_name="unions",
        postgresql_where=sa.text("status <> 'dissolved'"),
        sqlite_where=sa.text("status <> 'dissolved'"),
    )
    op.drop_index("uq_unions_path", table_name="unions")
    op.drop_index("ix_unions_superior", table_name="unions")
    op.drop_index(
        "ix_unions_above_base_path",
        table_name="unions",
        postgresql_where=sa.text("is_above_base"),
        sqlite_where=sa.text("is_above_base"),
    )
    op.drop_table("unions")
    op.drop_table("sign_in_failures")
    op.drop_index("ix_sign_in_codes_phone", table_name="sign_in_codes")
    op.drop_index("ix_sign_in_codes_address", table_name="sign_in_codes")
    op.drop_table("sign_in_codes")
    op.drop_index("uq_persons_document", table_name="persons")
    op.drop_index("ix_persons_phone_bidx", table_name="persons")
    op.drop_table("persons")
    op.drop_index("ix_outbox_status", table_name="outbox")
    op.drop_index("ix_outbox_phone", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("employers")
    op.drop_index("ix_audit_entries_union_at", table_name="audit_entries")
    op.drop_index("ix_audit_entries_account_at", table_name="audit_entries")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
