"""Security headers of every answer, and the policy that lets a page run nothing but its own built scripts."""

import hashlib
import re
from base64 import b64encode
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from gdftu_app.config import PROJECT_FOLDER

BUILD_FOLDER = PROJECT_FOLDER / ".web" / "build" / "client"
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
YEAR_SECONDS = 31_536_000
NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"


def script_hashes(html: str) -> set[str]:
    """CSP sources of the inline scripts of a page."""
    digests = (hashlib.sha256(body.encode()).digest() for body in _INLINE_SCRIPT.findall(html) if body)
    return {f"'sha256-{b64encode(digest).decode()}'" for digest in digests}


@cache
def content_security_policy(folder: Path = BUILD_FOLDER) -> str:
    """The policy for the built pages: own files only, no `unsafe-eval`, inline scripts by hash."""
    hashes = {found for page in folder.rglob("*.html") for found in script_hashes(page.read_text())}
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *sorted(hashes))),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def security_headers(content_type: str, *, is_https: bool) -> list[tuple[bytes, bytes]]:
    """Headers that go with every answer; the full policy goes with pages, all else may run nothing."""
    is_page = content_type.startswith("text/html")
    headers = {
        "content-security-policy": content_security_policy() if is_page else NOTHING_RUNS,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "x-frame-options": "DENY",
    }
    if is_https:
        headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def cache_control(path: str, content_type: str) -> str:
    """How long an answer may be kept: built files carry their hash in the name, everything else is asked for again."""
    content_type = content_type or guess_type(path)[0] or ""  # an answer that nothing has changed names no type
    if path.startswith("/assets/") and not content_type.startswith("text/html"):
        return f"public, max-age={YEAR_SECONDS}, immutable"
    if path.startswith(("/session/", "/files/")):
        return "no-store"
    if content_type.startswith(("text/css", "image/", "font/")):
        return "public, max-age=300"
    return "no-store"
