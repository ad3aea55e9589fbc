"""Figures of months and years, of every union, so that years are read as quickly as days."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

DAILY = (
    "joined",
    "transferred_in",
    "transferred_out",
    "removed",
    "verified",
    "members",
    "verified_members",
    "registered",
)
ABOVE_BASE = """
INSERT INTO span_figures (union_id, months, first, {figures})
SELECT union_id, 1, {month_of_day}, {sums} FROM daily_figures GROUP BY union_id, {month_of_day}
"""
# Each base union with the base unions on its path; what is not folded yet is added when it is.
BASE = """
INSERT INTO span_figures (union_id, months, first, {figures})
SELECT line_id, 1, first, {sums} FROM (
  SELECT lines.line_id, ledger.* FROM (
    SELECT union_id, {month_of_day} AS first,
      sum(CASE WHEN kind = 'joined' THEN 1 ELSE 0 END) AS joined,
      sum(CASE WHEN kind = 'transferred_in' THEN 1 ELSE 0 END) AS transferred_in,
      sum(CASE WHEN kind = 'transferred_out' THEN 1 ELSE 0 END) AS transferred_out,
      sum(CASE WHEN kind IN ('withdrawn', 'expelled', 'removed') THEN 1 ELSE 0 END) AS removed,
      sum(CASE WHEN kind = 'verified' THEN 1 ELSE 0 END) AS verified,
      sum(change) AS members, sum(verified_change) AS verified_members, 0 AS registered
    FROM membership_events GROUP BY union_id, {month_of_day}
    UNION ALL
    SELECT union_id, {month_of_day}, -joined, -transferred_in, -transferred_out, -removed, -newly_verified, -members,
      -verified, -registered FROM figure_deltas
    UNION ALL
    SELECT superior_id, {month_entered}, 0, 0, 0, 0, 0, 0, 0, 1 FROM unions WHERE superior_id IS NOT NULL
  ) ledger
  JOIN (
    SELECT unions.id AS union_id, line.id AS line_id FROM unions
    JOIN {along} AS along ON true
    JOIN unions line ON line.id = along.value AND NOT line.is_above_base
    WHERE NOT unions.is_above_base
  ) lines ON lines.union_id = ledger.union_id
  UNION ALL
  SELECT union_id, union_id, {month_of_day}, {figures} FROM carried_days
  WHERE union_id IN (SELECT id FROM unions WHERE NOT is_above_base)
) base GROUP BY line_id, first ORDER BY line_id, first
"""
YEARS = """
INSERT INTO span_figures (union_id, months, first, {figures})
SELECT union_id, 12, {year_of_first}, {sums} FROM span_figures GROUP BY union_id, {year_of_first}
ORDER BY union_id, {year_of_first}
"""
COLUMNS = {"figures": ", ".join(DAILY), "sums": ", ".join(f"sum({name})" for name in DAILY)}
DIALECTS = {
    "postgresql": {
        "month_of_day": "CAST(date_trunc('month', CAST(day AS timestamp)) AS date)",
        "month_entered": "CAST(date_trunc('month', created_at AT TIME ZONE 'Asia/Shanghai') AS date)",
        "year_of_first": "CAST(date_trunc('year', CAST(first AS timestamp)) AS date)",
        "along": "LATERAL (SELECT unnest(CAST(string_to_array(btrim(unions.path, '/'), '/') AS bigint[])) AS value)",
    },
    "sqlite": {
        "month_of_day": "date(day, 'start of month')",
        "month_entered": "date(created_at, '+8 hours', 'start of month')",
        "year_of_first": "date(first, 'start of year')",
        "along": "json_each('[' || replace(trim(unions.path, '/'), '/', ',') || ']')",
    },
}


def upgrade() -> None:
    """Apply; the keys come last where that is possible, millions of rows being there before."""
    kind = op.get_bind().dialect.name
    keys = [
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_span_figures_union_id")),
        sa.PrimaryKeyConstraint("union_id", "months", "first", name=op.f("pk_span_figures")),
    ]
    op.create_table(
        "span_figures",
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in DAILY),
        sa.CheckConstraint("months IN (1, 12)", name=op.f("ck_span_figures_length_known")),
        *(keys if kind == "sqlite" else ()),
    )
    if kind == "postgresql":
        op.execute("SET LOCAL work_mem = '256MB'")
    for statement in (ABOVE_BASE, BASE, YEARS):
        op.execute(statement.format(**COLUMNS, **DIALECTS[kind]))
    if kind == "postgresql":
        op.create_primary_key(op.f("pk_span_figures"), "span_figures", ["union_id", "months", "first"])
        op.create_foreign_key(op.f("fk_span_figures_union_id"), "span_figures", "unions", ["union_id"], ["id"])
        op.execute("ANALYZE span_figures")


def downgrade() -> None:
    """Take back."""
    op.drop_table("span_figures")
