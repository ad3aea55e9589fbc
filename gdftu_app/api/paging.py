"""Lists of what is one's own, page by page: `after` is how many came before, `next` what to ask on with."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from gdftu_app.i18n import msg

PAGE, FURTHEST = 20, 2000
LARGEST_ID = 2**63 - 1
After = Annotated[int, Query(ge=0, le=FURTHEST, description=msg("上一页的 next。"))]
Item = TypeVar("Item")


def limit_for(after: int) -> int:
    """How many to read from the beginning, so that it shows whether there are more."""
    return after + PAGE + 1


def page_of(found: Sequence[Item], after: int) -> tuple[Sequence[Item], str | None]:
    """The page behind `after` of what was read up to `limit_for(after)`, and its `next`."""
    goes_on = len(found) == limit_for(after) and after + PAGE <= FURTHEST
    return found[after : after + PAGE], str(after + PAGE) if goes_on else None
