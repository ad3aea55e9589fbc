"""Opening and closing what the stylesheet shows by an attribute (drawer, sheet), in the page and without the server."""

import json

from reflex.vars import FunctionStringVar

_TOGGLE = """(() => {
  const element = document.getElementById(%(element_id)s);
  if (!element) return;
  const opener = document.activeElement;
  if (!element.toggleAttribute(%(attribute)s)) return;
  const onKey = (event) => event.key === "Escape" && element.removeAttribute(%(attribute)s);
  document.addEventListener("keydown", onKey);
  opener?.setAttribute("aria-expanded", "true");
  new MutationObserver((changes, observer) => {
    if (element.hasAttribute(%(attribute)s)) return;
    observer.disconnect();
    document.removeEventListener("keydown", onKey);
    opener?.setAttribute("aria-expanded", "false");
    opener?.focus();
  }).observe(element, { attributes: true });
  setTimeout(() => element.querySelector("[data-opens] :is(a[href], button, input, [tabindex='0'])")?.focus(), 50);
})"""
_SHUT = "(() => document.getElementById(%(element_id)s)?.removeAttribute(%(attribute)s))"


def toggle(element_id: str, attribute: str) -> FunctionStringVar:
    """A click handler that sets an attribute of an element, or takes it away.

    Opening moves the focus to the first control of the part of the element marked `data-opens`. Escape closes, and
    closing by any means gives the focus back to where it was.
    """
    return _handler(_TOGGLE, element_id, attribute)


def shut(element_id: str, attribute: str) -> FunctionStringVar:
    """A handler that closes what `toggle` opened: `on_select=[State.select, shut("split", "data-sheet")]`."""
    return _handler(_SHUT, element_id, attribute)


def _handler(script: str, element_id: str, attribute: str) -> FunctionStringVar:
    return FunctionStringVar.create(script % {"element_id": json.dumps(element_id), "attribute": json.dumps(attribute)})
