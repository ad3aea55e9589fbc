"""Pages: one a file, each a small record and its component. A page that is not named here does not exist."""

from gdftu_app.pages import (
    account,
    change_reviews,
    identity_reviews,
    missing,
    overview,
    password,
    registration_reviews,
    sign_in,
    subordinates,
    union_chooser,
    verify,
)

__all__ = [
    "account",
    "change_reviews",
    "identity_reviews",
    "missing",
    "overview",
    "password",
    "registration_reviews",
    "sign_in",
    "subordinates",
    "union_chooser",
    "verify",
]
