"""The real application, served: a process of its own on a free port, with its own database and folders."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from gdftu_app.config import PROJECT_FOLDER

PATIENCE_SECONDS = 60
# What stands in for a build where no browser looks at it: one page for every address, and one of each kind of asset.
# As beside a true build, it says that the server need not put any page together for itself.
STAND_IN_FILES = {
    "backend/stateful_pages.json": "[]",
    "build/client/404.html": "<!doctype html><html lang='zh-CN'><title>stand-in</title><div id='root'></div></html>",
    "build/client/favicon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "build/client/console.css": ":root { color: black }",
    "build/client/assets/entry-0a1b2c3d.js": "export const stood = true;",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it listens, what it reads, and where it writes its log."""

    host: str
    port: int
    database_url: str
    log_file: Path

    @property
    def url(self) -> str:
        """Its origin, without trailing slash."""
        return f"http://{self.host}:{self.port}"

    def log(self, *, since: int = 0) -> str:
        """What it has logged up to now, after the first `since` bytes."""
        with self.log_file.open("rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")

    def log_size(self) -> int:
        """How many bytes it has logged."""
        return self.log_file.stat().st_size


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def serve(
    database_url: str,
    *,
    port: int | None = None,
    env: Mapping[str, str] | None = None,
    web_folder: Path | None = None,
) -> Iterator[Served]:
    """Serve a migrated database until the block ends.

    `env` adds to the environment, `web_folder` is a finished production build (`.web`); without one, stand-in pages
    are served and nothing is built. The process works in a folder of its own, so the checkout is never written to.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gdftu-served-")))
        served = Served("127.0.0.1", port or free_port(), database_url, folder / "server.log")
        log = stack.enter_context(served.log_file.open("wb"))
        # Reflex reads its configuration from where it runs, and from nowhere else.
        shutil.copy(PROJECT_FOLDER / "rxconfig.py", folder)
        environment = _environment(served, folder, web_folder or _stand_in(folder)) | dict(env or {})
        process = subprocess.Popen(_command(served), cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(served, process)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(served: Served) -> list[str]:
    server = str(Path(sys.executable).with_name("granian"))
    listening = ["--host", served.host, "--port", str(served.port), "--interface", "asgi", "--factory"]
    return [server, *listening, "--workers", "1", "--workers-kill-timeout", "3", "--no-log", "gdftu_app.gdftu_app:app"]


def _environment(served: Served, folder: Path, web_folder: Path) -> dict[str, str]:
    configured = {
        "HOST": served.host,
        "PORT": str(served.port),
        "GDFTU_DATABASE_URL": served.database_url,
        "GDFTU_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": str(PROJECT_FOLDER),
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(folder / "reflex"),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_WEB_WORKDIR": str(web_folder),
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return inherited | configured


def _stand_in(folder: Path) -> Path:
    web = folder / "web"
    for name, content in STAND_IN_FILES.items():
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(content)
    return web


def _wait_until_ready(served: Served, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _is_ready(served):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not become ready:\n{served.log()[-4000:]}")


def _is_ready(served: Served) -> bool:
    connection = HTTPConnection(served.host, served.port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
