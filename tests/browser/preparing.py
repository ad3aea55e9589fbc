"""What the stories stand on: the pages built and the demo data loaded, once for the present sources.

`python -m tests.browser.preparing` makes both beforehand, while something else is checked.
"""

from pathlib import Path

from gdftu_app.cli.building import build_if_stale
from gdftu_app.config import PROJECT_FOLDER
from tests.installations import alone, loaded_installation

# Where pytest keeps it too.
CACHE = PROJECT_FOLDER / ".pytest_cache" / "d" / "demo-data"


def prepare(cache: Path) -> Path:
    """Build the pages and give a folder with the demo data; one process at a time makes them."""
    with alone(cache):
        build_if_stale()
    return loaded_installation(cache)


if __name__ == "__main__":
    import tests.conftest  # noqa: F401  (the configuration of the tests)

    CACHE.mkdir(parents=True, exist_ok=True)
    prepare(CACHE)
