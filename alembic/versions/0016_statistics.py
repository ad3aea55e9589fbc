"""Figures of days past: how many members there were, how many of them were proven, and which unions were registered."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DAYS = ("members", "verified_members", "registered")
# Proven at an event: proven in the end, and not only by a later event of the same membership.
VERIFIED_CHANGES = """
UPDATE membership_events SET verified_change = CASE
  WHEN kind = 'verified' THEN (
    SELECT coalesce(sum(earlier.change), 0) FROM membership_events earlier
    WHERE earlier.membership_id = membership_events.membership_id AND earlier.id < membership_events.id)
  ELSE change * (
    SELECT CASE WHEN memberships.verified AND NOT EXISTS (
      SELECT 1 FROM membership_events later
      WHERE later.membership_id = membership_events.membership_id AND later.kind = 'verified'
        AND later.id > membership_events.id) THEN 1 ELSE 0 END
    FROM memberships WHERE memberships.id = membership_events.membership_id)
  END
WHERE change <> 0 OR kind = 'verified'
"""
# What is not folded yet is added to the days when it is.
PAST_DAYS = """
INSERT INTO daily_figures (union_id, day, joined, transferred_in, transferred_out, removed, verified,
  members, verified_members, registered)
SELECT above.id, ledger.day, 0, 0, 0, 0, 0, sum(ledger.members), sum(ledger.verified), sum(ledger.registered)
FROM (
  SELECT union_id, day, sum(change) AS members, sum(verified_change) AS verified, 0 AS registered
  FROM membership_events GROUP BY union_id, day
  UNION ALL SELECT union_id, day, -members, -verified, 0 FROM figure_deltas
  UNION ALL SELECT superior_id, {day}, 0, 0, 1 FROM unions WHERE superior_id IS NOT NULL
) ledger
JOIN unions ON unions.id = ledger.union_id
JOIN {along} AS along ON true
JOIN unions above ON above.id = along.value AND above.is_above_base
WHERE true
GROUP BY above.id, ledger.day
ON CONFLICT (union_id, day) DO UPDATE SET members = excluded.members, verified_members = excluded.verified_members,
  registered = excluded.registered
"""
DIALECTS = {
    "postgresql": {
        "day": "CAST(created_at AT TIME ZONE 'Asia/Shanghai' AS date)",
        "along": "LATERAL (SELECT unnest(CAST(string_to_array(btrim(unions.path, '/'), '/') AS bigint[])) AS value)",
    },
    "sqlite": {
        "day": "date(created_at, '+8 hours')",
        "along": "json_each('[' || replace(trim(unions.path, '/'), '/', ',') || ']')",
    },
}


def upgrade() -> None:
    """Apply."""
    zero = {"nullable": False, "server_default": "0"}
    op.add_column("membership_events", sa.Column("verified_change", sa.SmallInteger(), **zero))
    for name in DAYS:
        op.add_column("daily_figures", sa.Column(name, sa.Integer(), **zero))
    op.add_column("figure_deltas", sa.Column("registered", sa.Integer(), **zero))
    op.execute(VERIFIED_CHANGES)
    op.execute(PAST_DAYS.format(**DIALECTS[op.get_bind().dialect.name]))
    op.drop_index("ix_membership_events_union_day", table_name="membership_events")
    op.create_index(
        "ix_membership_events_union_day",
        "membership_events",
        ["union_id", "day"],
        unique=False,
        postgresql_include=["kind", "change", "verified_change"],
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_membership_events_union_day", table_name="membership_events")
    op.create_index("ix_membership_events_union_day", "membership_events", ["union_id", "day"], unique=False)
    op.drop_column("figure_deltas", "registered")
    for name in reversed(DAYS):
        op.drop_column("daily_figures", name)
    op.drop_column("membership_events", "verified_change")
