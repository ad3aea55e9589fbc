"""`gdftu serve` as an operator starts it: a process group of its own, which can be killed as a power cut would."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gdftu_app.config import PROJECT_FOLDER
from tests.serving import free_port

PATIENCE_SECONDS = 240


@dataclass(slots=True)
class Installation:
    """One installation in a folder of its own, started and ended as often as one likes."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    env: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its origin, without trailing slash."""
        return f"http://{self.host}:{self.port}"

    @property
    def database_url(self) -> str:
        """The address of its database, as the default has it."""
        return f"sqlite:///{self.folder / 'gdftu.sqlite3'}"

    def start(self) -> str:
        """Start it and wait until it serves; what it printed up to then."""
        with (self.folder / "output").open("wb") as output:
            self._process = self._spawn(output)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).is_success:
                    return self.printed()
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError(f"it did not become ready: {self.printed()}")

    def refuse(self) -> tuple[int, str]:
        """Start what must not start: its exit code and what it printed."""
        with (self.folder / "output").open("wb") as output:
            code = self._spawn(output).wait(PATIENCE_SECONDS)
        return code, self.printed()

    def printed(self) -> str:
        """What the last start has printed and logged."""
        return re.sub(r"\x1b\[[\d;?]*\w", "", (self.folder / "output").read_text(errors="replace"))

    def kill(self) -> None:
        """End everything at once, without a chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait for that."""
        self._end(signal.SIGTERM)

    def _end(self, sign: signal.Signals) -> None:
        if self._process is None:
            return
        os.killpg(self._process.pid, sign)
        self._process.wait(30)
        self._process = None

    def _spawn(self, output) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GDFTU_", "PYTEST"))}
        own = {
            "GDFTU_DATA_DIR": str(self.folder),
            "HOST": self.host,
            "PORT": str(self.port),
            "PYTHONPATH": str(PROJECT_FOLDER),
            "REFLEX_STATES_WORKDIR": str(self.folder / "states"),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "gdftu_app.cli", "serve"],
            env={**kept, **own, **self.env},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
