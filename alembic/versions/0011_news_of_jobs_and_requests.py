"""More that is told: applications that closed, answers to requests about personal data, jobs that ended."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = (
    "registration_approved",
    "registration_rejected",
    "change_approved",
    "change_rejected",
    "appointed",
    "permissions_changed",
    "dismissed",
    "appointment_lapsed",
    "union_moved",
    "union_dissolved",
    "registration_handed_on",
    "join_approved",
    "join_rejected",
    "transfer_approved",
    "transfer_rejected",
    "transfer_consented",
    "member_transferred_out",
    "members_transferred_out",
)
AFTER = (
    *BEFORE,
    "application_closed",
    "request_answered",
    "request_declined",
    "job_done",
    "job_failed",
)


def upgrade() -> None:
    """Apply."""
    _know(AFTER)


def downgrade() -> None:
    """Take back; what is told in the new words only is forgotten."""
    listed = ", ".join(f"'{word}'" for word in BEFORE)
    op.execute(f"DELETE FROM notifications WHERE kind NOT IN ({listed})")  # noqa: S608  (words of this file)
    _know(BEFORE)


def _know(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("notifications") as table:
        table.drop_constraint(op.f("ck_notifications_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_notifications_kind_known"), f"kind IN ({listed})")
