"""Numbered pages of a list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageAt:
    """Where a page stands: its number from 1, how many there are (at least 1), and the rows before it."""

    page: int
    pages: int
    offset: int


def page_within(total: int, page: int, page_size: int) -> PageAt:
    """The page asked for among `total` rows, the nearest there is when it lies beyond either end."""
    pages = max(1, -(-total // page_size))
    shown = min(max(page, 1), pages)
    return PageAt(shown, pages, (shown - 1) * page_size)
