"""An account as a client of the API shows it to its holder: who it is, and where they are a member."""

from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.queries.accounts import AccountProfile, account_profile
from gdftu_app.queries.own_memberships import OwnMembership, own_membership


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """The account, its phone masked, and the membership that its person holds."""

    account: AccountProfile
    membership: OwnMembership | None


def own_profile(session: Session, *, account_id: int) -> OwnProfile:
    """What an account's holder is told of it; `SignedOut` when there is none."""
    return OwnProfile(
        account_profile(session, account_id=account_id),
        own_membership(session, account_id=account_id),
    )
