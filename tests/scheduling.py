"""How a run is dealt out to several processes: the longest first, and what shares a server to one process."""

import pytest
from xdist.scheduler import LoadFileScheduling

# What takes minutes begins first: at the end, files of seconds fill every process until the last is done.
FIRST = (
    "tests/browser/",
    "tests/cli/test_serving.py",
    "tests/services/demo/",
    "tests/services/test_figures_storm.py",
    "tests/services/test_figures_property.py",
    "tests/services/test_compositions_property.py",
    "tests/services/test_moves_property.py",
    "tests/state/",
    "tests/web/",
    "tests/security/",
    "tests/queries/test_members.py",
    "tests/queries/test_union_search.py",
    "tests/api/",
    "tests/h5/",
)
# The files of each of these folders share a server that takes seconds to start, and none of them takes long.
TOGETHER = ("tests/state/", "tests/web/", "tests/api/", "tests/h5/")


def put_longest_first(items: list[pytest.Item]) -> None:
    """Order tests as `FIRST` has them; the others follow as they were collected."""
    items.sort(key=lambda item: _place_of(item.nodeid))


def _place_of(nodeid: str) -> int:
    return next((place for place, start in enumerate(FIRST) if nodeid.startswith(start)), len(FIRST))


class Scheduling(LoadFileScheduling):
    """File by file in the order of the tests, but the folders that share a server whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)
