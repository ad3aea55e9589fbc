"""Holding a piece of work to the number of statements it may send."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from tests.statements import statements


@contextmanager
def assert_queries(session: Session, number: int) -> Iterator[None]:
    """Fail unless the block sends exactly so many statements; the failure lists them."""
    with statements(session) as sent:
        yield
    assert len(sent) == number, "\n\n".join([f"{len(sent)} statements, not {number}:", *sent])
