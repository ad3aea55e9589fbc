"""Addresses that came from a browser and are to be gone on to."""

from urllib.parse import urlsplit

LONGEST_ADDRESS = 500


def local_path(address: str) -> str:
    """The address itself if it leads to this site and nowhere else, else empty: no sign-in sends anybody away."""
    if not address.startswith("/") or address[1:2] in ("/", "\\") or len(address) > LONGEST_ADDRESS:
        return ""
    parts = urlsplit(address)
    return address if address.isprintable() and not parts.netloc and not parts.scheme else ""
