"""Rate limits on what a caller may ask in a while; counted in this process, or in Redis when there is one."""

import math
import time
from functools import cache

from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from gdftu_app.config import settings
from gdftu_app.errors import TooManyRequests
from gdftu_app.security.keys import keyed_digest


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(settings().redis_url or "memory://"))


def hit(kind: str, key: str, *, limit: int, seconds: int) -> None:
    """Count one request of a kind for a key (an address, a cookie); the key itself is not kept.

    Raises:
        TooManyRequests: after `limit` of them within the last `seconds`; the refused are not counted.
    """
    item = RateLimitItemPerSecond(limit, seconds)
    counted = (kind, keyed_digest("rate limit", key))
    if not _limiter().hit(item, *counted):
        reset_at = _limiter().get_window_stats(item, *counted).reset_time
        raise TooManyRequests(retry_after=max(1, math.ceil(reset_at - time.time())))


def forget_limits() -> None:
    """Count anew from nothing, under the settings as they are now; for tests."""
    _limiter.cache_clear()
