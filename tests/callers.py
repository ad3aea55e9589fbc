"""Callers as the gate would announce them."""

from collections.abc import Iterator
from contextlib import contextmanager

from gdftu_app.security.requests import Caller, current_caller


@contextmanager
def calling(*, device: str = "", address: str = "1.2.3.4") -> Iterator[None]:
    """Be a browser with this device cookie, at this address, within the block."""
    token = current_caller.set(Caller(device=device, address=address))
    try:
        yield
    finally:
        current_caller.reset(token)
