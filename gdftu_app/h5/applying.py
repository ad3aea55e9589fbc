"""Choosing a union on a phone (选择工会): by name, by initials, or by the entry code that led here."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from starlette.requests import Request

from gdftu_app.h5.me import number_of
from gdftu_app.h5.rendering import ask_for_account
from gdftu_app.queries.own_applications import OwnStanding, own_standing
from gdftu_app.queries.unions_to_join import (
    UnionsToJoin,
    UnionToJoin,
    find_union_to_join,
    search_unions_to_join,
)

LONGEST_KEYWORD = 60
# Ids of unions are 32 bits long.
LARGEST_UNION_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """How far choosing has come. `is_missing` when an address named a union that there is not."""

    standing: OwnStanding
    keyword: str
    found: UnionsToJoin = field(default_factory=UnionsToJoin)
    union: UnionToJoin | None = None
    is_missing: bool = False


async def choice_of(request: Request, named: str = "") -> Choice:
    """What the address (`q`, `union`), or a form that names a union, has chosen so far; raises `SignedOut`."""
    standing = await ask_for_account(own_standing)
    keyword = request.query_params.get("q", "").strip()[:LONGEST_KEYWORD]
    named = named or request.query_params.get("union", "")
    if named:
        number = union_number(named)
        union = await ask_for_account(find_union_to_join, union_id=number) if number else None
        return Choice(standing, keyword, union=union, is_missing=union is None)
    found = await ask_for_account(search_unions_to_join, keyword=keyword) if keyword else UnionsToJoin()
    return Choice(standing, keyword, found)


def union_number(typed: str) -> int:
    """The id of a union in a text; 0 when there is none."""
    number = number_of(typed)
    return number if number <= LARGEST_UNION_ID else 0


def here(request: Request, page: str) -> str:
    """The address of a page with the union that it names, to come back to."""
    number = union_number(request.query_params.get("union", ""))
    return f"{page}?{urlencode({'union': number}, quote_via=quote)}" if number else page
