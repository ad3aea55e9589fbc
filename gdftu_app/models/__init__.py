"""Tables, one module a subject; importing this package registers all of them with the metadata."""

from gdftu_app.models import accounts, figures, identity_checks, memberships, people, records, unions

__all__ = ["accounts", "figures", "identity_checks", "memberships", "people", "records", "unions"]
