"""Applicants (申请人): accounts that register a union, and nobody's administrators yet."""

from sqlmodel import Session

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.queries.accounts import name_and_verification


class NotVerified(Refusal):
    """Whoever becomes an administrator proves who they are first (手册 一.2)."""

    code = "not_verified"
    default = msg("请先完成实名认证，再办理组织登记。")


def require_verified(session: Session, account_id: int) -> None:
    """Raise NotVerified unless the account stands for a verified person; SignedOut when there is none."""
    _, verified_at = name_and_verification(session, account_id)
    if verified_at is None:
        raise NotVerified
