"""Building the pages, when what they are made from has changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from gdftu_app.config import PROJECT_FOLDER
from gdftu_app.errors import Misconfigured

WEB_FOLDER = PROJECT_FOLDER / ".web"
BUILT_PAGE = WEB_FOLDER / "build" / "client" / "index.html"
STAMP = WEB_FOLDER / "gdftu.stamp"
SOURCE_ENDINGS = frozenset({".py", ".jsx", ".po", ".css", ".svg", ".ico", ".lock", ".json"})


def reflex_environment() -> dict[str, str]:
    """The environment for Reflex: bun from this Python's own packages, nothing asked of any other host."""
    binaries = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": os.pathsep.join((binaries, os.environ.get("PATH", ""))),
        "REFLEX_USE_SYSTEM_BUN": "1",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
    }


def build_if_stale() -> None:
    """Build the pages unless those there were made from the present sources; raises `Misconfigured` when it fails."""
    if BUILT_PAGE.exists() and STAMP.exists() and STAMP.read_text() == fingerprint():
        return
    typer.echo("  正在构建页面，首次约需一分钟…")
    STAMP.unlink(missing_ok=True)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"]
    built = subprocess.run(
        command, cwd=PROJECT_FOLDER, env=reflex_environment(), capture_output=True, text=True, check=False
    )
    if built.returncode or not BUILT_PAGE.exists():
        raise Misconfigured(f"页面构建失败：\n{built.stdout}\n{built.stderr}")
    # Taken now: the build itself may have renewed the lock of the packages, which counts.
    STAMP.write_text(fingerprint())


def fingerprint() -> str:
    """A digest of everything the pages are made from."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(str(path.relative_to(PROJECT_FOLDER)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for folder in ("gdftu_app", "assets", "reflex.lock"):
        for path in (PROJECT_FOLDER / folder).rglob("*"):
            if path.suffix in SOURCE_ENDINGS and "external" not in path.parts:
                yield path
    yield PROJECT_FOLDER / "rxconfig.py"
    yield PROJECT_FOLDER / "requirements" / "runtime.txt"
