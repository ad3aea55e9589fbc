"""What events and registrations add to the days: the columns of `DAILY` as expressions."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, literal
from sqlmodel import col

from gdftu_app.models.memberships import MembershipEvent, MembershipEventKind
from gdftu_app.queries.pending_figures import DAILY

# The events behind each movement; retaining and restoring change the counts only.
KINDS: dict[str, tuple[MembershipEventKind, ...]] = {
    "joined": (MembershipEventKind.JOINED,),
    "transferred_in": (MembershipEventKind.TRANSFERRED_IN,),
    "transferred_out": (MembershipEventKind.TRANSFERRED_OUT,),
    "removed": (MembershipEventKind.WITHDRAWN, MembershipEventKind.EXPELLED, MembershipEventKind.REMOVED),
    "verified": (MembershipEventKind.VERIFIED,),
}


def movements() -> list[ColumnElement[Any]]:
    """The figures of `DAILY` from events, in this order."""
    sums = {
        name: func.sum(case((col(MembershipEvent.kind).in_(kinds), 1), else_=0)) for name, kinds in KINDS.items()
    } | {
        "members": func.sum(MembershipEvent.change),
        "verified_members": func.sum(MembershipEvent.verified_change),
        "registered": literal(0),
    }
    return [sums[name].label(name) for name in DAILY]


def registrations() -> list[ColumnElement[Any]]:
    """The figures of `DAILY` from unions entered on the platform, in this order."""
    return [(func.count() if name == "registered" else literal(0)).label(name) for name in DAILY]
