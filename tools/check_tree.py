"""Checks that the files in version control are fit to publish: no place of this machine, no secret, nothing huge."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 1_000_000
ALLOWED_LARGE: set[str] = set()
ORDINARY_FOLDERS = {Path(name) for name in ("/", "/home", "/mnt", "/opt", "/srv", "/tmp", "/usr", "/var")}
SECRET_FILES = (
    ".env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "id_rsa",
    "id_ed25519",
    ".netrc",
    ".pypirc",
    ".npmrc",
)
SECRET_TEXTS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "an access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bLTAI[0-9A-Za-z]{12,}\b|\bAKID[0-9A-Za-z]{13,}\b",
    "an access token": r"\b(?:gh[oprsu]_\w{36}|github_pat_\w{40,}|glpat-[\w-]{20}|xox[abp]-[\w-]{10,}|sk_live_\w{16,})",
    "a signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
}
INDEX_ADDRESS = (
    r"https?://[^\s\"'<>]*(?:/simple\b|pythonhosted|//registry\.|npmmirror)|--(?:extra-)?index-url\b|--find-link[s]"
)


def tracked_files() -> list[str]:
    """Files that git keeps or would take in with the next `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode().split("\0")
    return sorted({name for name in names if name and (ROOT / name).is_file()})


def machine_places() -> str:
    """A pattern of this checkout's own folder, the one around it and the user's home, where they are telling."""
    places = {ROOT, ROOT.parent, Path.home()} - ORDINARY_FOLDERS
    return "|".join(rf"(?<![\w.~/:-]){re.escape(str(place))}(?![\w-])" for place in sorted(places))


def problems_of(name: str, forbidden: dict[str, re.Pattern[str]]) -> Iterator[str]:
    """What is wrong with one file, one line each."""
    path = ROOT / name
    size = path.stat().st_size
    if any(PurePath(name).match(pattern) for pattern in SECRET_FILES):
        yield f"{name}: a file of this name holds secrets"
    if size > LARGEST and name not in ALLOWED_LARGE:
        yield f"{name}: {size:,} bytes, more than {LARGEST:,}"
        return
    content = path.read_bytes()
    if b"\0" in content:
        return
    for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1):
        for what, pattern in forbidden.items():
            if pattern.search(line):
                yield f"{name}:{number}: {what}"


def main() -> int:
    """Name every problem; 1 when there is one."""
    patterns = SECRET_TEXTS | {"a package index's address": INDEX_ADDRESS, "a path of this machine": machine_places()}
    forbidden = {what: re.compile(pattern) for what, pattern in patterns.items() if pattern}
    names = tracked_files()
    found = [problem for name in names for problem in problems_of(name, forbidden)]
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"Tree fit to publish: {len(names)} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
