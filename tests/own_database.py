"""A database of a test's own, configured as the installation's: for what commits, races or breaks things."""

from collections.abc import Callable, Iterator

import pytest

from gdftu_app.config import settings
from gdftu_app.db import engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def own_database(
    request: pytest.FixtureRequest, new_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of an empty database, of each kind in turn, that `unit_of_work` speaks to during the test."""
    url = new_database(request.param)
    monkeypatch.setenv("GDFTU_DATABASE_URL", url)
    settings.cache_clear()
    yield url
    engine().dispose()
    monkeypatch.undo()
    settings.cache_clear()
