"""Compositions (构成): how the present members of a union divide, with small cells kept from analysts."""

from collections.abc import Mapping
from dataclasses import dataclass

from gdftu_app.i18n import msg
from gdftu_app.queries.figures import Figures
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Role

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole; None where it is suppressed because it is of fewer than `FEWEST` people, or would tell."""

    key: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Composition:
    """The members of a union by one trait; the parts make up all of them."""

    key: str
    label: str
    total: int
    parts: list[Part]


def compositions_of(actor: Actor, figures: Figures, *, below: bool) -> list[Composition]:
    """The present members by sex, 农民工 and 实名, of the branch or of the union alone."""
    scope = "sub" if below else "own"
    members, women, migrant, verified = (
        getattr(figures, f"{name}_{scope}") for name in ("members", "women", "migrant", "verified")
    )
    divided: dict[str, tuple[str, dict[str, tuple[str, int]]]] = {
        "sex": (
            msg("性别"),
            {"women": (msg("女"), women), "others": (msg("男及未登记"), members - women)},
        ),
        "migrant": (
            msg("农民工"),
            {"migrant": (msg("农民工"), migrant), "others": (msg("其他会员"), members - migrant)},
        ),
        "verified": (
            msg("实名状态"),
            {"verified": (msg("已实名"), verified), "others": (msg("未实名"), members - verified)},
        ),
    }
    is_careful = actor.role == Role.ANALYST
    return [
        Composition(key, label, members, _parts(cells, is_careful=is_careful))
        for key, (label, cells) in divided.items()
    ]


def _parts(cells: Mapping[str, tuple[str, int]], *, is_careful: bool) -> list[Part]:
    hidden = suppressed({key: count for key, (_, count) in cells.items()}) if is_careful else frozenset[str]()
    return [Part(key, label, None if key in hidden else count) for key, (label, count) in cells.items()]


def suppressed(counts: Mapping[str, int]) -> frozenset[str]:
    """The cells to keep back: those of one to four people, and, if that is one alone, another one.

    The total is known, so that a single hidden cell could be worked out. The other one is the smallest with anybody in
    it, or else an empty one.
    """
    small = [key for key, count in counts.items() if 0 < count < FEWEST]
    if len(small) == 1:
        others = [key for key in counts if key not in small]
        small += sorted(others, key=lambda key: counts[key] or max(counts.values()) + 1)[:1]
    return frozenset(small)
