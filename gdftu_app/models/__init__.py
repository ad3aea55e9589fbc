"""Tables, one module a subject; importing this package registers all of them with the metadata."""

from gdftu_app.models import (
    accounts,
    change_requests,
    figures,
    files,
    identity_checks,
    memberships,
    notifications,
    people,
    records,
    registrations,
    unions,
)

__all__ = [
    "accounts",
    "change_requests",
    "figures",
    "files",
    "identity_checks",
    "memberships",
    "notifications",
    "people",
    "records",
    "registrations",
    "unions",
]
