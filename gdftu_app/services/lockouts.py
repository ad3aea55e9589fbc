"""Lock-outs (登录锁定): after failures in a row a phone waits, whether or not there is an account behind it.

Failures are counted under a key (`security.devices.failures_key`): the phone's, or that of a known device.
"""

import math
from datetime import timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import dialect
from gdftu_app.errors import TooManyRequests
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import SignInFailures

LOCKED = msg("连续登录失败次数过多，请 {minutes} 分钟后再试。如忘记密码，届时可改用短信验证码登录。")


def claim_attempt(session: Session, key: str) -> SignInFailures:
    """The failures under a key, held until the transaction ends, so that guesses made at once are counted one by one.

    What is older than `login_lock_minutes` no longer counts.
    """
    _make_sure_of_a_row(session, key)
    found = session.exec(
        select(SignInFailures)
        .where(SignInFailures.phone_bidx == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if lock_refusal(found) is None and (found.locked_until is not None or found.last_at <= now() - _lock()):
        found.count, found.locked_until = 0, None
    return found


def lock_refusal(failures: SignInFailures | None) -> TooManyRequests | None:
    """The refusal, with the time to wait, while a phone is locked; None when it may try."""
    if failures is None or failures.locked_until is None or failures.locked_until <= now():
        return None
    seconds = math.ceil((failures.locked_until - now()).total_seconds())
    return TooManyRequests(LOCKED, retry_after=seconds, minutes=math.ceil(seconds / 60))


def add_failure(failures: SignInFailures) -> int:
    """Count one failure; how many more are free. At none the phone is locked from now on."""
    failures.count += 1
    failures.last_at = now()
    left = max(0, settings().login_max_failures - failures.count)
    if not left:
        failures.locked_until = now() + _lock()
    return left


def forgive(failures: SignInFailures) -> None:
    """Forget the failures of a phone that signed in."""
    failures.count, failures.locked_until, failures.last_at = 0, None, now()


def find_failures(session: Session, key: str) -> SignInFailures | None:
    """The failures under a key as they stand, without claiming an attempt."""
    return session.exec(select(SignInFailures).where(col(SignInFailures.phone_bidx) == key)).first()


def _lock() -> timedelta:
    return timedelta(minutes=settings().login_lock_minutes)


def _make_sure_of_a_row(session: Session, key: str) -> None:
    insert = postgresql.insert if dialect(session) == "postgresql" else sqlite.insert
    new = insert(SignInFailures).values(phone_bidx=key, count=0, last_at=now())
    session.exec(new.on_conflict_do_nothing())
