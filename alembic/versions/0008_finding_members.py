"""Finding members: whoever a person was a member with, and the few who are retained among all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RETAINED = sa.text("status = 2")


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_memberships_person", "memberships", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_memberships_retained",
        "memberships",
        ["joined_on", "id"],
        unique=False,
        postgresql_where=RETAINED,
        sqlite_where=RETAINED,
        postgresql_include=["union_id", "verified", "sex", "is_migrant"],
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index(
        "ix_memberships_retained",
        table_name="memberships",
        postgresql_where=RETAINED,
        sqlite_where=RETAINED,
        postgresql_include=["union_id", "verified", "sex", "is_migrant"],
    )
    op.drop_index("ix_memberships_person", table_name="memberships")
