"""Code tables: the closed lists behind the fields of employers and members; the code is stored, the label shown."""

from gdftu_app.models.codes.employers import ECONOMIC_TYPES, EMPLOYER_NATURES, INDUSTRIES
from gdftu_app.models.codes.ethnic_groups import ETHNIC_GROUPS
from gdftu_app.models.codes.people import (
    EDUCATION_LEVELS,
    EMPLOYMENT_STATUSES,
    HOUSEHOLD_TYPES,
    OCCUPATION_GROUPS,
    POLITICAL_AFFILIATIONS,
    SKILL_LEVELS,
)
from gdftu_app.models.codes.tables import CodeTable

__all__ = [
    "ECONOMIC_TYPES",
    "EDUCATION_LEVELS",
    "EMPLOYER_NATURES",
    "EMPLOYMENT_STATUSES",
    "ETHNIC_GROUPS",
    "HOUSEHOLD_TYPES",
    "INDUSTRIES",
    "OCCUPATION_GROUPS",
    "POLITICAL_AFFILIATIONS",
    "SKILL_LEVELS",
    "CodeTable",
]
