"""Compositions: members by year of birth, education, occupation, industry and level, kept for above-base unions."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# The industry that its employers have in common; branches and teams are of that of their base union.
INDUSTRIES = """
UPDATE unions SET industry = covered.industry FROM (
  SELECT union_employers.union_id, CASE WHEN count(DISTINCT nullif(employers.industry, '')) > 1 THEN 'mixed'
    ELSE coalesce(max(employers.industry), '') END AS industry
  FROM union_employers JOIN employers ON employers.id = union_employers.employer_id GROUP BY union_employers.union_id
) covered
WHERE covered.union_id = unions.id AND covered.industry <> ''
"""
INDUSTRIES_BELOW = """
UPDATE unions SET industry = (
  SELECT coalesce(max(base.industry), '') FROM {along} JOIN unions base ON base.id = along.value
  WHERE base.category IN ('single_base', 'joint_base'))
WHERE category IN ('branch', 'team')
"""
# Counted first for the nearest above-base union, so that few rows are carried up to the superiors.
NEAREST = """
CREATE TEMPORARY TABLE nearest AS
SELECT paths.union_id, nearest.id AS nearest_id
FROM (
  SELECT unions.id AS union_id, max(superior.path) AS path
  FROM unions JOIN {along} ON true JOIN unions superior ON superior.id = along.value AND superior.is_above_base
  GROUP BY unions.id
) paths
JOIN unions nearest ON nearest.path = paths.path
"""
PEOPLE = """
CREATE TEMPORARY TABLE people_counted AS
SELECT nearest.nearest_id, CAST(extract(year FROM persons.born_on) AS integer) AS born, memberships.education,
  memberships.occupation, count(*) AS count
FROM memberships
JOIN persons ON persons.id = memberships.person_id
JOIN nearest ON nearest.union_id = memberships.union_id
WHERE memberships.status = 1
GROUP BY 1, 2, 3, 4
"""
# Of members by industry and level those are counted that are folded: the others follow when they are.
CELLS = """
INSERT INTO composition_figures (union_id, cell, count)
SELECT above.id, ledger.cell, sum(ledger.count)
FROM (
  SELECT nearest_id AS union_id, 'born:' || coalesce(CAST(born AS text), '') AS cell, sum(count) AS count
  FROM people_counted GROUP BY 1, 2
  UNION ALL SELECT nearest_id, 'education:' || education, sum(count) FROM people_counted GROUP BY 1, 2
  UNION ALL SELECT nearest_id, 'occupation:' || occupation, sum(count) FROM people_counted GROUP BY 1, 2
  UNION ALL SELECT nearest.nearest_id, 'industry:' || unions.industry, sum(union_figures.members_own)
  FROM union_figures JOIN unions ON unions.id = union_figures.union_id JOIN nearest ON nearest.union_id = unions.id
  WHERE union_figures.members_own <> 0 GROUP BY 1, 2
  UNION ALL SELECT nearest.nearest_id, 'level:' || unions.level, sum(union_figures.members_own)
  FROM union_figures JOIN unions ON unions.id = union_figures.union_id JOIN nearest ON nearest.union_id = unions.id
  WHERE union_figures.members_own <> 0 GROUP BY 1, 2
  UNION ALL SELECT nearest.nearest_id, 'industry_unions:' || unions.industry, count(*)
  FROM unions JOIN nearest ON nearest.union_id = unions.superior_id
  WHERE unions.status <> 'dissolved' AND unions.category IN ('single_base', 'joint_base') GROUP BY 1, 2
  UNION ALL SELECT nearest.nearest_id, 'level_unions:' || unions.level, count(*)
  FROM unions JOIN nearest ON nearest.union_id = unions.superior_id
  WHERE unions.status <> 'dissolved' GROUP BY 1, 2
) ledger
JOIN unions ON unions.id = ledger.union_id
JOIN {along} ON true
JOIN unions above ON above.id = along.value AND above.is_above_base
GROUP BY 1, 2
HAVING sum(ledger.count) <> 0
"""
ALONG = {
    "postgresql": "LATERAL (SELECT unnest(CAST(string_to_array(btrim(unions.path, '/'), '/') AS bigint[])) AS value) along",
    "sqlite": "json_each('[' || replace(trim(unions.path, '/'), '/', ',') || ']') AS along",
}
YEAR_ON_SQLITE = "CAST(strftime('%Y', persons.born_on) AS integer)"


def upgrade() -> None:
    """Apply."""
    bind = op.get_bind()
    is_sqlite = bind.dialect.name == "sqlite"
    along = ALONG[bind.dialect.name]
    op.create_table(
        "composition_figures",
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_composition_figures_union_id")),
        sa.PrimaryKeyConstraint("union_id", "cell", name=op.f("pk_composition_figures")),
    )
    op.add_column("unions", sa.Column("industry", sa.String(24), nullable=False, server_default=""))
    op.add_column("figure_deltas", sa.Column("cells", sa.JSON(none_as_null=True), nullable=True))
    op.execute(INDUSTRIES)
    op.execute(INDUSTRIES_BELOW.format(along=along))
    if not is_sqlite:
        # Tens of millions of people are joined with their memberships.
        op.execute("SET LOCAL work_mem = '256MB'")
    op.execute(NEAREST.format(along=along))
    people = PEOPLE
    if is_sqlite:
        people = people.replace("CAST(extract(year FROM persons.born_on) AS integer)", YEAR_ON_SQLITE)
    op.execute(people)
    op.execute(CELLS.format(along=along))
    for table in ("people_counted", "nearest"):
        op.execute(f"DROP TABLE {table}")


def downgrade() -> None:
    """Take back."""
    op.drop_column("figure_deltas", "cells")
    op.drop_column("unions", "industry")
    op.drop_table("composition_figures")
