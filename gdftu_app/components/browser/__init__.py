"""What only the browser can do: the address bar, counting down, keys. With the tree, the only JavaScript here."""

from gdftu_app.components.browser.browser import address, countdown, kept_phone, shortcuts

__all__ = ["address", "countdown", "kept_phone", "shortcuts"]
