"""Message deliveries: the fate of each message in the outbox, and the tokens that gateways lend.

The outbox is made anew without its rows: they hold another form of body, and none is of use longer than ten minutes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    remove_outbox()
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phone_enc", sa.Text(), nullable=False),
        sa.Column("phone_bidx", sa.String(length=43), nullable=False),
        sa.Column("body_enc", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("series", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useless_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=24), nullable=True),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("gateway_code", sa.String(length=200), nullable=False),
        sa.Column("gateway_request", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'failed', 'uncertain')", name=op.f("ck_outbox_status_known")
        ),
        sa.CheckConstraint("(status = 'sending') = (claimed_at IS NOT NULL)", name=op.f("ck_outbox_claimed_when")),
        sa.CheckConstraint("(status = 'sent') = (delivered_at IS NOT NULL)", name=op.f("ck_outbox_delivered_when")),
        sa.CheckConstraint(
            "(status IN ('failed', 'uncertain')) = (failure IS NOT NULL)"
            " AND (status <> 'failed' OR failure IN ('refused', 'exhausted', 'expired', 'superseded', 'unreadable'))"
            " AND (status <> 'uncertain' OR failure IN ('unanswered', 'interrupted'))",
            name=op.f("ck_outbox_failure_told"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    index_outbox()
    op.create_table(
        "gateway_tokens",
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.Column("token_enc", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client", name=op.f("pk_gateway_tokens")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("gateway_tokens")
    remove_outbox()
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
    index_outbox()


def remove_outbox() -> None:
    """The outbox with everything in it."""
    op.drop_index("ix_outbox_status", table_name="outbox")
    op.drop_index("ix_outbox_phone", table_name="outbox")
    op.drop_table("outbox")


def index_outbox() -> None:
    """The indexes of the outbox, which stay as they were."""
    op.create_index("ix_outbox_phone", "outbox", ["phone_bidx", "id"], unique=False)
    op.create_index("ix_outbox_status", "outbox", ["status", "id"], unique=False)
