"""Finding unions among very many: which plan finds the first matches soonest, and when a search may stop.

Unions above the base are few and come first. Among the others, a word that is common is soon found by walking names,
a rare one by the index of grams; what is common is known from the database's statistics. A word that is common
elsewhere only is given up after some names, and the index is asked for what the branch has of it. The last resort is to
walk the whole branch, or, if it is very large, to cut the answer and to say so.
SQLite, for small installations, has no such index.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.tables import Rows, run
from gdftu_app.models.unions import NOT_ABOVE_BASE, UnionCategory
from gdftu_app.queries.gram_statistics import GramStatistics, branch_size
from gdftu_app.queries.union_costs import Costs
from gdftu_app.queries.union_grams import mark_within
from gdftu_app.queries.union_matching import form_of, parameters_of
from gdftu_app.queries.union_plans import Shape, candidates, look_up, walk, walk_before
from gdftu_app.security.actors import Actor

_ABOVE_BASE = frozenset(UnionCategory) - frozenset(NOT_ABOVE_BASE)


@dataclass(frozen=True, slots=True)
class Budgets:
    """How many unions a plan may look at.

    At most `candidates` are looked up by grams. Branches of up to `small` unions are walked from the beginning,
    whatever the word; those of up to `large` are walked whole when nothing else helps.
    """

    candidates: int = 1_500
    small: int = 2_000
    large: int = 60_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for below the acting union; `category` and `status` may be empty, at least one term is there.

    With `holds_members` only unions are found that people may be members of.
    """

    actor: Actor
    terms: tuple[str, ...]
    category: str
    status: str
    limit: int
    holds_members: bool = False


class Match(NamedTuple):
    """A union that matches."""

    id: int
    path: str
    is_above_base: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The matches, above-base unions first, in tree order; `is_cut` when there are more, or may be."""

    matches: list[Match]
    is_cut: bool


def find_unions(session: Session, wanted: Wanted, statistics: GramStatistics, budgets: Budgets = Budgets()) -> Found:
    """Up to `limit` unions that match, above-base ones before others; the acting union is not among them.

    The statistics decide how they are found, and which are shown when there are too many.
    """
    shape, size = _shape(wanted), branch_size(session, wanted.actor.union_id)
    mark = mark_within(wanted.actor.union_path)
    marked = max(size, branch_size(session, mark) if mark else 0)
    costs = Costs(size, marked, statistics.unions, is_full=any(form.in_initials for form in shape.forms))
    worth = min(budgets.candidates, costs.worth_looking_up())
    asked = _parameters(wanted) | {"candidates": worth}
    found: set[Match] = set()
    if wanted.category in _ABOVE_BASE:
        _add(found, session, walk(shape, is_led=False, is_whole=False), asked | {"names": 0})
        return _found(found, wanted)
    is_indexed = dialect(session) == "postgresql" and size > budgets.small
    grams = statistics.grams_of(wanted.terms, mark) if is_indexed else {}
    share = statistics.share_of(wanted.terms) if grams else None
    names = _names_to_walk(wanted.limit, share, budgets)
    if share is not None and _is_rare(share, wanted.limit, costs, worth, names):
        are_all = _add(found, session, look_up(shape), asked | grams)
        if are_all or len(found) > wanted.limit:
            return _found(found, wanted)
        grams = {}
    if names < size:
        _add(found, session, walk(shape, is_led=True, is_whole=False), asked | {"names": names})
        are_all = bool(grams) and len(found) <= wanted.limit and _add(found, session, candidates(shape), asked | grams)
        if are_all or len(found) > wanted.limit:
            return _found(found, wanted)
    if size <= budgets.large:
        _add(found, session, walk(shape, is_led=size > budgets.small, is_whole=True), asked)
        led_by = _first_above(found) if size > budgets.small else ""
        if led_by and len(found) <= wanted.limit:
            _add(found, session, walk_before(shape), asked | {"until": led_by})
        return _found(found, wanted)
    if names < budgets.large:
        _add(found, session, walk(shape, is_led=True, is_whole=False), asked | {"names": budgets.large})
    return replace(_found(found, wanted), is_cut=True)


def _found(matches: Iterable[Match], wanted: Wanted) -> Found:
    ordered = sorted(matches, key=lambda match: (not match.is_above_base, match.path))
    return Found(ordered[: wanted.limit], is_cut=len(ordered) > wanted.limit)


def _is_rare(share: float, enough: int, costs: Costs, most: int, names: int) -> bool:
    return not share or costs.looking_up(enough, share, most) < costs.walking(enough, share, names, most)


def _names_to_walk(enough: int, share: float | None, budgets: Budgets) -> int:
    """How many names to walk at first: those that hold enough matches, and thrice as many again."""
    return min(budgets.large, int(4 * enough / share)) if share else budgets.large


def _shape(wanted: Wanted) -> Shape:
    return Shape(
        tuple(map(form_of, wanted.terms)),
        by_category=bool(wanted.category),
        by_status=bool(wanted.status),
        holds_members=wanted.holds_members,
    )


def _parameters(wanted: Wanted) -> dict[str, Any]:
    filters = {"category": wanted.category, "status": wanted.status}
    return {
        **parameters_of(wanted.terms),
        **{name: word for name, word in filters.items() if word},
        **wanted.actor.reach_asked(),
        "root": wanted.actor.union_id,
        "most": wanted.limit + 1,
    }


def _add(found: set[Match], session: Session, statement: Rows, asked: dict[str, Any]) -> bool:
    """Add what a statement finds, and tell whether no candidate was left out (see `look_up`)."""
    rows = run(session, statement, asked).all()
    matches = [Match(*row) for row in rows if row[1] is not None]
    found |= set(matches)
    return len(matches) == len(rows)


def _first_above(found: set[Match]) -> str:
    """Where a walk began that was led by matches above the base."""
    return min((match.path for match in found if match.is_above_base), default="")
