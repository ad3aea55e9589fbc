"""Wrappers of the small browser components."""

import reflex as rx

_SCRIPT = rx.asset("browser.jsx", shared=True).importable_path


class Address(rx.Component):
    """Shows a state's query in the address bar, so that a reload, a link and the back button find the same page."""

    library = _SCRIPT
    tag = "Address"

    query: rx.Var[str]
    """The query without `?`, as `urllib.parse.urlencode` writes it."""

    settled: rx.Var[bool]
    """False while the page is loading: the address is then left alone."""

    on_return: rx.EventHandler[rx.event.no_args_event_spec]
    """The reader went back to the address that the page was loaded with."""


class DocumentLanguage(rx.Component):
    """Says in the document itself what language the page speaks now (`<html lang>`)."""

    library = _SCRIPT
    tag = "DocumentLanguage"

    language: rx.Var[str]
    """A language tag, such as `zh-CN`."""


class Countdown(rx.Component):
    """A button that cannot be pressed before its time, and says how long that is."""

    library = _SCRIPT
    tag = "Countdown"

    seconds: rx.Var[int]
    """How long to wait from now on; 0 for not at all."""

    run: rx.Var[int]
    """The waiting starts anew whenever this number changes."""

    is_ready: rx.Var[bool]
    """False until the page answers what is pressed."""

    label: rx.Var[str]
    """The words while it can be pressed."""

    waiting: rx.Var[str]
    """The words while it waits; `{n}` is the seconds left."""

    size: rx.Var[str]
    """As of a Radix button."""

    variant: rx.Var[str]
    """As of a Radix button."""

    color: rx.Var[str]
    """As of a Radix button."""

    high_contrast: rx.Var[bool]
    """As of a Radix button."""

    on_press: rx.EventHandler[rx.event.no_args_event_spec]
    """It was pressed."""


class KeptPhone(rx.Component):
    """Puts the phone that a refused form kept back into a field."""

    library = _SCRIPT
    tag = "KeptPhone"

    target: rx.Var[str]
    """Id of the field."""


class Repeating(rx.Component):
    """Tells a state every so many seconds, while the page is in sight."""

    library = _SCRIPT
    tag = "Repeating"

    seconds: rx.Var[int]
    """From one time to the next."""

    times: rx.Var[int]
    """After so many it is over, until the page is opened again."""

    on_tick: rx.EventHandler[rx.event.no_args_event_spec]
    """It is time."""


class Shortcuts(rx.Component):
    """`/` goes to the search of the page, Escape leaves it."""

    library = _SCRIPT
    tag = "Shortcuts"

    search_id: rx.Var[str]
    """Id of the search field."""

    on_leave_search: rx.EventHandler[rx.event.no_args_event_spec]
    """Escape was pressed in the search field, which is empty now."""


address = Address.create
countdown = Countdown.create
document_language = DocumentLanguage.create
kept_phone = KeptPhone.create
repeating = Repeating.create
shortcuts = Shortcuts.create
