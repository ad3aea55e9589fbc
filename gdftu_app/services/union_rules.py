"""Which union may stand below which (组织设置): categories, levels and superiors (domain facts, organisation)."""

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.unions import (
    BELOW_BASE,
    HOLDING_MEMBERS,
    NOT_ABOVE_BASE,
    Union,
    UnionCategory,
    UnionLevel,
    UnionStatus,
)

LEVEL_OF_CATEGORY: dict[UnionCategory, UnionLevel] = {
    UnionCategory.PROVINCIAL: UnionLevel.PROVINCE,
    UnionCategory.CITY: UnionLevel.CITY,
    UnionCategory.COUNTY: UnionLevel.COUNTY,
    UnionCategory.TOWN: UnionLevel.TOWN,
    **dict.fromkeys(NOT_ABOVE_BASE, UnionLevel.BASE),
}
# The 总工会 of a division: there is one for each, so none stands below another of its own level.
OF_DIVISIONS = frozenset({UnionCategory.PROVINCIAL, UnionCategory.CITY, UnionCategory.COUNTY, UnionCategory.TOWN})
_RANKS = {level: rank for rank, level in enumerate(UnionLevel)}


class SuperiorNotAllowed(InvalidInput):
    """The union named cannot be the superior of this one."""

    code = "superior_not_allowed"
    default = msg("该工会不能作为上级工会，请重新选择。")


def require_level(category: UnionCategory, level: UnionLevel) -> None:
    """Raise InvalidInput when a category stands at another level; industrial and system unions may be at any."""
    expected = LEVEL_OF_CATEGORY.get(category)
    if (expected is not None and level is not expected) or (expected is None and level is UnionLevel.BASE):
        raise InvalidInput(msg("工会类型与工会级别不相符，请重新选择。"), field="level")


def require_superior(category: UnionCategory, level: UnionLevel, superior: Union | None) -> None:
    """Raise SuperiorNotAllowed unless a union of this category and level may stand below the superior.

    A base union is the superior of its own branches and teams only, and the latter have no other.
    Nobody stands below a union of a lower level, or below a dissolved one. Only a province stands below nothing.
    """
    if superior is None:
        if level is not UnionLevel.PROVINCE:
            raise SuperiorNotAllowed(msg("请选择上级工会。"), field="superior_id")
        return
    if superior.status == UnionStatus.DISSOLVED:
        raise SuperiorNotAllowed(msg("上级工会已撤销，请重新选择。"), field="superior_id")
    if category in BELOW_BASE:
        if superior.is_above_base:
            raise SuperiorNotAllowed(msg("分会和工会小组的上级只能是基层工会。"), field="superior_id")
        return
    if not superior.is_above_base:
        raise SuperiorNotAllowed(msg("基层工会不能作为上级工会，请重新选择。"), field="superior_id")
    if _RANKS[level] < _RANKS[UnionLevel(superior.level)]:
        raise SuperiorNotAllowed(msg("上级工会的级别低于本工会，请重新选择。"), field="superior_id")


def require_place_below(category: UnionCategory, level: UnionLevel, superior: Union) -> None:
    """The same for a union that an administrator puts somewhere: the 总工会 of a division needs a superior of a level
    above its own, and a province stands below nobody."""
    require_superior(category, level, superior)
    if category in OF_DIVISIONS and _RANKS[level] <= _RANKS[UnionLevel(superior.level)]:
        raise SuperiorNotAllowed(msg("地方总工会的上级应是上一级的总工会，请重新选择。"), field="superior_id")


def require_holding_members(union: Union) -> None:
    """Raise unless people may be members of this union directly (`NotFound` when it is dissolved)."""
    if union.status == UnionStatus.DISSOLVED:
        raise NotFound(msg("该工会已撤销，请选择其他工会。"))
    if union.category not in HOLDING_MEMBERS:
        raise InvalidInput(msg("该工会不直接吸收会员，请选择基层工会。"), field="union_id")
