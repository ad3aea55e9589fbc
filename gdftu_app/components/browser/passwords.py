"""Wrappers of what a browser says about a password that is being typed, and of forms that are sent once."""

import reflex as rx

_SCRIPT = rx.asset("passwords.jsx", shared=True).importable_path


class PasswordRules(rx.Component):
    """The rules of a new password, ticked off while it is typed, and an estimate of how easily it is guessed.

    `labels` holds the texts in the reader's language: of the rules `length`, `classes`, `personal` and `guesses`; what
    the estimate comes to, `hard`, `easy` and, by the pattern to blame, `dictionary`, `spatial`, `repeat`, `sequence`,
    `date`; for screen readers `open` (what comes before the rules still broken), `joint` (between them) and `allMet`.
    """

    library = _SCRIPT
    tag = "PasswordRules"
    lib_dependencies: list[str] = ["@zxcvbn-ts/core@4.2.0", "@zxcvbn-ts/language-common@4.1.3"]

    field: rx.Var[str]
    """Id of the password's field."""

    phone: rx.Var[str]
    """Id of the field with the account's phone; empty where there is none."""

    length: rx.Var[int]
    """The fewest characters."""

    classes: rx.Var[int]
    """The fewest kinds of characters."""

    guesses: rx.Var[int]
    """The fewest tries that guessing it may take."""

    labels: rx.Var[dict[str, str]]
    """The texts."""


class SendOnce(rx.Component):
    """Within a native form: it is sent once, however often its button is pressed."""

    library = _SCRIPT
    tag = "SendOnce"


password_rules = PasswordRules.create
send_once = SendOnce.create
