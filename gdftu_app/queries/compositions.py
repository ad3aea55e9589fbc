"""Compositions (构成): how the present members of a union divide, with small cells kept from analysts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from gdftu_app.i18n import msg
from gdftu_app.models.cells import Trait
from gdftu_app.models.codes import EDUCATION_LEVELS, INDUSTRIES, OCCUPATION_GROUPS
from gdftu_app.queries.composition_cells import counted_by_trait
from gdftu_app.queries.composition_parts import (
    LAST,
    NOT_RECORDED,
    Cells,
    by_age,
    by_education,
    by_industry,
    by_level,
    by_occupation,
)
from gdftu_app.queries.figures import Figures
from gdftu_app.queries.flows import Place
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission

FEWEST = 5
_LEVEL = msg("工会级别")
# Their empty steps are shown, too.
_WHOLE = ("age", "education")


class Unit(StrEnum):
    """What the parts of a composition count."""

    MEMBERS, UNIONS = "members", "unions"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole; None where it is suppressed because it is of fewer than `FEWEST` people, or would tell."""

    key: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Composition:
    """The members of a union, or the unions below it, by one trait; the parts make up all of them.

    Parts stand in the order to be shown: ages, education and levels in their own, others by size. `help` says what is
    counted.
    """

    key: str
    label: str
    total: int
    parts: list[Part]
    unit: Unit = Unit.MEMBERS
    help: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A composition by a trait: `divide` makes labelled cells from counts by value.

    The steps of a scale stand in their own order, other parts by size.
    """

    key: str
    trait: Trait
    label: str
    divide: Callable[[Mapping[str, int]], Cells]
    help: str
    unit: Unit = Unit.MEMBERS
    is_scale: bool = False


_OF_MEMBERS = (
    _Kind(
        "age",
        Trait.BORN,
        msg("年龄"),
        by_age,
        msg("现有会员，按今年减去出生年份分段，不看生日是否已过；出生日期取自证件号码或会员登记。"),
        is_scale=True,
    ),
    _Kind(
        "education",
        Trait.EDUCATION,
        EDUCATION_LEVELS.name,
        by_education,
        msg("现有会员，按登记的学历分。"),
        is_scale=True,
    ),
    _Kind("occupation", Trait.OCCUPATION, OCCUPATION_GROUPS.name, by_occupation, msg("现有会员，按登记的职业群体分。")),
)
_OF_BRANCHES = (
    _Kind(
        "industry",
        Trait.INDUSTRY,
        INDUSTRIES.name,
        by_industry,
        msg("现有会员，按所在工会覆盖单位的所属行业分。单位属于不同行业的计入多个行业，分会和工会小组随所属基层工会。"),
    ),
    _Kind("level", Trait.LEVEL, _LEVEL, by_level, msg("现有会员，按直接所在工会的级别分。"), is_scale=True),
    _Kind(
        "industry_unions",
        Trait.INDUSTRY_UNIONS,
        INDUSTRIES.name,
        by_industry,
        msg("下级基层工会，按覆盖单位的所属行业分；已撤销的和分会、工会小组不计。"),
        Unit.UNIONS,
    ),
    _Kind(
        "level_unions",
        Trait.LEVEL_UNIONS,
        _LEVEL,
        by_level,
        msg("全部下级工会，按级别分；本级和已撤销的不计。"),
        Unit.UNIONS,
        is_scale=True,
    ),
)


def compositions_of(
    session: Session, actor: Actor, place: Place, figures: Figures, *, below: bool
) -> list[Composition]:
    """How the present members of a union, alone or with everything below it, and the unions below it divide.

    Industry and level only for an above-base union with everything below it: a union alone has one of each. Small
    cells of members are suppressed for whoever may not see members (分析员).

    One statement, two while changes are pending.
    """
    is_careful = not actor.may(Permission.MEMBERS_VIEW)
    counted = counted_by_trait(session, place, below=below)
    kinds = (*_OF_MEMBERS, *_OF_BRANCHES) if below and place.is_above_base else _OF_MEMBERS
    return [
        *_pairs(figures, "sub" if below else "own", is_careful=is_careful),
        *(_composition(kind, kind.divide(counted[kind.trait]), is_careful=is_careful) for kind in kinds),
    ]


def _pairs(figures: Figures, scope: str, *, is_careful: bool) -> list[Composition]:
    members, women, migrant, verified = (
        getattr(figures, f"{name}_{scope}") for name in ("members", "women", "migrant", "verified")
    )
    sex: Cells = [("women", msg("女"), women), ("others", msg("男及未登记"), members - women)]
    kinds: Cells = [("migrant", msg("农民工"), migrant), ("others", msg("其他会员"), members - migrant)]
    proven: Cells = [("verified", msg("已实名"), verified), ("others", msg("未实名"), members - verified)]
    told = (
        ("sex", msg("性别"), sex, msg("现有会员，按证件号码或会员登记的性别分。")),
        ("migrant", msg("农民工"), kinds, msg("现有会员，按登记的是否农民工分。")),
        ("verified", msg("实名状态"), proven, msg("现有会员，按是否已通过实名认证分。")),
    )
    return [
        Composition(key, label, members, _parts(cells, is_careful=is_careful), help=text)
        for key, label, cells, text in told
    ]


def _composition(kind: _Kind, cells: Cells, *, is_careful: bool) -> Composition:
    parts = _parts(cells, is_careful=is_careful and kind.unit is Unit.MEMBERS)
    if not kind.is_scale:
        parts.sort(key=_by_size)
    shown = [part for part in parts if part.count != 0 or (kind.key in _WHOLE and part.key != NOT_RECORDED)]
    return Composition(kind.key, kind.label, sum(count for _, _, count in cells), shown, kind.unit, kind.help)


def _by_size(part: Part) -> tuple[int, bool, int]:
    """The largest first; the suppressed ones behind, in an order that tells nothing."""
    place = LAST.index(part.key) + 1 if part.key in LAST else 0
    return place, part.count is None, -(part.count or 0)


def _parts(cells: Cells, *, is_careful: bool) -> list[Part]:
    hidden = suppressed({key: count for key, _, count in cells}) if is_careful else frozenset[str]()
    return [Part(key, label, None if key in hidden else count) for key, label, count in cells]


def suppressed(counts: Mapping[str, int]) -> frozenset[str]:
    """The cells to keep back: those of one to four people, and others while the hidden ones could be worked out.

    The total is known: neither a single hidden cell nor several of fewer than `FEWEST` together may remain. The others
    are the smallest with anybody in them, or else empty ones.
    """
    hidden = [key for key, count in counts.items() if 0 < count < FEWEST]
    if hidden:
        others = _smallest_first(counts, [key for key in counts if key not in hidden])
        while others and (len(hidden) == 1 or sum(counts[key] for key in hidden) < FEWEST):
            hidden.append(others.pop(0))
    return frozenset(hidden)


def _smallest_first(counts: Mapping[str, int], keys: Sequence[str]) -> list[str]:
    return sorted(keys, key=lambda key: counts[key] or max(counts.values()) + 1)
