"""An installation with the small demo data: loaded once for the day and the present sources, and copied by whoever
wants it."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from gdftu_app.clock import day_of
from gdftu_app.config import PROJECT_FOLDER
from gdftu_app.services.demo.days import last_morning

# What the data depend on: the code that makes them, the divisions, the migrations, the key that seals them.
_SOURCES = ("models", "queries", "security", "services", "data", "clock.py", "config.py", "db.py")
DATABASE, FILES = "gdftu.sqlite3", "files"


def loaded_installation(cache: Path) -> Path:
    """A folder with the database and the files that `gdftu demo load` makes, from the cache when it is there: to be
    copied, not used. One process at a time makes it."""
    with alone(cache):
        last, digest = day_of(last_morning()), _digest()
        kept = cache / f"{last}-{digest}"
        # A run that began before the morning still copies what was the last day's then.
        spared = f"{last - timedelta(days=1)}-{digest}"
        if not kept.exists():
            for outdated in cache.iterdir():
                if outdated.is_dir() and outdated.name != spared:
                    shutil.rmtree(outdated)
            fresh = cache / f"loading-{os.getpid()}"
            fresh.mkdir()
            gdftu("demo", "load", "--scale", "small", database_url=f"sqlite:///{fresh / DATABASE}", files=fresh / FILES)
            fresh.rename(kept)
        return kept


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Wait until no other process makes anything for this cache, and keep them out."""
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def gdftu(*words: str, database_url: str, files: Path | None = None) -> str:
    """Run a command of the installation on a database; what it printed."""
    ran = subprocess.run(
        [sys.executable, "-m", "gdftu_app.cli", *words],
        env=os.environ
        | {"GDFTU_DATABASE_URL": database_url, "PYTHONPATH": str(PROJECT_FOLDER)}
        | ({"GDFTU_FILES_URL": str(files)} if files else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"gdftu {' '.join(words)}: {ran.stdout}{ran.stderr}"
    return ran.stdout


def _digest() -> str:
    digest = hashlib.sha256(os.environ["GDFTU_SECRET_KEY"].encode())
    for source in (*(PROJECT_FOLDER / "gdftu_app" / name for name in _SOURCES), PROJECT_FOLDER / "alembic"):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.suffix in {".py", ".csv"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
