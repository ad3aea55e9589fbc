"""Analysts see totals alone: what else the role held before is taken from their grants."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BEFORE = ["members:view", "statistics:view", "subordinates:view", "unions:view"]
GRANTS = sa.table("administrators", sa.column("role", sa.String), sa.column("permissions", sa.JSON))


def upgrade() -> None:
    """Apply."""
    _let_analysts_have(["statistics:view"])


def downgrade() -> None:
    """Undo; what does not exist at the base counts for nothing there."""
    _let_analysts_have(BEFORE)


def _let_analysts_have(permissions: list[str]) -> None:
    op.execute(sa.update(GRANTS).where(GRANTS.c.role == "analyst").values(permissions=permissions))
