"""Tables, one module a subject; importing this package registers all of them with the metadata."""

from gdftu_app.models import (
    accounts,
    api_tokens,
    change_requests,
    figures,
    files,
    identity_checks,
    jobs,
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
    "api_tokens",
    "change_requests",
    "figures",
    "files",
    "identity_checks",
    "jobs",
    "join_applications",
    "memberships",
    "notifications",
    "people",
    "records",
    "registrations",
    "transfer_applications",
    "unions",
]
