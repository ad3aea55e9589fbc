"""Opening and closing what the stylesheet shows by an attribute (drawer, sheet), in the page and without the server."""

import reflex as rx


def toggle(element_id: str, attribute: str) -> rx.Var:
    """A click handler that sets an attribute of an element or takes it away, and moves the focus with it.

    Opening stores the button, moves the focus to the first control of the part marked `data-opens` inside the element,
    and lets Escape close it; closing gives the focus back.
    """
    return rx.Var(f"""(() => {{
  const element = document.getElementById({element_id!r});
  if (!element) return;
  const opener = document.activeElement;
  const close = (event) => {{
    if (event.key !== "Escape") return;
    element.removeAttribute({attribute!r});
    document.removeEventListener("keydown", close);
    opener?.focus();
  }};
  if (element.toggleAttribute({attribute!r})) {{
    document.addEventListener("keydown", close);
    requestAnimationFrame(() => element.querySelector("[data-opens] :is(a, button, input, [tabindex='0'])")?.focus());
  }}
}})""")
