"""Makes `.venv` and installs one lock file into it, unless that is already done (standard library only)."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
# A lock file satisfies the names after it: development includes what running needs.
SATISFIES = {"runtime": ["runtime"], "dev": ["runtime", "dev"]}


def require_python() -> None:
    """Refuse an interpreter that the project does not support."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit(f"Python 3.11 or newer is needed, and this is {found}. Name one, for example: make PYTHON=python3.12")


def fingerprint(name: str) -> str:
    """What an installation depends on: the lock file, the project's metadata and where the environment stands."""
    digest = hashlib.sha256(str(VENV).encode())
    for path in (ROOT / "pyproject.toml", ROOT / "requirements" / f"{name}.txt"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(name: str) -> Path:
    """The file that keeps the fingerprint of the last complete installation."""
    return VENV / f"installed-{name}"


def is_installed(name: str) -> bool:
    """Whether the environment holds this very installation."""
    return PYTHON.exists() and stamp(name).exists() and stamp(name).read_text() == fingerprint(name)


def make_environment() -> None:
    """Make `.venv` when it is missing, broken, or was copied from another place."""
    marker = VENV / "location"
    moved = marker.exists() and marker.read_text() != str(VENV)
    works = PYTHON.exists() and run(PYTHON, "-c", "import pip", check=False).returncode == 0
    if moved or not works:
        print("Making .venv", flush=True)
        run(sys.executable, "-m", "venv", "--clear", VENV)
    marker.write_text(str(VENV))


def install(name: str) -> None:
    """Install exactly what the lock file lists, then the project itself."""
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq")
    lock = ROOT / "requirements" / f"{name}.txt"
    print(f"Installing {lock.relative_to(ROOT)} (the first time takes a minute or two)", flush=True)
    run(*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", lock)
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    for satisfied in SATISFIES[name]:
        stamp(satisfied).write_text(fingerprint(satisfied))


def run(*command: object, **options: object) -> "subprocess.CompletedProcess[bytes]":
    """Run a command of the installation; its failure ends the program with its own message."""
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, **{"check": True, **options})


def main() -> None:
    """Install `runtime` or `dev`."""
    require_python()
    name = sys.argv[1]
    if is_installed(name):
        return
    try:
        make_environment()
        install(name)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)


if __name__ == "__main__":
    main()
