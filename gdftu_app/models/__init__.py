"""Tables, one module a subject; importing this package registers all of them with the metadata."""

from gdftu_app.models import (
    accounts,
    change_requests,
    figures,
    files,
    identity_checks,
    join_applications,
    memberships,
    notifications,
    people,
    records,
    registrations,
    transfer_applications,
    unions,
)

__all__ = [
    "accounts",
    "change_requests",
    "figures",
    "files",
    "identity_checks",
    "join_applications",
    "memberships",
    "notifications",
    "people",
    "records",
    "registrations",
    "transfer_applications",
    "unions",
]
