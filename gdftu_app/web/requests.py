"""Reading a request before anything trusts it: address, scheme, origin, cookie."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import Scope

from gdftu_app.config import origins, settings
from gdftu_app.security.requests import device_cookie, session_cookie


@dataclass(frozen=True, slots=True)
class Incoming:
    """The parts of a request that decide who is let in."""

    path: str
    method: str
    address: str
    is_https: bool
    origin: str
    cookie: str
    user_agent: str
    device: str
    wants_html: bool


def read_request(scope: Scope) -> Incoming:
    """Read an ASGI scope; forwarded headers count only behind as many proxies as are configured."""
    headers: dict[str, str] = {}
    for name, value in scope.get("headers", []):
        key = name.decode("latin-1").lower()
        joined = "; " if key == "cookie" else ", "
        headers[key] = joined.join(part for part in (headers.get(key), value.decode("latin-1")) if part)
    proxies = settings().trusted_proxies
    client = scope.get("client") or ("", 0)
    address: str = client[0]
    scheme: str = scope.get("scheme") or "http"
    if proxies:
        hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        address = hops[-proxies] if len(hops) >= proxies else address
        scheme = headers.get("x-forwarded-proto", scheme).split(",")[-1].strip()
    return Incoming(
        path=scope.get("path", ""),
        method=scope.get("method", "GET"),
        address=address,
        is_https=scheme in ("https", "wss"),
        origin=headers.get("origin", ""),
        cookie=session_cookie(headers.get("cookie", "")),
        user_agent=headers.get("user-agent", ""),
        device=device_cookie(headers.get("cookie", "")),
        wants_html="text/html" in headers.get("accept", ""),
    )


def is_own_origin(incoming: Incoming) -> bool:
    """Whether a request comes from one of the console's own origins; browsers name it on every form and socket."""
    return incoming.origin.rstrip("/") in origins()


def is_foreign_origin(incoming: Incoming) -> bool:
    """Whether a request names an origin that is not the console's own (`null` is one)."""
    return bool(incoming.origin) and not is_own_origin(incoming)


def local_address(path: str, query: str) -> str:
    """Path and query of a page, as one address."""
    return f"{urlsplit(path).path}{'?' if query else ''}{query}"
